"""Save: the running configuration becomes the startup configuration."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.around import WRITE_MEMORY, SaveConfigParams
from slp_tasks.look import STARTUP, configuration
from slp_tasks.sending import send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[startup-config]?", ""))


class SaveConfig(Step[SaveConfigParams]):
    """Saves only what is not saved yet."""

    params = SaveConfigParams

    def probe(self, ctx: StepContext[SaveConfigParams]) -> Probe:
        differing = _differing(ctx)
        if not differing:
            return Probe("done", "the configuration is saved already")
        return Probe("ready", f"{differing} lines are not saved", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[SaveConfigParams]) -> Acted:
        write_memory(ctx)
        return Acted(changed=True, detail="saved", noted={"saved": True})

    def confirm(self, ctx: StepContext[SaveConfigParams]) -> Confirm:
        differing = _differing(ctx)
        if differing and not ctx.notes.get("saved"):
            return Confirm("failed", f"{differing} lines are still not saved")
        if differing:
            return Confirm("confirmed", f"saved; {differing} lines never show in startup-config")
        return Confirm("confirmed", "running and startup configuration are the same")


def write_memory(ctx: StepContext) -> None:
    """Saves the configuration.

    Raises:
        StepFailed: the router does not say that it did.
    """
    said = send(ctx, WRITE_MEMORY, _ANSWERS, timeout=180)
    if "[OK]" not in said:
        raise StepFailed(
            "the router did not confirm that the configuration was saved",
            where=ctx.plan.router,
            remedy="see `write memory` on its console",
        )


def _differing(ctx: StepContext[SaveConfigParams]) -> int:
    running, startup = configuration(ctx), configuration(ctx, STARTUP)
    return 0 if running == startup else max(len(set(running) ^ set(startup)), 1)


def save_config(task: Task, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: saves the host's configuration if it is not saved."""
    return carry_out(task, SaveConfig(), **options)
