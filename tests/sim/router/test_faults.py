"""Each fault strikes a router as the list of failure modes tells it, and no other router."""

from __future__ import annotations

import hashlib

import pytest

from kit.captures import spec_of
from kit.hand import Hand, router_of
from kit.specs import IMAGE, SIZE, opened, slp, small, upgraded
from slp_sim.ports import Close, Delay, Output
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.flash import FlashFull, make_image

DATA = make_image("17.3.2", "isr4300", SIZE)


def fault(name: str, **params: object) -> dict[str, object]:
    return {"faults": [{"name": name, "params": params}]}


def test_f01_the_old_boot_answers_for_a_while() -> None:
    router, _, hand = router_of(small(**fault("F01", seconds=30)))
    hand.type("reload", "\r")
    assert hand.closed
    assert router.is_up()
    hand.open()
    assert "uptime is 1 day" in hand.show("show version")
    hand.wait(31)
    assert not router.is_up()
    assert router.boot_count == 0
    hand.closed = True
    hand.wait_for_boot()
    assert router.boot_count == 1


def test_f02_the_connection_dies_on_the_confirmation() -> None:
    _, _, hand = router_of(small(**fault("F02")))
    hand.press("reload\r")
    actions = hand.shell.feed(b"\r")
    assert [type(a) for a in actions] == [Close]


def test_f04_install_add_outlives_short_deadlines() -> None:
    _, _, hand = opened(**fault("F04", seconds=2000))
    before = hand.clock.now()
    assert "SUCCESS: install_add" in hand.type(f"install add file bootflash:{IMAGE}")
    assert (hand.clock.now() - before).total_seconds() >= 2000


def test_f05_flash_fills_while_the_image_is_staged() -> None:
    router, _, hand = router_of(small(**fault("F05", free=50_000_000)))
    assert router.flash.free > SIZE
    with pytest.raises(FlashFull):
        router.write_file(f"bootflash:{IMAGE}", DATA)
    text = hand.show("dir bootflash:")
    assert " 50000000 " in text
    assert text.endswith("(0 bytes free)\n")
    md5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    assert "%Error verifying" in hand.type(f"verify /md5 bootflash:{IMAGE} {md5}")


def test_f05_install_says_how_much_it_needs() -> None:
    router, _, hand = opened()
    router.flash.hidden += router.flash.free - 1000
    text = hand.type(f"install add file bootflash:{IMAGE}")
    assert f"FAILED: install_add : /bootflash requires {SIZE * 102 // 100 // 1024} KB" in text


def test_f06_a_bundle_has_no_packages() -> None:
    router, _, hand = router_of(small(boot_mode="bundle"))
    text = hand.show("show version")
    assert 'System image file is "bootflash:isr4300-universalk9.16.09.06.SPA.bin"' in text
    assert "packages.conf" not in hand.show("dir bootflash:")
    router.write_file(IMAGE, DATA)
    hand.configure("no boot system", f"boot system bootflash:{IMAGE}")
    hand.type("write memory")
    hand.type("reload", "\r")
    hand.wait_for_boot()
    assert "Version 17.3.2" in hand.show("show version")


def test_f07_what_is_not_committed_rolls_back() -> None:
    router, _, hand = opened(**fault("F07", minutes=30))
    upgraded(hand)
    assert "IMG   U    17.03.02" in hand.show("show install summary")
    assert "time before rollback - 00:30:00" in hand.show("show install summary")
    hand.wait(31 * 60)
    assert not router.is_up()
    hand.closed = True
    hand.wait_for_boot()
    assert "Version 16.9.6" in hand.show("show version")
    assert "IMG   C    16.09.06" in hand.show("show install summary")


def test_commit_stops_the_timer() -> None:
    router, _, hand = opened(**fault("F07", minutes=30))
    upgraded(hand)
    assert "SUCCESS: install_commit" in hand.type("install commit")
    hand.wait(7200)
    assert router.boot_count == 1
    summary = hand.show("show install summary")
    assert "IMG   C    17.03.02" in summary
    assert "16.09.06" not in summary
    assert "Auto abort timer: inactive" in summary


def test_f08_the_old_release_boots_again() -> None:
    router, _, hand = opened(**fault("F08"))
    upgraded(hand)
    assert "Version 16.9.6" in hand.show("show version")
    assert router.boot_count == 1
    assert router.agent.model == "csl"


@pytest.mark.parametrize(
    ("variant", "text"),
    [
        ("unsaved", "System configuration has been modified. Please save configuration"),
        ("issu", "Install ISSU in progress. Abort the ISSU upgrade to proceed"),
        ("same", "Same Image File-No Change"),
        ("missing", "one or more package file(s) for running image"),
    ],
)
def test_f09_install_refuses_by_name(variant: str, text: str) -> None:
    router, _, hand = opened(**fault(f"F09-{variant}"))
    assert text in hand.type(f"install add file bootflash:{IMAGE}")
    assert router.install.of_state("I") is None


