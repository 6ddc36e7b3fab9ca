"""What a look at a router came to: done, to be waited for, or failed; written and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slp_core.clock import Clock
from slp_core.errors import DeadlineExceeded
from slp_fleet.active import ActiveRun, Then
from slp_fleet.events import Event, OnEvent
from slp_fleet.ledger import Change, Job, Ledger, Step
from slp_fleet.model import RouterRunState, StepState
from slp_fleet.outcome import after_failure, after_finish, after_step, findings_of
from slp_fleet.pace import Pace
from slp_fleet.phases import Phase


@dataclass
class Look:
    """One call of a phase with all that it needs."""

    active: ActiveRun
    job: Job
    step: Step
    clock: Clock
    way: Callable[[], Phase]
    deadline_s: float
    earlier: dict[str, dict[str, Any]]
    confirmed: bool
    change: Change = field(default_factory=Change)


class Records:
    """Writes what a look came to, tells it, and says what comes then.

    Args:
        tell: called with each event, from any thread.
    """

    def __init__(
        self, ledger: Ledger, *, tell: OnEvent, pace: Pace, machine: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._tell = tell
        self._pace = pace
        self._machine = machine

    def done(
        self, look: Look, seen: dict[str, Any] | None, detail: str, *, acted: bool = False
    ) -> Then:
        """The step is behind its router; the next one follows at once."""
        look.step.notes.update(seen or {})
        did = acted or look.step.effect is not None
        state = StepState.DONE if did else StepState.SKIPPED
        if look.step.in_doubt:
            look.change.effect_returned = look.clock.now()
            look.change.step["changed"] = 1
        after_step(look.change, look.job, look.step, state, detail, look.clock.now())
        look.change.events.append(self.event(look, state, detail))
        self.record(look.job, look.change)
        if look.step.position + 1 < len(look.job.plan.steps):
            return Then("next")
        return self.finish(look.active, look.job)

    def finish(self, active: ActiveRun, job: Job) -> Then:
        """Records how a router ended whose steps are all done."""
        now = active.phases.clock(job.router).now()
        self.record(job, after_finish(self._ledger, job, active.options, now))
        return Then("end")

    def wait(
        self,
        look: Look,
        detail: str,
        retry_in: float,
        *,
        person: bool = False,
        at_least: float = 0.0,
        remedy: str | None = None,
    ) -> Then:
        """Looks again later; the step's deadline does not run while a person is waited for.

        Args:
            remedy: what a person does about it once the deadline has passed.
        """
        now = self._machine()
        if not person and now >= look.deadline_s:
            said = f": {detail}" if detail else ""
            limit = look.step.spec.deadline_s
            return self.fail(
                look,
                f"not done within {limit / 60:.0f} minutes{said}",
                DeadlineExceeded.code,
                remedy=remedy or "look at the router, then `slp retry`",
            )
        delay = self._pace.wait(max(look.clock.real_seconds(retry_in), at_least), look.step.looks)
        if not person:  # at the deadline it is looked at once more
            delay = min(delay, max(look.deadline_s - now, self._pace.floor))
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
            look.change.events.append(self.event(look, state, detail))
        parked = person and not self._ledger.confirmed(look.job, look.step.spec.id)
        near = delay <= self._pace.near
        if parked:
            look.change.router["parked"] = 1
        else:
            look.change.router["due_s"] = now + delay
            if not near:
                look.change.router["turn"] = look.job.turn + 1
        self.record(look.job, look.change)
        if parked:
            return Then("end")
        return Then("soon" if near else "later", delay)

    def fail(
        self,
        look: Look,
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
        look.change.events.append(self.event(look, StepState.FAILED, sentence))
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
        self.record(look.job, look.change)
        return Then("end")

    def stop(self, job: Job) -> Then:
        """Ends here: no workflow stands for the router until it is asked for again."""
        self._ledger.apply(job, Change(router={"parked": 1}))
        return Then("end")

    def record(self, job: Job, change: Change) -> None:
        """Writes a change, then tells its events."""
        for event in self._ledger.apply(job, change):
            self._tell(event)

    def show(self, look: Look, state: StepState) -> None:
        """Tells what begins, without keeping it; repeated looks are not worth telling."""
        if look.step.looks == 0:
            self._tell(self.event(look, state))

    def event(self, look: Look, state: StepState, detail: str = "") -> Event:
        """Returns what is told of the step."""
        job = look.job
        return Event(job.run, look.clock.now(), state, job.router, look.step.spec.id, detail)


def is_person(step: Step) -> bool:
    """Tells whether a step waits for a person rather than for time or a service."""
    return step.spec.waits_for_person
