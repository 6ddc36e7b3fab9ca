"""Save usage: the report leaves the router byte for byte, proven by hash on both sides (F24)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.plan import StepKind
from slp_tasks.outgoing import bring_out, on_flash, outgoing, outgoing_file
from slp_tasks.sending import digest_of, digest_on_router, error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"))


class UsageSave:
    """Params: ``file`` (name on flash and in ``out/``), ``what`` (unreported or all)."""

    def probe(self, ctx: StepContext) -> Probe:
        local = outgoing(ctx)
        if local.is_file():
            here, noted = digest_of(local), ctx.notes.get("md5")
            there = noted or digest_on_router(ctx, on_flash(ctx))
            if here == there and _fits(ctx) is None:
                return Probe("done", f"out/{local.name} is the router's report, byte for byte")
        return Probe("ready", "saves usage to a file", seen={"sends": [_command(ctx)]})

    def act(self, ctx: StepContext) -> Acted:
        said = send(ctx, _command(ctx), _ANSWERS, timeout=300)
        error = error_line(said)
        if error is not None:
            raise StepFailed(f"the router did not save usage: {error}", where=ctx.plan.router)
        there = bring_out(ctx)
        reports = outgoing_file(ctx, "usage", "usage report").reports
        return Acted(True, f"{reports} reports saved", {"md5": there, "reports": reports})

    def confirm(self, ctx: StepContext) -> Confirm:
        local = outgoing(ctx)
        if not local.is_file() or digest_of(local) != ctx.notes.get("md5"):
            return Confirm("failed", f"out/{local.name} is not the file that was saved")
        problem = _fits(ctx)
        if problem is not None:
            return Confirm("failed", problem)
        return Confirm("confirmed", f"out/{local.name} is the router's report, byte for byte")


def _command(ctx: StepContext) -> str:
    what = ctx.step.params.get("what") or "unreported"
    return f"license smart save usage {what} file {on_flash(ctx)}"


def _fits(ctx: StepContext) -> str | None:
    """Returns why the file cannot be this router's report."""
    try:
        outgoing_file(ctx, "usage", "usage report")
    except InputError as error:
        return f"out/{outgoing(ctx).name}: {error.what}"
    return None


def usage_save(
    task: Task,
    files: Path,
    file: str = "usage_report",
    what: Literal["unreported", "all"] = "unreported",
    **options: Any,
) -> Result:
    """Nornir task: brings the host's usage report to ``<files>/<host>/out/<file>``."""
    return carry_out(
        task,
        UsageSave(),
        StepKind.USAGE_SAVE,
        {"file": file, "what": what},
        files=files / task.host.name,
        deadline_s=600,
        **options,
    )
