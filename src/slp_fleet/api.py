"""The fleet as others see it: make a run, carry it out, steer it, read it.

Reading and steering need neither DBOS nor Nornir, so that they are quick and work from another
process while a run goes on.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from slp_core.clock import Clock, SystemClock
from slp_core.errors import SlpError, StoreError, UsageError
from slp_core.plan import Plan, RouterPlan
from slp_fleet import assessments, steer
from slp_fleet.create import create_run
from slp_fleet.model import Event, OnEvent, Run, RunOptions, RunState
from slp_fleet.phases import NornirPhases, Pace, Phases
from slp_fleet.reading import Sight, read_events, read_plan, read_run, read_runs
from slp_fleet.store import Store, router_folder


class Fleet:
    """The runs of one inventory.

    Args:
        store: folder of the store; made, 0700, if it is missing.
        inventory: Nornir configuration file or folder with ``hosts.yaml``.
        phases: reaches the routers; unset: the inventory's, through the tasks.
        clock: for the run's own times and its window; unset: that of its first router.
        pace: waits in machine seconds.

    Raises:
        StoreError: the store is locked, full, damaged or of another version (F44).
    """

    def __init__(
        self,
        store: Path,
        inventory: Path,
        *,
        phases: Phases | None = None,
        clock: Clock | None = None,
        pace: Pace | None = None,
    ) -> None:
        self.store = Store(store)
        self.inventory = inventory
        self._phases = phases
        self._clock = clock
        self._pace = pace or Pace()
        self._opened: dict[Path, Phases] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the store."""
        self.store.close()

    def create_run(self, plan: Plan, plan_file: Path, options: RunOptions) -> str:
        """Returns the id of a new run of exactly this plan; nothing is started yet.

        Raises:
            UsageError: options that cannot be, or a plan without routers.
            InventoryError: a router of the plan is not in the inventory (F47).
            LeaseTaken: another run holds one of the routers (F43).
        """
        phases = self._open(self.inventory)
        clock = self._clock
        if clock is None:
            known = [p.router for p in plan.routers if p.router in phases.routers()]
            clock = phases.clock(known[0]) if known else SystemClock()
        return create_run(self.store, plan, plan_file, self.inventory, options, phases, clock)

    def begin(
        self,
        run_id: str,
        *,
        on_event: OnEvent | None = None,
        stop: threading.Event | None = None,
    ) -> RunState:
        """Carries a new run out, as ``carry_out`` does; one that is refused leaves nothing behind.

        Raises:
            LeaseTaken: a process of this user works on one of its routers, from whatever store
                (F43).
            StoreError: the store failed; no further router was touched (F44).
        """
        try:
            return self.carry_out(run_id, on_event=on_event, stop=stop)
        except SlpError:
            with suppress(StoreError):  # a store that fails is told as what went wrong first
                steer.discard(self.store, run_id)
            raise

    def carry_out(
        self,
        run_id: str,
        *,
        on_event: OnEvent | None = None,
        stop: threading.Event | None = None,
        only: Iterable[str] | None = None,
    ) -> RunState:
        """Carries a run out in the foreground and returns the state in which it came to rest.

        A paused or interrupted run goes on; one whose failure budget is spent stops again, unless
        ``resume`` forgave its failures. Where another process works on this store
        already, that one carries the run out too and it is only watched from here.

        Args:
            on_event: called from this thread with each event of the run.
            stop: set by Ctrl-C: what is being sent ends, nothing new begins, the run is paused.
            only: routers to carry on, and none beside them (``retry``); unset: all.

        Raises:
            PlanMismatch: the plan file was changed after it was approved (F47).
            StoreError: the store failed; no further router was touched (F44).
        """
        from slp_fleet.worker import Worker

        steer.go_on(self.store, run_id, only)
        worker = Worker(self.store, self._open, self._pace, self._clock)
        return worker.carry_out(run_id, on_event or _ignore, stop or threading.Event())

    # -- steering: from any process --------------------------------------------------------------

    def pause(self, run_id: str) -> None:
        """Has running steps end safely and nothing new begin."""
        steer.pause(self.store, run_id)

    def resume(self, run_id: str) -> None:
        """Lets a run go on; failures so far no longer count against its budget."""
        steer.resume(self.store, run_id)

    def spent_budget(self, run_id: str) -> str | None:
        """Returns why a run may start no further router, in words; nothing while it may."""
        return steer.spent_budget(self.store, run_id)

    def cancel(self, run_id: str) -> None:
        """Has running steps end safely, cancels the rest and lets go of the routers."""
        steer.cancel(self.store, run_id)

    def retry(self, run_id: str, routers: Iterable[str] = ()) -> list[str]:
        """Has failed routers begin their failed step anew; returns their names.

        Args:
            routers: unset: all that failed.
        """
        return steer.retry(self.store, run_id, routers)

    def confirm(
        self, run_id: str, router: str, step: str, *, by: str, file: Path | None = None
    ) -> None:
        """Answers a step that waits for a person.

        Args:
            by: who says so; recorded.
            file: what the step asks for; copied to the router's ``in/`` folder.
        """
        steer.confirm(self.store, run_id, router, step, by=by, file=file)

    def keep_looks(self, run_id: str, sights: Mapping[str, Sight]) -> None:
        """Keeps what a look from outside the run saw of its routers, by name (``slp verify``)."""
        steer.keep_looks(self.store, run_id, sights)

    def note(self, run_id: str, details: Mapping[str, str]) -> None:
        """Keeps what there is to know of routers, by name, among the events of a run."""
        steer.note(self.store, run_id, details)

    # -- reading -----------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        """Returns all runs, the latest first, without their routers."""
        return read_runs(self.store)

    def run(self, run_id: str, routers: Sequence[str] | None = None) -> Run:
        """Returns one run with routers, steps and findings.

        Args:
            routers: only these; unset: all.
        """
        return read_run(self.store, run_id, routers=routers)

    def latest(self) -> str:
        """Returns the id of the latest run.

        Raises:
            UsageError: there is none.
        """
        runs = self.runs()
        if not runs:
            raise UsageError("there is no run yet", remedy="`slp apply PLAN` makes one")
        return runs[0].id

    def plan_of(self, run_id: str, router: str) -> RouterPlan:
        """Returns the approved plan of one router."""
        return read_plan(self.store, run_id, router)

    def events(self, run_id: str, after: int = 0) -> list[Event]:
        """Returns the events of a run that were kept after the one with id ``after``."""
        return read_events(self.store, run_id, after)

    def router_folder(self, run_id: str, router: str) -> Path:
        """Returns the folder with ``in``, ``out``, ``backup`` and ``evidence`` of a router."""
        return router_folder(self.store, run_id, router)

    # -- assessments -------------------------------------------------------------------------

    def keep_assessment(self, data: Mapping[str, Any]) -> str:
        """Keeps an assessment beside the runs and returns its id."""
        return assessments.keep(self.store.root, data)

    def assessments(self) -> list[str]:
        """Returns the ids of the assessments that were kept, the latest first."""
        return assessments.listed(self.store.root)

    def assessment(self, assessment_id: str) -> dict[str, Any]:
        """Returns one assessment as it was kept."""
        return assessments.load(self.store.root, assessment_id)

    def _open(self, inventory: Path) -> Phases:
        if self._phases is not None:
            return self._phases
        key = inventory.resolve()
        if key not in self._opened:
            self._opened[key] = NornirPhases(inventory)
        return self._opened[key]


def _ignore(_: Event) -> None:
    """For callers that do not watch."""
