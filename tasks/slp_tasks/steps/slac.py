"""SLAC: ask for the authorization of an export-controlled feature, and see it installed."""

from __future__ import annotations

from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.authorization import SlacParams
from slp_tasks.licensing import authorized, not_yet, send_smart
from slp_tasks.look import ALL, AUTHORIZATION, look
from slp_tasks.preconditions import barred
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class Slac(Step[SlacParams]):
    """Asks for the authorization, unless it is there."""

    params = SlacParams

    def probe(self, ctx: StepContext[SlacParams]) -> Probe:
        feature = ctx.params.feature
        state = look(ctx, ALL, AUTHORIZATION)
        if authorized(state, feature):
            return Probe("done", f"{feature} is authorized already")
        why_not = barred(state, asks=True)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        return Probe("ready", f"asks for {feature}", seen={"sends": list(ctx.lines)})

    def act(self, ctx: StepContext[SlacParams]) -> Acted:
        return Acted(True, "authorization requested", send_smart(ctx, ctx.line))

    def confirm(self, ctx: StepContext[SlacParams]) -> Confirm:
        feature = ctx.params.feature
        if authorized(look(ctx, ALL, AUTHORIZATION), feature):
            return Confirm("confirmed", f"{feature} is authorized")
        return not_yet(ctx, "the authorization code", "AUTHORIZATION_INSTALL_FAILED")


def slac(
    task: Task,
    feature: str = "hseck9",
    scope: Literal["local", "all"] = "local",
    mode: Literal["add", "replace"] = "add",
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: has ``feature`` authorized by whoever the host reports to."""
    params = {"feature": feature, "scope": scope, "mode": mode}
    return carry_out(task, Slac(), params, **options)
