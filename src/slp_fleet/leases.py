"""Who may work on what: one run a router (F43), so many routers a site.

Leases stand in the store, not in queues, so that a router which waits holds neither a thread nor
a queue slot and still counts against its site.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from slp_core.errors import LeaseTaken
from slp_fleet.ledger import Job
from slp_fleet.store import Store


def take_routers(db: sqlite3.Connection, run: str, routers: Iterable[str], *, taken: str) -> None:
    """Takes the lease of each router for a run, or none at all.

    Raises:
        LeaseTaken: another run holds one of them (F43).
    """
    routers = list(routers)
    held: dict[str, list[str]] = {}
    for router in routers:
        row = db.execute(
            "SELECT run FROM leases WHERE kind='router' AND name=? AND run<>?", (router, run)
        ).fetchone()
        if row is not None:
            held.setdefault(row["run"], []).append(router)
    if held:
        other, names = next(iter(held.items()))
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        raise LeaseTaken(
            f"run {other} holds {', '.join(names[:3])}{more}",
            remedy=f"let it finish (`slp resume {other}`) or end it (`slp cancel {other}`)",
        )
    db.executemany(
        "INSERT OR IGNORE INTO leases(kind, name, run, router, taken) VALUES (?, ?, ?, ?, ?)",
        [("router", router, run, router, taken) for router in routers],
    )


@dataclass(frozen=True)
class NoPlace:
    """Why a router cannot have its place; ``place`` such as ``site=berlin``."""

    place: str
    sentence: str


def take_places(store: Store, job: Job, per_group: dict[str, int], *, taken: str) -> NoPlace | None:
    """Takes the router's place in each of its groups, or none.

    Returns:
        Nothing when it holds all of them; otherwise what it waits for.
    """
    wanted = _wanted(job, per_group)
    if not wanted:
        return None
    with store.write() as db:
        for kind, name, limit in wanted:
            holders = _holders(store, kind, name, job)
            if len(holders) >= limit:
                names = ", ".join(holders[:3]) + (" …" if len(holders) > 3 else "")
                sentence = f"waits for a place at {kind} {name}: {names} not proven yet"
                return NoPlace(f"{kind}={name}", sentence)
        db.executemany(
            "INSERT OR IGNORE INTO leases(kind, name, run, router, taken) VALUES (?, ?, ?, ?, ?)",
            [(kind, name, job.run, job.router, taken) for kind, name, _ in wanted],
        )
    return None


def place_is_free(store: Store, job: Job, per_group: dict[str, int]) -> bool:
    """Tells whether the router could take its places now."""
    return all(
        len(_holders(store, kind, name, job)) < limit
        for kind, name, limit in _wanted(job, per_group)
    )


def stuck_routers(store: Store, run: str) -> dict[int, int]:
    """Counts, by wave, routers that wait for a place which only failed routers hold.

    A router that failed in mid-reload keeps its place, so nobody can tell when it becomes free.
    """
    rows = store.rows(
        "SELECT w.wave, count(*) AS n FROM router_runs w WHERE w.run=? AND w.state='waiting' "
        "AND w.for_place IS NOT NULL AND NOT EXISTS ("
        "  SELECT 1 FROM leases l JOIN router_runs h ON h.run=l.run AND h.router=l.router "
        "  WHERE l.kind || '=' || l.name = w.for_place AND h.state<>'failed'"
        ") GROUP BY w.wave",
        (run,),
    )
    return {row["wave"]: row["n"] for row in rows}


def _wanted(job: Job, per_group: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (kind, str(job.plan.group[kind]), limit)
        for kind, limit in per_group.items()
        if job.plan.group.get(kind) is not None
    ]


def _holders(store: Store, kind: str, name: str, job: Job) -> list[str]:
    rows = store.rows(
        "SELECT router FROM leases WHERE kind=? AND name=? AND NOT (run=? AND router=?) "
        "ORDER BY taken",
        (kind, name, job.run, job.router),
    )
    return [str(row["router"]) for row in rows]
