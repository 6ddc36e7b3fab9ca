"""Killed at the worst instant: the act was done, nothing of it was recorded. The router decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.labs import bench, person
from kit.routers import FAMILIES

ONCE = ("reload", "install add", "install commit", "trust requested", "authorization requested",
        "reservation installed", "imported ack")  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_f42_nothing_lasting_is_done_twice(tmp_path: Path, family: str) -> None:
    with bench(tmp_path, {"name": "r1", "family": family}) as made:
        plan = made.plan()
        for step in plan.steps:
            if step.kind == "person":
                person(made, plan, step)
            if step.lasting:
                found = made.phase(plan, step, "probe")
                if found["state"] == "ready":
                    kept = dict(made.notes[step.id])
                    made.phase(plan, step, "act")
                    made.notes[step.id] = kept  # what the act noted is lost with the process
                    made.host().close_connections()
                    made.clock.sleep(max(step.facts.settle_s, 600))
            ended = made.carry(plan, step)
            assert ended in ("done", "skipped"), (step.id, ended)
        events = made.events()
        for what in ONCE:
            assert sum(e.startswith(what) for e in events) <= 1, (what, events)
        last = made.notes[plan.steps[-1].id]
        assert not [f for f in last["findings"] if f["verdict"] == "unmet"]


@pytest.mark.parametrize("family", ["s1_registered", "s4_evaluation"])
def test_f42_a_process_that_remembers_nothing_finds_everything_done(
    tmp_path: Path, family: str
) -> None:
    with bench(tmp_path, {"name": "r1", "family": family}) as made:
        plan = made.plan()
        made.migrate(plan)
        before = [e for e in made.events() if "acknowledged" not in e]
        made.notes.clear()
        for step in plan.steps:
            found = made.phase(plan, step, "probe")
            if step.lasting:
                assert found["state"] == "done", (step.id, found)
        made.host().close_connections()
        assert [e for e in made.events() if "acknowledged" not in e] == before


@pytest.mark.parametrize("older", [False, True])
def test_f42_killed_between_saving_usage_and_bringing_it_out_saves_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, older: bool
) -> None:
    with bench(tmp_path, {"name": "r1", "family": "s2_slr"}) as made:
        plan = made.plan()
        at = next(i for i, s in enumerate(plan.steps) if s.kind == "usage_save")
        assert all(made.carry(plan, s) in ("done", "skipped") for s in plan.steps[:at])
        step = plan.steps[at]
        if older:  # a file of the same name from an earlier round
            router = made.router()
            router.flash.fill("usage_report", 4000, router.now())
            made.clock.sleep(7200)
        made.phase(plan, step, "probe")
        kept = dict(made.notes[step.id])
        with monkeypatch.context() as patch:
            patch.setattr("slp_tasks.steps.usage_save.bring_out", killed)
            with pytest.raises(Killed):
                made.phase(plan, step, "act")
        made.notes[step.id] = kept
        made.host().close_connections()
        made.clock.sleep(600)
        assert made.carry(plan, step) == "done"
        assert sum(e.startswith("usage saved") for e in made.events()) == 1


class Killed(BaseException):
    """The process ended here."""


def killed(_ctx: object) -> str:
    raise Killed
