"""What a worker reads before it acts and writes after: one transaction a phase."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from slp_core.plan import RouterPlan, StepSpec
from slp_fleet.model import Event, RouterRunState, StepState
from slp_fleet.reading import Sight, keep, kept_plan
from slp_fleet.store import Store, dumps, masked


@dataclass(frozen=True)
class Effect:
    """An act that was announced; ``returned`` unset: whether it was sent is not known."""

    attempt: int
    noted_s: float
    returned: str | None


@dataclass(frozen=True)
class StepRow:
    """One step as it stands in the store."""

    position: int
    spec: StepSpec
    state: StepState
    phase: str
    started: str | None
    attempts: int
    misses: int
    looks: int
    deadline_s: float | None
    watcher: str | None
    detail: str
    notes: dict[str, Any]
    effect: Effect | None

    @property
    def in_doubt(self) -> bool:
        """Whether an act may or may not have been sent."""
        return self.effect is not None and self.effect.returned is None

    @property
    def begun(self) -> bool:
        """Whether something was sent, or may have been, that is not yet confirmed."""
        return self.phase == "confirm" or self.in_doubt


@dataclass(frozen=True)
class RouterJob:
    """One router of a run and its next step; ``step`` is unset when all are done."""

    run: str
    router: str
    plan: RouterPlan
    state: RouterRunState
    turn: int
    parked: bool
    finish_first: bool
    due_s: float
    step: StepRow | None


@dataclass
class Change:
    """What one transaction writes: columns of the step, of the router, what is seen and told."""

    step: dict[str, Any] = field(default_factory=dict)
    router: dict[str, Any] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    sight: Sight | None = None
    note_effect: datetime | None = None
    note_effect_s: float = 0.0
    effect_returned: datetime | None = None
    release: bool = False
    keep_places: bool = False
    next_step: bool = False


class Ledger:
    """Reads and writes of a running fleet."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def job(self, run: str, router: str) -> RouterJob | None:
        """Returns where one router stands; nothing if the run does not know it."""
        row = self.store.row("SELECT * FROM router_runs WHERE run=? AND router=?", (run, router))
        if row is None:
            return None
        plan = _plan(row["plan"])
        step = self.store.row(
            "SELECT * FROM steps WHERE run=? AND router=? AND state NOT IN ('done', 'skipped') "
            "ORDER BY position LIMIT 1",
            (run, router),
        )
        return RouterJob(
            run=run,
            router=router,
            plan=plan,
            state=RouterRunState(row["state"]),
            turn=row["turn"],
            parked=bool(row["parked"]),
            finish_first=bool(row["finish_first"]),
            due_s=row["due_s"],
            step=self._step(step, plan) if step is not None else None,
        )

    def _step(self, row: sqlite3.Row, plan: RouterPlan) -> StepRow:
        effect = self.store.row(
            "SELECT attempt, noted_s, returned FROM effects "
            "WHERE run=? AND router=? AND step=? ORDER BY attempt DESC LIMIT 1",
            (row["run"], row["router"], row["step"]),
        )
        return StepRow(
            position=row["position"],
            spec=plan.steps[row["position"]],
            state=StepState(row["state"]),
            phase=row["phase"],
            started=row["started"],
            attempts=row["attempts"],
            misses=row["misses"],
            looks=row["looks"],
            deadline_s=row["deadline_s"],
            watcher=row["watcher"],
            detail=row["detail"],
            notes=json.loads(row["notes"]),
            effect=Effect(*effect) if effect is not None else None,
        )

    def earlier(self, job: RouterJob) -> dict[str, dict[str, Any]]:
        """Returns the notes of the router's finished steps, by step id."""
        rows = self.store.rows(
            "SELECT step, notes FROM steps WHERE run=? AND router=? "
            "AND state IN ('done', 'skipped') ORDER BY position",
            (job.run, job.router),
        )
        return {row["step"]: json.loads(row["notes"]) for row in rows}

    def confirmed(self, job: RouterJob, step: str) -> bool:
        """Tells whether a person has confirmed the step."""
        found = self.store.row(
            "SELECT 1 FROM confirmations WHERE run=? AND router=? AND step=?",
            (job.run, job.router, step),
        )
        return found is not None

    def apply(self, job: RouterJob, change: Change) -> list[Event]:
        """Writes a change in one transaction and returns its events with their ids.

        An announced act is synced to disk before this returns.
        """
        with self.store.write(durable=change.note_effect is not None) as db:
            if change.step and job.step is not None:
                _update(db, "steps", change.step, {"position": job.step.position}, job)
            router = dict(change.router)
            if change.next_step:
                router["current_step"] = _next_step(db, job)
            if router:
                _update(db, "router_runs", router, {}, job)
            if change.sight is not None:
                keep(db, job.run, job.router, change.sight)
            if job.step is not None:
                _effects(db, job, change)
            if change.release:
                _release(db, job, keep_places=change.keep_places)
            return [_log(db, event) for event in change.events]

    def log(self, events: Sequence[Event]) -> list[Event]:
        """Keeps events that come with no other change."""
        with self.store.write() as db:
            return [_log(db, event) for event in events]


