"""A session feels like a router's: modes, abbreviations, marks, pages, filters, questions."""

from __future__ import annotations

import re

import pytest

from kit.hand import router_of
from kit.specs import opened, slp, small
from slp_sim.router.console.exec import open_terminal

USERS = [{"name": "admin", "password": "pw"}, {"name": "guest", "password": "pw", "privilege": 1}]


def test_user_exec_shows_little_until_enabled() -> None:
    router, _, _ = router_of(small(users=USERS, enable_secret="top"))
    from kit.hand import Hand

    hand = Hand(router, router.clock, "guest")  # type: ignore[arg-type]
    assert hand.text.endswith("r1>")
    assert "% Invalid input detected" in hand.type("show running-config")
    assert "Version 16.9.6" in hand.show("show version")
    assert hand.press("enable\r").endswith("Password: ")
    assert "wrong" not in hand.press("wrong\r")
    assert hand.press("top\r").endswith("r1#")
    assert "hostname r1" in hand.show("show running-config")
    assert hand.press("disable\r").endswith("r1>")


def test_three_wrong_secrets_end_the_attempt() -> None:
    from kit.hand import Hand

    router, _, _ = router_of(small(users=USERS, enable_secret="top"))
    hand = Hand(router, router.clock, "guest")  # type: ignore[arg-type]
    assert "% Bad secrets" in hand.type("enable", "a\r", "b\r", "c\r")
    assert hand.text.endswith("r1>")


def test_logins_are_checked() -> None:
    router, _, _ = router_of(small(users=USERS))
    assert router.check_login("admin", "pw")
    assert not router.check_login("admin", "PW")
    assert not router.check_login("nobody", "pw")


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("show zoo", 5),
        ("show license xyz", 13),
        ("foo bar", 0),
        ("terminal length 0 0", 18),
        ("show foo", 6),
    ],
)
def test_invalid_input_is_marked_where_no_command_goes_on(line: str, mark: int) -> None:
    _, _, hand = router_of(small())
    text = hand.type(line)
    assert text == f"{' ' * (len('r1#') + mark)}^\n% Invalid input detected at '^' marker.\n\n"


def test_ambiguous_and_incomplete_lines_are_told_apart() -> None:
    _, _, hand = router_of(slp())
    assert hand.type("show license u") == '% Ambiguous command:  "show license u"\n'
    assert hand.type("show platform hardware") == "% Incomplete command.\n\n"
    assert hand.type("copy running-config") == "% Incomplete command.\n\n"


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("sh lic sum", "show license summary"),
        ("SHOW LIC STAT", "show license status"),
        ("sh plat soft cerm", "show platform software cerm-information"),
        ("sh inst sum", "show install summary"),
        ("sh run", "show running-config"),
    ],
)
def test_abbreviations_mean_the_command(short: str, full: str) -> None:
    _, _, hand = router_of(slp())
    assert hand.show(short) == hand.show(full) != ""


def test_question_mark_lists_what_may_follow() -> None:
    _, _, hand = router_of(slp())
    text = hand.press("show license ?")
    for word in ("all", "authorization", "status", "summary", "usage", "udi"):
        assert re.search(rf"^  {word} +Show license", text, re.M)
    assert text.endswith("r1#show license ")
    hand.press("\x15")
    assert "sta" not in hand.press("show license sum?").partition("?")[2].split("\r\n")[0]


def test_question_mark_knows_what_a_release_lacks() -> None:
    _, _, old = router_of(small())
    assert "summary" not in old.press("show license ?")
    _, _, new = router_of(slp())
    text = new.press("license smart ?")
    assert "trust" in text
    assert "register" not in text


def test_output_stops_at_each_page() -> None:
    _, _, hand = router_of(slp())
    first = hand.press("show license all\r")
    assert first.endswith(" --More-- ")
    assert first.count("\n") == 24
    line = hand.press("\r")
    assert line.endswith(" --More-- ")
    assert hand.press(" ").endswith(" --More-- ")
    assert hand.press("q").endswith("r1#")
    hand.type("terminal length 0")
    assert " --More-- " not in hand.press("show license all\r")


