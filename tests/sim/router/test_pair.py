"""Two route processors: standby, switchover, in-service upgrade and its ways back."""

from __future__ import annotations

from typing import Any

import pytest

from kit.hand import Hand, router_of
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

OLD, NEW = "17.6.5", "17.9.4"
IMAGE = f"asr1000rpx86-universalk9.{NEW}.SPA.bin"
ADD, ISSU = f"install add file bootflash:{IMAGE}", "install activate issu"
ISSU_S = 45 + 240 + 90 + 5 + 15  # until the new release is active
REST_S = 240 + 90 + 5  # until the other processor is in step again


def asr(**changes: Any) -> tuple[Router, Hand]:
    """Returns an ASR 1006-X with two processors and the image for its upgrade."""
    spec = {
        "name": "agg1",
        "hostname": "agg1",
        "pid": "ASR1006-X",
        "serial": "FOX2101P0AB",
        "release": OLD,
        "flash": {"total": 8_000_000_000},
        "standby": {},
        "licensing": {
            "model": "slp",
            "transport": "smart",
            "licences": [{"feature": "adventerprise", "name": "adventerprise"}],
            "trust": {"installed_at": "2021-01-01T00:00:00Z"},
        },
    }
    router, _, hand = router_of(spec | changes)
    router.flash.write(IMAGE, make_image(NEW, "asr1000rpx86", 700_000_000), router.now())
    return router, hand


def activated(**changes: Any) -> tuple[Router, Hand]:
    """Returns such a router on which the new release has just become active."""
    router, hand = asr(**changes)
    hand.type(ADD)
    hand.type(ISSU, "y")
    hand.wait_for_boot()
    return router, hand


def blocks(text: str) -> dict[str, str]:
    """Returns the blocks of ``show install summary`` by their slots."""
    parts = text.split("[ ")[1:]
    return {part.split(" ]")[0]: part for part in parts}


def test_a_pair_shows_both_processors() -> None:
    _, hand = asr()
    assert "R0        ASR1006-X           ok, active" in hand.show("show platform")
    assert "R1        ASR1006-X           ok, standby" in hand.show("show platform")
    text = hand.show("show redundancy")
    assert "Current Software state = STANDBY HOT" in text
    assert text.count("Version 17.6.5") == 2
    states = hand.show("show redundancy states")
    assert "peer state = 8  -STANDBY HOT" in states
    assert "[ R0 R1 ] Installed Package(s)" in hand.show("show install summary")
    assert "Current ISSU Status: Enabled" in hand.show("show issu state detail")
    assert "No ISSU operation is in progress" in hand.show("show issu state detail")


@pytest.mark.parametrize("pid", ["ASR-903", "ASR-907"])
def test_the_asr_900_has_two_processors_too(pid: str) -> None:
    licences = [{"feature": "metroaggrservices", "name": "metroaggrservices"}]
    licensing = {"model": "eval", "transport": "callhome", "licences": licences}
    router, hand = asr(pid=pid, licensing=licensing)
    assert "peer state = 8  -STANDBY HOT" in hand.show("show redundancy states")
    hand.type("redundancy force-switchover", "\r")
    hand.wait_for_boot()
    assert "Smart Licensing Status: UNREGISTERED/EVAL MODE" in hand.show("show version")
    assert router.boot_count == 0


def test_licensing_counts_the_chassis_whoever_is_active() -> None:
    router, hand = asr()
    before = hand.show("show license all").split("HA UDI List")[1][:120]
    assert before.count("SN:FOX2101P0AB") == 2
    hand.type("redundancy force-switchover", "\r")
    hand.wait_for_boot()
    assert router.processors.active.slot == 1
    assert hand.show("show license all").split("HA UDI List")[1][:120] == before
    assert "Processor board ID FOX2101P0AB" in hand.show("show version")
    assert hand.show("show license status").count("INSTALLED on") == 2


def test_a_standby_comes_into_step_by_and_by() -> None:
    router, hand = asr()
    hand.type("redundancy reload peer", "\r")
    assert "because it is in 'DISABLED' state" in hand.show("show redundancy")
    seen = []
    hand.wait(240)
    for _ in range(4):
        seen.append(hand.show("show redundancy states").split("peer state = ")[1].split("\n")[0])
        hand.wait(30)
    assert [x.strip() for x in seen] == [
        "5  -STANDBY COLD-CONFIG",
        "6  -STANDBY COLD-FILESYS",
        "7  -STANDBY COLD-BULK",
        "8  -STANDBY HOT",
    ]
    assert router.boot_count == 0
    assert [p.boots for p in router.processors.slots()] == [0, 1]


