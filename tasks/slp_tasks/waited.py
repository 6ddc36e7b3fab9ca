"""Looks of a step that waits for a service: was the router reloaded or reset by hand meanwhile?"""

from __future__ import annotations

from dataclasses import replace

from slp_core.errors import StepFailed
from slp_core.plan import StepKind
from slp_core.state import RouterState
from slp_tasks.look import STATUS, VERSION, Boot, boot_of, look
from slp_tasks.step import Confirm, Notes, Probe, StepContext

BOOT = "boot_waiting"
REPORTS = "reports_waiting"
_AGAIN = "find out who did it and why; `slp retry` looks at the router anew and goes on from there"

KINDS = frozenset(
    {
        StepKind.TRUST,
        StepKind.SLAC,
        StepKind.SLAC_RETURN,
        StepKind.USAGE_SYNC,
        StepKind.DLC_WAIT,
        StepKind.DLC_DONE,
        StepKind.REGISTER,
        StepKind.RENEW,
    }
)
"""Steps whose waiting neither reloads the router nor changes how it reports."""


def probed(ctx: StepContext, found: Probe) -> Probe:
    """Returns what a probe found; blocked where a step that waits is overtaken by a person."""
    if found.state != "waiting" or ctx.step.kind not in KINDS or ctx.dry_run:
        return found
    said, seen = _changed(ctx)
    if said:
        return Probe("blocked", said, seen=seen, code=StepFailed.code, remedy=_AGAIN)
    return replace(found, seen={**found.seen, **seen})


def confirmed(ctx: StepContext, found: Confirm) -> Confirm:
    """Returns what a confirm found; failed where a step that waits is overtaken by a person."""
    if found.state != "pending" or ctx.step.kind not in KINDS:
        return found
    said, seen = _changed(ctx)
    if said:
        return Confirm("failed", said, seen=seen, code=StepFailed.code, remedy=_AGAIN)
    return replace(found, seen={**found.seen, **seen})


def _changed(ctx: StepContext) -> tuple[str, Notes]:
    """Returns what happened to the router since the step waits, and what it shows now.

    What it shows is noted at the first look, and anew when the step stops: a retry judges from
    there.
    """
    state = look(ctx, VERSION, STATUS)
    boot, reports = boot_of(state, ctx.clock.now()), _reports(state)
    now: Notes = {BOOT: boot.as_notes(), REPORTS: reports}
    if BOOT not in ctx.notes:
        return "", now
    before = ctx.notes.get(REPORTS)
    lost = f"and now reports by {reports} instead of {before}" if reports != before else ""
    if boot.newer_than(Boot.from_notes(ctx.notes[BOOT])):
        reason = state.boot.reload_reason or state.boot.returned_by if state.boot else None
        why = f" (last reload reason: {reason})" if reason else ""
        said = f"the router was reloaded while this step waited{why} {lost}".rstrip()
        return f"{said}; the step did not ask for that", now
    if lost and reports and before:
        return f"the router was configured anew while this step waited {lost}", now
    return "", {}


def _reports(state: RouterState) -> str | None:
    """Returns how the router reports, in words; unset where it does not show it."""
    shown = state.licensing.transport if state.licensing else None
    if shown is None or shown.kind is None:
        return None
    return f"{shown.kind} {shown.cslu_address}" if shown.cslu_address else str(shown.kind)
