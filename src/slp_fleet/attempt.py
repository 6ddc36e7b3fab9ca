"""One step of one router: probe, announce, act, confirm, and what is to be done when that fails.

An act that was announced and has not returned is in doubt: the router is looked at, after it had
time to settle, before anything is sent a second time.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from slp_core.errors import (
    PlanMismatch,
    SessionLost,
    SlpError,
)
from slp_core.losses import (
    MISS_WAIT_S,
    OUT_OF_REACH,
    SINCE,
    is_spent,
    loss_notes,
    spent_sentence,
    wait_after_miss,
)
from slp_fleet.ledger import Change, Ledger, RouterJob, StepRow
from slp_fleet.model import RouterRunState, StepState
from slp_fleet.outcome import Look, Records, findings_of, is_person
from slp_fleet.phases import ActiveRun, Name, Pace, Phase, Then
from slp_fleet.reading import sight_of
from slp_fleet.store import make_router_folder
from slp_tasks.step import Acted, Confirm, Notes, Probe

E = TypeVar("E", Probe, Acted, Confirm)

_LOG = logging.getLogger("slp_fleet")
_CONSOLE = "look at its console: power, ROMMON, boot variable; once it runs, `slp retry`"
_REHEARSAL = "rehearsal"
_REHEARSED = {
    "ready": "would be carried out",
    "waiting": "would wait",
    "blocked": "hangs on an earlier step",
}


class StepMachine:
    """Takes steps as far as they go, in the threads of the device pool.

    Args:
        watcher: names this process; deadlines count only while one and the same watches.
        draining: set when nothing new may be sent any more.
    """

    def __init__(
        self,
        ledger: Ledger,
        *,
        watcher: str,
        records: Records,
        pace: Pace,
        draining: threading.Event,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self._ledger = ledger
        self._watcher = watcher
        self._pace = pace
        self._draining = draining
        self._machine = machine
        self._records = records
        self._folders: dict[tuple[Path, str], Path] = {}

    def step(
        self, active: ActiveRun, job: RouterJob, step: StepRow, way: Callable[[], Phase]
    ) -> Then:
        """Takes the step as far as it goes.

        Args:
            way: opens the way to the router, or returns the one that is open.
        """
        clock = active.phases.clock(job.router)
        deadline = step.deadline_s
        if deadline is None or step.watcher != self._watcher:
            deadline = self._machine() + clock.patience(step.spec.deadline_s)
        look = Look(
            active,
            job,
            step,
            clock,
            way,
            deadline,
            self._ledger.earlier(job),
            is_person(step) and self._ledger.confirmed(job, step.spec.id),
        )
        look.change.step.update(deadline_s=deadline, watcher=self._watcher)
        if step.started is None:
            look.change.step["started"] = clock.now()
        return self._confirm(look) if step.phase == "confirm" else self._probe(look)

    # -- probe ---------------------------------------------------------------------------------

    def _probe(self, look: Look) -> Then:
        self._records.show(look, StepState.PROBING)
        try:
            probe = self._call(look, "probe", Probe)
        except SlpError as error:
            return self._missed(look, error, "probe")
        wrong = _other_router(look, probe.seen)
        if wrong is not None:
            return self._records.fail(look, wrong.what, wrong.code, remedy=wrong.remedy)
        match probe.state:
            case "done":
                return self._records.done(look, probe.seen, probe.detail)
            case state if look.active.options.dry_run and state in _REHEARSED:
                return self._rehearse(look, probe)
            case "ready":
                return self._ready(look, probe)
            case "waiting":
                look.step.notes.update(probe.seen)
                return self._records.wait(
                    look,
                    probe.detail,
                    probe.retry_in,
                    person=is_person(look.step),
                    remedy=probe.remedy,
                )
            case _:
                return self._fail(look, probe)

    def _rehearse(self, look: Look, probe: Probe) -> Then:
        """Passes a step of a dry run: nothing is sent, and nobody is waited for."""
        rehearsed = any(notes.get(_REHEARSAL) for notes in look.earlier.values())
        if probe.state == "blocked" and not rehearsed:
            return self._records.fail(look, probe.detail, probe.code, seen=probe.seen)
        if look.step.spec.lasting or probe.state == "waiting":
            rehearsed = True  # what follows may find the router not yet where it will be
        seen = {**probe.seen, **({_REHEARSAL: True} if rehearsed else {})}
        return self._records.done(look, seen, f"{_REHEARSED[probe.state]}: {probe.detail}")

    def _ready(self, look: Look, probe: Probe) -> Then:
        step, spec = look.step, look.step.spec
        if step.in_doubt and spec.lasting:
            assert step.effect is not None
            settle = max(look.clock.real_seconds(spec.facts.settle_s), self._pace.settle_floor)
            left = step.effect.noted_s + settle - self._machine()
            if left > 0:
                detail = "may have been sent already; looks again before it is sent"
                return self._records.wait(look, detail, 0.0, at_least=left)
        if is_spent(step.notes):
            what, remedy = spent_sentence(step.notes)
            return self._records.fail(look, what, SessionLost.code, remedy=remedy)
        return self._act(look, probe)

    # -- act -----------------------------------------------------------------------------------

    def _act(self, look: Look, probe: Probe) -> Then:
        if self._draining.is_set():
            return self._records.stop(look.job)
        spec, began = look.step.spec, look.clock.now()
        look.step.notes.update(probe.seen)
        announce = look.change
        announce.note_effect, announce.note_effect_s = began, self._machine()
        announce.step.update(
            state=StepState.ACTING,
            attempts=look.step.attempts + 1,
            misses=0,
            detail="",
            notes=look.step.notes,
        )
        announce.router.update(state=RouterRunState.RUNNING, reason="", current_step=spec.id)
        before = look.job
        if spec.facts.disruptive:
            announce.router["finish_first"] = 1
            look.job = replace(look.job, finish_first=True)
        announce.events.append(self._records.event(look, StepState.ACTING))
        self._records.record(look.job, announce)
        look.change = Change()
        try:
            acted = self._call(look, "act", Acted)
        except OUT_OF_REACH as error:
            look.step.notes.update(loss_notes(look.step.notes, error.what, began))
            return self._records.wait(look, f"{error.what}; looks whether it was done", MISS_WAIT_S)
        except SlpError as error:
            look.change.effect_returned = look.clock.now()
            look.job = before  # refused: it was not taken out of service
            return self._records.fail(look, error.what, error.code, remedy=error.remedy)
        look.step.notes.update(acted.noted)
        look.change.effect_returned = look.clock.now()
        look.change.step.update(
            state=StepState.CONFIRMING,
            phase="confirm",
            changed=int(acted.changed),
            detail=acted.detail,
            looks=0,
            **findings_of(look.step.notes).step_columns(),
        )
        look.change.events.append(self._records.event(look, StepState.CONFIRMING, acted.detail))
        self._records.record(look.job, look.change)
        look.change = Change()
        if self._draining.is_set():
            return self._records.stop(look.job)
        return self._confirm(look, told=True)

    # -- confirm -------------------------------------------------------------------------------

    def _confirm(self, look: Look, *, told: bool = False) -> Then:
        if not told:
            self._records.show(look, StepState.CONFIRMING)
        try:
            confirm = self._call(look, "confirm", Confirm)
        except SlpError as error:
            return self._missed(look, error, "confirm")
        wrong = _other_router(look, confirm.seen)
        if wrong is not None:
            return self._records.fail(look, wrong.what, wrong.code, remedy=wrong.remedy)
        match confirm.state:
            case "confirmed":
                return self._records.done(look, confirm.seen, confirm.detail, acted=True)
            case "pending":
                look.step.notes.update(confirm.seen)
                wait_s, remedy = confirm.retry_in, confirm.remedy
                return self._records.wait(look, confirm.detail, wait_s, remedy=remedy)
            case _:
                return self._fail(look, confirm)

    def _fail(self, look: Look, end: Probe | Confirm) -> Then:
        """Stops the router for what its step found."""
        return self._records.fail(look, end.detail, end.code, remedy=end.remedy, seen=end.seen)

    def _missed(self, look: Look, error: SlpError, phase: Name) -> Then:
        """A look that did not reach the router: it may be booting, or be gone."""
        if not isinstance(error, OUT_OF_REACH):
            return self._records.fail(look, error.what, error.code, remedy=error.remedy)
        if phase == "confirm" or look.step.in_doubt:
            look.step.notes.setdefault(SINCE, look.clock.now().isoformat())
            down = look.step.spec.facts.disruptive
            return self._records.wait(
                look, error.what, MISS_WAIT_S, remedy=_CONSOLE if down else error.remedy
            )
        misses = look.step.misses + 1
        wait_s = wait_after_miss(misses)
        if wait_s is None:
            return self._records.fail(look, error.what, error.code, remedy=error.remedy)
        look.change.step["misses"] = misses
        return self._records.wait(look, error.what, wait_s)

    # -- plumbing

    def _folder(self, root: Path, router: str) -> Path:
        made = self._folders.get((root, router))
        if made is None:
            made = self._folders[root, router] = make_router_folder(root, router)
        return made

    def _call(self, look: Look, name: Name, kind: type[E]) -> E:
        job, step = look.job, look.step
        try:
            ended = look.way()(
                job.plan,
                step.spec,
                name,
                folder=self._folder(look.active.folder, job.router),
                notes=step.notes,
                earlier=look.earlier,
                confirmed=look.confirmed,
                dry_run=look.active.options.dry_run,
            )
            assert isinstance(ended, kind)
            if not isinstance(ended, Acted) and not look.active.options.dry_run:
                look.change.sight = sight_of(ended, step.spec.id, look.clock.now())
            return ended
        except SlpError:
            raise
        except Exception as error:
            _LOG.debug("%s of %s on %s", name, step.spec.id, job.router, exc_info=True)
            raise SlpError(
                f"internal error in {name} of {step.spec.id} ({type(error).__name__})",
                remedy="run again with -vv and report it",
            ) from error


def _other_router(look: Look, seen: Notes) -> PlanMismatch | None:
    """Tells when the router that answers is not the one that was planned (F47)."""
    udi, planned = seen.get("udi"), look.job.plan.udi
    if not isinstance(udi, dict) or planned is None or "sn" not in udi:
        return None
    if (udi.get("pid", planned.pid), udi["sn"]) == (planned.pid, planned.sn):
        return None
    return PlanMismatch(
        f"this router is {udi.get('pid', '?')} {udi['sn']}, "
        f"the plan was made for {planned.pid} {planned.sn}",
        remedy="check the address in the inventory, then assess and plan again",
    )
