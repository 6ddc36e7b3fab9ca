"""Canaries, waves, the failure budget (F46), places in a group: in what order routers start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kit.fleet import fleet_plan, router_plan
from kit.fleet_bench import Bench
from slp_core.errors import UsageError
from slp_core.plan import Plan
from slp_fleet.model import Event, RunState
from slp_fleet.waves import make_waves, parse_window, place_needed_at, share

SHORT = ("preflight", "trust", "verify")


def started(events: list[Event]) -> list[str]:
    """Returns routers in the order in which they started."""
    return [e.router for e in events if e.state == "running" and e.router and e.step is None]


def at(events: list[Event], router: str, *states: str) -> int:
    """Returns the place in the order of events at which a router as a whole came to a state."""
    return next(
        n
        for n, e in enumerate(events)
        if e.router == router and e.step is None and e.state in states
    )


def test_waves_are_canaries_then_slices_in_plan_order() -> None:
    plans = fleet_plan(10, SHORT).routers
    waves = make_waves(plans, canary=1, wave_size="40%")
    assert [len(w) for w in waves] == [1, 4, 4, 1]
    assert [name for wave in waves for name in wave] == [p.router for p in plans]


def test_a_router_that_waits_for_a_person_is_canary_last() -> None:
    plans = [router_plan("air", ("preflight", "person", "verify")), *fleet_plan(2, SHORT).routers]
    assert make_waves(plans, canary=1, wave_size=5) == (("r01",), ("air", "r02"))


def test_a_blocked_router_is_in_no_wave() -> None:
    plans = [router_plan("b", SHORT, blocked="UP-3"), *fleet_plan(1, SHORT).routers]
    assert make_waves(plans, canary=0, wave_size="50%") == (("r01",),)


@pytest.mark.parametrize(
    ("size", "of", "count"),
    [(3, 10, 3), ("3", 10, 3), ("10%", 24, 2), ("0%", 9, 0), ("100%", 7, 7)],
)
def test_share(size: int | str, of: int, count: int) -> None:
    assert share(size, of, what="x") == count


@pytest.mark.parametrize("size", ["-1", "x", "101%", "5 %%", ""])
def test_share_refuses_what_is_neither_count_nor_percentage(size: str) -> None:
    with pytest.raises(UsageError):
        share(size, 10, what="wave size")


def test_a_window_may_reach_past_midnight() -> None:
    window = parse_window("22:00-04:00 UTC")
    assert window is not None
    day = datetime(2026, 3, 1, tzinfo=UTC)
    open_hours = {h for h in range(24) if window.is_open(day + timedelta(hours=h))}
    assert open_hours == {22, 23, 0, 1, 2, 3}
    assert window.next_opening(day + timedelta(hours=9)) == day + timedelta(hours=22)
    assert window.next_opening(day + timedelta(hours=23)) == day + timedelta(days=1, hours=22)


@pytest.mark.parametrize(
    "text", ["22:00", "late", "22:00-22:00", "22:00-04:00 Nowhere/City", "1:00"]
)
def test_a_window_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_window(text)


def test_a_place_is_needed_from_before_the_reload() -> None:
    plan = router_plan("r", ("preflight", "stage_image", "install_activate", "verify"))
    assert place_needed_at(plan) == 2
    assert place_needed_at(router_plan("r", ("preflight", "trust", "verify"))) == 1
    assert place_needed_at(router_plan("r", ("preflight", "verify"))) is None


def test_a_wave_starts_when_the_one_before_is_settled(bench: Bench) -> None:
    bench.script("r01", pending={"02-trust": 3})
    _, state = bench.apply(fleet_plan(5, SHORT), canary=1, wave_size=2)

    assert state is RunState.FINISHED
    order = started(bench.events)
    assert order[0] == "r01"
    assert set(order[1:3]) == {"r02", "r03"}
    first = min(at(bench.events, r, "running") for r in ("r02", "r03"))
    assert at(bench.events, "r01", "proven") < first
    settled = max(at(bench.events, r, "proven") for r in ("r02", "r03"))
    assert settled < min(at(bench.events, r, "running") for r in ("r04", "r05"))


def test_a_failed_router_stops_alone(bench: Bench) -> None:
    bench.script("r02", fail={"02-trust": "the token has expired"})
    run, state = bench.apply(fleet_plan(4, SHORT), canary=1, max_failures=1)

    assert state is RunState.FINISHED
    assert bench.states(run) == {"r01": "proven", "r02": "failed", "r03": "proven", "r04": "proven"}
    failed = bench.fleet.run(run).routers[1]
    assert failed.reason == "trust: the token has expired"
    assert failed.error_code == "SLP-E210"
    assert [s.state for s in failed.steps] == ["done", "failed", "pending"]


def test_f46_no_further_router_is_started_when_more_fail_than_allowed(bench: Bench) -> None:
    for name in ("r02", "r03"):
        bench.script(name, fail={"02-trust": "no"})
    run, state = bench.apply(fleet_plan(8, SHORT), canary=1, wave_size=2, max_failures=1)

    assert state is RunState.STOPPED
    states = bench.states(run)
    assert [states[f"r{n:02d}"] for n in range(1, 9)] == ["proven"] + ["failed"] * 2 + [
        "queued"
    ] * 5
    assert "2 routers failed" in bench.fleet.run(run).reason
    for n in range(4, 9):
        assert bench.phases.router(f"r{n:02d}").lines() == []


def test_f46_who_started_before_the_breach_is_finished(bench: Bench) -> None:
    bench.script("r01", fail={"01-preflight": "no"})
    bench.script("r02", pending={"02-trust": 4})
    run, state = bench.apply(fleet_plan(6, SHORT), canary=0, wave_size=2, max_failures=0)

    assert state is RunState.STOPPED
    assert bench.states(run)["r02"] == "proven"
    assert list(bench.states(run).values()).count("queued") == 4


def test_a_failed_canary_stops_the_run_whatever_the_budget(bench: Bench) -> None:
    bench.script("r01", fail={"02-trust": "no"})
    run, state = bench.apply(fleet_plan(4, SHORT), canary=1, max_failures=3)
    assert state is RunState.STOPPED
    assert "the canary failed" in bench.fleet.run(run).reason

    bench.fleet.resume(run)
    assert bench.carry_out(run) is RunState.FINISHED
    assert list(bench.states(run).values()) == ["failed", "proven", "proven", "proven"]


def test_a_blocked_router_is_skipped_and_reported(bench: Bench) -> None:
    plan = Plan(routers=(router_plan("b1", SHORT, blocked="UP-3"), *fleet_plan(2, SHORT).routers))
    run, state = bench.apply(plan)
    assert state is RunState.FINISHED
    blocked = bench.fleet.run(run).routers[0]
    assert (blocked.state, blocked.reason) == ("blocked", "UP-3: cannot be")
    assert bench.phases.router("b1").lines() == []
    assert bench.fleet.run(run).counts == {"blocked": 1, "proven": 2}


def test_a_blocker_that_was_allowed_does_not_block(bench: Bench) -> None:
    plan = Plan(routers=(router_plan("b1", SHORT, blocked="UP-3"),))
    run, _ = bench.apply(plan, allow={"UP-3": "seen to"})
    assert bench.states(run) == {"b1": "proven"}


def test_per_group_limits_who_is_out_of_service_at_once(bench: Bench) -> None:
    kinds = ("preflight", "stage_image", "reload", "trust", "verify")
    plan = Plan(
        routers=tuple(
            router_plan(f"r{n:02d}", kinds, site="a" if n <= 4 else "b") for n in range(1, 7)
        )
    )
    for n in range(1, 7):
        bench.script(f"r{n:02d}", pending={"03-reload": 3, "04-trust": 2})
    _, state = bench.apply(plan, canary=0, wave_size="100%", per_group={"site": 1})

    assert state is RunState.FINISHED
    out: dict[str, set[str]] = {"a": set(), "b": set()}
    for event in bench.events:
        site = "a" if event.router and event.router <= "r04" else "b"
        if event.step == "03-reload" and event.state == "acting" and event.router:
            out[site].add(event.router)
            assert len(out[site]) == 1, f"two routers of site {site} were down at once"
        if event.step is None and event.state == "proven" and event.router:
            out[site].discard(event.router)
    staged = [e for e in bench.events if e.step == "02-stage_image" and e.state == "done"]
    first_proven = next(n for n, e in enumerate(bench.events) if e.state == "proven")
    assert sum(bench.events.index(e) < first_proven for e in staged) >= 5, "staging needs no place"


def test_a_router_lost_in_its_reload_keeps_its_place_until_retried(bench: Bench) -> None:
    kinds = ("preflight", "reload", "verify")
    plan = Plan(routers=tuple(router_plan(f"r{n:02d}", kinds, site="a") for n in (1, 2)))
    bench.script("r01", fail={"02-reload": "came back with another release"})
    run, state = bench.apply(plan, canary=0, per_group={"site": 1}, max_failures=5)

    assert state is RunState.STOPPED
    assert "retry or mend" in bench.fleet.run(run).reason
    assert bench.effects("r02") == [], "its neighbour must not go down too"

    bench.script("r01")
    bench.fleet.retry(run, ["r01"])
    assert bench.carry_out(run) is RunState.FINISHED
    assert set(bench.states(run).values()) == {"proven"}
    assert bench.effects("r01") == ["02-reload"], "what was done is not done again"


def test_a_router_that_failed_after_its_reload_gives_its_place_back(bench: Bench) -> None:
    kinds = ("preflight", "reload", "trust", "verify")
    plan = Plan(routers=tuple(router_plan(f"r{n:02d}", kinds, site="a") for n in (1, 2)))
    bench.script("r01", fail={"03-trust": "no"})
    run, state = bench.apply(plan, canary=0, per_group={"site": 1}, max_failures=5)
    assert state is RunState.FINISHED
    assert bench.states(run) == {"r01": "failed", "r02": "proven"}


def test_a_group_nobody_belongs_to_is_refused(bench: Bench) -> None:
    with pytest.raises(UsageError, match="no router of the plan has 'sites'"):
        bench.create(fleet_plan(2, SHORT, site="a"), per_group={"sites": 1})


def test_a_person_holds_no_other_wave_up(bench: Bench) -> None:
    air = ("preflight", "person", "trust", "verify")
    plan = Plan(
        routers=(router_plan("r01", SHORT), router_plan("air", air), router_plan("r03", SHORT))
    )
    run = bench.create(plan, canary=1, wave_size=1)
    bench.when(
        lambda e: e.router == "r03" and e.state == "proven",
        lambda: bench.fleet.confirm(run, "air", "02-person", by="anna"),
    )
    assert bench.carry_out(run) is RunState.FINISHED
    assert at(bench.events, "r03", "proven") < at(bench.events, "air", "proven")


def test_a_canary_that_waits_for_a_person_before_its_reload_holds_the_waves_up(
    bench: Bench,
) -> None:
    kinds = ("preflight", "person", "reload", "verify")
    run = bench.create(fleet_plan(2, kinds), canary=1, wave_size=1)
    bench.always(
        lambda e: e.state == "person",
        lambda e: bench.fleet.confirm(run, str(e.router), "02-person", by="anna"),
    )
    assert bench.carry_out(run) is RunState.FINISHED
    assert at(bench.events, "r01", "proven") < at(bench.events, "r02", "running")


def test_a_canary_that_waits_for_a_person_after_its_reload_does_not(bench: Bench) -> None:
    kinds = ("preflight", "reload", "person", "verify")
    run = bench.create(fleet_plan(2, kinds), canary=1, wave_size=1)
    waiting: list[str] = []

    def confirm_both(event: Event) -> None:
        waiting.append(str(event.router))
        if len(waiting) == 2:
            for router in waiting:
                bench.fleet.confirm(run, router, "03-person", by="anna")

    bench.always(lambda e: e.state == "person", confirm_both)
    assert bench.carry_out(run) is RunState.FINISHED
    assert waiting == ["r01", "r02"]