def test_a_switchover_ends_sessions_and_keeps_the_chassis_up() -> None:
    router, hand = asr()
    hand.configure("hostname agg9")  # kept in step, not saved
    began = hand.clock.now()
    hand.type("redundancy force-switchover", "\r")
    hand.wait_for_boot()
    assert (hand.clock.now() - began).total_seconds() < 30
    text = hand.show("show version")
    assert "agg9 uptime is 1 day" in text
    assert "System returned to ROM by SSO Switchover" in text
    assert "Uptime for this control processor is 0 minutes" in text
    history = hand.show("show redundancy switchover history")
    assert history.split("\n")[3].split()[:5] == ["1", "48", "49", "user", "forced"]
    assert "Last switchover reason = user forced" in hand.show("show redundancy")
    assert "refused" in hand.type("redundancy force-switchover")
    hand.wait(330)
    assert router.processors.hot()


def test_a_reload_of_the_chassis_boots_both() -> None:
    router, hand = asr()
    hand.type("write memory")
    hand.type("reload", "\r")
    hand.wait_for_boot()
    assert [p.boots for p in router.processors.slots()] == [1, 1]
    assert not router.processors.hot()
    hand.wait(90)
    assert router.processors.hot()


def test_unequal_processors_are_not_in_step() -> None:
    _, hand = asr(standby={"release": "17.3.4"})
    text = hand.show("show redundancy")
    assert "Configured Redundancy Mode = sso" in text
    assert "Operating Redundancy Mode = rpr" in text
    assert "STANDBY COLD" in text
    assert "Version 17.3.4" in text
    found = blocks(hand.show("show install summary"))
    assert list(found) == ["R0", "R1"]
    assert "IMG   C    17.03.04" in found["R1"]


def test_f11_a_standby_in_a_reload_loop_fails_again_and_again() -> None:
    _, hand = asr(faults=["F11-loop"])
    first = int(hand.show("show redundancy").split("Standby failures = ")[1].split()[0])
    hand.wait(900)
    later = int(hand.show("show redundancy").split("Standby failures = ")[1].split()[0])
    assert later == first + 3
    assert "Standby not ready to show bootvar" in hand.show("show bootvar")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"pid": "ISR4351/K9", "standby": None}, "not supported on this platform"),
        ({"standby": None}, "the standby is not in standby hot state"),
        ({"faults": ["F11"]}, "the standby is not in standby hot state"),
        ({"standby": {"release": "17.3.4"}}, "the standby is not in standby hot state"),
        ({"config_register": "0x2100"}, "autoboot is not enabled"),
    ],
)
def test_issu_is_refused_where_a_condition_is_missing(changes: dict[str, Any], why: str) -> None:
    router, hand = asr(**changes)
    image = make_image(NEW, router.platform.image, 700_000_000)
    router.flash.write(IMAGE, image, router.now())
    assert "SUCCESS" in hand.type(ADD)
    said = hand.type(ISSU)
    assert "FAILED: install_activate" in said
    assert why in said
    assert not router.issu.in_progress()
    assert "Current ISSU Status: Disabled" in hand.show("show issu state detail")


def test_issu_upgrades_one_processor_after_the_other() -> None:
    router, hand = asr()
    hand.type(ADD)
    began = hand.clock.now()
    hand.type(ISSU, "y")
    hand.wait_for_boot()
    assert (hand.clock.now() - began).total_seconds() == pytest.approx(ISSU_S, abs=5)
    assert "Version 17.09.04" in hand.show("show version")
    assert "agg1 uptime is 1 day" in hand.show("show version")
    state = hand.show("show issu state detail")
    assert "Current state : Activated state" in state
    assert "terminal state not reached" in state
    found = blocks(hand.show("show install summary"))
    assert list(found) == ["R1"], "a processor that boots tells nothing of itself"
    assert "IMG   U    17.09.04" in found["R1"]
    assert "Install ISSU in progress" in hand.type("install commit"), "the other one is not there"
    hand.wait(REST_S)
    assert "terminal state reached" in hand.show("show issu state detail")
    assert "SUCCESS: install_commit" in hand.type("install commit")
    assert "Previous ISSU Operation: Successful" in hand.show("show issu state detail")
    assert "[ R0 R1 ]" in hand.show("show install summary")
    assert router.boot_count == 0, "the chassis never went down"
    assert [p.boots for p in router.processors.slots()] == [1, 1]
    assert not any(" reload: " in x for x in router.event_log)


