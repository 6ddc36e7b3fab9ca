"""The runs of an inventory, as commands open them: without the engine, so that it is quick."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nornir_slp.workspace import Workspace
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from slp_core.plan import Plan
    from slp_fleet.api import Fleet

LATEST = ("latest", "last")


@contextmanager
def open_fleet(space: Workspace, *, make: bool = False) -> Iterator[Fleet]:
    """Opens the store of the inventory, and closes it.

    Args:
        make: make the store where there is none; otherwise that is an error.

    Raises:
        UsageError: there is no store, so there are no runs.
        StoreError: it cannot be used (F44).
    """
    from slp_fleet.api import Fleet

    if not make and not (space.store_path / "runs.sqlite").exists():
        raise UsageError(
            "there are no runs here",
            where=str(space.store_path),
            remedy="give the --inventory (or --store) that the run was made with",
        )
    fleet = Fleet(space.store_path, space.inventory)
    try:
        yield fleet
    finally:
        fleet.close()


def find_run(fleet: Fleet, name: str) -> str:
    """Returns the id of a run that is named in full, by its beginning, or as ``latest``.

    Raises:
        UsageError: there is none, or several begin so.
    """
    if name in LATEST:
        return fleet.latest()
    ids = [run.id for run in fleet.runs()]
    if name in ids:
        return name
    found = [i for i in ids if i.startswith(name)] if name else []
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"there is no run {name!r}" if not found else f"several runs begin with {name!r}",
        remedy=f"one of {', '.join((found or ids)[:5])}" if ids else "slp apply makes one",
    )


def approved_plan(fleet: Fleet, run_id: str) -> Plan:
    """Returns the plan of a run as it was approved, from the store."""
    from slp_core.plan import Plan

    run = fleet.run(run_id)
    plans = tuple(fleet.plan_of(run_id, r.router) for r in run.routers)
    return Plan(schema_version=1, routers=plans)
