"""Verify: the router's own outputs, held against the prediction (UP-4, REP-9, F35, F38, F41)."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.parsing import assemble
from slp_core.plan import Finding, RouterPlan
from slp_core.steps.around import VerifyParams
from slp_core.verify import observe, shortcoming
from slp_core.verify import verify as hold_against
from slp_tasks.booting import FAILED, failed_before
from slp_tasks.collect import collect
from slp_tasks.evidence import keep_evidence
from slp_tasks.step import Acted, Confirm, Notes, Probe, Step, StepContext
from slp_tasks.task import FiledOptions, carry_out

_REMEDY = (
    "`slp show` lists what differs and the lines that show it; put it right, then `slp retry`, "
    "which only looks again"
)
_PATIENCE_S = 600.0
"""How long what is not there yet may still come: licences come into use minutes after a boot."""


class Verify(Step[VerifyParams]):
    """Reads the router again and judges; never changes anything."""

    params = VerifyParams

    def probe(self, ctx: StepContext[VerifyParams]) -> Probe:
        why = failed_before(ctx)
        if why is not None:
            return Probe("done", f"not looked at: {why}")
        began = ctx.notes.get("began") or ctx.clock.now().isoformat()
        return Probe("ready", "reads the router again", seen={"began": began})

    def act(self, ctx: StepContext[VerifyParams]) -> Acted:
        del ctx
        return Acted(changed=False, detail="nothing is sent")

    def confirm(self, ctx: StepContext[VerifyParams]) -> Confirm:
        findings, seen = _judge(ctx)
        text = shortcoming(findings)
        if not text:
            return Confirm("confirmed", _summary(findings), seen=seen)
        if _elapsed(ctx) < min(_PATIENCE_S, ctx.step.deadline_s * 0.7):
            return Confirm("pending", f"{text}; looks again", retry_in=45)
        said = f"not as predicted: {text}"
        if ctx.params.roll_back:
            return Confirm("confirmed", f"{said}; it is rolled back", seen={**seen, FAILED: said})
        if ctx.params.moment == "upgrade":
            said += "; nothing is rolled back unless you ask for it (`slp rollback`)"
        return Confirm("failed", said, seen=seen, code=StepFailed.code, remedy=_REMEDY)


def _judge(ctx: StepContext[VerifyParams]) -> tuple[tuple[Finding, ...], Notes]:
    read_at = ctx.clock.now()
    outputs = collect(ctx.session, timeout=max(120.0, ctx.clock.patience(120)))
    state = assemble(ctx.plan.router, outputs, read_at=read_at)
    findings = hold_against(ctx.plan, state, moment=ctx.params.moment, live=True)
    seen: Notes = {
        "findings": [f.to_json() for f in findings],
        "observed": {path: o.value for path, o in observe(state).items()},
        "evidence": keep_evidence(ctx, outputs),
    }
    if state.udi is not None:
        seen["udi"] = {"pid": state.udi.pid, "sn": state.udi.sn}
    return findings, seen


def _elapsed(ctx: StepContext[VerifyParams]) -> float:
    began = ctx.notes.get("began")
    if not began:
        return _PATIENCE_S
    return (ctx.clock.now() - datetime.fromisoformat(began)).total_seconds()


def _summary(findings: tuple[Finding, ...]) -> str:
    met = sum(f.verdict == "met" for f in findings)
    unseen = sum(f.verdict == "unobservable" for f in findings)
    warned = sum(f.verdict == "unmet" for f in findings)
    text = f"{met} expectations met"
    text += f", {unseen} not observable" if unseen else ""
    return text + (f", {warned} warnings" if warned else "")


def verify(
    task: Task,
    plan: RouterPlan,
    moment: Literal["upgrade", "end"] = "end",
    **options: Unpack[FiledOptions],
) -> Result:
    """Nornir task: holds the host against ``plan``; fails where an expectation is not met."""
    return carry_out(
        task,
        Verify(),
        {"moment": moment},
        plan=plan,
        **options,
    )
