"""Return of a SLAC: the licence goes back to the account; the return code is kept for CSSM."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.folders import folder_name
from slp_core.state import RouterState
from slp_core.steps.authorization import SlacReturnParams
from slp_tasks.look import ALL, AUTHORIZATION, look
from slp_tasks.outgoing import code_in, keep_code, on_flash, outgoing
from slp_tasks.sending import error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"), Answer("[yes/no]:", "yes"))


class SlacReturn(Step[SlacReturnParams]):
    """Gives the authorization back, and keeps the return code.

    Offline the code is also written to flash: it is printed once, and a lost session must not
    lose it.
    """

    params = SlacReturnParams

    def probe(self, ctx: StepContext[SlacReturnParams]) -> Probe:
        if installed(look(ctx, ALL, AUTHORIZATION)):
            return Probe("ready", "gives the authorization back", seen={"sends": [ctx.line]})
        if not ctx.notes.get("sends") or outgoing(ctx).is_file() or not _offline(ctx):
            return Probe("done", "no authorization code is installed")
        return Probe("ready", "returned before; fetches the code that CSSM needs")

    def act(self, ctx: StepContext[SlacReturnParams]) -> Acted:
        if not installed(look(ctx, ALL, AUTHORIZATION)):
            _fetch(ctx)
            return Acted(False, "the return code is fetched from flash")
        said = send(ctx, ctx.line, _ANSWERS, timeout=120)
        error = error_line(said)
        if error is not None:
            raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
        code = code_in(said)
        if code is not None:
            keep_code(ctx, code)
        elif _offline(ctx):
            _fetch(ctx)
        return Acted(True, "authorization returned")

    def confirm(self, ctx: StepContext[SlacReturnParams]) -> Confirm:
        if installed(look(ctx, ALL, AUTHORIZATION)):
            return Confirm("pending", "the authorization is still shown as installed", retry_in=15)
        local = outgoing(ctx)
        if _offline(ctx) and not local.is_file():
            return Confirm("failed", f"the return code is not in out/{local.name}")
        where = f"; its return code is in out/{local.name}" if local.is_file() else ""
        return Confirm("confirmed", f"no authorization code is installed{where}")


def installed(state: RouterState) -> bool:
    """Tells whether any authorization code is installed."""
    authorization = state.licensing.authorization if state.licensing else None
    members = authorization.members or () if authorization else ()
    return any(
        m.status and m.status.endswith("INSTALLED") and not m.status.startswith("NOT")
        for m in members
    )


def _offline(ctx: StepContext[SlacReturnParams]) -> bool:
    return ctx.params.how == "offline"


def _fetch(ctx: StepContext[SlacReturnParams]) -> None:
    ctx.session.get(on_flash(ctx), outgoing(ctx), timeout=ctx.clock.patience(600))


def slac_return(
    task: Task,
    files: Path,
    how: Literal["online", "offline"] = "offline",
    scope: Literal["local", "all"] = "local",
    file: str = "slac_return_code.txt",
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: gives the host's authorization back.

    Offline, a person enters the code in ``<files>/<host>/out/<file>`` in CSSM.
    """
    return carry_out(
        task,
        SlacReturn(),
        {"how": how, "scope": scope, "file": file},
        files=files / folder_name(task.host.name),
        **options,
    )
