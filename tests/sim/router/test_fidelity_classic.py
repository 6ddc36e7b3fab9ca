"""The ASR 900 family: its captures, before and after upgrades, downgrades and changes of mode."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from kit.captures import Explained, captured, compare
from kit.hand import Hand, router_of
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

A1 = {
    "smart_account": "BU Production Test",
    "virtual_account": "Device",
    "registered_at": "2015-12-17T02:31:11Z",
    "expires_at": "2016-12-16T02:25:58Z",
    "authorized_at": "2016-02-01T05:08:29Z",
    "deadline_at": "2016-03-16T03:00:33Z",
    "failed_at": "2016-02-01T05:08:29Z",
    "failure_reason": "Fail to send out Call Home HTTP message.",
    "next_attempt_at": "2016-02-02T04:09:57Z",
}
EXPLAINED = [
    Explained(
        "a1/pre/show-license-summary", "02:31:11 2016", "02:31:10 2016", "computed a second later"
    ),
    *(
        Explained("a1/pre/show-license-tech-support", one, other, "a second off the status output")
        for one, other in (
            ("Attempt: Jun 14 02:31:11", "Attempt: Jun 14 02:31:10"),
            ("Expires: Dec 16 02:25:59", "Expires: Dec 16 02:25:58"),
            ("Deadline: Mar 16 03:00:34", "Deadline: Mar 16 03:00:33"),
            ("Attempt: Feb 02 04:09:57", "Attempt: Feb 02 04:09:56"),
        )
    ),
    Explained(
        "a1/pre/show-license-usage",
        "Count: 2\nVersion: 1.0",
        "Count: 2\nVersion: 1.0\nStatus: AUTHORIZED",
        "the guide's last line is cut off",
    ),
]


def asr(release: str, **licensing: Any) -> dict[str, Any]:
    """Returns the spec of an ASR 920."""
    return {
        "name": "a",
        "hostname": "Router",
        "pid": "ASR-920-12CZ-A",
        "serial": "CAT1111X0AA",
        "release": release,
        "boot_mode": "bundle",
        "licensing": licensing,
    }


def evaluation(days: int, hours: int, minutes: int, seconds: int) -> float:
    return ((days * 24 + hours) * 60 + minutes) * 60 + seconds


ADVANCED = {"feature": "advancedmetroipaccess", "kind": "pak"}
AGGREGATION = [{"feature": "metroaggrservices", "name": "metroaggrservices"}]


def reboots(hand: Hand, router: Router, release: str = "") -> None:
    """Boots another release, or the same one again."""
    if release:
        router.flash.write("new.bin", make_image(release, "asr920", 10**8), router.now())
        hand.configure("no boot system", "boot system bootflash:new.bin")
    hand.type("write memory", *(["\r"] if router.other_writer() else []))
    hand.type("reload", "\r")
    hand.wait_for_boot()


def tells(hand: Hand, scenario: str, phase: str, slug: str) -> None:
    """Holds the licence lines of ``show version`` against the capture's, in their order."""
    wanted = [
        line.split("prd")[0]
        for line in captured(scenario, phase, slug).splitlines()
        if line.startswith(("Cisco IOS XE", "License ", "Next reload", "Smart Licensing"))
    ]
    printed = hand.show("show version").splitlines()
    assert wanted
    assert [x for x in printed if x in wanted] == wanted


def prints(
    hand: Hand, scenario: str, phase: str, slug: str, cut: str = "", after: str = ""
) -> None:
    """Holds an output against its capture; ``cut`` stands where lines are missing."""
    command = slug.split("__")[0].replace("-", " ")
    command = command.replace("sl infra pak info", "sl-infra pak-info")
    where = f"{scenario}/{phase}/{slug}"
    text = cut + captured(scenario, phase, slug) + after
    assert compare(where, text, hand.show(command), EXPLAINED) is None


