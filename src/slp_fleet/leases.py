"""Who may work on what: one run a router (F43), so many routers a site.

Leases stand in the store, not in queues, so that a router which waits holds neither a thread nor
a queue slot and still counts against its site.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from slp_core.errors import LeaseTaken, StoreError
from slp_fleet.ledger import RouterJob
from slp_fleet.model import RunOptions
from slp_fleet.store import Store, make_private


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


def take_places(
    store: Store, job: RouterJob, per_group: dict[str, int], *, taken: str
) -> NoPlace | None:
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


def place_is_free(store: Store, job: RouterJob, per_group: dict[str, int]) -> bool:
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


def _wanted(job: RouterJob, per_group: dict[str, int]) -> list[tuple[str, str, int]]:
    return [
        (kind, str(job.plan.group[kind]), limit)
        for kind, limit in per_group.items()
        if job.plan.group.get(kind) is not None
    ]


def _holders(store: Store, kind: str, name: str, job: RouterJob) -> list[str]:
    rows = store.rows(
        "SELECT router FROM leases WHERE kind=? AND name=? AND NOT (run=? AND router=?) "
        "ORDER BY taken",
        (kind, name, job.run, job.router),
    )
    return [str(row["router"]) for row in rows]


_FOLDER = "nornir-slp/leases"
_SELECT = """
SELECT router, json_extract(plan, '$.udi.pid') AS pid, json_extract(plan, '$.udi.sn') AS sn
FROM router_runs WHERE run=? AND state NOT IN ('proven', 'blocked', 'cancelled')
"""


def folder() -> Path:
    """Returns where the holds of this user lie (XDG base directories)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if state.startswith("/") else Path.home() / ".local" / "state"
    return base / _FOLDER


def routers_of(store: Store, run: str, only: frozenset[str] | None) -> dict[str, str]:
    """Returns the names of the routers that a run may act on, by what each is.

    A rehearsal acts on none. Simulated routers of two labs may bear one serial number; each lab has
    its clock.
    """
    row = store.row("SELECT options, clock FROM runs WHERE id=?", (run,))
    if row is None or RunOptions.model_validate_json(row["options"]).dry_run:
        return {}
    return {
        key(r["pid"], r["sn"], row["clock"]): str(r["router"])
        for r in store.rows(_SELECT, (run,))
        if r["sn"] and (only is None or r["router"] in only)
    }


def key(pid: str, sn: str, clock: str | None) -> str:
    """Returns what a router is held by; ``clock`` is its lab's, as the store keeps it."""
    return f"{pid} {sn}" + (f" in the lab {clock}" if clock else "")


@dataclass
class Hold:
    """The routers of one run, held until ``release`` or the end of the process."""

    path: Path
    _file: IO[str]

    def release(self) -> None:
        """Lets others work on them."""
        self.path.unlink(missing_ok=True)
        self._file.close()


def hold(store: Store, run: str, routers: Mapping[str, str]) -> Hold | None:
    """Holds all of a run's routers, or none; nothing where there are none.

    Raises:
        LeaseTaken: another process of this user works on one of them, from whatever store (F43).
        StoreError: the state folder cannot be used.
    """
    if not routers:
        return None
    root = folder()
    with _one_at_a_time(root):
        _refuse_held(root, routers)
        path = root / f"{uuid.uuid4().hex}.json"
        make_private(root, path)
        file = path.open("r+", encoding="utf-8")
        fcntl.flock(file, fcntl.LOCK_EX)
        said = {
            "who": getpass.getuser(),
            "pid": os.getpid(),
            "run": run,
            "store": str(store.root.resolve()),
            "routers": dict(routers),
        }
        file.write(json.dumps(said))
        file.flush()
        return Hold(path, file)


def refuse_held(routers: Mapping[str, str]) -> None:
    """Refuses routers that another process of this user works on just now.

    Raises:
        LeaseTaken, StoreError: as ``hold``.
    """
    root = folder()
    if routers and root.is_dir():
        with _one_at_a_time(root):
            _refuse_held(root, routers)


def _refuse_held(root: Path, routers: Mapping[str, str]) -> None:
    for other in _others(root):
        both = [routers[name] for name in routers if name in other.get("routers", {})]
        if both:
            raise _taken(both, other)


def _others(root: Path) -> Iterator[dict[str, Any]]:
    """Yields what living processes hold, and clears away what dead ones left."""
    for path in root.glob("*.json"):
        try:
            with path.open(encoding="utf-8") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield json.loads(file.read())
                else:
                    path.unlink(missing_ok=True)
        except (OSError, ValueError):
            continue  # gone meanwhile


@contextmanager
def _one_at_a_time(root: Path) -> Iterator[None]:
    lock = root / ".lock"
    try:
        make_private(root, lock)
        file = lock.open("r+", encoding="utf-8")
    except (StoreError, OSError) as error:
        raise StoreError(
            "it cannot be noted which routers are worked on",
            where=str(root),
            remedy="set XDG_STATE_HOME to a folder that you may write",
        ) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _taken(routers: list[str], other: Mapping[str, Any]) -> LeaseTaken:
    names = ", ".join(routers[:3]) + (f" and {len(routers) - 3} more" if routers[3:] else "")
    run, store = other.get("run", "?"), other.get("store", "?")
    verb = "is" if len(routers) == 1 else "are"
    return LeaseTaken(
        f"{names} {verb} worked on by run {run} of {other.get('who', '?')} "
        f"(process {other.get('pid', '?')}, store {store})",
        remedy=f"wait for its end, or end it (`slp --store {store} pause {run}`), then "
        "`slp resume`; every step then looks at its router before it acts",
    )
