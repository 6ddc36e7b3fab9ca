"""What an operator types all day: who is here, defaults, differences, pings, other hosts."""

from __future__ import annotations

import re

import pytest

from kit.hand import Hand, router_of
from kit.specs import MGMT, opened, slp, small


def test_users_are_told_apart_by_their_lines() -> None:
    router, _, hand = router_of(slp())
    other = Hand(router, hand.clock)
    hand.wait(75)
    text = other.type("show users")
    assert re.search(r"^   2 vty 0     admin      idle +00:01:15 ", text, re.M)
    assert re.search(r"^\*  3 vty 1     admin      idle +00:00:00 ", text, re.M)
    assert "Configured from console by admin on vty1" in (
        other.configure("ip domain name x.example") + other.show("show logging")
    )
    assert " [OK]" in other.type("clear line vty 0", "\r")
    assert not router.lines[1:], "the other line is free"


def test_defaults_are_shown_on_demand_only() -> None:
    _, _, hand = router_of(slp())
    usual, every = hand.show("show running-config"), hand.show("show running-config all")
    for line in (
        "ip domain lookup",
        "no ip http server",
        "license smart usage interval 30",
        " exec-timeout 10 0",
        " no shutdown",
    ):
        assert f"\n{line}\n" in every
        assert f"\n{line}\n" not in usual
    hand.configure("ip http server", "no ip domain lookup", "line vty 0 15", "exec-timeout 5 0")
    every = hand.show("show running-config all")
    assert "\nno ip http server\n" not in every
    assert "\nip domain lookup\n" not in every
    assert every.count(" exec-timeout 10 0\n") == 1, "of the console only"
    assert "license smart transport smart\n" in every
    assert hand.show("show running-config full") == hand.show("show running-config")


def test_secrets_of_a_scenario_are_never_shown() -> None:
    config = ["enable secret planted-1", "username bob privilege 1 password 0 planted-2"]
    router, _, hand = router_of(slp(config=config, unsaved=["username eve secret planted-3"]))
    text = hand.show("show running-config") + hand.show("show startup-config")
    assert "planted" not in text
    assert router.check_login("bob", "planted-2")
    assert router.check_login("eve", "planted-3")
    hand.type("disable")
    assert hand.type("enable", "planted-1\r") == "Password: \n"
    assert hand.text.endswith("r1#")


def test_lines_of_a_scenario_stand_where_a_router_writes_them() -> None:
    config = ["ntp server 192.0.2.1", "enable secret x", "interface GigabitEthernet0/0/1", "ip cef"]
    _, _, hand = router_of(slp(config=config))
    text = hand.show("show running-config")
    order = ["hostname", "boot-start", "enable secret", "interface Gig", "line con", "ntp server"]
    assert [text.index(f"\n{x}") for x in order] == sorted(text.index(f"\n{x}") for x in order)


def test_the_head_of_a_configuration_tells_when_it_changed_and_was_saved() -> None:
    _, _, hand = router_of(slp())
    assert "bytes\n!\nversion 17.3\n" in hand.show("show running-config")
    hand.configure("ip domain name x.example")
    hand.type("write memory")
    text = hand.show("show running-config")
    assert re.search(
        r"bytes\n!\n! Last configuration change at .*\n! NVRAM config last .*\n!\nv", text
    )


def test_differences_between_two_configurations() -> None:
    _, _, hand = router_of(slp())
    none = "!Contextual Config Diffs:\n!No changes were found\n"
    assert hand.type("show archive config differences") == none
    hand.configure("ip domain name x.example", "interface gi0/0/0", "description up")
    text = hand.type("show archive config differences nvram:startup-config system:running-config")
    assert text.splitlines() == [
        "!Contextual Config Diffs:",
        "+ip domain name x.example",
        "interface GigabitEthernet0/0/0",
        " +description up",
        "-ip domain name example.net",
    ]
    assert hand.type("show archive") == "Archive feature not enabled\n"


def test_a_ping_asks_for_everything_where_nothing_is_said() -> None:
    _, _, hand = router_of(slp())
    assert hand.press("ping\r").endswith("Protocol [ip]: ")
    assert hand.press("\r").endswith("Target IP address: ")
    assert hand.press("192.0.2.1\r").endswith("Repeat count [5]: ")
    assert hand.press("3\r").endswith("Datagram size [100]: ")
    assert hand.press("1400\r").endswith("Timeout in seconds [2]: ")
    assert hand.press("\r").endswith("Extended commands [n]: ")
    assert hand.press("\r").endswith("Sweep range of sizes [n]: ")
    text = hand.press("\r")
    assert "Sending 3, 1400-byte ICMP Echos to 192.0.2.1" in text
    assert "!!!\r\nSuccess rate is 100 percent (3/3)" in text


