"""Preflight blocks by the ids that plans use, so that one word of the operator reaches both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import slp_router
from slp_core.plan import Notice, RouterPlan

CLOCK: dict[str, Any] = {"faults": [{"name": "F34-clock", "params": {"seconds": 7200}}]}
NAME: dict[str, Any] = {"hostname": "isr4351"}
CASES = [("READY-2", CLOCK), ("READY-1", NAME)]


def planned(made: Bench, **allow: str) -> RouterPlan:
    topology = {"kind": "direct", "token": "env:SLP_TOKEN"}
    return made.plan(topology=topology, allow={k.replace("_", "-"): v for k, v in allow.items()})


def preflight(made: Bench, plan: RouterPlan) -> str:
    made.notes.clear()
    return made.carry(plan, plan.steps[0])


@pytest.mark.parametrize(("rule", "router"), CASES)
def test_ready_a_blocker_that_is_overridden_in_the_plan_is_overridden_live(
    tmp_path: Path, rule: str, router: dict[str, Any]
) -> None:
    with bench(tmp_path, slp_router(**router)) as made:
        plan = planned(made)
        assert rule in {n.rule for n in plan.blockers}
        assert preflight(made, plan).startswith("blocked")
        allowed = planned(made, **{rule.replace("-", "_"): "CSSM knows it"})
        assert allowed.blockers == ()
        assert preflight(made, allowed) == "skipped"
        warned = made.notes[plan.steps[0].id]["warnings"]
        assert any("CSSM refuses trust" in text for text in warned)


@pytest.mark.parametrize(("rule", "router"), CASES)
def test_ready_what_apply_allows_reaches_preflight_too(
    tmp_path: Path, rule: str, router: dict[str, Any]
) -> None:
    with bench(tmp_path, slp_router(**router)) as made:
        plan = planned(made)

        def over(notice: Notice) -> Notice:
            return (
                notice.model_copy(update={"allowed": "tested"}) if notice.rule == rule else notice
            )

        plan = plan.model_copy(update={"notices": tuple(over(n) for n in plan.notices)})
        assert preflight(made, plan) == "skipped"


@pytest.mark.parametrize("held", [True, False])
def test_token_1_a_token_that_is_not_here_stops_before_the_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    with bench(tmp_path, {"name": "r1", "family": "s4_evaluation"}) as made:
        plan = made.plan(topology={"kind": "direct", "token": "env:SLP_NO_SUCH_TOKEN"})
        kinds = [step.kind for step in plan.steps]
        assert "trust" in kinds
        assert {"reload", "install_activate"} & set(kinds)
        if held:
            monkeypatch.setenv("SLP_NO_SUCH_TOKEN", "token-of-the-test")
            assert "token" not in preflight(made, plan)
            return
        ended = preflight(made, plan)
        assert ended.startswith("blocked")
        assert "nothing is found at env:SLP_NO_SUCH_TOKEN" in ended


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("UP-10", "isr4400-universalk9.17.09.04a.SPA.bin"),
        ("UP-11", "isr4300-universalk9_npe.17.09.04a.SPA.bin"),
        (None, "isr4300-universalk9.17.09.04a.SPA.bin"),
    ],
)
def test_up_10_and_up_11_the_image_is_held_against_what_runs_before_the_reload_too(
    tmp_path: Path, rule: str | None, name: str
) -> None:
    runs = {"name": "isr4300-universalk9.17.06.05.SPA.bin", "release": "17.6.5"}
    files = [{**runs, "platform": "isr4300"}, {**runs, "name": name, "release": "17.9.4a"}]
    with bench(tmp_path, slp_router(flash={"files": files}, boot_mode="bundle")) as made:
        wishes: dict[str, Any] = {"release": "17.9.4a", "image": {"name": name}}
        plan = made.plan(topology={"kind": "airgap"}, **wishes)
        assert {n.rule for n in plan.blockers} & {"UP-10", "UP-11"} == ({rule} if rule else set())
        step = next(s for s in plan.steps if s.kind == "preflight")
        unsaid = plan.model_copy(update={"notices": ()})
        ended = made.carry(unsaid, step)
        assert ("the image is" in ended or "another family" in ended) is (rule is not None), ended
        if rule is not None:
            allowed = made.plan(topology={"kind": "airgap"}, allow={rule: "tested"}, **wishes)
            assert made.carry(allowed, step) == "skipped"
