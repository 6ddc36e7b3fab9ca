"""One router, one turn: the next step is taken as far as it goes, then said what comes.

``Carrier.take_turn`` is what the engine calls, again and again; it may be killed at any instant and
be called anew in another process. So it trusts nothing but the store and the router.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack

from slp_core.errors import SlpError, StoreError
from slp_fleet.attempt import StepMachine
from slp_fleet.leases import take_places
from slp_fleet.ledger import Change, Ledger, RouterJob, StepRow
from slp_fleet.model import Event, OnEvent, RouterRunState
from slp_fleet.outcome import Records, after_failure
from slp_fleet.phases import ActiveRun, Pace, Phase, Then
from slp_fleet.waves import place_needed_at

_LOG = logging.getLogger("slp_fleet")
_AT_ONCE_S = 5.0  # a thread goes to the next router after that


class Carrier:
    """Carries steps out in the threads of the device pool.

    Args:
        watcher: names this process; deadlines count only while one and the same watches.
        tell: called with each event, from any thread.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        watcher: str,
        tell: OnEvent,
        pace: Pace,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self.runs: dict[str, ActiveRun] = {}
        self.draining = threading.Event()
        self._ledger = ledger
        self._pace = pace
        self._machine = machine
        self._records = Records(ledger, tell=tell, pace=pace, machine=machine)
        self._steps = StepMachine(
            ledger,
            watcher=watcher,
            records=self._records,
            pace=pace,
            draining=self.draining,
            machine=machine,
        )
        self._guard = threading.Lock()
        self._busy: set[str] = set()
        self._ways: dict[tuple[str, str], tuple[ExitStack, Phase]] = {}

    def take_turn(self, run: str, router: str, turn: int) -> Then:
        """Takes the router's next steps as far as they go.

        Several at once, for a while: each is safe in our own store, and what the engine records
        besides costs more than a step that has nothing to wait for.

        Raises:
            StoreError: nothing can be recorded any more; nothing further may be done (F44).
        """
        if not self._enter(router):
            return Then("soon", self._pace.floor)
        then = Then("end")
        try:
            until = self._machine() + _AT_ONCE_S
            while True:
                then = self._turn(run, router, turn)
                if then.then != "next" or self._machine() > until:
                    return then
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one router's trouble is not the fleet's
            self._give_up(run, router, error)
            return then
        finally:
            if then.then != "next":
                self._close(run, router)
            with self._guard:
                self._busy.discard(router)

    def close(self) -> None:
        """Closes every connection that a step left open for the next."""
        for run, router in list(self._ways):
            self._close(run, router)

    def busy(self) -> bool:
        """Tells whether any router is worked on at this moment."""
        with self._guard:
            return bool(self._busy)

    def _enter(self, router: str) -> bool:
        """One thread a router: a recovered workflow never acts beside the one it replaces."""
        with self._guard:
            if router in self._busy:
                return False
            self._busy.add(router)
            return True

    def _turn(self, run: str, router: str, turn: int) -> Then:
        job = self._ledger.job(run, router)
        active = self.runs.get(run)
        if job is None or job.parked or job.state not in ("running", "waiting", "person"):
            return Then("end")
        if job.turn != turn:
            ahead = job.turn == turn + 1
            return Then("later", max(job.due_s - self._machine(), 0)) if ahead else Then("end")
        if active is None or self.draining.is_set():
            return self._records.stop(job)
        if job.step is None:
            return self._records.finish(active, job)
        if not job.step.begun and not job.finish_first:
            if active.halting:
                return self._records.stop(job)
            wait = self._place(active, job, job.step)
            if wait is not None:
                return wait
        return self._steps.step(active, job, job.step, lambda: self._way(active, job))

    def _place(self, active: ActiveRun, job: RouterJob, step: StepRow) -> Then | None:
        """Has the router hold its group's place before it is taken out of service."""
        needed = place_needed_at(job.plan)
        if not active.options.per_group or needed is None or step.position < needed:
            return None
        clock = active.phases.clock(job.router)
        no = take_places(
            self._ledger.store, job, active.options.per_group, taken=clock.now().isoformat()
        )
        if no is None:
            return None
        state = RouterRunState.WAITING
        change = Change(
            router={"state": state, "reason": no.sentence, "parked": 1, "for_place": no.place},
            events=[Event(job.run, clock.now(), state, job.router, step.spec.id, no.sentence)],
        )
        self._records.record(job, change)
        return Then("end")

    def _give_up(self, run: str, router: str, error: Exception) -> None:
        """Stops a router whose step could not even be begun."""
        _LOG.debug("%s of %s", router, run, exc_info=error)
        job = self._ledger.job(run, router)
        active = self.runs.get(run)
        if job is None or active is None:
            return
        sentence, code = f"internal error ({type(error).__name__})", SlpError.code
        if isinstance(error, SlpError):
            sentence, code = error.what, error.code
        change, now = Change(), active.clock.now()
        if job.step is not None:
            after_failure(change, job, job.step, sentence, code, now)
        state = RouterRunState.FAILED
        change.router.update(state=state, reason=sentence, error_code=code, ended=now)
        change.events.append(Event(run, now, state, router, None, sentence))
        self._records.record(job, change)

    def _way(self, active: ActiveRun, job: RouterJob) -> Phase:
        key = (job.run, job.router)
        if key not in self._ways:
            stack = ExitStack()
            self._ways[key] = stack, stack.enter_context(active.phases.open(job.router))
        return self._ways[key][1]

    def _close(self, run: str, router: str) -> None:
        found = self._ways.pop((run, router), None)
        if found is None:
            return
        try:
            found[0].close()
        except Exception:  # noqa: BLE001 - a dead connection cannot be closed any better
            _LOG.debug("closing the connection to %s", router, exc_info=True)
