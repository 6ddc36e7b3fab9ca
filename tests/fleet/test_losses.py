"""A step that keeps losing its session stops after a few losses, long before its deadline."""

from __future__ import annotations

import pytest

from kit.fleet import fleet_plan
from kit.fleet_bench import Bench
from slp_core.errors import SessionLost
from slp_core.losses import LOSSES
from slp_fleet.model import RunState

SHORT = ("preflight", "trust", "verify")


def test_a_step_that_keeps_losing_its_session_stops_with_what_was_sent_and_seen(
    bench: Bench,
) -> None:
    bench.script("r01", always_lose={"02-trust"}, seen={"sends": ["license smart trust …"]})
    run, state = bench.apply(fleet_plan(1, SHORT), canary=0)
    assert state is RunState.FINISHED
    assert bench.effects("r01") == ["sent 02-trust"] * LOSSES
    router = bench.fleet.run(run).routers[0]
    assert router.state == "failed"
    assert router.error_code == SessionLost.code
    for words in (
        f"the session was lost {LOSSES} times",
        "sent: `license smart trust …`",
        "seen: the connection ended",
        "slp retry",
    ):
        assert words in router.reason


@pytest.mark.slow
def test_a_retry_after_somebody_looked_counts_anew(bench: Bench) -> None:
    bench.script("r01", always_lose={"02-trust"})
    run, _ = bench.apply(fleet_plan(1, SHORT), canary=0)
    bench.script("r01", lose={"02-trust"})
    names = bench.fleet.retry(run)
    assert bench.fleet.carry_out(run, only=names) is RunState.FINISHED
    assert bench.states(run) == {"r01": "proven"}
    assert bench.effects("r01") == ["sent 02-trust"] * LOSSES + ["02-trust"]


def test_a_disruptive_step_is_not_repeated_without_end_either(bench: Bench) -> None:
    bench.script("r01", always_lose={"02-reload"})
    bench.apply(fleet_plan(1, ("preflight", "reload", "verify")), canary=0)
    assert bench.effects("r01") == ["sent 02-reload"] * LOSSES
