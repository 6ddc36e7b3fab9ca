"""Runs as values, for the command line and reports, and what was seen of routers last."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from slp_core.errors import InputError, UsageError
from slp_core.names import refuse_unknown
from slp_core.plan import Finding, RouterPlan
from slp_fleet.model import Event, RouterRun, Run, RunOptions, StepRecord
from slp_fleet.store import Store, dumps
from slp_fleet.waves import Tally
from slp_tasks.step import Confirm, Probe


@dataclass(frozen=True)
class Sight:
    """What one look saw.

    Attributes:
        by: id of the step, or the command, that looked.
        findings: what a look of the whole was held against, where no step keeps them.
    """

    at: datetime
    by: str
    facts: Mapping[str, Any]
    whole: bool
    findings: Sequence[Finding] = field(default_factory=tuple)


def sight_of(look: Probe | Confirm, step: str, now: datetime) -> Sight | None:
    """Returns what a probe or confirm saw; nothing where it did not look."""
    observed = look.seen.get("observed")
    if observed is not None:
        return Sight(now, step, observed, whole=True)
    return Sight(now, step, look.sight, whole=False) if look.sight else None


def keep(db: sqlite3.Connection, run: str, router: str, sight: Sight) -> None:
    """Writes what was seen; it is no AFTER before the run has begun to act on the router."""
    row = db.execute(
        "SELECT after, looks, state='proven' OR EXISTS(SELECT 1 FROM effects e "
        "WHERE e.run=r.run AND e.router=r.router) AS acted "
        "FROM router_runs r WHERE run=? AND router=?",
        (run, router),
    ).fetchone()
    if row is None or not row["acted"]:
        return
    look: dict[str, Any] = {"at": sight.at.isoformat(), "by": sight.by, "whole": sight.whole}
    if sight.whole:
        if sight.findings:
            look["findings"] = [f.to_json() for f in sight.findings]
        after, looks = dict(sight.facts), [look]
    else:
        after = merged(json.loads(row["after"] or "{}"), sight.facts)
        looks = _with_part(json.loads(row["looks"] or "[]"), {**look, "paths": [*sight.facts]})
    db.execute(
        "UPDATE router_runs SET after=?, looks=? WHERE run=? AND router=?",
        (dumps(after), dumps(looks), run, router),
    )


def merged(before: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Returns older facts with newer ones over them.

    Another kind of transport has other fields: those of the old one are gone.
    """
    kept = {
        path: value
        for path, value in before.items()
        if "transport.kind" not in seen or not path.startswith("transport.")
    }
    return {**kept, **seen}


