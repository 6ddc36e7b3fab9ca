"""SLAC that the router asks for by itself after the upgrade: it is only awaited."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.steps.authorization import SlacWaitParams
from slp_tasks.licensing import authorized
from slp_tasks.look import ALL, AUTHORIZATION, LooksOnly, look
from slp_tasks.step import Probe, StepContext
from slp_tasks.task import TaskOptions, carry_out

_REMEDY = (
    "look for a free HSECK9 licence in CSSM and for the way to it; `slp slac` asks on its own, "
    "then `slp retry`"
)


class SlacWait(LooksOnly[SlacWaitParams]):
    """Never acts: a connected router asks when it is up (SLAC-5, SLAC-6)."""

    params = SlacWaitParams

    def probe(self, ctx: StepContext[SlacWaitParams]) -> Probe:
        feature = ctx.params.feature
        if authorized(look(ctx, ALL, AUTHORIZATION), feature):
            return Probe("done", f"{feature} is authorized")
        detail = f"{feature} is not authorized yet: the router asks for it by itself"
        return Probe("waiting", detail, retry_in=30, remedy=_REMEDY)


def slac_wait(task: Task, feature: str = "hseck9", **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: waits until ``feature`` is authorized, which the host asks for by itself."""
    return carry_out(task, SlacWait(), {"feature": feature}, **options)
