"""Register: Smart Licensing before SLP, by token; the answer comes later (B9-6, B9-9, F34)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import SecretError
from slp_core.parsing.commands.license_status import LicenseStatus
from slp_core.steps.classic import RegisterParams
from slp_tasks.licensing import not_yet, send_smart, sent_at, with_token
from slp_tasks.registration import is_registered, read_status, refused_here
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class Register(Step[RegisterParams]):
    """Registers with CSSM, unless it is registered."""

    params = RegisterParams

    def probe(self, ctx: StepContext[RegisterParams]) -> Probe:
        status = read_status(ctx)
        if _satisfied(ctx, status):
            return Probe("done", _told(status))
        refused = refused_here(status)
        if refused is not None:
            return Probe("blocked", refused)
        if not ctx.params.token:
            return Probe(
                "blocked",
                "no token is given: name a reference in topology.token",
                code=SecretError.code,
            )
        return Probe("ready", "registers with CSSM", seen={"sends": list(ctx.lines)})

    def act(self, ctx: StepContext[RegisterParams]) -> Acted:
        noted = send_smart(ctx, with_token(ctx), hidden=True)
        return Acted(True, "registration requested", noted)

    def confirm(self, ctx: StepContext[RegisterParams]) -> Confirm:
        status = read_status(ctx)
        if _satisfied(ctx, status):
            return Confirm("confirmed", _told(status))
        return not_yet(ctx, "the answer of CSSM", "AGENT_REG_FAILED", retry_in=10)


def _satisfied(ctx: StepContext[RegisterParams], status: LicenseStatus | None) -> bool:
    """Tells whether the router is registered; with ``force``, whether since our request."""
    if not is_registered(status):
        return False
    if not ctx.params.force:
        return True
    at = sent_at(ctx)
    initial = status.registration.initial if status and status.registration else None
    since = initial.at if initial else None
    return at is not None and since is not None and since >= at.replace(microsecond=0)


def _told(status: LicenseStatus | None) -> str:
    section = status.registration if status else None
    since = section.initial.at if section and section.initial else None
    return f"registered since {since:%Y-%m-%d %H:%M:%S}" if since else "registered"


def register(task: Task, token: str, force: bool = False, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: registers the host with CSSM, the way before SLP.

    Args:
        token: reference to the token (``env:NAME`` …), never the token.
        force: also where it is registered already.
    """
    params = {"token": token, "force": force}
    return carry_out(task, Register(), params, **options)