def test_issu_in_progress_blocks_everything_else() -> None:
    router, hand = asr()
    hand.type(ADD)
    hand.press(f"{ISSU}\r")
    hand.shell.feed(b"y")
    hand.shell.close()
    hand.open()
    for command in (ADD, "install activate", ISSU, "install remove inactive", "install abort"):
        assert "Install ISSU in progress" in hand.type(command), command
    hand.wait(ISSU_S + REST_S + 10)
    assert router.release.short == NEW, "it goes on without its session"
    assert sum("issu activate" in x for x in router.event_log) == 1


def test_issu_in_one_command_commits_itself() -> None:
    _, hand = asr()
    hand.type(f"{ADD} activate issu commit prompt-level none")
    hand.wait_for_boot()
    hand.wait(REST_S)
    assert "IMG   C    17.09.04" in hand.show("show install summary")
    assert "Auto abort timer: inactive" in hand.show("show install summary")


def test_issu_aborted_before_the_switchover_touches_the_standby_alone() -> None:
    router, hand = asr()
    hand.type(ADD)
    hand.press(f"{ISSU}\r")
    hand.shell.feed(b"y")
    hand.shell.close()
    hand.open()
    hand.wait(100)
    assert "SUCCESS" in hand.type("install abort issu", "y")
    hand.wait(600)
    assert router.release.short == OLD
    assert router.processors.hot()
    assert router.processors.switchovers == []
    assert "Previous ISSU Operation: Aborted" in hand.show("show issu state detail")


def test_issu_aborted_afterwards_goes_back_in_service() -> None:
    router, hand = activated()
    hand.wait(REST_S)
    hand.type("install abort issu", "y")
    hand.wait(REST_S + 30)
    hand.closed = True
    hand.wait_for_boot()
    assert "Version 17.06.05" in hand.show("show version")
    hand.wait(REST_S)
    assert router.processors.hot()
    assert router.boot_count == 0
    assert "IMG   I    17.09.04" in hand.show("show install summary")


def test_f07_issu_that_nobody_commits_goes_back_by_itself() -> None:
    router, hand = activated(faults=["F07"])
    hand.wait(REST_S)
    assert "time before rollback" in hand.show("show install summary")
    hand.wait(5 * 60 + 2 * REST_S + 30)
    assert router.release.short == OLD
    assert router.processors.hot()


def test_f08_a_standby_without_the_new_release_ends_the_upgrade() -> None:
    router, hand = asr(faults=["F08"])
    hand.type(ADD)
    hand.type(ISSU, "y")
    hand.wait(REST_S)
    assert router.release.short == OLD
    assert router.processors.switchovers == []
    assert "Previous ISSU Operation: Failed" in hand.show("show issu state detail")
    assert router.processors.hot()


def test_a_reload_in_the_middle_ends_the_upgrade() -> None:
    router, hand = activated()
    hand.type("reload", "\r")
    hand.wait_for_boot()
    hand.wait(1000)
    assert not router.issu.in_progress()
    assert {p.release.short for p in router.processors.slots()} == {router.release.short}


def test_issu_into_slp_brings_licences_along_as_any_upgrade_does() -> None:
    licensing = {
        "model": "eval",
        "licences": [{"feature": "adventerprise", "tag": "ASR_1000_AdvEnterprise"}],
    }
    _, hand = activated(release="16.12.4", licensing=licensing)
    hand.wait(120)
    text = hand.show("show license summary")
    assert "adventerprise" in text
    assert "IN USE" in text


@pytest.mark.parametrize(("release", "loops"), [("17.6.1", False), ("17.7.1", True)])
def test_b994_a_standby_with_another_pak_store_loops_from_17_7_1_on(
    release: str, loops: bool
) -> None:
    licensing = {"model": "eval", "licences": [{"feature": "metroipaccess"}]}
    router, hand = asr(
        pid="ASR-903", release=release, standby={"unequal_paks": True}, licensing=licensing
    )
    states = set()
    for _ in range(6):
        states.add("STANDBY HOT" in hand.show("show redundancy"))
        hand.wait(100)
    assert states == {not loops}
    assert (router.processors.failures() > 0) is loops