def test_an_unsaved_configuration_is_asked_about() -> None:
    router, _, hand = opened()
    hand.type(f"install add file bootflash:{IMAGE}")
    hand.configure("ip domain name other.example")
    assert "[y/n/q]" in hand.press("install activate\r")
    assert "FAILED: install_activate" in hand.press("q")
    refused = hand.type("install activate prompt-level none")
    assert "Please save configuration and resubmit command." in refused
    text = hand.press("install activate\r") + hand.press("y")
    assert text.endswith("Do you want to proceed? [y/n]")
    assert not router.modified()
    hand.press("n")
    assert router.boot_count == 0


def test_f10_a_router_may_not_come_back() -> None:
    router, _, hand = router_of(small(**fault("F10")))
    hand.type("reload", "\r")
    hand.wait(86400)
    assert not router.is_up()


def test_a_boot_variable_without_an_image_ends_in_rommon() -> None:
    router, _, hand = router_of(small(boot_mode="bundle"))
    hand.configure("no boot system", "boot system bootflash:missing.bin")
    hand.type("write memory")
    hand.type("reload", "\r")
    hand.wait(86400)
    assert not router.is_up()
    assert router.event_log[-1].endswith("stopped in ROMMON")


def test_f13_prompts_come_late() -> None:
    _, _, hand = router_of(small(**fault("F13", seconds=3)))
    actions = hand.shell.feed(b"show clock\r")
    assert any(isinstance(a, Delay) and a.seconds == 3 for a in actions)
    assert isinstance(actions[-1], Output)


def test_f14_the_first_save_after_an_upgrade_asks() -> None:
    _, _, hand = opened()
    upgraded(hand)
    assert hand.press("write memory\r").endswith(
        "Overwrite the previous NVRAM configuration?[confirm]"
    )
    assert "[OK]" in hand.press("\r")
    assert "[confirm]" not in hand.type("write memory")


def test_f15_reload_asks_whether_to_save() -> None:
    _, _, hand = router_of(small(**fault("F15")))
    assert hand.press("reload\r").endswith("Save? [yes/no]: ")
    assert "Please answer 'yes' or 'no'." in hand.press("\r")


def test_f16_messages_come_in_the_middle_and_at_the_prompt() -> None:
    _, _, hand = router_of(slp(**fault("F16")))
    text = hand.press("terminal length 0\r") + hand.press("show license status\r")
    assert text.count("%SYS-5-NOTICE") == 3
    assert text.endswith("r1#")


def test_f17_banners_end_like_prompts() -> None:
    _, _, hand = router_of(small(**fault("F17")))
    assert hand.text.count("#") > 20
    assert hand.text.endswith("r1#")


def test_f19_a_release_may_lack_a_command() -> None:
    params = {"command": "show platform software cerm"}
    _, _, hand = router_of(slp(**fault("F19", **params)))
    assert "% Invalid input" in hand.type("show platform software cerm-information")
    assert "Version" in hand.show("show version")


def test_f20_timestamps_come_before_outputs() -> None:
    _, _, hand = router_of(small(**fault("F20")))
    assert hand.show("show clock").startswith("Load for five secs: ")
    assert "\nTime source is NTP, " in hand.show("show version")


def test_f21_the_session_dies_but_the_copy_is_fine() -> None:
    router, world, hand = router_of(small(**fault("F21")))
    world.files["http://images/x.bin"] = DATA
    hand.type("copy http://images/x.bin bootflash:", "\r")
    assert hand.closed
    assert router.read_file("bootflash:x.bin") == DATA


def test_f22_a_transfer_is_cut_once() -> None:
    router, _, _ = router_of(small(**fault("F22")))
    assert router.write_file(IMAGE, DATA).size == SIZE // 2
    assert router.write_file(IMAGE, DATA).size == SIZE


def test_f22_or_a_byte_is_wrong() -> None:
    router, _, _ = router_of(small(**fault("F22-corrupt")))
    assert router.write_file(IMAGE, DATA).size == SIZE
    assert router.read_file(IMAGE) != DATA
    router.write_file(IMAGE, DATA)
    assert router.read_file(IMAGE) == DATA


def test_f23_the_router_copies_from_its_source_interface_only() -> None:
    router, world, hand = router_of(small(**fault("F23")))
    world.files["http://images/x.bin"] = DATA
    assert "%Error opening" in hand.type("copy http://images/x.bin bootflash:", "\r")
    hand.configure("ip http client source-interface GigabitEthernet0/0/0")
    hand.type("copy http://images/x.bin bootflash:", "\r")
    assert router.read_file("x.bin") == DATA


def test_f24_a_report_is_altered_on_its_way() -> None:
    router, _, hand = router_of(slp(**fault("F24")))
    hand.type("license smart save usage all file bootflash:usage")
    altered, whole = router.read_file("usage"), router.read_file("usage")
    assert altered is not None
    assert altered != whole


def test_f27_lines_can_be_used_up() -> None:
    router, _, hand = router_of(small(**fault("F27", lines=1)))
    assert [type(a) for a in open_terminal(router, "admin").start()] == [Close]
    hand.press("exit\r")


