"""Sessions lost in an act, by a task in the foreground and by the phases that a fleet calls."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kit.labs import Bench, bench
from kit.routers import options, slp_router
from slp_core.errors import SessionLost, StepFailed
from slp_core.losses import LOSSES, SINCE, loss_notes
from slp_core.plan import RouterPlan, StepSpec
from slp_core.targets import Target, Topology
from slp_tasks.step import Acted, StepContext
from slp_tasks.steps.save_config import SaveConfig, save_config

SAVE = StepSpec(id="01-save-config", kind="save_config", title="save", lasting=True)


def lone_plan(step: StepSpec) -> RouterPlan:
    target = Target(topology=Topology(kind="direct"))
    return RouterPlan(router="r1", model="slp", target=target, steps=(step,))


def losing(
    monkeypatch: pytest.MonkeyPatch, does: Callable[[], None] = lambda: None
) -> list[StepContext]:
    """Has each act lose its session after ``does``; returns the acts."""
    acts: list[StepContext] = []

    def act(_: SaveConfig, ctx: StepContext) -> Acted:
        acts.append(ctx)
        does()
        raise SessionLost("the connection ended", where="r1")

    monkeypatch.setattr(SaveConfig, "act", act)
    return acts


def unsaved(made: Bench) -> None:
    with made.lab.lock:
        made.router().running.set(None, "ip name-server 192.0.2.7")


def crash(made: Bench) -> Callable[[], None]:
    def power() -> None:
        with made.lab.lock:
            made.router().reload("Critical software exception", outage_s=100)
        made.clock.sleep(120)

    return power


def test_a_task_gives_up_after_a_few_lost_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, slp_router()) as made:
        unsaved(made)
        acts = losing(monkeypatch)
        result = made.nornir.run(task=save_config, **options(made))["r1"]
        assert isinstance(result.exception, SessionLost), result.exception
        assert f"lost {LOSSES} times" in str(result.exception)
        assert len(acts) == LOSSES


def test_a_task_after_whose_act_the_router_booted_anew_stops_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, slp_router()) as made:
        unsaved(made)
        acts = losing(monkeypatch, crash(made))
        result = made.nornir.run(task=save_config, **options(made))["r1"]
        assert isinstance(result.exception, StepFailed), result.exception
        assert "booted anew since the session was lost" in str(result.exception)
        assert "reload reason" in str(result.exception)
        assert len(acts) == 1, "what may have crashed it is not sent again"


@pytest.mark.parametrize(("phase", "state"), [("probe", "blocked"), ("confirm", "failed")])
def test_a_phase_after_a_loss_tells_a_new_boot(tmp_path: Path, phase: str, state: str) -> None:
    with bench(tmp_path, slp_router()) as made:
        plan = lone_plan(SAVE)
        unsaved(made)
        made.notes[SAVE.id] = loss_notes({}, "the connection ended", made.clock.now())
        assert "booted" not in made.phase(plan, SAVE, phase)["detail"], "it is the same boot"
        crash(made)()
        made.host().close_connections()
        found = made.phase(plan, SAVE, phase)
        assert found["state"] == state
        assert "booted anew" in found["detail"]
        assert "crashinfo" in found["remedy"]
        made.host().close_connections()


def test_a_disruptive_step_may_see_a_new_boot(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        step = StepSpec(id="01-reload", kind="reload", title="reload", lasting=True)
        plan = lone_plan(step)
        made.phase(plan, step, "probe")
        made.notes[step.id][SINCE] = made.clock.now().isoformat()
        crash(made)()
        made.host().close_connections()
        assert made.phase(plan, step, "confirm")["state"] == "confirmed"
        made.host().close_connections()
