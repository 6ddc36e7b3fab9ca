"""Looks of a step that waits: was the router reloaded or reset by hand meanwhile?"""

from __future__ import annotations

from dataclasses import replace

from slp_core.errors import ConnectFailed, DeadlineExceeded, SessionLost, StepFailed
from slp_core.state import RouterState
from slp_core.steps.around import PersonParams
from slp_tasks.look import STATUS, VERSION, Boot, boot_of, look
from slp_tasks.step import Confirm, Notes, Probe, StepContext

BOOT = "boot_waiting"
REPORTS = "reports_waiting"
_AGAIN = "find out who did it and why; `slp retry` looks at the router anew and goes on from there"


def probed(ctx: StepContext, found: Probe) -> Probe:
    """Returns what a probe found; blocked where a step that waits is overtaken by a person.

    What is ready to act is compared from here on: the first look after the act may come late. A
    step that waits for a person looks when it begins, and when the person has answered.
    """
    for_person = isinstance(ctx.step.params, PersonParams)
    if ctx.dry_run or not (for_person or ctx.step.facts.watched):
        return found
    if found.state == "ready":
        return replace(found, seen={**found.seen, **_now(ctx)[1]})
    if for_person:
        answered = ctx.confirmed and found.state in ("waiting", "done")
        if not answered and (found.state != "waiting" or BOOT in ctx.notes):
            return found
        if not answered:
            return replace(found, seen={**found.seen, **_where_it_answers(ctx)})
    elif found.state != "waiting":
        return found
    said, seen = _changed(ctx)
    if said:
        return Probe("blocked", said, seen=seen, code=StepFailed.code, remedy=_AGAIN)
    return replace(found, seen={**found.seen, **seen})


def confirmed(ctx: StepContext, found: Confirm) -> Confirm:
    """Returns what a confirm found; failed where a step that waits is overtaken by a person.

    What a step finds wrong on such a router is what was done to it.
    """
    if found.state == "confirmed" or not ctx.step.facts.watched:
        return found
    said, seen = _changed(ctx)
    if said:
        return Confirm("failed", said, seen=seen, code=StepFailed.code, remedy=_AGAIN)
    return replace(found, seen={**found.seen, **seen})


def _now(ctx: StepContext) -> tuple[RouterState, Notes]:
    """Returns what the router shows, and what of it later looks are compared with."""
    state = look(ctx, VERSION, STATUS)
    boot = boot_of(state, ctx.clock.now())
    return state, {BOOT: boot.as_notes(), REPORTS: _reports(state)}


def _where_it_answers(ctx: StepContext) -> Notes:
    """Returns what to compare with; nothing of a router that is out of reach: it may wait so."""
    try:
        return _now(ctx)[1]
    except (ConnectFailed, SessionLost, DeadlineExceeded):
        return {}


def _changed(ctx: StepContext) -> tuple[str, Notes]:
    """Returns what happened to the router since the step waits, and what it shows now.

    What it shows is noted before the act, or at the first look, and anew when the step stops: a
    retry judges from there. Where a person is asked to change how it reports, that is no change.
    """
    state, now = _now(ctx)
    if BOOT not in ctx.notes:
        return "", now
    reports, before = now[REPORTS], ctx.notes.get(REPORTS)
    if isinstance(ctx.step.params, PersonParams) and ctx.step.params.shows:
        before = reports
    lost = f"and now reports by {reports} instead of {before}" if reports != before else ""
    if Boot.from_notes(now[BOOT]).newer_than(Boot.from_notes(ctx.notes[BOOT])):
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
