"""SLAC across an air gap: the router's request leaves as a file, byte for byte (TOPO-AIRGAP)."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.plan import StepKind
from slp_tasks.barred import barred
from slp_tasks.licensing import authorized
from slp_tasks.look import ALL, AUTHORIZATION, STATUS, look
from slp_tasks.outgoing import bring_out, is_brought_out, on_flash, outgoing, outgoing_file
from slp_tasks.sending import digest_of, error_line, send
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_ANSWERS = (Answer("[confirm]", ""), Answer("[y/n]", "y"))
_KIND, _CALLED = "request", "authorization request"


class SlacRequest:
    """Params: ``file`` (name on flash and in ``out/``), ``feature``, ``scope``, ``mode``."""

    def probe(self, ctx: StepContext) -> Probe:
        state = look(ctx, STATUS, ALL, AUTHORIZATION)
        feature = ctx.step.params.get("feature", "hseck9")
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
        return Probe("ready", f"asks for {feature} by a file", seen={"sends": _commands(ctx)})

    def act(self, ctx: StepContext) -> Acted:
        for command in _commands(ctx):
            error = error_line(send(ctx, command, _ANSWERS, timeout=120))
            if error is not None:
                raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
        return Acted(True, "request saved", {"md5": bring_out(ctx)})

    def confirm(self, ctx: StepContext) -> Confirm:
        local = outgoing(ctx)
        if not local.is_file() or digest_of(local) != ctx.notes.get("md5"):
            return Confirm("failed", f"out/{local.name} is not the file that was saved")
        problem = _fits(ctx)
        if problem is not None:
            return Confirm("failed", problem, code=InputError.code)
        return Confirm("confirmed", f"out/{local.name} is the router's request, byte for byte")


def _fits(ctx: StepContext) -> str | None:
    """Returns why the file cannot be this router's request."""
    try:
        outgoing_file(ctx, _KIND, _CALLED)
    except InputError as error:
        return f"out/{outgoing(ctx).name}: {error.what}"
    return None


def _commands(ctx: StepContext) -> list[str]:
    p = ctx.step.params
    asks = f"{p.get('mode', 'add')} {p.get('feature', 'hseck9')} {p.get('scope', 'local')}"
    smart = "license smart authorization request"
    return [f"{smart} {asks}", f"{smart} save {on_flash(ctx)}"]


def slac_request(
    task: Task,
    files: Path,
    file: str = "slac_request",
    feature: str = "hseck9",
    scope: Literal["local", "all"] = "local",
    mode: Literal["add", "replace"] = "add",
    **options: Any,
) -> Result:
    """Nornir task: brings the host's request for a SLAC to ``<files>/<host>/out/<file>``."""
    return carry_out(
        task,
        SlacRequest(),
        StepKind.SLAC_REQUEST,
        {"file": file, "feature": feature, "scope": scope, "mode": mode},
        files=files / folder_name(task.host.name),
        deadline_s=600,
        **options,
    )
