"""A step in a dry run: it looks, never waits, and shows every line that it would send.

A router is looked at as it is now. What comes after a step that was not carried out cannot be
looked at: there the lines come from the plan, and the step says so.
"""

from __future__ import annotations

from slp_core.errors import InputError
from slp_tasks.step import Notes, Probe, Step, StepContext

WOULD = "would_act"
"""Note of a step that was rehearsed and would have acted."""


def rehearse(step: Step, ctx: StepContext) -> Probe:
    """Returns the probe of a dry run: ``done``, ``blocked``, or ``ready`` with what it would send.

    ``seen["sends"]`` holds the lines; a secret stands in them by name.
    """
    ahead = any(notes.get(WOULD) for notes in ctx.earlier.values())
    try:
        probe = step.probe(ctx)
    except InputError as error:
        if not ahead and ctx.step.waits_for != "person":
            raise
        probe = Probe("waiting", error.what)
    if probe.state == "done" and not (ahead and ctx.step.facts.again):
        return probe
    if probe.state == "blocked" and not ahead:
        return probe
    if ctx.step.facts.only_looks:
        return Probe("ready", probe.detail, seen={"sends": []})
    if probe.state == "ready" and "sends" in probe.seen:
        return Probe("ready", probe.detail, seen={**probe.seen, WOULD: True})
    waits = f"would wait: {probe.detail}" if probe.state == "waiting" else probe.detail
    told = f"after the steps before it; now: {probe.detail}" if ahead else waits
    seen: Notes = {"sends": list(step.planned(ctx)), WOULD: True, "from_plan": True}
    return Probe("ready", told, seen=seen)
