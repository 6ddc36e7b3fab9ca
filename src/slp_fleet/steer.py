"""What an operator asks of a run, from any process: written to the store, obeyed by the worker."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from slp_core.errors import InputError, UsageError
from slp_core.losses import KEYS
from slp_core.plan import RouterPlan, StepSpec
from slp_core.private_files import write_private
from slp_core.reading import read_bytes
from slp_fleet.leases import take_routers
from slp_fleet.ledger import Ledger, cancel_rest
from slp_fleet.lock import Lock
from slp_fleet.model import Event, RunOptions, RunState
from slp_fleet.reading import Sight, keep, read_plan, refuse_unknown_routers, run_row
from slp_fleet.store import Store, make_router_folder, router_folder, run_clock
from slp_fleet.waves import Tally

_ONLY = "only:"
_OVER = (RunState.CANCELLED, RunState.FINISHED)
"""States that a run does not leave by itself; a retry reopens a finished one."""


def pause(store: Store, run: str) -> None:
    """Asks that running steps end and nothing new begins."""
    row = run_row(store, run)
    _refuse(row["state"] in _OVER, f"run {run} is {row['state']}; there is nothing to pause")
    with store.write() as db:
        db.execute("UPDATE runs SET wanted='pause' WHERE id=?", (run,))


def resume(store: Store, run: str, *, forgive: bool = True) -> None:
    """Asks that a run goes on with all its routers.

    Args:
        forgive: failures so far no longer count against the budget: somebody has looked at them.
    """
    row = run_row(store, run)
    _refuse(
        row["state"] in _OVER,
        f"run {run} is {row['state']}; there is nothing to resume (`slp retry {run}` takes failed "
        "routers up again)",
    )
    with store.write() as db:
        _name_only(db, run, None)
        db.execute("UPDATE runs SET wanted='run' WHERE id=?", (run,))
        if forgive:
            db.execute(
                "UPDATE runs SET failures_forgiven=(SELECT count(*) FROM router_runs "
                "WHERE run=? AND state='failed') WHERE id=?",
                (run, run),
            )


def go_on(store: Store, run: str, only: Iterable[str] | None = None) -> None:
    """Has a run that is at rest carried on within its budget; a running or new one keeps its wish.

    Args:
        only: the routers that are carried on, and none beside them; unset: all.
    """
    row = run_row(store, run)
    if row["state"] in (*_OVER, RunState.PAUSED, RunState.STOPPED):
        resume(store, run, forgive=False)
    with store.write() as db:
        _name_only(db, run, only)


def spent_budget(store: Store, run: str) -> str | None:
    """Returns why a run may start no further router; nothing while its budget lasts.

    A run that stopped for its failures stays spent when these are only queued to be tried again.
    """
    row = run_row(store, run)
    options = RunOptions.model_validate_json(row["options"])
    spent = Tally.read(store, run).spent(options, int(row["failures_forgiven"]))
    return spent or (str(row["reason"]) if row["state"] == RunState.STOPPED else None)


def named_only(store: Store, run: str) -> frozenset[str] | None:
    """Returns the routers to which a retry confined the run; unset: all."""
    row = store.row("SELECT value FROM meta WHERE key=?", (_ONLY + run,))
    return frozenset(json.loads(row["value"])) if row is not None else None


def _name_only(db: sqlite3.Connection, run: str, names: Iterable[str] | None) -> None:
    db.execute("DELETE FROM meta WHERE key=?", (_ONLY + run,))
    if names is not None:
        text = json.dumps(sorted(names))
        db.execute("INSERT INTO meta(key, value) VALUES (?, ?)", (_ONLY + run, text))


def cancel(store: Store, run: str) -> None:
    """Ends a run: at once when no process carries it out, else when its running steps ended."""
    row = run_row(store, run)
    _refuse(row["state"] in _OVER, f"run {run} is {row['state']} already")
    with store.write() as db:
        db.execute("UPDATE runs SET wanted='cancel' WHERE id=?", (run,))
    lock = Lock(store.root)
    if not lock.take():
        return
    try:
        ledger, now = Ledger(store), run_clock(row).now()
        cancel_rest(ledger, run, now)
        reason = "cancelled by the operator"
        with store.write() as db:
            db.execute(
                "UPDATE runs SET state=?, reason=?, ended=?, joined=0 WHERE id=?",
                (RunState.CANCELLED, reason, now.isoformat(), run),
            )
        ledger.log([Event(run, now, RunState.CANCELLED, detail=reason)])
    finally:
        lock.release()


def discard(store: Store, run: str) -> None:
    """Takes a run back that never began, with its hold on its routers; any other stays."""
    with store.write() as db:
        gone = db.execute("DELETE FROM runs WHERE id=? AND state=?", (run, RunState.CREATED))
        if gone.rowcount:
            db.execute("DELETE FROM router_runs WHERE run=?", (run,))
            db.execute("DELETE FROM steps WHERE run=?", (run,))
            db.execute("DELETE FROM leases WHERE run=?", (run,))
            db.execute("DELETE FROM events WHERE run=?", (run,))
    if gone.rowcount:
        shutil.rmtree(store.root / "backups" / run, ignore_errors=True)


def retry(store: Store, run: str, routers: Iterable[str]) -> list[str]:
    """Puts failed routers back to the step that failed; returns their names.

    Raises:
        UsageError: one of them did not fail, or the run was cancelled.
        LeaseTaken: another run holds one of them by now (F43).
    """
    row = run_row(store, run)
    _refuse(row["state"] == RunState.CANCELLED, f"run {run} is cancelled; plan again")
    failed = {
        str(r["router"])
        for r in store.rows("SELECT router FROM router_runs WHERE run=? AND state='failed'", (run,))
    }
    names = list(routers) or sorted(failed)
    refuse_unknown_routers(store, run, names)
    wrong = [name for name in names if name not in failed]
    _refuse(bool(wrong), f"{', '.join(wrong[:3])} did not fail in run {run}")
    _refuse(not names, f"no router failed in run {run}")
    now = run_clock(row).now()
    rehearsal = RunOptions.model_validate_json(row["options"]).dry_run
    with store.write() as db:
        if not rehearsal:
            take_routers(db, run, names, taken=now.isoformat())
        for name in names:
            db.execute(
                "UPDATE steps SET state='pending', phase='probe', misses=0, looks=0, "
                "deadline_s=NULL, ended=NULL, detail='', notes=json_remove(notes, ?, ?, ?) "
                "WHERE run=? AND router=? AND state NOT IN ('done', 'skipped')",
                (*(f"$.{key}" for key in KEYS), run, name),
            )
            db.execute(
                "UPDATE router_runs SET state='waiting', reason='to be tried again', ended=NULL, "
                "error_code=NULL, parked=1, wake=1 WHERE run=? AND router=?",
                (run, name),
            )
        if row["state"] == RunState.FINISHED:
            db.execute(
                "UPDATE runs SET state=?, reason='to be resumed', ended=NULL WHERE id=?",
                (RunState.PAUSED, run),
            )
    return names


def confirm(store: Store, run: str, router: str, step: str, *, by: str, file: Path | None) -> None:
    """Records that a person did what a step waits for, and takes the file that it asks for.

    Raises:
        UsageError: the step waits for nobody, or is behind the router.
        InputError: the file cannot be read, or is not one that the step asks for.
    """
    row = run_row(store, run)
    _refuse(row["state"] in _OVER, f"run {run} is {row['state']}")
    spec = _person_step(read_plan(store, run, router), step)
    state = store.row(
        "SELECT state FROM steps WHERE run=? AND router=? AND step=?", (run, router, spec.id)
    )
    _refuse(
        state is None or state["state"] in ("done", "skipped"),
        f"{spec.id} of {router} is done already",
    )
    taken = _take_file(store, run, router, spec, file) if file is not None else None
    now = run_clock(row).now()
    with store.write(durable=True) as db:
        db.execute(
            "INSERT INTO confirmations(run, router, step, by, file, at) VALUES (?, ?, ?, ?, ?, ?)",
            (run, router, spec.id, by, taken, now.isoformat()),
        )
        db.execute("UPDATE router_runs SET wake=1 WHERE run=? AND router=?", (run, router))
    detail = f"confirmed by {by}" + (f", with {taken}" if taken else "")
    Ledger(store).log([Event(run, now, "confirmed", router, spec.id, detail)])


def note(store: Store, run: str, details: Mapping[str, str]) -> None:
    """Keeps a sentence of each router among the events of the run."""
    now = run_clock(run_row(store, run)).now()
    Ledger(store).log(
        [Event(run, now, "noted", router, None, said) for router, said in details.items()]
    )


def keep_looks(store: Store, run: str, sights: Mapping[str, Sight]) -> None:
    """Keeps what somebody saw who looked at routers of the run; what differs, once they ended.

    While a router is under way it is not yet as the plan leaves it: only what it shows is kept.
    """
    ended = {
        row["router"]
        for row in store.rows(
            "SELECT router FROM router_runs WHERE run=? AND state IN ('proven', 'failed')", (run,)
        )
    }
    with store.write() as db:
        for router, sight in sights.items():
            kept = sight if router in ended else replace(sight, findings=())
            keep(db, run, router, kept)


def _person_step(plan: RouterPlan, step: str) -> StepSpec:
    people = [s for s in plan.steps if s.waits_for_person]
    found = next((s for s in people if step in (s.id, s.id.split("-", 1)[0])), None)
    if found is None:
        known = ", ".join(s.id for s in people) or "none"
        raise UsageError(
            f"{plan.router} has no step {step!r} that waits for a person",
            remedy=f"such steps are: {known}",
        )
    return found


def _take_file(store: Store, run: str, router: str, spec: StepSpec, file: Path) -> str:
    provides = spec.params.asks_for()
    name = provides[0] if len(provides) == 1 else file.name
    if provides and name not in provides:
        raise InputError(
            f"{spec.id} does not ask for a file {file.name!r}",
            where=str(file),
            remedy=f"name it one of: {', '.join(provides)}",
        )
    folder = router_folder(store, run, router) / "in"
    try:
        data = read_bytes(file)
        make_router_folder(folder.parent.parent, router)
        write_private(folder / name, data)
    except OSError as error:
        raise InputError(
            f"the file cannot be taken: {error.strerror}", where=str(file), remedy="check it"
        ) from error
    return name


def _refuse(wrong: bool, what: str) -> None:
    if wrong:
        raise UsageError(what, remedy="see `slp runs`")
