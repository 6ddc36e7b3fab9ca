"""Trust: a trust code by token; the token is resolved in the act and shown nowhere (F31, F34)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import SecretError, StepFailed
from slp_core.plan import StepKind
from slp_core.state import RouterState
from slp_tasks.barred import barred
from slp_tasks.licensing import not_yet, send_smart, sent_at, token_of
from slp_tasks.look import STATUS, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_SECOND = 1.0


class Trust:
    """Params: ``token`` (reference), ``scope``, ``force``."""

    def probe(self, ctx: StepContext) -> Probe:
        state = look(ctx, STATUS)
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        installed = _installed(state)
        if installed is not None and (not ctx.step.params.get("force") or _ours(ctx, installed)):
            return Probe("done", f"a trust code is installed since {installed:%Y-%m-%d %H:%M}")
        why_not = barred(state, asks=True)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        if not ctx.step.params.get("token"):
            return Probe(
                "blocked",
                "no token is given: name a reference in topology.token",
                code=SecretError.code,
            )
        seen = {
            "before": installed.isoformat() if installed else None,
            "sends": [_command(ctx, "TOKEN")],
        }
        return Probe("ready", "asks CSSM for a trust code", seen=seen)

    def act(self, ctx: StepContext) -> Acted:
        noted = send_smart(ctx, _command(ctx, token_of(ctx)), hidden=True)
        return Acted(True, "trust code requested", noted)

    def confirm(self, ctx: StepContext) -> Confirm:
        installed = _installed(look(ctx, STATUS))
        if installed is not None and (not ctx.step.params.get("force") or _ours(ctx, installed)):
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


def _ours(ctx: StepContext, installed: datetime) -> bool:
    """Tells whether a forced trust code is newer than our request, by the router's clock."""
    at = sent_at(ctx)
    before = ctx.notes.get("before")
    if at is None:
        return False
    return (at - installed).total_seconds() <= _SECOND and installed.isoformat() != before


def _command(ctx: StepContext, token: str) -> str:
    scope = ctx.step.params.get("scope") or "local"
    if scope not in ("local", "all"):
        raise StepFailed(f"the scope {scope!r} is neither local nor all", where=ctx.plan.router)
    force = " force" if ctx.step.params.get("force") else ""
    return f"license smart trust idtoken {token} {scope}{force}"


def trust(
    task: Task,
    token: str,
    scope: Literal["local", "all"] = "local",
    force: bool = False,
    **options: Any,
) -> Result:
    """Nornir task: has a trust code installed.

    Args:
        token: reference to the token (``env:NAME`` …), never the token.
    """
    params = {"token": token, "scope": scope, "force": force}
    return carry_out(task, Trust(), StepKind.TRUST, params, **options)
