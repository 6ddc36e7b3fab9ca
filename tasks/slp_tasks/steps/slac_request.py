"""SLAC across an air gap: the router's request leaves as a file, byte for byte (TOPO-AIRGAP)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.steps.authorization import SlacRequestParams
from slp_tasks.licensing import authorized
from slp_tasks.look import ALL, AUTHORIZATION, STATUS, look
from slp_tasks.outgoing import bring_out, is_brought_out, outgoing, outgoing_file
from slp_tasks.preconditions import barred
from slp_tasks.sending import digest_of, error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"))
_KIND, _CALLED = "request", "authorization request"


class SlacRequest(Step[SlacRequestParams]):
    """Asks for the authorization by a file, and brings it out."""

    params = SlacRequestParams

    def probe(self, ctx: StepContext[SlacRequestParams]) -> Probe:
        state = look(ctx, STATUS, ALL, AUTHORIZATION)
        feature = ctx.params.feature
        if authorized(state, feature):
            return Probe("done", f"{feature} is authorized already")
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        transport = state.licensing.transport if state.licensing else None
        kind = transport.kind if transport else None
        if kind not in (None, "off"):
            said = f"the transport is {kind}: a request would go there, not into the file"
            return Probe("blocked", said, code=StepFailed.code)
        local = outgoing(ctx)
        if is_brought_out(ctx) and _fits(ctx) is None:
            return Probe("done", f"out/{local.name} is the router's request, byte for byte")
        return Probe("ready", f"asks for {feature} by a file", seen={"sends": list(ctx.lines)})

    def act(self, ctx: StepContext[SlacRequestParams]) -> Acted:
        for command in ctx.lines:
            error = error_line(send(ctx, command, _ANSWERS, timeout=120))
            if error is not None:
                raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
        return Acted(True, "request saved", {"md5": bring_out(ctx)})

    def confirm(self, ctx: StepContext[SlacRequestParams]) -> Confirm:
        local = outgoing(ctx)
        if not local.is_file() or digest_of(local) != ctx.notes.get("md5"):
            return Confirm("failed", f"out/{local.name} is not the file that was saved")
        problem = _fits(ctx)
        if problem is not None:
            return Confirm("failed", problem, code=InputError.code)
        return Confirm("confirmed", f"out/{local.name} is the router's request, byte for byte")


def _fits(ctx: StepContext[SlacRequestParams]) -> str | None:
    """Returns why the file cannot be this router's request."""
    try:
        outgoing_file(ctx, _KIND, _CALLED)
    except InputError as error:
        return f"out/{outgoing(ctx).name}: {error.what}"
    return None


def slac_request(
    task: Task,
    files: Path,
    file: str = "slac_request",
    feature: str = "hseck9",
    scope: Literal["local", "all"] = "local",
    mode: Literal["add", "replace"] = "add",
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: brings the host's request for a SLAC to ``<files>/<host>/out/<file>``."""
    return carry_out(
        task,
        SlacRequest(),
        {"file": file, "feature": feature, "scope": scope, "mode": mode},
        files=files / folder_name(task.host.name),
        **options,
    )
