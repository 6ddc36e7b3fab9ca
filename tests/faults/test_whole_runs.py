"""Every fault of a router, its services and the way to them, through a whole run (F01 to F41).

Each run ends in one of two ways: carried on and proven, or stopped at one step with one sentence
that says what, on which router, and what to do; once the cause is gone, the same run is proven.
Never: a wrong success, a second reload, a hang beyond the step's deadline, a secret left behind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from faults.cases import CASES, PROVEN, Case
from kit.fault_desk import Desk, desk
from kit.fault_ends import done_once, within_deadlines
from slp_sim.mending import strike

"""Beginnings of what may happen to a router once."""
"""A look that began before the deadline may still end after it."""


ALL = [pytest.param(c, id=c.id, marks=[pytest.mark.slow] if c.slow else []) for c in CASES]


@pytest.mark.parametrize("case", ALL)
def test_whole_run(tmp_path: Path, capsys: pytest.CaptureFixture[str], case: Case) -> None:
    with desk(tmp_path, capsys, case.entry()) as made:
        planned = made.plan()
        assert planned.code == 0, planned.err + planned.out
        if case.late:
            strike(made.lab, "r1", case.struck())
        applied = made.slp("apply", "latest", "--yes", "-v")
        if case.stops is PROVEN:
            assert made.record()["state"] == "proven", made.record()["reason"]
            assert applied.code == 0
        else:
            assert applied.code == 1
            stopped_well(made, case)
        done_once(made)
        within_deadlines(made)
        if case.stops is not PROVEN and case.retried is not None:
            resumed(made, case)
        assert made.secrets_left() == []


def stopped_well(made: Desk, case: Case) -> None:
    """The router stopped at the right step, with one sentence that helps."""
    found = made.record()
    assert found["state"] == "failed"
    assert found["current_step"].endswith(case.stops), found
    shown = made.shown()
    assert found["error_code"]
    assert "\n" not in found["reason"]
    assert len(found["reason"]) < 500
    for words in case.says:
        assert words in found["reason"]
        assert words in shown
    assert f"slp retry {made.run()['id']} r1" in shown
    undone = [s for s in found["steps"] if s["state"] == "pending"]
    later = found["steps"][[s["step"] for s in found["steps"]].index(found["current_step"]) + 1 :]
    assert undone == later, "nothing further was done"


def resumed(made: Desk, case: Case) -> None:
    """The cause is put right, and the same run goes on to its end."""
    made.mend(case.fault)
    made.again()
    found = made.record()
    assert found["state"] == case.retried, found["reason"]
    done_once(made, *case.twice)