def test_filters_choose_lines() -> None:
    _, _, hand = router_of(slp())
    assert hand.show("show version | include uptime") == (
        ["r1 uptime is 1 day", "Uptime for this control processor is 1 day", ""][0] + "\n"
    )
    assert hand.show("show version | inc uptime|Uptime").count("\n") == 2
    assert "hostname" not in hand.show("show running-config | exclude hostname")
    assert hand.show("show running-config | begin line vty").startswith("line vty 0 15\n")
    assert hand.show("show running-config | section line con") == "line con 0\n stopbits 1\n"
    assert hand.show("show running-config | count hostname") == (
        "Number of lines which match regexp = 1\n"
    )
    assert "% Invalid input" in hand.show("show version | nonsense x")


def test_configuration_modes_have_their_prompts() -> None:
    _, _, hand = router_of(slp())
    assert hand.press("conf t\r").endswith("r1(config)#")
    assert hand.press("interface gi0/0/1\r").endswith("r1(config-if)#")
    assert hand.press(" description uplink\r").endswith("r1(config-if)#")
    assert hand.press("hostname r9\r").endswith("r9(config)#")
    assert "Version 17.3.2" in hand.press("do show version | include Software \\[\r")
    assert "% Invalid input detected" in hand.press("nonsense 1\r")
    assert hand.press("\x1a").endswith("r9#")
    config = hand.show("show running-config")
    assert "interface GigabitEthernet0/0/1\n description uplink\n" in config
    assert "hostname r9\n" in config


def test_no_takes_lines_back() -> None:
    router, _, hand = router_of(slp())
    hand.configure("license smart usage interval 20", "no license smart usage interval")
    assert router.running.value("license smart usage interval") is None
    hand.configure("no hostname")
    assert hand.text.endswith("Router#")


def test_unsaved_lines_are_lost_in_a_reload() -> None:
    router, _, hand = router_of(small())
    hand.configure("ip domain name kept.example")
    assert "[OK]" in hand.type("write memory")
    hand.configure("ip domain name lost.example")
    assert "Save? [yes/no]: " in hand.press("reload\r")
    assert hand.press("no\r").endswith("[confirm]")
    hand.press("\r")
    assert hand.closed
    assert not router.is_up()
    hand.wait_for_boot()
    assert "ip domain name kept.example" in hand.show("show running-config")


def test_reload_can_save_first() -> None:
    router, _, hand = router_of(small())
    hand.configure("ip domain name kept.example")
    hand.type("reload", "yes\r", "\r")
    hand.wait_for_boot()
    assert router.running.value("ip domain name") == "kept.example"
    assert sum("configuration saved" in x for x in router.event_log) == 1


def test_reload_can_be_declined() -> None:
    router, _, hand = router_of(small())
    assert hand.press("reload\r").endswith("[confirm]")
    hand.press("n")
    assert router.is_up()
    assert not hand.closed


def test_a_boot_is_seen_by_what_the_router_shows() -> None:
    router, _, hand = router_of(small())
    hand.wait(500)
    hand.type("reload", "\r")
    hand.wait_for_boot()
    hand.wait(120)
    text = hand.show("show version")
    assert "r1 uptime is 2 minutes\n" in text
    assert f"System restarted at {router.booted_at:%H:%M:%S} UTC" in text
    assert "Last reload reason: Reload Command\n" in text
    assert router.boot_count == 1


def test_long_lines_shift_unless_the_terminal_is_wide() -> None:
    _, _, hand = router_of(slp())
    narrow = hand.press("license smart trust idtoken " + "x" * 90)
    assert "$" in narrow
    hand.press("\x15")
    hand.type("terminal width 511")
    line = "license smart trust idtoken " + "x" * 90
    assert hand.press(line) == line


def test_sessions_end_with_exit_and_lines_are_free_again() -> None:
    router, _, hand = router_of(small(max_vty=1))
    other = open_terminal(router, "admin")
    assert other.start()[0].__class__.__name__ == "Close"
    other.close()
    hand.press("exit\r")
    assert hand.closed
    hand.open()
    assert hand.text.endswith("r1#")


def test_crlf_is_one_return_and_typing_ahead_is_kept() -> None:
    _, _, hand = router_of(small())
    text = hand.press("show clock\r\nshow clock\r\n")
    assert text.count("UTC") == 2
    assert text.count("r1#") == 2


