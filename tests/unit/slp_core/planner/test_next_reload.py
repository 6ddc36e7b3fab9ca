"""C01, C02, UP-3: what the next reload would do that nobody planned stands in the plan."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import case_state, case_text
from kit.states import PLAIN, registered, router, slp, target
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.base import Job
from slp_core.planner.jobs.save import SaveJob
from slp_core.planner.jobs.trust import TrustJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.planner.jobs.usage import UsageSaveJob, UsageSyncJob
from slp_core.rules.next_boot import BOOTS
from slp_core.state import RouterState
from slp_core.verify.observe import observe

VERSION = """Cisco IOS XE Software, Version 16.09.04
edge uptime is 1 day
cisco ISR4351/K9 (1RU) processor with 3670016K/6147K bytes of memory.
Configuration register is 0x2102
"""
ROMMON, IGNORED = "it stops in ROMMON", "the startup configuration is ignored"


def up_3(plan: RouterPlan, severity: str = "blocker") -> list[str]:
    return [n.text for n in plan.notices if (n.rule, n.severity) == ("UP-3", severity)]


def booting(**boot: Any) -> RouterState:
    return router(licensing=registered(PLAIN), boot={"mode": "install", **boot})


@pytest.mark.parametrize("usual", ["0x2102", "0x102", "0x2101", "0x210F", "0x210f", "0x2"])
def test_c01_the_usual_registers_are_fine(usual: str) -> None:
    state = booting(config_register=usual, standby_config_register=usual)
    assert up_3(make_plan(state, target())) == []
    assert observe(state)["next_boot.register"].value == BOOTS


@pytest.mark.parametrize(
    ("bits", "why"),
    [
        *(("0x2100", ROMMON), ("0x0", ROMMON), ("0x2140", ROMMON), ("0xA100", ROMMON)),
        *(("0x2142", IGNORED), ("0x142", IGNORED), ("0x2152", IGNORED), ("0x21CF", IGNORED)),
    ],
)
@pytest.mark.parametrize("where", ["config_register", "next_config_register"])
def test_c01_two_parts_of_the_register_block_by_plan_and_look_alike(
    bits: str, why: str, where: str
) -> None:
    state = booting(**{"config_register": "0x2102", where: bits})
    (text,) = up_3(make_plan(state, target()))
    assert (bits in text, why in text) == (True, True)
    assert why in observe(state)["next_boot.register"].value


def test_c01_the_value_of_the_next_reload_goes_first() -> None:
    mended = booting(config_register="0x2142", next_config_register="0x2102")
    assert up_3(make_plan(mended, target())) == []
    assert observe(mended)["next_boot.register"].value == BOOTS


def test_c01_the_standby_processor_boots_by_its_own() -> None:
    state = booting(config_register="0x2102", standby_config_register="0x2142")
    (text,) = up_3(make_plan(state, target()))
    assert "standby" in text


PEER = """Redundant System Information :
------------------------------
       Available system uptime = 3 weeks, 1 day
                 Hardware Mode = Duplex
    Configured Redundancy Mode = sso
     Operating Redundancy Mode = sso

Current Processor Information :
-------------------------------
               Active Location = slot 6
        Current Software state = ACTIVE
        Configuration register = 0x2102

Peer Processor Information :
----------------------------
              Standby Location = slot 7
        Current Software state = STANDBY HOT
        Configuration register = 0x2142
