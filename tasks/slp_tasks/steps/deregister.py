"""Deregister: the router gives its registration back; an evaluation begins (B9-6, B9-18)."""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_core.plan import StepKind
from slp_tasks.licensing import send_smart
from slp_tasks.registration import is_registered, read_status, refused_here
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

COMMAND = "license smart deregister"


class Deregister:
    """No params."""

    def probe(self, ctx: StepContext) -> Probe:
        status = read_status(ctx)
        refused = refused_here(status)
        if refused is not None:
            return Probe("blocked", refused)
        if not is_registered(status):
            return Probe("done", "the router is not registered")
        text = "deregisters: 30 days of evaluation begin"
        return Probe("ready", text, seen={"sends": [COMMAND]})

    def act(self, ctx: StepContext) -> Acted:
        return Acted(True, "deregistered", send_smart(ctx, COMMAND))

    def confirm(self, ctx: StepContext) -> Confirm:
        if is_registered(read_status(ctx)):
            return Confirm("pending", "the router still shows its registration", retry_in=10)
        return Confirm("confirmed", "the router is not registered any more")


def deregister(task: Task, **options: Any) -> Result:
    """Nornir task: deregisters the host."""
    options.setdefault("deadline_s", 600.0)
    return carry_out(task, Deregister(), StepKind.DEREGISTER, **options)
