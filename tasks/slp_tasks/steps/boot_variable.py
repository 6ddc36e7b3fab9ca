"""Bundle mode: which image boots next. What booted before stays as the second choice."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.image import BootVariableParams
from slp_tasks.look import RUNNING, configuration, is_on_router
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class BootVariable(Step[BootVariableParams]):
    """Puts the file first; what booted before stays as the second choice."""

    params = BootVariableParams

    def probe(self, ctx: StepContext[BootVariableParams]) -> Probe:
        file = ctx.params.file
        before = boot_lines(ctx)
        if before and _names(before[0], file):
            return Probe("done", f"{file} boots first already")
        if not ctx.params.later and not is_on_router(ctx, file):
            return Probe("blocked", f"{file} is not there", code=StepFailed.code)
        lines = _wanted(file, before)
        return Probe("ready", f"boots {file} first", seen={"before": before, "sends": lines})

    def act(self, ctx: StepContext[BootVariableParams]) -> Acted:
        ctx.session.configure(_wanted(ctx.params.file, boot_lines(ctx)))
        return Acted(True, f"{ctx.params.file} boots first")

    def confirm(self, ctx: StepContext[BootVariableParams]) -> Confirm:
        lines = boot_lines(ctx)
        if not lines or not _names(lines[0], ctx.params.file):
            return Confirm("failed", f"`{lines[0] if lines else 'nothing'}` boots first")
        return Confirm("confirmed", f"`{lines[0]}` boots first")


def boot_lines(ctx: StepContext, command: str = RUNNING) -> list[str]:
    """Returns the ``boot system`` lines of a configuration, in order."""
    return [line for line in configuration(ctx, command) if line.startswith("boot system ")]


def _names(line: str, file: str) -> bool:
    return line.split()[-1].replace(":/", ":") == file.replace(":/", ":")


def _wanted(file: str, before: list[str]) -> list[str]:
    """Returns the lines that put ``file`` first, in the form that the router has already."""
    form = "boot system flash " if before and before[0].startswith("boot system flash ") else ""
    rest = [line for line in before if not _names(line, file)]
    return [*(f"no {line}" for line in before), f"{form or 'boot system '}{file}", *rest]


def boot_variable(
    task: Task, file: str, later: bool = False, **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: has ``file`` boot first; the configuration is not saved by this.

    Args:
        later: an install writes the file yet, such as ``bootflash:packages.conf`` (UP-2).
    """
    params = {"file": file, "later": later}
    return carry_out(task, BootVariable(), params, **options)
