"""Reservation before SLP, first half: allow it and take the request code to CSSM."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.folders import folder_name
from slp_core.state import Reservation, RouterState
from slp_core.steps.reservation import ReservationRequestParams
from slp_tasks.look import RESERVATION, STATUS, VERSION, look
from slp_tasks.outgoing import code_in, keep_code, outgoing
from slp_tasks.preconditions import BEFORE_SLP
from slp_tasks.sending import error_line, send
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out


class ReservationRequest(Step[ReservationRequestParams]):
    """Allows a reservation, and keeps the request code."""

    params = ReservationRequestParams

    def probe(self, ctx: StepContext[ReservationRequestParams]) -> Probe:
        state = look(ctx, VERSION, STATUS, RESERVATION)
        if reserved(state):
            return Probe("done", "a reservation is installed already: update that one")
        why_not = _why_not(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        if _enabled(state) and _taken(ctx, state):
            return Probe("done", f"the request code is in out/{outgoing(ctx).name}")
        sends = list(ctx.lines[_enabled(state) :])
        return Probe("ready", "asks for a request code", seen={"sends": sends})

    def act(self, ctx: StepContext[ReservationRequestParams]) -> Acted:
        if not _enabled(look(ctx, STATUS, RESERVATION)):
            ctx.session.configure(ctx.lines[:1])
        said = send(ctx, ctx.line, timeout=120)
        error, code = error_line(said), code_in(said)
        if error is not None or code is None:
            why = error or "it printed no request code"
            raise StepFailed(f"the router gave no request code: {why}", where=ctx.plan.router)
        keep_code(ctx, code)
        return Acted(True, "request code taken", {"requested": True})

    def confirm(self, ctx: StepContext[ReservationRequestParams]) -> Confirm:
        local = outgoing(ctx)
        if not _enabled(look(ctx, STATUS, RESERVATION)):
            return Confirm("failed", "license reservation is not enabled", code=StepFailed.code)
        if not local.is_file():
            return Confirm("failed", f"out/{local.name} is missing", code=StepFailed.code)
        return Confirm("confirmed", f"the request code is in out/{local.name}: enter it in CSSM")


def reserved(state: RouterState) -> bool:
    """Tells whether a reservation, specific or universal, is installed."""
    found = _reservation(state)
    status = (found.status or "").upper() if found else ""
    return "INSTALLED" in status and "NOT INSTALLED" not in status


def _reservation(state: RouterState) -> Reservation | None:
    return state.licensing.reservation if state.licensing else None


def _enabled(state: RouterState) -> bool:
    found = _reservation(state)
    return bool(found and found.enabled)


def _taken(ctx: StepContext[ReservationRequestParams], state: RouterState) -> bool:
    """Tells whether the request code is here: each names the router that printed it."""
    local = outgoing(ctx)
    udi = state.udi or ctx.plan.udi
    if not local.is_file() or udi is None:
        return False
    return f"{udi.pid}:{udi.sn}-" in local.read_text(encoding="utf-8", errors="replace")


def _why_not(state: RouterState) -> str | None:
    licensing = state.licensing
    if licensing is None or licensing.slp:
        return BEFORE_SLP
    registration = licensing.registration
    if registration is not None and registration.status.upper() == "REGISTERED":
        return "the router is registered: deregister it first"
    return None


def reservation_request(
    task: Task,
    files: Path,
    scope: Literal["local", "all", "universal"] = "local",
    file: str = "request_code.txt",
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: brings the host's request code to ``<files>/<host>/out/<file>``."""
    return carry_out(
        task,
        ReservationRequest(),
        {"scope": scope, "file": file},
        files=files / folder_name(task.host.name),
        **options,
    )
