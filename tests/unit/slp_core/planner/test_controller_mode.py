"""C07, UP-8: a router in SD-WAN controller mode is its manager's."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import case_state
from kit.states import HSEC, PLAIN, registered, router, slp, target
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.save import SaveJob
from slp_core.planner.jobs.throughput import ThroughputJob
from slp_core.planner.jobs.trust import TrustJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.planner.jobs.usage import UsageSaveJob
from slp_core.state import RouterState


def managed(release: str = "17.6.5", **parts: Any) -> RouterState:
    parts.setdefault("licensing", slp(PLAIN, transport="cslu", trust={"installed_on": None}))
    return router("C8300-1N1S-6T", release, controller_mode=True, **parts)


def up_8(plan: RouterPlan) -> list[str]:
    return [n.text for n in plan.blockers if n.rule == "UP-8"]


def test_up_8_an_upgrade_is_a_blocker_that_nobody_overrides() -> None:
    aim = target("17.9.4", "controller", allow={"UP-8": "never mind"})
    plan = make_plan(managed("17.3.3", licensing=registered(PLAIN)), aim)
    (blocker,) = [n for n in plan.blockers if n.rule == "UP-8"]
    assert not blocker.overridable
    assert blocker.remedy == "upgrade it by the SD-WAN manager, then plan again"


def test_up_8_the_one_step_upgrade_says_the_same() -> None:
    aim = target("17.9.4", "controller")
    before = managed("17.3.3", licensing=registered(PLAIN))
    whole, alone = make_plan(before, aim), plan_step(before, UpgradeJob(), target=aim)
    assert up_8(alone) == up_8(whole) != []


def test_up_8_licensing_alone_goes_on_and_nothing_is_saved() -> None:
    plan = plan_step(managed(), UsageSaveJob(), target=target(None, "airgap"))
    assert up_8(plan) == []
    assert plan.steps
    trust = plan_step(managed(), TrustJob(), target=target(None, "direct"))
    kinds = [s.kind for s in trust.steps]
    assert "trust" in kinds
    assert "save_config" not in kinds
    assert [s.id[:2] for s in trust.steps] == [f"{n:02d}" for n in range(1, len(kinds) + 1)]


@pytest.mark.parametrize("kind", ["direct", "cslu", "airgap"])
def test_up_8_what_would_be_configured_is_told_for_the_manager(kind: str) -> None:
    plan = make_plan(managed(), target(None, kind))
    (text,) = up_8(plan)
    assert "refuses to be configured" in text
    (blocker,) = [n for n in plan.blockers if n.rule == "UP-8"]
    assert "license smart" in blocker.remedy


def test_up_8_a_throughput_is_configured_and_so_refused() -> None:
    aim = target(None, "controller", throughput="T2")
    plan = plan_step(managed(licensing=slp(HSEC)), ThroughputJob(), target=aim)
    assert any("throughput" in text.lower() for text in up_8(plan))


def test_up_8_a_router_in_autonomous_mode_is_saved_and_configured() -> None:
    autonomous = managed().model_copy(update={"controller_mode": False})
    plan = make_plan(autonomous, target(None, "direct"))
    assert up_8(plan) == []
    assert "save_config" in [s.kind for s in plan.steps]


def test_up_8_saving_alone_has_nothing_to_do() -> None:
    assert "save_config" not in [s.kind for s in plan_step(managed(), SaveJob()).steps]


def test_c07_the_case_is_blocked_by_its_mode() -> None:
    state = case_state("07-controller-mode/csr3")
    assert state.controller_mode is True
    plan = make_plan(state, target("17.9.4", "controller"))
    assert up_8(plan)
