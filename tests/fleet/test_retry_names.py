"""A retry does what it names and stops again; beyond a spent budget only an operator goes on."""

from __future__ import annotations

import threading

import pytest

from kit.fleet import fleet_plan
from kit.fleet_bench import Bench
from slp_fleet.model import RunState

SHORT = ("preflight", "trust", "verify")


def stopped(bench: Bench, **options: object) -> str:
    """Returns a run of five that stopped: two failed, one was allowed for, the rest is queued."""
    for name in ("r01", "r02"):
        bench.script(name, fail={"02-trust": "no"})
    run, state = bench.apply(fleet_plan(5, SHORT), canary=0, wave_size=2, **options)
    assert state is RunState.STOPPED
    return run


def test_a_retry_starts_no_router_that_it_does_not_name(bench: Bench) -> None:
    run = stopped(bench)
    bench.script("r02")
    names = bench.fleet.retry(run, ["r02"])
    assert bench.fleet.carry_out(run, only=names) is RunState.PAUSED
    assert bench.states(run) == {
        "r01": "failed", "r02": "proven", "r03": "queued", "r04": "queued", "r05": "queued"
    }  # fmt: skip
    assert "slp resume" in bench.fleet.run(run).reason
    for name in ("r03", "r04", "r05"):
        assert bench.phases.router(name).lines() == []


def test_a_retry_that_fails_again_stops_for_the_same_reason(bench: Bench) -> None:
    run = stopped(bench)
    bench.script("r02", blocked={"02-trust": "still no"})
    names = bench.fleet.retry(run, ["r02"])
    assert bench.fleet.carry_out(run, only=names) is RunState.STOPPED
    assert "2 routers failed, 1 were allowed for" in bench.fleet.run(run).reason


def test_a_retry_leaves_a_router_that_was_left_in_mid_step(bench: Bench) -> None:
    """Brother: also what had begun goes on only when the run does."""
    stop = threading.Event()
    bench.script("r01", fail={"02-trust": "no"})
    bench.script("r02", pending={"02-trust": 500})
    run = bench.create(fleet_plan(2, SHORT), canary=0, wave_size=2)
    bench.when(lambda e: e.router == "r01" and e.step is None and e.state == "failed", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED
    bench.script("r01")
    bench.phases.calls.clear()
    names = bench.fleet.retry(run)
    assert bench.fleet.carry_out(run, only=names) is RunState.PAUSED
    assert bench.states(run)["r01"] == "proven"
    assert {router for router, _, _ in bench.phases.calls} == {"r01"}


def test_a_run_whose_budget_is_spent_stops_again_unless_it_was_forgiven(bench: Bench) -> None:
    run = stopped(bench)
    assert bench.carry_out(run) is RunState.STOPPED
    assert list(bench.states(run).values()).count("queued") == 3
    bench.fleet.resume(run)
    assert bench.carry_out(run) is RunState.FINISHED
    assert list(bench.states(run).values()).count("proven") == 3


def test_a_pause_does_not_make_the_budget_larger(bench: Bench) -> None:
    """Brother: each resume of a paused run used to forgive what had failed so far."""
    stop = threading.Event()
    bench.script("r01", fail={"02-trust": "no"})
    bench.script("r02", pending={"02-trust": 3}, fail={"03-verify": "no"})
    run = bench.create(fleet_plan(4, SHORT), canary=0, wave_size=2)
    bench.when(lambda e: e.router == "r01" and e.step is None and e.state == "failed", stop.set)
    assert bench.carry_out(run, stop=stop) is RunState.PAUSED
    assert bench.carry_out(run) is RunState.STOPPED
    assert list(bench.states(run).values()) == ["failed", "failed", "queued", "queued"]


@pytest.mark.slow
def test_a_retry_beside_the_running_process_does_not_reopen_a_spent_budget(bench: Bench) -> None:
    """Brother: a router that is tried again is no longer counted as failed, but it was."""
    for name in ("r01", "r02"):
        bench.script(name, fail={"02-trust": "no"})
    bench.script("r03", pending={"02-trust": 25})
    run = bench.create(fleet_plan(5, SHORT), canary=0, wave_size=3)
    failures: list[str] = []

    def retry_after_the_second(event: object) -> None:
        failures.append(str(event))
        if len(failures) == 2:
            bench.script("r02")
            threading.Timer(0.15, bench.fleet.retry, [run, ["r02"]]).start()

    bench.always(lambda e: e.step is None and e.state == "failed", retry_after_the_second)
    assert bench.carry_out(run) is RunState.STOPPED
    assert bench.states(run) == {
        "r01": "failed", "r02": "proven", "r03": "proven", "r04": "queued", "r05": "queued"
    }  # fmt: skip