@lru_cache(maxsize=512)
def _plan(text: str) -> RouterPlan:
    return kept_plan(text, "the store")


def _update(
    db: sqlite3.Connection,
    table: str,
    columns: Mapping[str, Any],
    also: Mapping[str, Any],
    job: RouterJob,
) -> None:
    keys = {"run": job.run, "router": job.router, **also}
    sets = ", ".join(f"{name}=?" for name in columns)
    where = " AND ".join(f"{name}=?" for name in keys)
    values = [_column(value) for value in columns.values()]
    db.execute(f"UPDATE {table} SET {sets} WHERE {where}", [*values, *keys.values()])  # noqa: S608


def _column(value: Any) -> Any:
    if isinstance(value, dict | list | tuple):
        return dumps(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return masked(value)


def _next_step(db: sqlite3.Connection, job: RouterJob) -> str | None:
    row = db.execute(
        "SELECT step FROM steps WHERE run=? AND router=? AND state NOT IN ('done', 'skipped') "
        "ORDER BY position LIMIT 1",
        (job.run, job.router),
    ).fetchone()
    return None if row is None else str(row["step"])


def _effects(db: sqlite3.Connection, job: RouterJob, change: Change) -> None:
    assert job.step is not None
    key = (job.run, job.router, job.step.spec.id)
    if change.note_effect is not None:
        db.execute(
            "INSERT INTO effects(run, router, step, attempt, noted, noted_s) "
            "SELECT ?, ?, ?, coalesce(max(attempt), 0) + 1, ?, ? FROM effects "
            "WHERE run=? AND router=? AND step=?",
            (*key, change.note_effect.isoformat(), change.note_effect_s, *key),
        )
    if change.effect_returned is not None:
        db.execute(
            "UPDATE effects SET returned=? "
            "WHERE run=? AND router=? AND step=? AND returned IS NULL",
            (change.effect_returned.isoformat(), *key),
        )


def _release(db: sqlite3.Connection, job: RouterJob, *, keep_places: bool) -> None:
    only = " AND kind='router'" if keep_places else ""
    db.execute(f"DELETE FROM leases WHERE run=? AND router=?{only}", (job.run, job.router))  # noqa: S608


def _log(db: sqlite3.Connection, event: Event) -> Event:
    detail = str(masked(event.detail))
    made = db.execute(
        "INSERT INTO events(run, router, step, state, detail, at) VALUES (?, ?, ?, ?, ?, ?)",
        (event.run, event.router, event.step, event.state, detail, event.at.isoformat()),
    )
    return Event(
        event.run, event.at, event.state, event.router, event.step, detail, made.lastrowid or 0
    )


def cancel_rest(ledger: Ledger, run: str, now: datetime) -> None:
    """Cancels every router of a run that has not ended, and lets go of all that the run held."""
    with ledger.store.write() as db:
        db.execute(
            "UPDATE router_runs SET state='cancelled', ended=?, parked=1, wake=0, "
            "reason=CASE WHEN started IS NULL THEN 'cancelled before it started' "
            "ELSE 'cancelled before ' || coalesce(current_step, 'its end') END "
            "WHERE run=? AND state IN ('queued', 'running', 'waiting', 'person')",
            (now.isoformat(), run),
        )
        db.execute("DELETE FROM leases WHERE run=?", (run,))
