"""One router, one step: probe, announce, act, confirm, and what is to be done when that fails.

``Carrier.carry`` takes the next step of a router as far as it goes and says what comes then. The
engine calls it again and again; it may be killed at any instant and be called anew in another
process. So it trusts nothing but the store and the router: an act that was announced and has not
returned is in doubt, and the router is looked at, after it had time to settle, before anything is
sent a second time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from slp_core.clock import Clock
from slp_core.errors import (
    ConnectFailed,
    DeadlineExceeded,
    PlanMismatch,
    SessionLost,
    SlpError,
)
from slp_core.plan import StepKind
from slp_fleet.events import Event, OnEvent
from slp_fleet.folders import folder_name
from slp_fleet.leases import take_places
from slp_fleet.ledger import Change, Job, Ledger, Step
from slp_fleet.model import RouterRunState, RunOptions, StepState
from slp_fleet.outcome import after_failure, after_finish, after_step, findings_of
from slp_fleet.pace import Pace, settle_seconds
from slp_fleet.phases import Name, Phase, Phases
from slp_fleet.waves import DISRUPTIVE, place_needed_at

_LOG = logging.getLogger("slp_fleet")
_OUT_OF_REACH = (ConnectFailed, SessionLost, DeadlineExceeded)
_MISSES = 3
_MISS_WAIT_S = 15.0


@dataclass(frozen=True)
class Then:
    """What comes after a step was carried as far as it goes.

    ``next``: the next step at once; ``soon``: look again after a short sleep; ``later``: end, a
    follow-up workflow looks again; ``end``: nothing more until somebody asks for it.
    """

    then: Literal["next", "soon", "later", "end"]
    delay: float = 0.0


@dataclass
class ActiveRun:
    """A run that this process carries out."""

    id: str
    options: RunOptions
    phases: Phases
    clock: Clock
    folder: Path
    halting: str | None = None
    """Why no step may begin any more; unset while the run goes on."""


@dataclass
class _Look:
    """One call of a phase with all that it needs."""

    active: ActiveRun
    job: Job
    step: Step
    clock: Clock
    way: Phase
    deadline_s: float
    earlier: dict[str, dict[str, Any]]
    confirmed: bool
    change: Change = field(default_factory=Change)


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
        self._watcher = watcher
        self._tell = tell
        self._pace = pace
        self._machine = machine
        self._guard = threading.Lock()
        self._busy: set[str] = set()
        self._ways: dict[tuple[str, str], tuple[ExitStack, Phase]] = {}

    def carry(self, run: str, router: str, turn: int) -> Then:
        """Takes the router's next step as far as it goes.

        Raises:
            StoreError: nothing can be recorded any more; nothing further may be done (F44).
        """
        if not self._enter(router):
            return Then("soon", self._pace.floor)
        then = Then("end")
        try:
            then = self._turn(run, router, turn)
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
            return self._park(job)
        if job.step is None:
            return self._finish(active, job)
        if not job.step.begun and not job.finish_first:
            if active.halting:
                return self._park(job)
            wait = self._place(active, job, job.step)
            if wait is not None:
                return wait
        return self._step(active, job, job.step)

    def _park(self, job: Job) -> Then:
        self._ledger.apply(job, Change(router={"parked": 1}))
        return Then("end")

    def _place(self, active: ActiveRun, job: Job, step: Step) -> Then | None:
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
        self._record(job, change)
        return Then("end")

    def _step(self, active: ActiveRun, job: Job, step: Step) -> Then:
        clock = active.phases.clock(job.router)
        deadline = step.deadline_s
        if deadline is None or step.watcher != self._watcher:
            deadline = self._machine() + clock.patience(step.spec.deadline_s)
        look = _Look(
            active,
            job,
            step,
            clock,
            self._way(active, job),
            deadline,
            self._ledger.earlier(job),
            _is_person(step) and self._ledger.confirmed(job, step.spec.id),
        )
        look.change.step.update(deadline_s=deadline, watcher=self._watcher)
        if step.started is None:
            look.change.step["started"] = clock.now()
        return self._confirm(look) if step.phase == "confirm" else self._probe(look)

    # -- probe ---------------------------------------------------------------------------------

    def _probe(self, look: _Look) -> Then:
        self._show(look, StepState.PROBING)
        try:
            got = self._call(look, "probe")
        except SlpError as error:
            return self._missed(look, error, "probe")
        detail = str(got.get("detail", ""))
        wrong = _other_router(look, got.get("seen"))
        if wrong is not None:
            return self._fail(look, wrong.what, wrong.code, remedy=wrong.remedy)
        match got["state"]:
            case "done":
                return self._done(look, got.get("seen"), detail)
            case "ready" if look.active.options.dry_run:
                return self._done(look, got.get("seen"), f"would be carried out: {detail}")
            case "ready":
                return self._ready(look, got)
            case "waiting":
                return self._wait(look, detail, got["retry_in"], person=_is_person(look.step))
            case _:
                return self._fail(look, detail, got.get("code"), seen=got.get("seen"))

    def _ready(self, look: _Look, got: dict[str, Any]) -> Then:
        step, spec = look.step, look.step.spec
        if step.in_doubt and spec.lasting:
            assert step.effect is not None
            settle = max(
                look.clock.real_seconds(settle_seconds(spec.kind)), self._pace.settle_floor
            )
            left = step.effect.noted_s + settle - self._machine()
            if left > 0:
                detail = "may have been sent already; looks again before it is sent"
                return self._wait(look, detail, 0.0, at_least=left)
        return self._act(look, got.get("seen"))

    # -- act -----------------------------------------------------------------------------------

    def _act(self, look: _Look, seen: dict[str, Any] | None) -> Then:
        if self.draining.is_set():
            return self._park(look.job)
        spec = look.step.spec
        look.step.notes.update(seen or {})
        announce = look.change
        announce.note_effect, announce.note_effect_s = look.clock.now(), self._machine()
        announce.step.update(
            state=StepState.ACTING,
            attempts=look.step.attempts + 1,
            misses=0,
            detail="",
            notes=look.step.notes,
        )
        announce.router.update(state=RouterRunState.RUNNING, reason="", current_step=spec.id)
        before = look.job
        if spec.kind in DISRUPTIVE:
            announce.router["finish_first"] = 1
            look.job = replace(look.job, finish_first=True)
        announce.events.append(self._event(look, StepState.ACTING))
        self._record(look.job, announce)
        look.change = Change()
        try:
            got = self._call(look, "act")
        except _OUT_OF_REACH as error:
            return self._wait(look, f"{error.what}; looks whether it was done", _MISS_WAIT_S)
        except SlpError as error:
            look.change.effect_returned = look.clock.now()
            look.job = before  # refused: it was not taken out of service
            return self._fail(look, error.what, error.code, remedy=error.remedy)
        look.step.notes.update(got.get("noted") or {})
        look.change.effect_returned = look.clock.now()
        look.change.step.update(
            state=StepState.CONFIRMING,
            phase="confirm",
            changed=int(bool(got.get("changed"))),
            detail=str(got.get("detail", "")),
            looks=0,
            **findings_of(look.step.notes).step_columns(),
        )
        look.change.events.append(self._event(look, StepState.CONFIRMING, got.get("detail", "")))
        self._record(look.job, look.change)
        look.change = Change()
        if self.draining.is_set():
            return self._park(look.job)
        return self._confirm(look, told=True)

    # -- confirm -------------------------------------------------------------------------------

    def _confirm(self, look: _Look, *, told: bool = False) -> Then:
        if not told:
            self._show(look, StepState.CONFIRMING)
        try:
            got = self._call(look, "confirm")
        except SlpError as error:
            return self._missed(look, error, "confirm")
        detail = str(got.get("detail", ""))
        wrong = _other_router(look, got.get("seen"))
        if wrong is not None:
            return self._fail(look, wrong.what, wrong.code, remedy=wrong.remedy)
        match got["state"]:
            case "confirmed":
                return self._done(look, got.get("seen"), detail, acted=True)
            case "pending":
                look.step.notes.update(got.get("seen") or {})
                return self._wait(look, detail, got["retry_in"])
            case _:
                return self._fail(look, detail, got.get("code"), seen=got.get("seen"))

    # -- what comes of it ----------------------------------------------------------------------

    def _done(
        self, look: _Look, seen: dict[str, Any] | None, detail: str, *, acted: bool = False
    ) -> Then:
        look.step.notes.update(seen or {})
        did = acted or look.step.effect is not None
        state = StepState.DONE if did else StepState.SKIPPED
        if look.step.in_doubt:
            look.change.effect_returned = look.clock.now()
            look.change.step["changed"] = 1
        after_step(look.change, look.job, look.step, state, detail, look.clock.now())
        look.change.events.append(self._event(look, state, detail))
        self._record(look.job, look.change)
        if look.step.position + 1 < len(look.job.plan.steps):
            return Then("next")
        return self._finish(look.active, look.job)

    def _finish(self, active: ActiveRun, job: Job) -> Then:
        now = active.phases.clock(job.router).now()
        self._record(job, after_finish(self._ledger, job, active.options, now))
        return Then("end")

    def _missed(self, look: _Look, error: SlpError, phase: Name) -> Then:
        """A look that did not reach the router: it may be booting, or be gone."""
        if not isinstance(error, _OUT_OF_REACH):
            return self._fail(look, error.what, error.code, remedy=error.remedy)
        if phase == "confirm" or look.step.in_doubt:
            return self._wait(look, error.what, _MISS_WAIT_S)
        misses = look.step.misses + 1
        if misses >= _MISSES:
            return self._fail(look, error.what, error.code, remedy=error.remedy)
        look.change.step["misses"] = misses
        return self._wait(look, error.what, _MISS_WAIT_S * misses)

    def _wait(
        self,
        look: _Look,
        detail: str,
        retry_in: float,
        *,
        person: bool = False,
        at_least: float = 0.0,
    ) -> Then:
        """Looks again later; the step's deadline does not run while a person is waited for."""
        now = self._machine()
        if not person and now >= look.deadline_s:
            said = f" ({detail})" if detail else ""
            limit = look.step.spec.deadline_s
            return self._fail(
                look,
                f"not done within {limit / 60:.0f} minutes{said}",
                DeadlineExceeded.code,
                remedy="look at the router, then `slp retry`",
            )
        delay = self._pace.wait(max(look.clock.real_seconds(retry_in), at_least), look.step.looks)
        state = StepState.PERSON if person else StepState.WAITING
        told = look.step.state == state and look.step.detail == detail
        look.change.step.update(
            state=state,
            detail=detail,
            looks=look.step.looks + 1,
            deadline_s=None if person else look.deadline_s,
            **findings_of(look.step.notes).step_columns(),
        )
        look.change.router.update(
            state=RouterRunState(state.value), reason=detail, current_step=look.step.spec.id
        )
        if not told:
            look.change.events.append(self._event(look, state, detail))
        parked = person and not self._ledger.confirmed(look.job, look.step.spec.id)
        near = delay <= self._pace.near
        if parked:
            look.change.router["parked"] = 1
        else:
            look.change.router["due_s"] = now + delay
            if not near:
                look.change.router["turn"] = look.job.turn + 1
        self._record(look.job, look.change)
        if parked:
            return Then("end")
        return Then("soon" if near else "later", delay)

    def _fail(
        self,
        look: _Look,
        detail: str,
        code: str | None,
        *,
        remedy: str | None = None,
        seen: dict[str, Any] | None = None,
    ) -> Then:
        """Stops this router alone, with one sentence."""
        look.step.notes.update(seen or {})
        sentence = f"{detail} ({remedy})" if remedy else detail
        after_failure(look.change, look.job, look.step, sentence, code, look.clock.now())
        look.change.events.append(self._event(look, StepState.FAILED, sentence))
        look.change.events.append(
            Event(
                look.job.run,
                look.clock.now(),
                RouterRunState.FAILED,
                look.job.router,
                None,
                str(look.change.router["reason"]),
            )
        )
        self._record(look.job, look.change)
        return Then("end")

    # -- plumbing ------------------------------------------------------------------------------

    def _call(self, look: _Look, name: Name) -> dict[str, Any]:
        job, step = look.job, look.step
        try:
            return look.way(
                job.plan,
                step.spec,
                name,
                folder=look.active.folder / folder_name(job.router),
                notes=step.notes,
                earlier=look.earlier,
                confirmed=look.confirmed,
                dry_run=look.active.options.dry_run,
            )
        except SlpError:
            raise
        except Exception as error:
            _LOG.debug("%s of %s on %s", name, step.spec.id, job.router, exc_info=True)
            raise SlpError(
                f"internal error in {name} of {step.spec.id} ({type(error).__name__})",
                remedy="run again with -vv and report it",
            ) from error

    def _way(self, active: ActiveRun, job: Job) -> Phase:
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

    def _record(self, job: Job, change: Change) -> None:
        for event in self._ledger.apply(job, change):
            self._tell(event)

    def _show(self, look: _Look, state: StepState) -> None:
        if look.step.looks == 0:
            self._tell(self._event(look, state))

    def _event(self, look: _Look, state: StepState, detail: str = "") -> Event:
        job = look.job
        return Event(job.run, look.clock.now(), state, job.router, look.step.spec.id, detail)


def _is_person(step: Step) -> bool:
    return step.spec.kind is StepKind.PERSON or step.spec.waits_for == "person"


def _other_router(look: _Look, seen: dict[str, Any] | None) -> PlanMismatch | None:
    """Tells when the router that answers is not the one that was planned (F47)."""
    udi, planned = (seen or {}).get("udi"), look.job.plan.udi
    if not isinstance(udi, dict) or planned is None or "sn" not in udi:
        return None
    if (udi.get("pid", planned.pid), udi["sn"]) == (planned.pid, planned.sn):
        return None
    return PlanMismatch(
        f"this router is {udi.get('pid', '?')} {udi['sn']}, "
        f"the plan was made for {planned.pid} {planned.sn}",
        remedy="check the address in the inventory, then assess and plan again",
    )
