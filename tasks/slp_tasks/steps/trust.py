"""Trust: a trust code by token; the token is resolved in the act and shown nowhere (F31, F34)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import SecretError, StepFailed
from slp_core.state import RouterState
from slp_core.steps.authorization import TrustParams
from slp_tasks.licensing import not_yet, send_smart, sent_at, with_token
from slp_tasks.look import STATUS, look
from slp_tasks.preconditions import barred
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_SECOND = 1.0


class Trust(Step[TrustParams]):
    """Asks CSSM for a trust code, unless one is there."""

    params = TrustParams

    def probe(self, ctx: StepContext[TrustParams]) -> Probe:
        state = look(ctx, STATUS)
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        installed = _installed(state)
        if installed is not None and (not ctx.params.force or _ours(ctx, installed)):
            return Probe("done", f"a trust code is installed since {installed:%Y-%m-%d %H:%M}")
        why_not = barred(state, asks=True)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        if not ctx.params.token:
            return Probe(
                "blocked",
                "no token is given: name a reference in topology.token",
                code=SecretError.code,
            )
        seen = {
            "before": installed.isoformat() if installed else None,
            "sends": list(ctx.lines),
        }
        return Probe("ready", "asks CSSM for a trust code", seen=seen)

    def act(self, ctx: StepContext[TrustParams]) -> Acted:
        noted = send_smart(ctx, with_token(ctx), hidden=True)
        return Acted(True, "trust code requested", noted)

    def confirm(self, ctx: StepContext[TrustParams]) -> Confirm:
        installed = _installed(look(ctx, STATUS))
        if installed is not None and (not ctx.params.force or _ours(ctx, installed)):
            return Confirm(
                "confirmed",
                f"trust code installed {installed:%Y-%m-%d %H:%M:%S}",
                seen={"installed_on": installed.isoformat()},
            )
        return not_yet(
            ctx, "the trust code", "TRUST_INSTALL_FAILED", "TRUST_CODE_INSTALL_FAILED", retry_in=10
        )


def _installed(state: RouterState) -> datetime | None:
    trust = state.licensing.trust if state.licensing else None
    return trust.installed_on if trust else None


def _ours(ctx: StepContext[TrustParams], installed: datetime) -> bool:
    """Tells whether a forced trust code is newer than our request, by the router's clock."""
    at = sent_at(ctx)
    before = ctx.notes.get("before")
    if at is None:
        return False
    return (at - installed).total_seconds() <= _SECOND and installed.isoformat() != before


def trust(
    task: Task,
    token: str,
    scope: Literal["local", "all"] = "local",
    force: bool = False,
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: has a trust code installed.

    Args:
        token: reference to the token (``env:NAME`` …), never the token.
    """
    params = {"token": token, "scope": scope, "force": force}
    return carry_out(task, Trust(), params, **options)
