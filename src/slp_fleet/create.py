"""From an approved plan to a run in the store: all checks come first, then one transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from slp_core.clock import Clock, ScaledClock
from slp_core.errors import InputError, InventoryError, PlanMismatch, UsageError
from slp_core.plan import Notice, Plan, RouterPlan
from slp_core.reading import MAX_DOCUMENT, read_bytes
from slp_fleet.leases import key, refuse_held, take_routers
from slp_fleet.model import RouterRunState, RunOptions, RunState
from slp_fleet.phases import Phases
from slp_fleet.store import Store, dumps
from slp_fleet.waves import check_groups, make_waves, parse_window, share


def create_run(
    store: Store,
    plan: Plan,
    plan_file: Path,
    inventory: Path,
    options: RunOptions,
    phases: Phases,
    clock: Clock,
) -> str:
    """Returns the id of a new run; nothing is started.

    Raises:
        UsageError: options that cannot be, or a plan without routers.
        InventoryError: a router of the plan is not in the inventory (F47).
        PlanMismatch: a router of the plan has no PID and serial number to be known by (F47).
        LeaseTaken: another run, of this store or another, works on one of the routers (F43).
        StoreError: the store cannot be written (F44).
    """
    plans = [_allowed(p, options.allow) for p in plan.routers]
    _check(plans, options, phases)
    waves = make_waves(plans, canary=options.canary, wave_size=options.wave_size)
    wave_of = {name: number for number, names in enumerate(waves) for name in names}
    lab = json.dumps(clock.as_inventory()) if isinstance(clock, ScaledClock) else None
    if not options.dry_run:
        refuse_held({key(p.udi.pid, p.udi.sn, lab): p.router for p in plans if p.udi})
    now = clock.now()
    run = f"{now:%y%m%d-%H%M}-{secrets.token_hex(2)}"
    store.check()
    with store.write(durable=True) as db:
        db.execute(
            "INSERT INTO runs(id, state, plan_hash, plan_file, plan_bytes, inventory, options, "
            "clock, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                run,
                RunState.CREATED,
                plan.hash(),
                str(plan_file.resolve()),
                file_hash(plan_file) or "",
                str(inventory.resolve()),
                options.model_dump_json(),
                lab,
                now.isoformat(),
            ),
        )
        for position, router_plan in enumerate(plans):
            _insert(db, run, position, router_plan, wave_of.get(router_plan.router, -1), now)
        if not options.dry_run:  # a rehearsal sends nothing, and keeps nobody from acting
            take_routers(db, run, wave_of, taken=now.isoformat())
    return run


def check_plan_file(row: sqlite3.Row) -> None:
    """Refuses to go on with a plan that is no longer the approved one (F47).

    A file that is gone does no harm: the run keeps its own copy of what was approved.

    Raises:
        PlanMismatch: the file holds another plan.
    """
    path = Path(row["plan_file"])
    now = file_hash(path)
    if now is None or now == row["plan_bytes"]:
        return
    try:
        same = Plan.model_validate_json(_plan_bytes(path)).hash() == row["plan_hash"]
    except (InputError, ValueError):
        same = False
    if not same:
        raise PlanMismatch(
            f"the plan of run {row['id']} was changed after it was approved",
            where=str(path),
            remedy="move that file away and resume: the run keeps what was approved; or cancel the "
            "run and apply the new plan",
        )


def file_hash(path: Path) -> str | None:
    """Returns the SHA-256 of a file; nothing if it cannot be read."""
    try:
        return hashlib.sha256(_plan_bytes(path)).hexdigest()
    except InputError:
        return None


def _plan_bytes(path: Path) -> bytes:
    return read_bytes(path, limit=MAX_DOCUMENT)


def _check(plans: list[RouterPlan], options: RunOptions, phases: Phases) -> None:
    if not plans:
        raise UsageError("the plan has no routers", remedy="plan again")
    names = [p.router for p in plans]
    if len(set(names)) != len(names):
        raise UsageError("the plan names a router twice", remedy="plan again")
    if options.workers < 1:
        raise UsageError(f"{options.workers} workers cannot do anything", where="--workers")
    nameless = [p.router for p in plans if p.steps and p.udi is None and not p.blockers]
    if nameless:
        more = f" and {len(nameless) - 3} more" if len(nameless) > 3 else ""
        raise PlanMismatch(
            "the plan does not say by PID and serial number which routers these are: "
            f"{', '.join(nameless[:3])}{more}",
            remedy="plan again from the routers, or name both in router.yaml of the captures",
        )
    share(options.max_failures, len(plans), what="failure budget")
    parse_window(options.window)
    check_groups(plans, options.per_group)
    known = phases.routers()
    missing = [p.router for p in plans if p.router not in known and not p.blockers]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise InventoryError(
            f"the plan names routers that the inventory does not know: "
            f"{', '.join(missing[:3])}{more}",
            remedy="use the inventory that the plan was made from, or plan again",
        )


def _allowed(plan: RouterPlan, allow: Mapping[str, str]) -> RouterPlan:
    """Returns the plan with the blockers overridden that ``apply --allow`` names."""
    if not any(n.rule in allow for n in plan.blockers):
        return plan

    def over(notice: Notice) -> Notice:
        if notice not in plan.blockers or notice.rule not in allow:
            return notice
        if not notice.overridable:
            raise UsageError(
                f"{notice.rule} cannot be overridden: {notice.text}", where=plan.router
            )
        return notice.model_copy(update={"allowed": allow[notice.rule]})

    return plan.model_copy(update={"notices": tuple(over(n) for n in plan.notices)})


def _insert(
    db: sqlite3.Connection, run: str, position: int, plan: RouterPlan, wave: int, now: datetime
) -> None:
    blocked = plan.blockers
    state = RouterRunState.BLOCKED if blocked else RouterRunState.QUEUED
    reason = "; ".join(f"{n.rule}: {n.text}" for n in blocked)
    db.execute(
        "INSERT INTO router_runs(run, router, position, wave, state, reason, error_code, ended, "
        "plan) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            run,
            plan.router,
            position,
            wave,
            state,
            reason,
            blocked[0].rule if blocked else None,
            now.isoformat() if blocked else None,
            dumps(plan.to_json()),
        ),
    )
    db.executemany(
        "INSERT INTO steps(run, router, position, step, kind, title, state, instructions, place) "
        "VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)",
        [_step_values(run, plan.router, number, step) for number, step in enumerate(plan.steps)],
    )


def _step_values(run: str, router: str, position: int, step: Any) -> tuple[Any, ...]:
    person = step.person
    return (
        run,
        router,
        position,
        step.id,
        step.kind,
        step.title,
        dumps(list(person.instructions)) if person else None,
        person.where if person else None,
    )
