"""A run from start to end."""

from __future__ import annotations

from kit.fleet import fleet_plan
from kit.fleet_bench import Bench
from slp_fleet.model import RunState


def test_a_router_is_taken_through_its_steps_and_proven(bench: Bench) -> None:
    run, state = bench.apply(fleet_plan(1))

    assert state is RunState.FINISHED
    router = bench.fleet.run(run).routers[0]
    assert router.state == "proven"
    assert [s.state for s in router.steps] == ["done"] * 6
    assert bench.effects("r01") == ["03-install_activate", "04-install_commit", "05-trust"]
    assert router.after == {"model": "slp"}