"""


@pytest.mark.parametrize("boot", ["", "Standby Configuration register is 0x2102\n"])
def test_c01_of_two_sources_show_boot_tells_the_standby_s_next_register(boot: str) -> None:
    outputs = {"show redundancy": PEER}
    if boot:
        outputs["show boot"] = f"BOOT variable = bootflash:packages.conf,1;\n{boot}"
    state = assemble("edge", outputs)
    assert state.boot is not None
    assert state.boot.standby_config_register == ("0x2102" if boot else "0x2142")


def test_c01_the_remedy_says_what_to_type_and_where_to_look() -> None:
    plan = make_plan(booting(config_register="0x2142"), target())
    (blocker,) = [n for n in plan.blockers if n.rule == "UP-3"]
    assert "config-register 0x2102" in blocker.remedy
    assert "show boot" in blocker.remedy


def test_c01_the_one_step_upgrade_says_the_same_and_a_report_says_nothing() -> None:
    state = booting(config_register="0x2142")
    assert up_3(plan_step(state, UpgradeJob(), target=target())) == up_3(make_plan(state, target()))
    settled = router(release="17.3.2", licensing=slp(PLAIN), boot={"config_register": "0x2142"})
    assert up_3(plan_step(settled, UsageSaveJob(), target=target(None, "airgap"))) == []


@pytest.mark.parametrize("job", [TrustJob(), SaveJob(), UsageSyncJob()])
def test_c01_a_job_that_neither_reloads_nor_looks_at_the_next_boot_goes_on(job: Job) -> None:
    settled = router(
        release="17.3.2",
        licensing=slp(PLAIN, trust={"installed_on": None}),
        boot={"config_register": "0x2142"},
    )
    plan = plan_step(settled, job, target=target(None))
    assert plan.steps
    assert up_3(plan) == []


def test_c01_a_plan_without_a_reload_is_held_against_the_next_boot_too() -> None:
    settled = router(release="17.3.2", licensing=slp(PLAIN), boot={"config_register": "0x2142"})
    plan = make_plan(settled, target(None))
    assert plan.steps
    assert up_3(plan)


@pytest.mark.parametrize("manual", [True, False])
def test_c01_manual_boot_waits_for_a_person_too(manual: bool) -> None:
    state = booting(config_register="0x2102", manual=manual)
    assert bool(up_3(make_plan(state, target()))) is manual


def test_c01_the_case_is_blocked_on_both_processors() -> None:
    state = case_state("01-config-register-bits/core-a1")
    texts = up_3(make_plan(state, target("17.9.4")))
    assert sum(ROMMON in t for t in texts) == 2
    assert any("standby" in t for t in texts)


def installed(timer: str | None, *rows: str, left: int | None = None) -> dict[str, Any]:
    packages = [{"kind": "IMG", "state": s, "version": "17.3.1.0.1"} for s in rows]
    install: dict[str, Any] = {"packages": packages}
    install |= {"auto_abort": timer} if timer is not None else {}
    return install | ({"auto_abort_left_s": left} if left is not None else {})


@pytest.mark.parametrize(
    "timer", ["active", "active on install_activate", "ACTIVE", "running since a while"]
)
def test_c02_a_timer_alone_blocks_an_upgrade_in_any_wording(timer: str) -> None:
    state = router(licensing=registered(PLAIN), install=installed(timer, "C", left=7032))
    (text,) = up_3(make_plan(state, target()))
    assert "7,032 s" in text
    assert up_3(plan_step(state, UpgradeJob(), target=target())) == [text]


@pytest.mark.parametrize("timer", ["inactive", "Inactive", None])
def test_c02_a_timer_that_stands_blocks_nothing(timer: str | None) -> None:
    state = router(licensing=registered(PLAIN), install=installed(timer, "C"))
    assert up_3(make_plan(state, target())) == []


def test_c02_an_open_install_is_told_with_its_timer() -> None:
    state = router(licensing=registered(PLAIN), install=installed("active", "U", left=60))
    (text,) = up_3(make_plan(state, target()))
    assert "not committed" in text
    assert "60 s" in text


def test_c02_without_an_upgrade_a_timer_is_a_warning() -> None:
    state = router(release="17.3.2", licensing=slp(PLAIN), install=installed("active", "C"))
    plan = make_plan(state, target(None))
    assert up_3(plan) == []
    assert any("auto-abort" in t for t in up_3(plan, "warning"))


SUMMARY = """[ {} ] Installed Package(s) Information:
State (St): I - Inactive, U - Activated & Uncommitted,
            C - Activated & Committed, D - Deactivated & Uncommitted
--------------------------------------------------------------------------------
Type  St   Filename/Version
--------------------------------------------------------------------------------
IMG   C    17.03.04a.0.5

--------------------------------------------------------------------------------
Auto abort timer: {}
--------------------------------------------------------------------------------
"""


@pytest.mark.parametrize(
    ("timers", "blocked"),
    [
        (["active on install_activate, time before rollback - 01:57:12"], True),
        (["active , time before rollback - 01:57:12"], True),
        (["ACTIVE,time before rollback - 01:57:12"], True),
        (["active"], True),
        (["started a moment ago"], True),
        (["inactive", "active , time before rollback - 00:10:00"], True),
        (["inactive"], False),
        (["inactive", "inactive"], False),
    ],
)
def test_c02_the_printed_line_in_any_form_and_place(timers: list[str], blocked: bool) -> None:
    text = "".join(SUMMARY.format(f"R{n}", timer) for n, timer in enumerate(timers))
    install = assemble("edge", {"show install summary": text}).install
    state = router(licensing=registered(PLAIN)).model_copy(update={"install": install})
    assert bool(up_3(make_plan(state, target()))) is blocked


def test_c02_the_case_blocks_by_its_image_and_tells_the_time() -> None:
    text = case_text("02-auto-abort-active-comma/show-install-summary.txt")
    install = assemble("edge", {"show install summary": text}).install
    state = router(licensing=registered(PLAIN)).model_copy(update={"install": install})
    (blocker,) = up_3(make_plan(state, target("17.6.5")))
    assert "not committed" in blocker
    assert "7,032 s" in blocker


@pytest.mark.parametrize(
    ("second", "blocked"),
    [("0x2142", True), ("0x2102 (will be 0x2142 at next reload)", True), ("0x2102", False)],
)
def test_up_3_two_registers_in_one_output_block_with_the_odd_one(
    second: str, blocked: bool
) -> None:
    shown = assemble("edge", {"show version": VERSION + f"Configuration register is {second}\n"})
    state = router(licensing=registered(PLAIN)).model_copy(
        update={"boot": shown.boot, "unknown": shown.unknown}
    )
    told = up_3(make_plan(state, target()))
    assert ["0x2142" in t for t in told] == [True] * blocked