def test_a_ping_needs_dns_for_a_name_and_the_right_vrf() -> None:
    router, world, hand = router_of(slp(vrf="Mgmt-intf", config=MGMT))
    assert "0 percent" in hand.type("ping 203.0.113.9")
    assert "100 percent" in hand.type("ping vrf Mgmt-intf 203.0.113.9")
    assert "% VRF Other does not exist" in hand.type("ping vrf Other 203.0.113.9")
    assert "100 percent" in hand.type("ping 203.0.113.9 source GigabitEthernet0")
    assert "100 percent" in hand.type("ping 192.0.2.9"), "its own address"
    assert "% Unrecognized host" in hand.type("ping server.example")
    assert re.search(r"Echos to 198\.51\.", hand.type("ping vrf Mgmt-intf server.example"))
    assert "% Unrecognized host" in hand.type("ping vrf Mgmt-intf nowhere.example")
    world.names.clear()
    assert "% Unrecognized host" in hand.type("ping vrf Mgmt-intf server.example")
    hand.configure("ip host server.example 203.0.113.7")
    assert "100 percent" in hand.type("ping vrf Mgmt-intf server.example")
    assert router.is_up()


def test_a_word_that_is_no_command_is_looked_up_as_a_host() -> None:
    _, _, hand = router_of(slp())
    text = hand.type("shwo")
    assert text.startswith('Translating "shwo"...domain server (255.255.255.255)\n')
    assert "% Unknown command or computer name, or unable to find computer address" in text
    assert "% Connection refused by remote host" in hand.type("server.example")
    hand.configure("no ip domain lookup")
    assert "Translating" not in hand.type("shwo")
    hand.configure("line vty 0 15", "transport preferred none")
    hand.press("exit\r")
    hand.open()
    assert hand.type("shwo") == "     ^\n% Invalid input detected at '^' marker.\n\n"


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("show ip ssh", "SSH Enabled - version"),
        ("show ssh", "Session started"),
        ("show line", "VTY"),
        ("show arp", "Protocol  Address"),
        ("show hosts", "Default domain is example.net"),
        ("show vrf", "Mgmt-intf"),
        ("show ntp associations", "*~192.0.2.123"),
        ("show ip http server status", "HTTP secure server status: Disabled"),
        ("show crypto pki trustpoints", "SLA-TrustPoint"),
        ("show environment", "Number of Critical alarms"),
        ("show call-home", "call home feature"),
        ("show clock detail", "Time source is NTP"),
        ("show processes cpu", "CPU utilization"),
        ("show processes cpu history", "CPU% per minute (last 60 minutes)"),
        ("show inventory raw", "Chassis"),
        ("show platform", "ok, active"),
        ("show tech-support license", "---- show license tech support ----"),
        ("who", "admin"),
        ("show alias", "logout"),
        ("telnet 203.0.113.1", "% Connection refused"),
        ("ssh -l bob 203.0.113.1", "% Connection refused"),
        ("traceroute 203.0.113.1", "  1 203.0.113.1"),
        ("help", "question mark"),
    ],
)
def test_what_people_also_look_at(command: str, seen: str) -> None:
    _, _, hand = router_of(slp(config=MGMT))
    assert seen in hand.show(command)


def test_debugging_is_listed_until_it_is_turned_off() -> None:
    _, _, hand = router_of(slp())
    assert hand.type("debug ip icmp") == "ip icmp debugging is on\n"
    assert "ip icmp debugging is on" in hand.type("show debugging")
    assert "All possible debugging" in hand.type("undebug all")
    assert "icmp" not in hand.type("show debugging")


def test_output_can_go_to_a_file() -> None:
    router, _, hand = router_of(slp())
    hand.type("terminal length 0")
    assert hand.type("show license tech support | redirect bootflash:t.txt") == ""
    whole = hand.type("show license tech support")
    assert router.read_file("t.txt") == whole.encode()
    assert hand.type("show clock | append bootflash:t.txt") == ""
    assert len(router.read_file("t.txt") or b"") > len(whole)
    assert "UTC" in hand.type("show clock | tee bootflash:c.txt")
    assert b"UTC" in (router.read_file("c.txt") or b"")


def test_configure_alone_asks_from_where() -> None:
    _, _, hand = router_of(slp())
    assert hand.press("configure\r").endswith("[terminal]? ")
    assert hand.press("\r").endswith("r1(config)#")


def test_files_are_listed_by_file_system_and_deleted_by_pattern() -> None:
    router, _, hand = opened()
    assert "startup-config" in hand.type("dir nvram:")
    assert "Directory of bootflash:/" in hand.type("dir all")
    assert "Directory of nvram:/" in hand.type("dir all")
    router.write_file("old1.log", b"x")
    router.write_file("old2.log", b"x")
    assert hand.type("delete /force bootflash:old*.log") == ""
    assert router.read_file("old1.log") is None
    assert router.read_file("old2.log") is None
    assert "%Error opening usb0: (Invalid argument)" in hand.type("dir usb0:")
    assert hand.type("pwd") == "bootflash:/\n"


def test_a_reload_can_be_set_for_a_time() -> None:
    router, _, hand = router_of(small())
    text = hand.type("reload at 05:30", "\r")
    assert "Reload scheduled for 05:30:00 UTC" in text
    assert "SHUTDOWN ABORTED" in hand.type("reload cancel")
    hand.type("reload at 05:30", "\r")
    hand.wait(91 * 60)
    assert not router.is_up()
