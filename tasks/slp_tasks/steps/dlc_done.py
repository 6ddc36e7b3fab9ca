"""DLC, second wait: CSSM has booked the conversion (DLC-4, DLC-6, F39)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.usage import DlcDoneParams
from slp_tasks.look import ALL, LooksOnly, look
from slp_tasks.step import Probe, StepContext
from slp_tasks.task import TaskOptions, carry_out

_REMEDY = (
    "look in CSSM whether the conversion arrived; `slp usage sync` sends it again, then `slp retry`"
)


class DlcDone(LooksOnly[DlcDoneParams]):
    """Never acts: the acknowledgement comes with the answer to a usage report, or trails it."""

    params = DlcDoneParams

    def probe(self, ctx: StepContext[DlcDoneParams]) -> Probe:
        licensing = look(ctx, ALL).licensing
        status = (licensing.conversion_status if licensing else None) or "not shown"
        if status.startswith("Successful"):
            on = licensing.conversion_on if licensing else None
            return Probe("done", f"converted {on:%Y-%m-%d %H:%M}" if on else "converted")
        if status.lower().startswith("fail"):
            return Probe("blocked", f"the conversion failed ({status})", code=StepFailed.code)
        detail = f"the conversion is outstanding ({status})"
        return Probe("waiting", detail, retry_in=120, remedy=_REMEDY)


def dlc_done(task: Task, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: waits until the host's conversion is acknowledged."""
    return carry_out(task, DlcDone(), **options)
