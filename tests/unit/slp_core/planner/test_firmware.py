"""C14, ROMMON: what must be new before the first boot is read, asked for, and stopped at."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import case_state
from kit.states import PAK, csl, feature, registered, router, target
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.rules.firmware import older
from slp_core.state import RouterState

ISR4400, ISR4300, ASR = "ISR4451-X/K9", "ISR4331/K9", "ASR1006"


def of(plan: RouterPlan, rule: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule == rule]


def old(pid: str, release: str, rommon: str | None = None, **parts: Any) -> RouterState:
    parts |= {"rommon": rommon} if rommon else {}
    parts.setdefault("licensing", csl(feature("securityk9", PAK)))
    parts.setdefault("boot", {"mode": "bundle"})
    return router(pid, release, **parts)


@pytest.mark.parametrize(
    ("one", "least", "is_older"),
    [
        ("15.4(3r)S5", "16.2(1r)", True),
        ("16.2(1r)", "16.2(1r)", False),
        ("16.2(2r)", "16.2(1r)", False),
        ("16.12(2r)", "16.2(1r)", False),
        ("12.2(33r)XND", "16.2(1r)", True),
        ("IOS-XE ROMMON", "16.2(1r)", False),
    ],
)
def test_rommon_1_versions_compare_by_their_numbers(one: str, least: str, is_older: bool) -> None:
    assert older(one, least) is is_older


@pytest.mark.parametrize("pid", [ISR4300, ASR])
@pytest.mark.parametrize("release", ["3.16.4b", "16.3.5", "16.6.9"])
def test_rommon_1_an_old_one_blocks_with_its_package(pid: str, release: str) -> None:
    (blocker,) = of(make_plan(old(pid, release, "15.4(3r)S5"), target("17.6.5")), "ROMMON-1")
    assert (blocker.severity, blocker.overridable) == ("blocker", True)
    assert "15.4(3r)S5" in blocker.text
    assert ".pkg" in blocker.remedy
    assert "not verified" in blocker.source


@pytest.mark.parametrize("rommon", ["16.2(1r)", "16.7(3r)", "17.3(1r)"])
def test_rommon_1_a_new_one_is_no_concern(rommon: str) -> None:
    assert of(make_plan(old(ISR4300, "16.6.9", rommon), target("17.6.5")), "ROMMON-1") == []


@pytest.mark.parametrize(
    ("release", "told"), [("3.16.4b", True), ("16.3.3", True), ("16.6.9", True), ("16.9.1", False),
                          ("16.12.4", False), ("17.3.4", False)]
)  # fmt: skip
def test_rommon_1_unread_is_a_warning_from_before_16_9(release: str, told: bool) -> None:
    shown = of(make_plan(old(ISR4300, release), target("17.6.5")), "ROMMON-1")
    assert [n.severity for n in shown] == (["warning"] if told else [])
    assert all("show rom-monitor" in n.remedy for n in shown)


def test_rommon_1_a_router_that_boots_such_releases_already_is_left_alone() -> None:
    plan = make_plan(old(ISR4300, "16.12.4", "15.4(3r)S5"), target("17.6.5"))
    assert of(plan, "ROMMON-1") == []


def test_rommon_1_virtual_routers_have_none() -> None:
    state = router("CSR1000V", "16.6.9", licensing=registered())
    assert of(make_plan(state, target("17.6.5")), "ROMMON-1") == []


def test_rommon_1_each_processor_is_judged() -> None:
    slots = [{"slot": "R0", "rommon": "16.3(2r)"}, {"slot": "R1", "rommon": "15.2(1r)S"},
             {"slot": "0", "cpld": "12345678", "rommon": "12.2(33r)XN"}]  # fmt: skip
    shown = of(make_plan(old(ASR, "16.6.9", firmware=slots), target("17.6.5")), "ROMMON-1")
    assert [n.text[: len("ROMMON 15.2(1r)S (R1)")] for n in shown] == ["ROMMON 15.2(1r)S (R1)"]


def test_rommon_3_the_cpld_of_the_notice() -> None:
    def plan(pid: str, cpld: str) -> list[Notice]:
        state = old(pid, "16.12.4", firmware=[{"slot": "R0", "cpld": cpld}])
        return of(make_plan(state, target("17.6.5")), "ROMMON-3")

    assert [n.severity for n in plan(ISR4400, "14101324")] == ["warning"]
    assert plan(ISR4400, "15010638") == []
    assert plan(ISR4300, "14101324") == []


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


@pytest.mark.parametrize("rommon", [None, "15.4(3r)S5", "12.2(20120829)"])
def test_rommon_2_an_isr_4400_on_3_x_stops_at_16_3_3(rommon: str | None) -> None:
    plan = make_plan(old(ISR4400, "3.16.4b", rommon), target("17.6.5"))
    (warning,) = of(plan, "ROMMON-2")
    assert warning.severity == "warning"
    assert "CSCvg94612" in warning.source
    stop = [s for s in plan.steps if "ROMMON-2" in s.reasons]
    assert [s.kind for s in stop] == ["verify", "reload", "person"]
    staged = [s.params.image.name for s in plan.steps if s.kind == "stage_image"]
    assert staged == [
        "isr4400-universalk9.16.03.03.SPA.bin",
        "isr4400-universalk9.17.06.05.SPA.bin",
    ]
    assert kinds(plan).count("reload") == 3
    assert kinds(plan).index("person") < [s.kind for s in plan.steps].index("stage_image", 3)
    (release,) = [p for p in plan.predictions if (p.path, p.moment) == ("release", "stop")]
    assert release.value == "16.3.3"
    steps = plan.steps[: kinds(plan).index("person") + 1]
    assert all(s.params.beyond == "17.6.5" for s in steps if s.kind not in ("preflight", "backup"))
    assert of(plan, "ROMMON-1") == [] or of(plan, "ROMMON-1")[0].severity == "warning"


@pytest.mark.parametrize(
    ("pid", "release", "rommon"),
    [
        (ISR4400, "3.16.4b", "16.2(1r)"),
        (ISR4400, "16.3.3", "15.4(3r)S5"),
        (ISR4300, "3.16.4b", None),
        (ASR, "3.16.4b", None),
    ],
)
def test_rommon_2_no_other_way_stops(pid: str, release: str, rommon: str | None) -> None:
    plan = make_plan(old(pid, release, rommon), target("17.6.5"))
    assert of(plan, "ROMMON-2") == []
    assert kinds(plan).count("stage_image") == 1


def test_rommon_2_the_one_step_upgrade_stops_too() -> None:
    state = old(ISR4400, "3.16.4b")
    alone = plan_step(state, UpgradeJob(), target=target("17.6.5"))
    assert kinds(alone).count("stage_image") == 2
    assert of(alone, "ROMMON-2") == of(make_plan(state, target("17.6.5")), "ROMMON-2")


@pytest.mark.parametrize(
    ("stop", "blocked"), [("16.3.3", False), ("16.3.5", True), ("16.6.4", True)]
)
def test_rommon_2_a_stop_that_the_document_forbids_blocks(stop: str, blocked: bool) -> None:
    aim = target("17.6.5", stop={"release": stop})
    (notice,) = of(make_plan(old(ISR4400, "3.16.4b"), aim), "ROMMON-2")
    assert (notice.severity == "blocker") is blocked


def test_rommon_2_install_mode_is_left_first() -> None:
    state = old(ISR4400, "3.16.4b", boot={"mode": "install"})
    assert "blocker" in [n.severity for n in of(make_plan(state, target("17.6.5")), "ROMMON-2")]


def test_c14_the_case_is_blocked_by_its_rommon() -> None:
    state = case_state("14-rommon-and-path/lab-r1")
    assert state.rommon == "15.4(3r)S5"
    assert state.release is not None
    plan = make_plan(state, target("17.6.5"))
    (blocker,) = of(plan, "ROMMON-1")
    assert "15.4(3r)S5" in blocker.text
    assert of(plan, "ROMMON-2") == []


@pytest.mark.parametrize("stop", [{"release": "17.9.4"}, {"image": "foo.bin"}])
def test_rommon_2_a_stop_that_nothing_asks_for_is_not_made_and_the_plan_says_so(
    stop: dict[str, str],
) -> None:
    plan = make_plan(old("ISR4331/K9", "16.12.4", "16.12(2r)"), target("17.6.5", stop=stop))
    (note,) = [n for n in plan.notices if "is not made" in n.text]
    assert (note.severity, next(iter(stop.values())) in note.text) == ("warning", True)
