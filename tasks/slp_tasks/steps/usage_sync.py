"""Synchronise: report usage and see the acknowledgement of *this* report (REP-7, REP-9, F37)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.rules.reporting import conversion_unsent, synchronised
from slp_core.state import RouterState
from slp_core.steps.usage import UsageSyncParams
from slp_tasks.licensing import not_yet, send_smart, sent_at
from slp_tasks.look import ALL, DLC, VERSION, look
from slp_tasks.preconditions import barred
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_SECOND = 1.0


class UsageSync(Step[UsageSyncParams]):
    """Reports what is not reported, or not acknowledged."""

    params = UsageSyncParams

    def probe(self, ctx: StepContext[UsageSyncParams]) -> Probe:
        state = look(ctx, VERSION, ALL, DLC)
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        last = last_ack(state)
        at = sent_at(ctx)
        if last is not None and (acknowledged(last, at) if at else synchronised(state)):
            return Probe("done", f"acknowledged {last:%Y-%m-%d %H:%M:%S}")
        if not ctx.params.answer and _reported(state):
            return Probe("done", "everything is reported already")
        why_not = barred(state, asks=True)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        seen = {"before": last.isoformat() if last else None, "sends": list(ctx.lines)}
        return Probe("ready", "reports usage", seen=seen)

    def act(self, ctx: StepContext[UsageSyncParams]) -> Acted:
        return Acted(True, "usage reported", send_smart(ctx, ctx.line))

    def confirm(self, ctx: StepContext[UsageSyncParams]) -> Confirm:
        state = look(ctx, VERSION, ALL, DLC)
        if not ctx.params.answer:
            at, pushed = sent_at(ctx), _pushed(state)
            if pushed is not None and acknowledged(pushed, at):
                return Confirm("confirmed", f"reported {pushed:%Y-%m-%d %H:%M:%S}")
            return not_yet(ctx, "the report to leave", "COMM_FAILED", retry_in=15)
        last = last_ack(state)
        if last is not None and acknowledged(last, sent_at(ctx)):
            return Confirm(
                "confirmed",
                f"acknowledged {last:%Y-%m-%d %H:%M:%S}",
                seen={"last_ack": last.isoformat()},
            )
        person = ctx.step.person
        where = f"; a person at {person.where}: {person.instructions[0]}" if person else ""
        return not_yet(ctx, f"the acknowledgement{where}", retry_in=60)


def last_ack(state: RouterState) -> datetime | None:
    """Returns when the last acknowledgement came, by the router's clock."""
    reporting = state.licensing.reporting if state.licensing else None
    return reporting.last_ack if reporting else None


def acknowledged(last: datetime, sent: datetime | None) -> bool:
    """Tells whether an acknowledgement is newer than our attempt (REP-9); seconds are printed."""
    return sent is None or (last - sent).total_seconds() >= -_SECOND


def _pushed(state: RouterState) -> datetime | None:
    reporting = state.licensing.reporting if state.licensing else None
    return reporting.last_report_push if reporting else None


def _reported(state: RouterState) -> bool:
    """Tells whether a report has left since this boot, with conversion data where there is any."""
    pushed, licensing = _pushed(state), state.licensing
    began = state.boot.restarted_at if state.boot else None
    if pushed is None or licensing is None or began is None or pushed < began:
        return False
    return not conversion_unsent(licensing)


def usage_sync(
    task: Task, scope: Literal["local", "all"] = "local", **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: synchronises the host unless everything is acknowledged already."""
    return carry_out(task, UsageSync(), {"scope": scope}, **options)


def usage_report(
    task: Task, scope: Literal["local", "all"] = "local", **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: sends what is not reported; somebody else sees to the answer."""
    params = {"scope": scope, "answer": False}
    return carry_out(task, UsageSync(), params, **options)
