"""Makes a report from a run, a plan or an assessment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from nornir_slp.documents import Assessment, RouterAssessment, stamp
from nornir_slp.report.facts import facts_of
from nornir_slp.report.model import Report, ReportRouter, ReportStep, ReportTask, ReportWave
from nornir_slp.states import rank
from nornir_slp.words import confirm_words, looked_by, model_name
from slp_core.plan import Plan, RouterPlan
from slp_core.steps.around import VerifyParams
from slp_fleet.model import RouterRun, RouterRunState, Run, StepState


def of_run(run: Run, plan: Plan) -> Report:
    """Returns the report of a run; ``plan`` is the one that it carries out."""
    routers = [_ran(r, plan.router(r.router)) for r in run.routers]
    return Report(
        schema_version=1,
        kind="report",
        subject="run",
        title="Migration to Smart Licensing Using Policy",
        **stamp(),
        source=run.inventory,
        run=run.id,
        state=run.state.value,
        reason=run.reason,
        plan_hash=run.plan_hash,
        started=run.created,
        ended=run.ended,
        seconds=_seconds(run.created, run.ended),
        options=run.options.model_dump(mode="json"),
        counts=_counts(routers),
        waves=tuple(_waves(run)),
        tasks=tuple(_run_tasks(run, plan)),
        routers=tuple(sorted(routers, key=lambda r: rank(r.state))),
    )


def of_plan(plan: Plan) -> Report:
    """Returns the report of a plan: what will be done, and what it leads to."""
    routers = [_planned(p) for p in plan.routers]
    return Report(
        schema_version=1,
        kind="report",
        subject="plan",
        title="Plan: to Smart Licensing Using Policy",
        **stamp(),
        source=plan.made_by,
        plan_hash=plan.hash(),
        counts=_counts(routers),
        tasks=tuple(t for p in plan.routers for t in _plan_tasks(p)),
        routers=tuple(sorted(routers, key=lambda r: rank(r.state))),
    )


def of_assessment(found: Assessment) -> Report:
    """Returns the report of an assessment: what each router is."""
    routers = [_assessed(r) for r in found.routers]
    return Report(
        schema_version=1,
        kind="report",
        subject="assessment",
        title="Licensing of the fleet",
        **stamp(),
        source=found.source,
        counts=_counts(routers),
        routers=tuple(sorted(routers, key=lambda r: rank(r.state))),
    )


def _counts(routers: Iterable[ReportRouter]) -> dict[str, int]:
    counted = Counter(r.state for r in routers)
    return {state: counted[state] for state in sorted(counted, key=rank)}


def _ran(router: RouterRun, plan: RouterPlan | None) -> ReportRouter:
    planned = {s.id: s for s in plan.steps} if plan else {}
    steps = tuple(
        ReportStep(
            id=s.step,
            kind=s.kind,
            title=s.title,
            state=s.state.value,
            reasons=planned[s.step].reasons if s.step in planned else (),
            why=planned[s.step].why if s.step in planned else "",
            started=s.started,
            ended=s.ended,
            seconds=_seconds(s.started, s.ended),
            attempts=s.attempts,
            changed=s.changed,
            detail=s.detail,
            evidence=s.evidence,
        )
        for s in router.steps
    )
    before = router.before or (plan.before if plan else {})
    last = router.looks[-1] if router.looks else None
    identity = _identity(plan) if plan else {"router": router.router}
    return ReportRouter(
        **identity,
        state=router.state.value,
        reason=router.reason,
        error_code=router.error_code,
        remedy=_remedy(plan) if router.state is RouterRunState.BLOCKED else "",
        wave=router.wave + 1 if router.wave >= 0 else None,
        model_after=_text(router.after.get("model")),
        release_after=_text(router.after.get("release")),
        seen_at=last.at if last else None,
        seen_by=looked_by(router, last.by) if last else None,
        started=router.started,
        ended=router.ended,
        seconds=_seconds(router.started, router.ended),
        facts=facts_of(
            before,
            router.after,
            plan.predictions if plan else (),
            router.last_findings,
            looks=router.looks,
            moment="end" if _held_against_the_end(router) else "upgrade",
        ),
        steps=steps,
        findings=router.last_findings,
    )


def _held_against_the_end(router: RouterRun) -> bool:
    """Tells whether the findings are of the last verification, or of none yet."""
    last = next((s for s in reversed(router.steps) if s.kind == VerifyParams.facts.kind), None)
    return not router.findings or last is None or last.state is not StepState.PENDING


def _planned(plan: RouterPlan) -> ReportRouter:
    if plan.blockers:
        state, reason = "blocked", "; ".join(n.text for n in plan.blockers)
    elif plan.steps:
        state, reason = "to migrate", ""
    else:
        state, reason = "nothing to do", "the router is there already"
    steps = tuple(
        ReportStep(
            id=s.id, kind=s.kind, title=s.title, state="planned", reasons=s.reasons, why=s.why
        )
        for s in plan.steps
    )
    return ReportRouter(
        **_identity(plan),
        state=state,
        reason=reason,
        remedy=_remedy(plan),
        facts=facts_of(plan.before, {}, plan.predictions, ()),
        steps=steps,
    )


def _identity(plan: RouterPlan) -> dict[str, Any]:
    site = plan.group.get("site")
    return {
        "router": plan.router,
        "site": str(site) if site is not None else None,
        "pid": plan.udi.pid if plan.udi else None,
        "serial": plan.udi.sn if plan.udi else None,
        "model_before": plan.model,
        "release_before": plan.release,
        "release_target": plan.target.release,
        "topology": plan.target.topology.kind,
        "changes": plan.changes,
        "notices": plan.notices,
    }


def _assessed(router: RouterAssessment) -> ReportRouter:
    state = router.state
    if state is None:
        return ReportRouter(
            router=router.router,
            state="failed",
            reason=router.error or "",
            error_code=router.error_code,
            remedy=router.remedy or "",
        )
    model = _text(router.observed.get("model"))
    return ReportRouter(
        router=router.router,
        state=model_name(model) or "unknown",
        site=_text(router.group.get("site")),
        pid=state.udi.pid if state.udi else None,
        serial=state.udi.sn if state.udi else None,
        model_before=model,
        release_before=state.release.short if state.release else None,
        facts=facts_of(router.observed, {}, (), ()),
        notices=router.notices,
    )


def _remedy(plan: RouterPlan | None) -> str:
    return "; ".join(n.remedy for n in plan.blockers if n.remedy) if plan else ""


def _waves(run: Run) -> Iterable[ReportWave]:
    by_name = {r.router: r for r in run.routers}
    for number, names in enumerate(run.waves, 1):
        members = [by_name[n] for n in names if n in by_name]
        counted = Counter(r.state.value for r in members)
        ended = [r.ended for r in members]
        yield ReportWave(
            number=number,
            routers=len(names),
            counts={s: counted[s] for s in sorted(counted, key=rank)},
            started=min((r.started for r in members if r.started), default=None),
            ended=max((e for e in ended if e), default=None) if all(ended) else None,
        )


def _run_tasks(run: Run, plan: Plan) -> Iterable[ReportTask]:
    """Still to be done by a person: failures first, then blocked routers, then waiting steps."""
    for router in run.routers:
        if router.state is RouterRunState.FAILED:
            yield ReportTask(
                router=router.router,
                text=router.reason or "failed",
                where=router.current_step or "",
                command=f"slp retry {run.id} {router.router}",
            )
    for router in run.routers:
        if router.state is RouterRunState.BLOCKED:
            remedy = _remedy(plan.router(router.router))
            yield ReportTask(
                router=router.router, text=router.reason, instructions=(remedy,) if remedy else ()
            )
    for router in run.routers:
        for step in router.steps:
            if step.state is StepState.PERSON:
                yield ReportTask(
                    router=router.router,
                    text=step.title,
                    where=step.where or "",
                    instructions=step.instructions,
                    command=confirm_words(run, router, step),
                )


def _plan_tasks(plan: RouterPlan) -> Iterable[ReportTask]:
    for notice in plan.blockers:
        yield ReportTask(
            router=plan.router,
            text=f"{notice.rule}: {notice.text}",
            instructions=(notice.remedy,) if notice.remedy else (),
        )
    if plan.blockers:
        return
    for step in plan.steps:
        if step.person is not None:
            yield ReportTask(
                router=plan.router,
                text=step.title,
                where=step.person.where,
                instructions=step.person.instructions,
            )


def _seconds(started: datetime | None, ended: datetime | None) -> float | None:
    return (ended - started).total_seconds() if started and ended else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