def _with_part(looks: list[dict[str, Any]], part: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the looks with a further one; of each earlier part what is still the last."""
    newer, kept = set(part["paths"]), []
    for look in looks:
        if look["whole"]:
            kept.append(look)
            continue
        left = [path for path in look["paths"] if path not in newer]
        if left:
            kept.append({**look, "paths": left})
    return [*kept, part]


def run_row(store: Store, run: str) -> sqlite3.Row:
    """Returns the row of a run.

    Raises:
        UsageError: there is no such run.
    """
    row = store.row("SELECT * FROM runs WHERE id=?", (run,))
    if row is None:
        last = store.row("SELECT id FROM runs ORDER BY created DESC, id DESC LIMIT 1")
        raise UsageError(
            f"there is no run {run!r}",
            where=str(store.path),
            remedy=f"the latest is {last['id']}; see `slp runs`" if last else "see `slp runs`",
        )
    return row


def read_runs(store: Store) -> list[Run]:
    """Returns all runs, the latest first, with counts but without their routers."""
    rows = store.rows("SELECT * FROM runs ORDER BY created DESC, id DESC")
    return [_run(store, row, ()) for row in rows]


def read_run(store: Store, run: str, *, routers: Sequence[str] | None = None) -> Run:
    """Returns one run with its routers and their steps.

    Args:
        routers: only these; unset: all.
    """
    row = run_row(store, run)
    wanted = None if routers is None else set(routers)
    steps: dict[str, list[StepRecord]] = {}
    for step in store.rows("SELECT * FROM steps WHERE run=? ORDER BY router, position", (run,)):
        if wanted is None or step["router"] in wanted:
            steps.setdefault(step["router"], []).append(_step(step))
    found = store.rows("SELECT * FROM router_runs WHERE run=? ORDER BY position", (run,))
    values = tuple(
        _router(item, steps.get(item["router"], []))
        for item in found
        if wanted is None or item["router"] in wanted
    )
    return _run(store, row, values)


def read_plan(store: Store, run: str, router: str) -> RouterPlan:
    """Returns the plan of one router as it was approved for the run.

    Raises:
        UsageError: the run has no such router.
        InputError: the plan holds what this version types on no router.
    """
    row = store.row("SELECT plan FROM router_runs WHERE run=? AND router=?", (run, router))
    if row is None:
        run_row(store, run)
        refuse_unknown_routers(store, run, [router])
    assert row is not None
    return kept_plan(str(row["plan"]), f"run {run}: {router}")


def kept_plan(text: str, where: str) -> RouterPlan:
    """Returns a router's plan as the store keeps it.

    Raises:
        InputError: it holds what this version types on no router.
    """
    try:
        return RouterPlan.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{place}: {first['msg']}", where=where, remedy="plan again") from error


def refuse_unknown_routers(store: Store, run: str, names: Iterable[str]) -> None:
    """Refuses names of which the run has no router.

    Raises:
        UsageError: one is such; the nearest names are named.
    """
    rows = store.rows("SELECT router FROM router_runs WHERE run=?", (run,))
    known = [str(row["router"]) for row in rows]
    refuse_unknown(names, known, f"run {run} has", f"see `slp show {run}`")


def read_events(store: Store, run: str, after: int = 0, limit: int = 1000) -> list[Event]:
    """Returns what was kept of a run's events after the one with id ``after``, oldest first."""
    rows = store.rows(
        "SELECT * FROM events WHERE run=? AND id>? ORDER BY id LIMIT ?", (run, after, limit)
    )
    return [
        Event(
            run,
            datetime.fromisoformat(row["at"]),
            row["state"],
            row["router"],
            row["step"],
            row["detail"],
            row["id"],
        )
        for row in rows
    ]


def _run(store: Store, row: sqlite3.Row, routers: tuple[RouterRun, ...]) -> Run:
    waves: dict[int, list[str]] = {}
    for item in store.rows(
        "SELECT router, wave FROM router_runs WHERE run=? AND wave>=0 ORDER BY wave, position",
        (row["id"],),
    ):
        waves.setdefault(item["wave"], []).append(item["router"])
    return Run(
        id=row["id"],
        state=row["state"],
        reason=row["reason"],
        plan_hash=row["plan_hash"],
        plan_file=row["plan_file"],
        inventory=row["inventory"],
        options=RunOptions.model_validate_json(row["options"]),
        created=_time(row["created"]),
        ended=_time(row["ended"]),
        waves=tuple(tuple(names) for _, names in sorted(waves.items())),
        counts=Tally.read(store, row["id"]).counts,
        routers=routers,
    )


def _router(row: sqlite3.Row, steps: list[StepRecord]) -> RouterRun:
    plan = json.loads(row["plan"])
    return RouterRun(
        router=row["router"],
        wave=row["wave"],
        state=row["state"],
        reason=row["reason"],
        error_code=row["error_code"],
        current_step=row["current_step"],
        started=_time(row["started"]),
        ended=_time(row["ended"]),
        steps=tuple(_asked(steps, plan)),
        findings=json.loads(row["findings"] or "[]"),
        before=plan.get("before", {}),
        after=json.loads(row["after"] or "{}"),
        looks=json.loads(row["looks"] or "[]"),
    )


def _asked(steps: list[StepRecord], plan: Mapping[str, Any]) -> Iterator[StepRecord]:
    """Adds to each step which files its plan asks of a person."""
    files = {s["id"]: s.get("params", {}).get("provides") for s in plan.get("steps", ())}
    for step in steps:
        names = files.get(step.step)
        yield step.model_copy(update={"provides": tuple(names)}) if names else step


def _step(row: sqlite3.Row) -> StepRecord:
    return StepRecord(
        step=row["step"],
        kind=row["kind"],
        title=row["title"],
        state=row["state"],
        started=_time(row["started"]),
        ended=_time(row["ended"]),
        attempts=row["attempts"],
        changed=bool(row["changed"]),
        detail=row["detail"],
        evidence=tuple(json.loads(row["evidence"])),
        notes=json.loads(row["notes"]),
        instructions=tuple(json.loads(row["instructions"] or "[]")),
        where=row["place"],
    )


def _time(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