def test_copying_asks_for_the_name_of_the_copy() -> None:
    router, world, hand = opened()
    assert hand.press("copy running-config startup-config\r").endswith("[startup-config]? ")
    assert "[OK]" in hand.press("\r")
    world.files["http://files/a.txt"] = b"hello\n"
    assert hand.press("copy http://files/a.txt bootflash:\r").endswith("[a.txt]? ")
    assert "6 bytes copied" in hand.press("\r")
    assert router.read_file("bootflash:a.txt") == b"hello\n"
    assert "(No such file or directory)" in hand.type("copy http://files/b.txt bootflash:", "\r")
    assert "6 bytes copied" in hand.type("copy bootflash:a.txt flash:b.txt", "\r")
    assert "[confirm]" in hand.press("copy bootflash:a.txt bootflash:b.txt\r\r")
    hand.press("\r")
    assert hand.type("more bootflash:b.txt") == "hello\n"


def test_delete_asks_twice_unless_forced() -> None:
    router, _, hand = opened()
    router.write_file("a.txt", b"x")
    assert hand.press("delete bootflash:a.txt\r").endswith("Delete filename [a.txt]? ")
    assert hand.press("\r").endswith("[confirm]")
    hand.press("\r")
    assert router.read_file("a.txt") is None
    router.write_file("b.txt", b"x")
    assert hand.type("delete /force bootflash:b.txt") == ""
    assert router.read_file("b.txt") is None


def test_verify_prints_the_hash_of_the_bytes() -> None:
    import hashlib

    router, _, hand = opened()
    router.write_file("a.bin", b"abc")
    md5 = hashlib.md5(b"abc", usedforsecurity=False).hexdigest()
    sha = hashlib.sha512(b"abc").hexdigest()
    assert f"verify /md5 (bootflash:/a.bin) = {md5}\n" in hand.type("verify /md5 bootflash:a.bin")
    assert f" = {sha}\n" in hand.type("verify /sha512 bootflash:a.bin")
    assert "Verified" in hand.type(f"verify /md5 bootflash:a.bin {md5}")
    assert "%Error verifying" in hand.type(f"verify /md5 bootflash:a.bin {'0' * 32}")


def test_banners_are_typed_over_several_lines() -> None:
    router, _, hand = router_of(slp())
    hand.press("configure terminal\r")
    assert "End with the character '#'" in hand.press("banner motd #\r")
    hand.press("Only for staff\r")
    assert hand.press("really\r#\r").endswith("r1(config)#")
    hand.press("end\r")
    hand.press("exit\r")
    hand.open()
    assert "Only for staff\r\nreally\r\n" in hand.text
    assert router.banner("motd") == "Only for staff\nreally"


def test_monitoring_prints_messages_as_they_come() -> None:
    _, _, hand = router_of(slp())
    hand.type("terminal monitor")
    hand.configure("ip domain name x.example")
    assert "%SYS-5-CONFIG_I: Configured from console" in hand.text
    hand.type("terminal no monitor")
    before = len(hand.text)
    hand.configure("ip domain name y.example")
    assert "CONFIG_I" not in hand.text[before:]


def test_a_line_may_be_configured_to_print_timestamps() -> None:
    _, _, hand = router_of(slp())
    hand.configure("line vty 0 15", "exec prompt timestamp")
    hand.press("exit\r")
    hand.open()
    assert hand.show("show clock").startswith("Load for five secs")


def test_users_and_secrets_can_be_configured_and_are_never_shown() -> None:
    router, _, hand = router_of(slp())
    hand.configure("username eve privilege 1 secret planted-1", "enable secret planted-2")
    assert router.check_login("eve", "planted-1")
    assert "planted" not in hand.show("show running-config")
    from kit.hand import Hand

    other = Hand(router, router.clock, "eve")  # type: ignore[arg-type]
    assert other.text.endswith("r1>")
    assert "planted" not in other.type("enable", "planted-2\r")
    assert other.text.endswith("r1#")
    hand.configure("no username eve")
    assert not router.check_login("eve", "planted-1")


def test_the_lab_keeps_each_line_entered_at_a_prompt_and_no_answer_to_a_question() -> None:
    router, _, hand = router_of(small(enable_secret="top"))
    router.typed.clear()
    hand.type("sh clock")
    hand.type("configure terminal")
    hand.type("hostname r2")
    hand.type("end")
    hand.type("disable")
    hand.press("enable\r")
    hand.press("top\r")
    assert list(router.typed) == [
        "#sh clock", "#configure terminal", "(config)#hostname r2", "(config)#end",
        "#disable", ">enable",
    ]  # fmt: skip