def test_f28_an_overloaded_aaa_looks_like_a_wrong_password() -> None:
    router, _, _ = router_of(small(**fault("F28", times=2)))
    answers = [router.check_login("admin", "admin") for _ in range(4)]
    assert answers == [False, False, True, True]


def test_f29_a_slow_router_takes_its_time() -> None:
    _, _, hand = router_of(small(**fault("F29", seconds=20)))
    before = hand.clock.now()
    hand.type("show clock")
    assert (hand.clock.now() - before).total_seconds() == 20


def test_f33_output_may_be_hostile() -> None:
    _, _, hand = router_of(small(**fault("F33")))
    assert "\x1b[2J" in hand.show("show version")
    _, _, flood = router_of(small(**fault("F33-flood", mb=1)))
    flood.type("terminal length 0")
    assert len(flood.type("show clock")) > 900_000


@pytest.mark.parametrize(
    ("name", "params", "reason"),
    [
        ("F34-dns", {}, "Unable to resolve server hostname/domain name"),
        ("F34-present", {}, "already installed"),
    ],
)
def test_f34_trust_fails_by_name(name: str, params: dict[str, object], reason: str) -> None:
    router, _, hand = router_of(slp(**fault(name, **params)))
    hand.type("license smart trust idtoken abc local")
    hand.wait(5)
    log = hand.show("show logging | include TRUST_INSTALL_FAILED")
    assert reason in log
    assert "Trust Code Installed: <none>" in hand.show("show license status")
    assert any(x.endswith("trust refused") for x in router.event_log)


def test_f34_force_replaces_a_trust_code() -> None:
    router, _, hand = router_of(slp(**fault("F34-present")))
    hand.type("license smart trust idtoken abc local force")
    hand.wait(5)
    assert router.agent.slp.trust_at is not None


def test_f34_a_wrong_clock_is_what_cssm_sees() -> None:
    _, world, hand = router_of(slp(**fault("F34-clock", seconds=7200)))
    hand.type("license smart trust idtoken abc local")
    hand.wait(5)
    sent = world.sent("trust")[0]
    assert (sent.sent_at - hand.clock.now()).total_seconds() > 7000
    assert "06:00" in hand.type("show clock")


def test_f34_a_host_name_equal_to_the_pid_gets_no_trust() -> None:
    _, world, hand = router_of(slp(hostname="ISR4351"))
    hand.type("license smart trust idtoken abc local")
    hand.wait(5)
    assert "hostname" in hand.show("show logging | include TRUST_INSTALL_FAILED")
    assert not world.sent("trust")


def test_f35_a_reservation_is_lost_in_the_reload() -> None:
    spec = spec_of("s2").model_dump(mode="json", exclude_unset=True)
    spec |= {"boot_mode": "install", "boot_image": None} | fault("F35")
    router, _, hand = router_of(spec)
    router.flash.write("x.bin", make_image("17.4.1a", "c1100", SIZE), router.now())
    hand.type("install add file bootflash:x.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    assert "Reservation" not in hand.show("show license status")
    assert "Status: NOT INSTALLED" in hand.show("show license authorization")
    assert "hseck9" not in hand.show("show license summary")


def test_f37_acknowledgements_come_late() -> None:
    _, world, hand = router_of(slp(**fault("F37", seconds=3600)))
    world.trusted = True
    hand.type("license smart sync local")
    hand.wait(3000)
    assert "Last ACK received: <none>" in hand.show("show license status")
    assert "Next ACK push check: <none>" not in hand.show("show license status")
    hand.wait(1200)
    assert "Last ACK received: <none>" not in hand.show("show license status")


def test_f38_throughput_falls_after_the_upgrade() -> None:
    _, _, hand = opened(**fault("F38"))
    assert "400000 kbps" in hand.show("show platform hardware throughput level")
    upgraded(hand)
    assert "250000 kbps" in hand.show("show platform hardware throughput level")


def test_f39_conversion_is_never_collected() -> None:
    _, _, hand = opened(**fault("F39"))
    upgraded(hand)
    hand.type("install commit")
    hand.wait(86400)
    text = hand.show("show platform software license dlc")
    assert "DLC Process Status: Not Complete" in text


def test_f40_reports_pile_up() -> None:
    _, _, hand = router_of(slp(release="17.6.1", **fault("F40", count=1100)))
    rows = hand.show("show license rum id all | include UNACK")
    assert rows.count("\n") == 1100
    hand.type("license smart save usage unreported file bootflash:report.txt")
    found = hand.show("more bootflash:report.txt | count RUMReport")
    assert found.startswith("Number of lines")


def test_f41_the_reload_loses_configuration() -> None:
    _, _, hand = opened(**fault("F41"))
    upgraded(hand)
    assert "throughput level" not in hand.show("show running-config")
    assert "200000 kbps" in hand.show("show platform hardware throughput level")


def test_no_fault_strikes_a_sound_router() -> None:
    router, _, hand = opened()
    upgraded(hand)
    assert "SUCCESS" in hand.type("install commit")
    assert router.faults.on("F16") is False
    assert isinstance(hand, Hand)