def test_a1_a_registered_router_of_2016() -> None:
    licences = [
        {"feature": "metroipaccess", "name": "Device METRO IP ACCESS"},
        {"feature": "10GEupgradelicense", "name": "Device 2-10G PORT LICENSE", "count": 2},
    ]
    for licence in licences:
        licence["description"] = licence["name"]
    spec = asr("16.3.1", model="registered", registration=A1, licences=licences)
    spec["licensing"]["evaluation_left_s"] = evaluation(89, 23, 20, 20)
    _, _, hand = router_of(spec, at=datetime(2016, 2, 1, 6, 0, tzinfo=UTC))
    for slug in ("show-license-summary", "show-license-status", "show-license-usage"):
        prints(hand, "a1", "pre", slug)
    prints(hand, "a1", "pre", "show-license-tech-support", cut="<output truncated>\n")


def test_a2_no_license_mode_becomes_smart_by_command_and_reload() -> None:
    spec = asr(
        "17.7.1",
        model="nolicense",
        boot_level="metroaggrservices",
        licences=[{**AGGREGATION[0], "kind": "evaluation"}],
    )
    router, _, hand = router_of(spec)
    tells(hand, "a2", "pre", "show-version__no_license_mode")
    hand.configure("license smart enable")
    reboots(hand, router)
    tells(hand, "a2", "post", "show-version__smart_license_mode")
    hand.wait(evaluation(19, 16, 36, 41))
    prints(hand, "a2", "post", "show-license-summary__smart_license_mode")
    hand.configure("no license smart enable")
    reboots(hand, router)
    tells(hand, "a2", "pre", "show-version__no_license_mode")


def test_a3_smart_stays_smart_in_an_upgrade() -> None:
    left = evaluation(70, 7, 13, 9) + 241
    spec = asr(
        "17.3.4",
        model="eval",
        boot_level="metroaggrservices",
        licences=AGGREGATION,
        evaluation_left_s=left + 1,
    )
    router, _, hand = router_of(spec)
    tells(hand, "a3", "pre", "show-version")
    reboots(hand, router, "17.7.1")
    tells(hand, "a3", "post", "show-version")
    prints(hand, "a3", "post", "show-license-summary")


def test_a4_smart_stays_smart_in_a_downgrade() -> None:
    left = evaluation(70, 7, 23, 19) + 242
    spec = asr(
        "17.7.1",
        model="eval",
        boot_level="metroaggrservices",
        licences=AGGREGATION,
        evaluation_left_s=left,
    )
    router, _, hand = router_of(spec)
    tells(hand, "a4", "pre", "show-version")
    reboots(hand, router, "17.3.4")
    tells(hand, "a4", "post", "show-version")
    prints(hand, "a4", "post", "show-license-summary")


def test_a5_a6_traditional_and_no_license_mode() -> None:
    spec = asr(
        "16.6.10",
        model="csl",
        boot_level="metroaggrservices",
        licences=[{"feature": "metroaggrservices", "kind": "evaluation", "period_used_s": 139}],
    )
    router, _, hand = router_of(spec)
    tells(hand, "a5", "pre", "show-version")
    prints(hand, "a5", "pre", "show-license")
    reboots(hand, router, "17.7.1")
    tells(hand, "a5", "post", "show-version")
    assert "% In" in hand.type("show license")
    assert "ENABLED" not in hand.show("show license all")  # as show version says there
    tells(hand, "a6", "pre", "show-version")
    reboots(hand, router, "16.6.10")
    tells(hand, "a6", "post", "show-version")
    prints(hand, "a6", "post", "show-license")


def test_a7_a_snapshot_keeps_the_permanent_level() -> None:
    spec = asr(
        "17.6.1", model="csl", licences=[{"feature": "advancedmetroipaccess", "kind": "pak"}]
    )
    router, _, hand = router_of(spec, at=datetime(2021, 10, 26, 20, 41, 24, tzinfo=UTC))
    prints(hand, "a7", "pre", "show-license")
    reboots(hand, router, "17.8.1")
    prints(hand, "a7", "post", "show-platform-software-sl-infra-pak-info")
    tells(hand, "a7", "post", "show-version__no_license_mode")
    hand.configure("license smart enable")
    reboots(hand, router)
    tells(hand, "a7", "post", "show-version__smart_license_mode")
    prints(hand, "a7", "post", "show-license-summary__truncated", after="<output truncated>")


