"""DLC, first wait: conversion data is collected about an hour after the upgrade (DLC-3, DLC-4)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.usage import DlcWaitParams
from slp_tasks.look import ALL, DLC, LooksOnly, look
from slp_tasks.step import Probe, StepContext
from slp_tasks.task import TaskOptions, carry_out

REMEDY = (
    "it stays outstanding: look at `show platform software license dlc` and, if it does not move, "
    "ask Cisco TAC; `slp retry` waits on"
)


class DlcWait(LooksOnly[DlcWaitParams]):
    """Never acts: the router starts the collection by itself."""

    params = DlcWaitParams

    def probe(self, ctx: StepContext[DlcWaitParams]) -> Probe:
        state = look(ctx, DLC, ALL)
        licensing = state.licensing
        dlc = licensing.dlc if licensing else None
        if dlc is not None and (dlc.process_status or "").lower() == "completed":
            outcome = (dlc.conversion_status or "").upper()
            if outcome == "SUCCESS":
                return Probe("done", "conversion data is collected")
            return Probe(
                "blocked",
                f"the collection ended with {outcome or 'no result'}",
                code=StepFailed.code,
                remedy=REMEDY,
            )
        if licensing is not None and (licensing.conversion_status or "").startswith("Successful"):
            return Probe("done", "the conversion is acknowledged already")
        said = dlc.process_status if dlc and dlc.process_status else "not begun"
        detail = f"conversion data is not collected yet ({said})"
        return Probe("waiting", detail, retry_in=240, remedy=REMEDY)


def dlc_wait(task: Task, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: waits until the host has collected its conversion data."""
    return carry_out(task, DlcWait(), **options)
