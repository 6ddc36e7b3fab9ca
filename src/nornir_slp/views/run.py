"""A run on a terminal: at a glance, and one router of it in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from nornir_slp.sheet import Sheet
from nornir_slp.states import words
from nornir_slp.view import Line, Page
from nornir_slp.views import findings as findings_view
from nornir_slp.words import confirm_words, duration, looked_by, step_words, value
from slp_fleet.model import RouterRun, RouterRunState, Run, RunState, StepRecord, StepState

ORDER = tuple(s.value for s in RouterRunState)
_BRIEF = {
    "release": "release",
    "licensing": "model",
    "transport": "transport.kind",
    "trust code": "trust.installed",
    "throughput": "throughput.level",
}
_SHOWN_AT_ONCE = 40  # routers up to which all are listed


def runs_sheet(runs: Iterable[Run]) -> Sheet:
    """Returns one row a run."""
    columns = ("run", "state", "created", "routers", "counts", "inventory", "reason")
    rows = [
        (
            r.id, r.state.value, moment(r.created), str(sum(r.counts.values())), counts(r.counts),
            r.inventory, r.reason,
        )
        for r in runs
    ]  # fmt: skip
    return Sheet(columns, rows, styled=("state",))


def routers_sheet(run: Run) -> Sheet:
    """Returns one row a router of the run."""
    columns = ("router", "state", "wave", "step", "took", "seen", "reason")
    return Sheet(columns, [_row(r) for r in run.routers], styled=("state",))


def _row(r: RouterRun) -> tuple[str, ...]:
    wave = str(r.wave + 1) if r.wave >= 0 else ""
    step = r.current_step or (f"{_done(r)} of {len(r.steps)} done" if r.steps else "")
    took = duration((r.ended - r.started).total_seconds()) if r.started and r.ended else ""
    seen = moment(r.looks[-1].at) if r.looks else ""
    return (r.router, r.state.value, wave, step, took, seen, r.reason)


def _done(r: RouterRun) -> int:
    return sum(s.state in (StepState.DONE, StepState.SKIPPED) for s in r.steps)


def counts(of: Mapping[str, int]) -> str:
    """Returns counts by state, in the order of a router's life."""
    return ", ".join(f"{of[s]} {words(s)}" for s in ORDER if of.get(s))


def run_page(run: Run, *, every: bool = False) -> Page:
    """Yields the run, what needs attention, and its routers; of many only those not proven."""
    line = Line.of(f"run {run.id}  ", "bold")
    line.add(run.state.value, run.state.value)
    line.add(f"  {counts(run.counts)}")
    yield line
    if run.reason:
        yield Line.of(f"  {run.reason}", "yellow")
    listed = run
    if not every and len(run.routers) > _SHOWN_AT_ONCE:
        some = [r for r in run.routers if r.state is not RouterRunState.PROVEN]
        listed = run.model_copy(update={"routers": tuple(some)})
    yield routers_sheet(listed)
    hidden = len(run.routers) - len(listed.routers)
    if hidden:
        yield Line.of(f"  and {hidden} proven routers (--all)", "dim")
    for router in run.routers:
        for step in router.steps:
            if needs_person(step):
                yield from _person(run, router, step.step)
    if any(_carries_usage(s) for r in run.routers for s in r.steps):
        several = f"slp bundle export {run.id}, or by CSSM's API slp cssm serve-run {run.id}"
        yield Line.of(f"usage files of all routers at once: {several}")
    yield Line.of(next_words(run), "bold")


def _carries_usage(step: StepRecord) -> bool:
    return (
        step.state is StepState.PERSON
        and bool(step.provides)
        and "Usage Data Files" in (step.where or "")
    )


def needs_person(step: StepRecord) -> bool:
    """Tells whether a person has something to do: asked for, or while a service is waited for."""
    return step.state is StepState.PERSON or (
        step.state is StepState.WAITING and bool(step.instructions)
    )


def _person(run: Run, router: RouterRun, step_id: str) -> Page:
    step = next(s for s in router.steps if s.step == step_id)
    asked = step.state is StepState.PERSON
    head = f"{router.router} waits{' for a person' if asked else ''}: {step.title}"
    yield Line.of(head, "magenta")
    if step.where:
        yield Line.of(f"  at {step.where}", "dim")
    for instruction in step.instructions:
        yield Line.of(f"  • {instruction}")
    if asked:
        yield Line.of(f"  then: {confirm_words(run, router, step)}")


def next_words(run: Run) -> str:
    """Returns what can be done with the run now."""
    failed = [r.router for r in run.routers if r.state is RouterRunState.FAILED]
    if run.state in (RunState.PAUSED, RunState.STOPPED, RunState.CREATED):
        return f"slp resume {run.id} continues it; slp cancel {run.id} ends it"
    if run.state is RunState.FINISHED and failed:
        return f"slp show {run.id} {failed[0]} says more; slp retry {run.id} tries again"
    if run.state is RunState.FINISHED:
        return f"slp report {run.id} -o report.html"
    return ""


def router_page(run: Run, router: RouterRun, folder: str) -> Page:
    """Yields one router of a run: its steps with times, evidence, and findings."""
    line = Line.of(f"{router.router}  ", "bold")
    line.add(words(router.state.value), router.state.value)
    line.add(f"  {router.reason}")
    yield line
    if router.error_code:
        yield Line.of(f"  slp explain {router.error_code}", "dim")
    if router.state is RouterRunState.FAILED and router.current_step:
        again = f"slp retry {run.id} {router.router}"
        yield Line.of(f"  once that is fixed: {again}", "bold")
    columns = ("#", "step", "state", "began", "took", "detail", "evidence")
    rows = [
        (
            str(i), s.title, step_words(s.kind, s.state.value), clock(s.started),
            duration((s.ended - s.started).total_seconds()) if s.started and s.ended else "",
            s.detail, str(len(s.evidence) or ""),
        )
        for i, s in enumerate(router.steps, 1)
    ]  # fmt: skip
    yield Sheet(columns, rows, styled=("state",))
    if router.looks:
        yield Line.of(_last_seen(router), "dim")
    if router.last_findings:
        yield Line.of(_looked(router), "dim")
        yield from findings_view.page({router.router: router.last_findings}, every=False)
    for step in router.steps:
        if needs_person(step):
            yield from _person(run, router, step.step)
    yield Line.of(f"  files: {folder}", "dim")


def _last_seen(router: RouterRun) -> str:
    """Returns when the router was looked at last, by what, and what it showed in brief."""
    last = router.looks[-1]
    told = (
        f"{label} {value(router.after[path])}"
        for label, path in _BRIEF.items()
        if path in router.after and (last.whole or path in last.paths)
    )
    head = f"seen last {moment(last.at)} by {looked_by(router, last.by)}"
    return ": ".join(filter(None, (head, ", ".join(told))))


def _looked(router: RouterRun) -> str:
    """Returns which look found what is shown: one after the upgrade is none at the end."""
    own = next((k for k in router.looks if k.findings), None)
    if own is not None:
        return f"found by {own.by}, {moment(own.at)}:"
    looks = [
        f"step {number}, {step.title}"
        for number, step in enumerate(router.steps, 1)
        if step.kind == "verify" and step.ended
    ]
    return f"found by {looks[-1]}:" if looks else "found at last:"


def moment(when: datetime | None) -> str:
    """Returns a time to the minute, in the zone that it has."""
    return when.strftime("%Y-%m-%d %H:%M") if when else ""


def clock(when: datetime | None) -> str:
    """Returns a time of day to the second."""
    return when.strftime("%H:%M:%S") if when else ""