def test_without_a_snapshot_the_base_level_boots() -> None:
    spec = asr(
        "17.6.1", model="csl", licences=[{"feature": "advancedmetroipaccess", "kind": "pak"}]
    )
    router, _, hand = router_of(spec)
    reboots(hand, router, "17.7.1")
    assert "License Level: metroaccess\n" in hand.show("show version")
    assert "does not support PAK" in hand.show("show platform software sl-infra pak-info")


def test_renewal_and_its_failure_come_later() -> None:
    from slp_sim.ports import Reply

    spec = asr("17.7.1", model="registered", registration=A1, licences=AGGREGATION)
    _router, world, hand = router_of(spec)
    hand.type("license smart renew auth")
    hand.wait(10)
    assert "AUTH_RENEW_SUCCESS" in hand.show("show logging")
    assert "Last Communication Attempt: SUCCEEDED" in hand.show("show license summary")
    world.refuse["renew"] = Reply(False, "Communications failure", reached=False)
    hand.type("license smart renew auth")
    hand.wait(10)
    assert "Failure reason: Communications failure" in hand.show("show license status")
    text = hand.type("license smart deregister")
    assert "completed successfully" in text
    hand.wait(5)
    assert "29 days" in hand.show("show license summary")


def test_b9_5_a_router_that_always_was_smart_goes_back_to_traditional() -> None:
    """Nothing is known of earlier licences: they run as evaluation, as a6 shows them."""
    router, _, hand = router_of(
        asr("17.3.4", model="eval", boot_level="metroaggrservices", licences=AGGREGATION)
    )
    hand.configure("no license smart enable")
    reboots(hand, router)
    shown = hand.show("show license")
    assert "Feature: metroaggrservices" in shown
    assert "License Type: EvalRightToUse" in shown
    assert "License State: Active, In Use" in shown


LICENSED = "interface TenGigabitEthernet0/0/12"


@pytest.mark.parametrize("opened", [False, True])
def test_b416_default_ports_come_back_by_the_reload_licensed_ones_by_no_shutdown_before_it(
    opened: bool,
) -> None:
    spec = asr("17.8.1", model="eval", boot_level="metroaggrservices", licences=AGGREGATION)
    config = [LICENSED, " no ip address", "interface GigabitEthernet0", " no ip address"]
    router, _, hand = router_of({**spec, "config": config})
    hand.configure("no license smart enable")
    shut = [h for h, rows in router.running.sections() if "shutdown" in rows]
    assert shut == ["interface GigabitEthernet0/0/0", LICENSED], "the management port stays"
    if opened:
        hand.configure(LICENSED, "no shutdown")
    reboots(hand, router)
    shut = [h for h, rows in router.running.sections() if "shutdown" in rows]
    assert shut == ([] if opened else [LICENSED])


@pytest.mark.parametrize(
    ("way", "level"),
    [
        (["17.7.1"], "metroaccess"),
        (["17.8.1"], "metroipaccess"),
        (["17.12.1"], "metroaccess"),
        (["17.7.1", "17.8.1"], "metroipaccess"),
    ],
)
def test_b910_and_b1003_the_level_of_a_permanent_licence(way: list[str], level: str) -> None:
    licences = [{"feature": "metroipaccess", "kind": "pak"}]
    router, _, hand = router_of(asr("17.6.1", model="csl", licences=licences))
    for release in way:
        reboots(hand, router, release)
    assert f"License Level: {level}" in hand.show("show version")


@pytest.mark.parametrize("one", EXPLAINED, ids=lambda x: f"{x.where}:{x.captured[:20]}")
def test_each_explained_difference_is_still_one(one: Explained) -> None:
    assert one.captured in captured(*one.where.split("/")), one.where
    assert one.why
