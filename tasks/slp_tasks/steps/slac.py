"""SLAC: ask for the authorization of an export-controlled feature, and see it installed."""

from __future__ import annotations

from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.plan import StepKind
from slp_tasks.barred import barred
from slp_tasks.licensing import authorized, not_yet, send_smart
from slp_tasks.look import ALL, AUTHORIZATION, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out


class Slac:
    """Params: ``feature``, ``scope``, ``mode`` (add or replace)."""

    def probe(self, ctx: StepContext) -> Probe:
        feature = ctx.step.params.get("feature", "hseck9")
        state = look(ctx, ALL, AUTHORIZATION)
        if authorized(state, feature):
            return Probe("done", f"{feature} is authorized already")
        why_not = barred(state, asks=True)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        return Probe("ready", f"asks for {feature}", seen={"sends": [_command(ctx)]})

    def act(self, ctx: StepContext) -> Acted:
        return Acted(True, "authorization requested", send_smart(ctx, _command(ctx)))

    def confirm(self, ctx: StepContext) -> Confirm:
        feature = ctx.step.params.get("feature", "hseck9")
        if authorized(look(ctx, ALL, AUTHORIZATION), feature):
            return Confirm("confirmed", f"{feature} is authorized")
        return not_yet(ctx, "the authorization code", "AUTHORIZATION_INSTALL_FAILED")


def _command(ctx: StepContext) -> str:
    p = ctx.step.params
    return (
        f"license smart authorization request {p.get('mode', 'add')} "
        f"{p.get('feature', 'hseck9')} {p.get('scope', 'local')}"
    )


def slac(
    task: Task,
    feature: str = "hseck9",
    scope: Literal["local", "all"] = "local",
    mode: Literal["add", "replace"] = "add",
    **options: Any,
) -> Result:
    """Nornir task: has ``feature`` authorized by whoever the host reports to."""
    params = {"feature": feature, "scope": scope, "mode": mode}
    return carry_out(task, Slac(), StepKind.SLAC, params, **options)
