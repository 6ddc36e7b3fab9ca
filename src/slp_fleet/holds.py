"""Which routers are worked on from this machine, by whatever store: one hold a router.

A store's own leases keep two of its runs apart; they know nothing of another store, and go with the
store's folder. So whoever carries a run out also keeps a file of its own in the user's state folder
that names its routers by PID and serial number, locked for as long as its process lives. A file
that nobody locks is left over, whatever stands in it: a killed process holds nothing.
"""

from __future__ import annotations

import fcntl
import getpass
import json
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from slp_core.errors import LeaseTaken, StoreError
from slp_fleet.model import RunOptions
from slp_fleet.store import Store, make_private

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
