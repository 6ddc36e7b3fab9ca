"""F42: killed at any instant and resumed, nothing with a lasting effect is done twice.

What counts is the routers' own log, which the killed process wrote to as a router would.
"""

from __future__ import annotations

import random
import signal
import time
from typing import Any

import pytest

from kit.fleet import STEPS, fleet_plan
from kit.fleet_bench import Bench
from kit.fleet_killed import ended, process
from slp_fleet.model import RunState

LASTING = ["03-install_activate", "04-install_commit", "05-trust"]


SLOW = pytest.mark.slow  # two processes that import DBOS


def kill_at(bench: Bench, run: str, step: str, when: str, **asked: Any) -> None:
    marker = bench.root / f"killed-{step}-{when}"
    kill = {"router": "r01", "step": step, "when": when, "marker": str(marker)}
    code, said = ended(process(bench, run, kill=kill, **asked))
    assert code == -signal.SIGKILL, said


@pytest.mark.parametrize("when", [pytest.param("before_act", marks=SLOW), "after_act"])
def test_f42_killed_around_the_reload(bench: Bench, when: str) -> None:
    run = bench.create(fleet_plan(2), canary=0, wave_size="100%")
    kill_at(bench, run, "03-install_activate", when)
    assert bench.fleet.run(run).state is RunState.RUNNING

    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.effects("r01") == LASTING
    assert bench.effects("r02") == LASTING


@SLOW
def test_f42_a_reload_that_was_sent_but_is_not_to_be_seen_yet_is_not_sent_again(
    bench: Bench,
) -> None:
    """The old boot still answers for a while (F01): no reason to send it a second time."""
    lag = {"lag": 0.25}
    run = bench.create(fleet_plan(1))
    kill_at(bench, run, "03-install_activate", "after_act", scripts={"r01": lag})

    bench.script("r01", **lag)
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.effects("r01") == LASTING


@SLOW
def test_f42_a_router_that_does_not_answer_after_the_kill_is_waited_for(bench: Bench) -> None:
    down = {"down": {"03-install_activate": 1.5}}
    run = bench.create(fleet_plan(1))
    kill_at(bench, run, "03-install_activate", "after_act", scripts={"r01": down})

    bench.script("r01", **down)
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.effects("r01") == LASTING


@pytest.mark.slow
@pytest.mark.parametrize("step", LASTING)
@pytest.mark.parametrize("when", ["before_act", "after_act", "before_confirm"])
def test_f42_killed_around_each_act(bench: Bench, step: str, when: str) -> None:
    run = bench.create(fleet_plan(1))
    kill_at(bench, run, step, when)
    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.effects("r01") == LASTING


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_f42_killed_at_random_instants_again_and_again(bench: Bench, seed: int) -> None:
    chance = random.Random(seed)
    scripts: dict[str, Any] = {
        f"r{n:02d}": {
            "act_s": 0.05,
            "lag": 0.1,
            "pending": {"03-install_activate": 2},
            "down": {"03-install_activate": 0.3},
        }
        for n in range(1, 11)
    }
    run = bench.create(fleet_plan(10), canary=1, wave_size=3)
    kills = 0
    for _ in range(12):
        child = process(bench, run, scripts=scripts)
        time.sleep(chance.uniform(1.0, 3.0))
        if child.poll() is not None:
            break
        child.kill()
        assert ended(child)[0] == -signal.SIGKILL
        kills += 1
    for name, script in scripts.items():
        bench.script(name, **script)
    if bench.fleet.run(run).state is not RunState.FINISHED:
        assert bench.carry_out(run) is RunState.FINISHED
    assert kills >= 1
    assert set(bench.states(run).values()) == {"proven"}
    for n in range(1, 11):
        assert bench.effects(f"r{n:02d}") == LASTING, f"r{n:02d} after {kills} kills"


@SLOW
def test_the_engine_file_may_be_lost(bench: Bench) -> None:
    """Only timers stand in it: the run goes on from our own store."""
    run = bench.create(fleet_plan(2, STEPS), canary=0, wave_size=2)
    kill_at(bench, run, "04-install_commit", "before_act")
    for file in bench.store.glob("engine.sqlite*"):
        file.unlink()

    assert bench.carry_out(run) is RunState.FINISHED
    assert bench.effects("r01") == LASTING


def test_a_session_lost_in_the_act_is_looked_after_not_repeated(bench: Bench) -> None:
    """F02: the socket dies on the confirmation of the reload itself."""
    bench.script("r01", lose={"03-install_activate"}, lag=0.2)
    run, state = bench.apply(fleet_plan(1))
    assert state is RunState.FINISHED
    assert bench.states(run) == {"r01": "proven"}
    assert bench.effects("r01") == LASTING
