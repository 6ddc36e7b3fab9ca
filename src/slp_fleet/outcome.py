"""What a step's end means for its router: pure changes, written by whoever carried it out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slp_core.plan import Finding, RouterPlan
from slp_core.verify import shortcoming
from slp_fleet.events import Event
from slp_fleet.ledger import Change, Job, Ledger, Step
from slp_fleet.model import RouterRunState, RunOptions, StepState


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
    change: Change, job: Job, step: Step, state: StepState, detail: str, now: datetime
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


def _must_go_on(job: Job, step: Step) -> bool:
    """Whether the next step must not be put off: what is not committed rolls back (F07)."""
    facts = [s.facts for s in job.plan.steps]
    activated = any(f.uncommitted for f in facts[: step.position + 1])
    return activated and any(f.commits for f in facts[step.position + 1 :])


def after_failure(
    change: Change, job: Job, step: Step, sentence: str, code: str | None, now: datetime
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


def after_finish(ledger: Ledger, job: Job, options: RunOptions, now: datetime) -> Change:
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
