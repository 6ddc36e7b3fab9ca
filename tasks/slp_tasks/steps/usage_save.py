"""Save usage: the report leaves the router byte for byte, proven by hash on both sides (F24)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.planner.collecting import usage_file
from slp_core.state import RouterState
from slp_core.steps.usage import UsageSaveParams
from slp_tasks.look import STATUS, VERSION, file_time, look
from slp_tasks.outgoing import bring_out, is_brought_out, outgoing, outgoing_file
from slp_tasks.preconditions import barred
from slp_tasks.sending import digest_of, error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.steps.usage_sync import last_ack
from slp_tasks.task import PlannedOptions, carry_out
from slp_tasks.usage_rest import asks, by_rest, fetch, is_fetched

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"))


class UsageSave(Step[UsageSaveParams]):
    """Brings the report out, by the CLI and SCP or by the REST interface (``usage_rest``)."""

    params = UsageSaveParams

    def probe(self, ctx: StepContext[UsageSaveParams]) -> Probe:
        state = look(ctx, VERSION, STATUS, f"dir {ctx.flash}")
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        local = outgoing(ctx)
        if by_rest(ctx):
            return _probe_rest(ctx)
        if is_brought_out(ctx) and _fits(ctx) is None and not _answered(ctx, state):
            return Probe("done", f"out/{local.name} is the router's report, byte for byte")
        seen = {"before": ctx.notes.get("before", _written(ctx, state))}
        if "before" in ctx.notes and _written(ctx, state) != seen["before"]:
            return Probe(
                "ready", "brings out what it had saved", seen={**seen, "saved": True, "sends": []}
            )
        return Probe("ready", "saves usage to a file", seen={**seen, "sends": [ctx.line]})

    def act(self, ctx: StepContext[UsageSaveParams]) -> Acted:
        if by_rest(ctx):
            there = fetch(ctx)
            reports = outgoing_file(ctx, "usage", "usage report").reports
            return Acted(True, f"{reports} reports fetched", {"md5": there, "reports": reports})
        if not ctx.notes.get("saved"):
            said = send(ctx, ctx.line, _ANSWERS, timeout=300)
            error = error_line(said)
            if error is not None:
                raise StepFailed(f"the router did not save usage: {error}", where=ctx.plan.router)
        there = bring_out(ctx)
        reports = outgoing_file(ctx, "usage", "usage report").reports
        return Acted(True, f"{reports} reports saved", {"md5": there, "reports": reports})

    def confirm(self, ctx: StepContext[UsageSaveParams]) -> Confirm:
        local = outgoing(ctx)
        if not local.is_file() or digest_of(local) != ctx.notes.get("md5"):
            return Confirm("failed", f"out/{local.name} is not the file that was saved")
        problem = _fits(ctx)
        if problem is not None:
            return Confirm("failed", problem)
        return Confirm("confirmed", f"out/{local.name} is the router's report, byte for byte")

    def planned(self, ctx: StepContext[UsageSaveParams]) -> tuple[str, ...]:
        """Returns the line, or what is asked of the REST interface."""
        return tuple(asks(ctx)) if by_rest(ctx) else ctx.lines


def _written(ctx: StepContext[UsageSaveParams], state: RouterState) -> str | None:
    """Returns when the file on flash was written: another time later means that we saved it."""
    at = file_time(state, outgoing(ctx).name)
    return at.isoformat() if at else None


def _probe_rest(ctx: StepContext[UsageSaveParams]) -> Probe:
    local = outgoing(ctx)
    if is_fetched(ctx) and _fits(ctx) is None:
        return Probe("done", f"out/{local.name} holds the router's reports as it sent them")
    return Probe("ready", "fetches usage by the REST interface", seen={"sends": asks(ctx)})


def _answered(ctx: StepContext[UsageSaveParams], state: RouterState) -> bool:
    """Tells whether the report on flash was acknowledged: what came since is in no file yet."""
    if ctx.notes.get("md5"):
        return False  # this very step saved it
    last = last_ack(state)
    written = file_time(state, outgoing(ctx).name)
    return last is not None and written is not None and last > written


def _fits(ctx: StepContext[UsageSaveParams]) -> str | None:
    """Returns why the file cannot be this router's report."""
    try:
        outgoing_file(ctx, "usage", "usage report")
    except InputError as error:
        return f"out/{outgoing(ctx).name}: {error.what}"
    return None


def usage_save(
    task: Task,
    files: Path,
    file: str | None = None,
    what: Literal["unreported", "all", "days", "rum-id"] = "unreported",
    days: int | None = None,
    rum_id: int | None = None,
    by: Literal["cli", "rest"] | None = None,
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: brings the host's usage report to ``<files>/<host>/out/<file>``.

    Args:
        file: left out, its name says which reports it holds.
        by: the CLI and SCP, or the router's REST interface; left out, the inventory says.
    """
    params: dict[str, Any] = {"file": file or usage_file(what, days or rum_id), "what": what}
    params |= {k: v for k, v in (("days", days), ("rum_id", rum_id), ("by", by)) if v is not None}
    return carry_out(
        task,
        UsageSave(),
        params,
        files=files / folder_name(task.host.name),
        **options,
    )
