"""Deregister: the router gives its registration back; an evaluation begins (B9-6, B9-18)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.steps.classic import DeregisterParams
from slp_tasks.licensing import send_smart
from slp_tasks.registration import is_registered, read_status, refused_here
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class Deregister(Step[DeregisterParams]):
    """Deregisters what is registered."""

    params = DeregisterParams

    def probe(self, ctx: StepContext[DeregisterParams]) -> Probe:
        status = read_status(ctx)
        refused = refused_here(status)
        if refused is not None:
            return Probe("blocked", refused)
        if not is_registered(status):
            return Probe("done", "the router is not registered")
        text = "deregisters: 30 days of evaluation begin"
        return Probe("ready", text, seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[DeregisterParams]) -> Acted:
        return Acted(True, "deregistered", send_smart(ctx, ctx.line))

    def confirm(self, ctx: StepContext[DeregisterParams]) -> Confirm:
        if is_registered(read_status(ctx)):
            return Confirm("pending", "the router still shows its registration", retry_in=10)
        return Confirm("confirmed", "the router is not registered any more")


def deregister(task: Task, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: deregisters the host."""
    return carry_out(task, Deregister(), **options)
