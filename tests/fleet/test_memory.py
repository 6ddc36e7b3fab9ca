"""F30: what routers print is written down as it comes; memory does not grow with the fleet."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kit.fleet import FakePhases, fleet_plan
from kit.fleet_bench import QUICK
from slp_fleet.api import Fleet
from slp_fleet.model import RunOptions, RunState
from slp_tasks.step import Acted, Confirm, Ended, Probe

ROUTERS = 60
EACH = 250_000
"""Bytes that one router's look comes to, far more than a real one."""


class Wordy(FakePhases):
    """Routers whose verification shows a lot."""

    @contextmanager
    def open(self, router: str) -> Iterator[Any]:
        def phase(_plan: Any, _step: Any, phase: str, **_context: Any) -> Ended:
            if phase == "probe":
                return Probe(state="ready", detail="", seen={})
            if phase == "act":
                return Acted(changed=False, detail="", noted={})
            shown = {f"{router}.{n}": f"{router}-{n}-".ljust(EACH // 100, "x") for n in range(100)}
            return Confirm(state="confirmed", detail="", seen={"observed": shown})

        yield phase


def _imported(tmp_path: Path) -> None:
    """Carries a run of one router out: modules that it imports are no results."""
    folder = tmp_path / "first"
    fleet = Fleet(folder / ".slp", folder, phases=FakePhases(folder / "routers"), pace=QUICK)
    file = folder / "plan.json"
    plan = fleet_plan(1, ("verify",))
    file.write_text(plan.model_dump_json(exclude_unset=True))
    fleet.carry_out(fleet.create_run(plan, file, RunOptions()))
    fleet.close()


@pytest.mark.slow
def test_f30_results_of_a_fleet_are_not_kept_in_memory(tmp_path: Path) -> None:
    fleet = Fleet(tmp_path / ".slp", tmp_path, phases=Wordy(tmp_path / "routers"), pace=QUICK)
    file = tmp_path / "plan.json"
    plan = fleet_plan(ROUTERS, ("verify",))
    file.write_text(plan.model_dump_json(exclude_unset=True))
    options = RunOptions(canary=0, wave_size="100%", workers=4)
    _imported(tmp_path)
    tracemalloc.start()
    try:
        run = fleet.create_run(plan, file, options)
        assert fleet.carry_out(run) is RunState.FINISHED
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert fleet.run(run).counts == {"proven": ROUTERS}
    assert len(fleet.run(run, routers=["r07"]).routers[0].after) == 100, "it is all there"
    assert peak < ROUTERS * EACH / 3, f"{peak:,} bytes at most in memory"
    fleet.close()
