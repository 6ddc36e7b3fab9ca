"""Factory reset: licence data is forgotten; a reload that saves nothing must follow (ONPREM-7)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.state import Licensing
from slp_core.steps.classic import FactoryResetParams
from slp_tasks.look import ALL, AUTHORIZATION, look
from slp_tasks.sending import YES, error_line, send
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class FactoryReset(Step[FactoryResetParams]):
    """Resets the licence data once, where there is any."""

    params = FactoryResetParams

    def probe(self, ctx: StepContext[FactoryResetParams]) -> Probe:
        if ctx.notes.get("reset"):
            return Probe("done", "the licence data was reset")
        licensing = look(ctx, ALL, AUTHORIZATION).licensing
        if not (licensing and licensing.slp):
            return Probe("blocked", "the router does not run Smart Licensing Using Policy")
        if not ctx.params.always and _is_bare(licensing):
            return Probe("done", "the router holds neither trust, acknowledgement nor code")
        return Probe("ready", "resets the licence data", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[FactoryResetParams]) -> Acted:
        said = send(ctx, ctx.line, (YES,), timeout=120)
        error = error_line(said)
        if error is not None:
            raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
        return Acted(True, "licence data reset", {"reset": True})

    def confirm(self, ctx: StepContext[FactoryResetParams]) -> Confirm:
        if not ctx.notes.get("reset"):
            return Confirm("failed", "nothing shows that the licence data was reset")
        licensing = look(ctx, ALL, AUTHORIZATION).licensing
        left = "" if licensing is None or _is_bare(licensing) else "; some of it shows until then"
        return Confirm("confirmed", f"reset; complete with the reload{left}")


def _is_bare(licensing: Licensing) -> bool:
    """Tells whether nothing is shown that a reset would take away."""
    trust, reporting = licensing.trust, licensing.reporting
    authorization = licensing.authorization
    held = (
        trust.installed_on if trust else None,
        reporting.last_ack if reporting else None,
        reporting.last_report_push if reporting else None,
        *(m.installed_on for m in (authorization.members or () if authorization else ())),
    )
    return not any(held)


def factory_reset(task: Task, always: bool = False, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: resets the host's licence data; reload it afterwards without saving."""
    return carry_out(task, FactoryReset(), {"always": always}, **options)
