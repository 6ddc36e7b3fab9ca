"""What a step's end means for its router: pure changes, written by whoever carried it out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slp_core.clock import Clock
from slp_core.errors import DeadlineExceeded
from slp_core.plan import Finding, RouterPlan
from slp_core.verify import shortcoming
from slp_fleet.ledger import Change, Ledger, RouterJob, StepRow
from slp_fleet.model import Event, OnEvent, RouterRunState, RunOptions, StepState
from slp_fleet.phases import ActiveRun, Pace, Phase, Then


@dataclass(frozen=True)
class Notes:
    """A step's notes, apart from what is kept elsewhere because it is large."""

    small: dict[str, Any]
    findings: list[dict[str, Any]] | None
    evidence: list[str]

    def step_columns(self) -> dict[str, Any]:
        """Returns the columns of ``steps`` that hold them."""
        columns: dict[str, Any] = {"notes": self.small}
        if self.evidence:
            columns["evidence"] = self.evidence
        return columns


def findings_of(notes: dict[str, Any]) -> Notes:
    """Returns notes with findings and evidence taken apart, without what was observed."""
    small = {k: v for k, v in notes.items() if k not in ("findings", "observed", "evidence")}
    evidence = notes.get("evidence") or []
    return Notes(
        small,
        notes.get("findings"),
        [str(item) for item in evidence] if isinstance(evidence, list) else [],
    )


def after_step(
    change: Change, job: RouterJob, step: StepRow, state: StepState, detail: str, now: datetime
) -> None:
    """Adds to ``change`` that a step is behind its router."""
    notes = findings_of(step.notes)
    change.step.update(state=state, detail=detail, ended=now, **notes.step_columns())
    change.router.update(
        state=RouterRunState.RUNNING,
        reason="",
        committed=int(_in_service_for_good(job.plan, step.position)),
        finish_first=int(_must_go_on(job, step)),
    )
    if notes.findings is not None:
        change.router["findings"] = notes.findings
    change.next_step = True


def _in_service_for_good(plan: RouterPlan, position: int) -> bool:
    """Whether reload, commit and the look at the new release are all behind the router."""
    return not any(s.params.holds_place() for s in plan.steps[position + 1 :])


def _must_go_on(job: RouterJob, step: StepRow) -> bool:
    """Whether the next step must not be put off: what is not committed rolls back (F07)."""
    facts = [s.facts for s in job.plan.steps]
    activated = any(f.uncommitted for f in facts[: step.position + 1])
    return activated and any(f.commits for f in facts[step.position + 1 :])


def after_failure(
    change: Change, job: RouterJob, step: StepRow, sentence: str, code: str | None, now: datetime
) -> None:
    """Adds to ``change`` that a router stopped.

    A router that was taken out of service and has not been seen back in it keeps its place in its
    groups: its neighbour must not be taken down too. ``slp retry`` and ``slp cancel`` end that.
    """
    notes = findings_of(step.notes)
    change.step.update(state=StepState.FAILED, detail=sentence, ended=now, **notes.step_columns())
    change.router.update(
        state=RouterRunState.FAILED,
        reason=f"{step.spec.title}: {sentence}" if sentence else step.spec.title,
        error_code=code,
        current_step=step.spec.id,
        ended=now,
        finish_first=0,
    )
    if notes.findings is not None:
        change.router["findings"] = notes.findings
    change.release = True
    change.keep_places = job.finish_first


def after_finish(ledger: Ledger, job: RouterJob, options: RunOptions, now: datetime) -> Change:
    """Returns the change that says how a router ended whose steps are all done."""
    row = ledger.store.row(
        "SELECT findings FROM router_runs WHERE run=? AND router=?", (job.run, job.router)
    )
    saved = json.loads(row["findings"] if row and row["findings"] else "[]")
    why = shortcoming([Finding.model_validate(f) for f in saved])
    code = None
    if options.dry_run:
        state, reason = RouterRunState.CANCELLED, "rehearsed only (dry run): nothing was changed"
    elif why:
        state, code = RouterRunState.FAILED, "SLP-E210"
        reason = f"not as predicted: {why}"
    else:
        state, reason = RouterRunState.PROVEN, ""
    return Change(
        router={
            "state": state,
            "reason": reason,
            "error_code": code,
            "current_step": None,
            "ended": now,
            "finish_first": 0,
        },
        release=True,
        events=[Event(job.run, now, state, job.router, None, reason)],
    )


@dataclass
class Look:
    """One call of a phase with all that it needs."""

    active: ActiveRun
    job: RouterJob
    step: StepRow
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

    def finish(self, active: ActiveRun, job: RouterJob) -> Then:
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

    def stop(self, job: RouterJob) -> Then:
        """Ends here: no workflow stands for the router until it is asked for again."""
        self._ledger.apply(job, Change(router={"parked": 1}))
        return Then("end")

    def record(self, job: RouterJob, change: Change) -> None:
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


def is_person(step: StepRow) -> bool:
    """Tells whether a step waits for a person rather than for time or a service."""
    return step.spec.waits_for_person
