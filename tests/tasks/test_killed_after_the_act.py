"""Killed at the worst instant: the act was done, nothing of it was recorded. The router decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from slp_core.plan import StepKind
from slp_core.settling import settle_seconds
from tasks.labs import bench, person
from tasks.test_migrations import FAMILIES

ONCE = ("reload", "install add", "install commit", "trust requested", "authorization requested",
        "reservation installed", "imported ack")  # fmt: skip


@pytest.mark.parametrize("family", FAMILIES)
def test_f42_nothing_lasting_is_done_twice(tmp_path: Path, family: str) -> None:
    with bench(tmp_path, {"name": "r1", "family": family}) as made:
        plan = made.plan()
        for step in plan.steps:
            if step.kind is StepKind.PERSON:
                person(made, plan, step)
            if step.lasting:
                found = made.phase(plan, step, "probe")
                if found["state"] == "ready":
                    kept = dict(made.notes[step.id])
                    made.phase(plan, step, "act")
                    made.notes[step.id] = kept  # what the act noted is lost with the process
                    made.host().close_connections()
                    made.clock.sleep(max(settle_seconds(step.kind), 600))
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
