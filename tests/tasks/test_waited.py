"""A router that is reloaded or reset by hand while a step waits is told as exactly that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.plan import RouterPlan, StepSpec
from slp_core.targets import Target, Topology
from slp_tasks import waited
from slp_tasks.step import Confirm, Probe, StepContext

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def waiting(
    monkeypatch: pytest.MonkeyPatch,
    notes: dict[str, Any],
    *,
    minutes: int,
    uptime_s: int,
    transport: str | None = "smart",
    kind: str = "usage_sync",
) -> StepContext:
    """Returns a step that waits, on a router that is up for so long and reports so."""
    boot = SimpleNamespace(
        restarted_at=None, uptime_s=uptime_s, reload_reason="Reload Command", returned_by=None
    )
    shown = SimpleNamespace(kind=transport, cslu_address=None) if transport else None
    state = SimpleNamespace(boot=boot, licensing=SimpleNamespace(transport=shown))
    monkeypatch.setattr(waited, "look", lambda *_: state)
    step = StepSpec(id="09-sync", kind=kind, title="synchronise", lasting=True)
    target = Target(topology=Topology(kind="direct"))
    context: Any = SimpleNamespace(
        plan=RouterPlan(router="r1", model="slp", target=target, steps=(step,)),
        step=step,
        clock=SimpleNamespace(now=lambda: NOW + timedelta(minutes=minutes)),
        notes=notes,
        dry_run=False,
        confirmed=False,
    )
    return context


PENDING = Confirm("pending", "waits for the acknowledgement", remedy="look at the licence server")


def test_a_reload_by_hand_stops_the_step_at_once_and_is_named(monkeypatch) -> None:
    first = waited.confirmed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600), PENDING)
    assert first.state == "pending"
    then = waiting(monkeypatch, dict(first.seen), minutes=5, uptime_s=60)
    second = waited.confirmed(then, PENDING)
    assert second.state == "failed"
    assert "was reloaded while this step waited (last reload reason: Reload Command)" in (
        second.detail
    )
    assert "licence server" not in f"{second.detail} {second.remedy}"
    again = waiting(monkeypatch, dict(second.seen), minutes=6, uptime_s=120)
    assert waited.confirmed(again, PENDING).state == "pending", "a retry judges from there"


def test_a_reset_that_lost_the_configuration_says_what_the_router_reports_by(monkeypatch) -> None:
    first = waited.confirmed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600), PENDING)
    then = waiting(monkeypatch, dict(first.seen), minutes=5, uptime_s=60, transport="cslu")
    assert "now reports by cslu instead of smart" in waited.confirmed(then, PENDING).detail
    changed = waiting(monkeypatch, dict(first.seen), minutes=5, uptime_s=3900, transport="cslu")
    assert waited.confirmed(changed, PENDING).detail == (
        "the router was configured anew while this step waited and now reports by cslu instead "
        "of smart"
    )


def test_a_router_that_only_runs_on_is_waited_for(monkeypatch) -> None:
    first = waited.confirmed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600), PENDING)
    for minutes in (5, 90):
        then = waiting(monkeypatch, dict(first.seen), minutes=minutes, uptime_s=3600 + 60 * minutes)
        assert waited.confirmed(then, PENDING).state == "pending"


def test_a_step_that_waits_without_an_act_is_held_alike(monkeypatch) -> None:
    asks = Probe("waiting", "conversion data is not collected yet")
    kind = "dlc_wait"
    first = waited.probed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600, kind=kind), asks)
    then = waiting(monkeypatch, dict(first.seen), minutes=5, uptime_s=60, kind=kind)
    assert waited.probed(then, asks).state == "blocked"


def test_a_step_that_reloads_is_left_alone(monkeypatch) -> None:
    context = waiting(monkeypatch, {}, minutes=0, uptime_s=60, kind="reload")
    assert waited.confirmed(context, PENDING) is PENDING


def test_a_reload_before_the_first_look_is_compared_with_what_stood_before_the_act(
    monkeypatch,
) -> None:
    ready = Probe("ready", "asks for synchronisation")
    before = waited.probed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600), ready)
    assert before.state == "ready"
    then = waiting(monkeypatch, dict(before.seen), minutes=5, uptime_s=60)
    assert waited.confirmed(then, PENDING).state == "failed"
    again = waited.probed(then, ready)
    assert again.state == "ready", "a retry judges from what stands now"


def test_a_person_that_answers_is_told_what_happened_meanwhile(monkeypatch) -> None:
    kind = "person"
    asks, done = Probe("waiting", "waits for a person"), Probe("done", "confirmed by a person")
    first = waited.probed(waiting(monkeypatch, {}, minutes=0, uptime_s=3600, kind=kind), asks)
    then = waiting(monkeypatch, dict(first.seen), minutes=5, uptime_s=60, kind=kind)
    assert waited.probed(then, asks).state == "waiting", "nobody has answered yet"
    then.confirmed = True
    answered = waited.probed(then, done)
    assert (answered.state, "was reloaded" in answered.detail) == ("blocked", True)
