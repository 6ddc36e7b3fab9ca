"""A report as a table for the terminal, as CSV and as Markdown."""

from __future__ import annotations

from typing import Final

from nornir_slp.inert import inert
from nornir_slp.report.html import cell
from nornir_slp.report.model import Report, ReportFact, ReportRouter
from nornir_slp.sheet import Sheet, md
from nornir_slp.states import words
from nornir_slp.view import Line, Page
from nornir_slp.views.findings import evidence
from nornir_slp.views.run import moment
from nornir_slp.words import COMES_BACK, comes_back, duration, model_name, step_words, value
from slp_core.verify.observe import NEXT_PUSH

NEXT_ACK: Final = "reporting.next_ack_deadline"


def sheet(report: Report) -> Sheet:
    """Returns one row a router: what it was, what it is, and why it stands where it stands."""
    columns = (
        "router", "state", "pid", "serial", "site", "model_before", "model_after",
        "release_before", "release_after", "release_target", "topology", "wave", "started",
        "ended", "seconds", "unmet", "error_code", "reason", "seen_at", "seen_by",
        "next_report_push", "next_ack_deadline",
    )  # fmt: skip
    return Sheet(columns, [_row(r) for r in report.routers], styled=("state",))


def _row(r: ReportRouter) -> tuple[str, ...]:
    unmet = [f.path for f in r.findings if f.verdict in ("unmet", "unforeseen")]
    return tuple(
        "" if cell is None else str(cell)
        for cell in (
            r.router, r.state, r.pid, r.serial, r.site, r.model_before, r.model_after,
            r.release_before, r.release_after, r.release_target, r.topology, r.wave,
            r.started.isoformat() if r.started else None, r.ended.isoformat() if r.ended else None,
            None if r.seconds is None else round(r.seconds), "; ".join(unmet), r.error_code,
            r.reason, r.seen_at.isoformat() if r.seen_at else None, r.seen_by,
            r.due(NEXT_PUSH), r.due(NEXT_ACK),
        )
    )  # fmt: skip


def page(report: Report) -> Page:
    """Yields the report in brief: counts, each router, and what a person still has to do."""
    yield Line.of(report.title, "bold")
    told = [f"{count} {words(state)}" for state, count in report.counts.items()]
    yield Line.of(f"{len(report.routers)} routers: {', '.join(told)}")
    brief = (
        "router",
        "state",
        "model",
        "release",
        "wave",
        "took",
        "seen",
        "next report",
        "next ACK",
        "why",
    )
    rows = [
        (
            r.router, r.state, _arrow(model_name(r.model_before), model_name(r.model_after)),
            _arrow(r.release_before, r.release_after), "" if r.wave is None else str(r.wave),
            duration(r.seconds), moment(r.seen_at), r.due(NEXT_PUSH), r.due(NEXT_ACK),
            "" if r.state == "proven" else r.reason,
        )
        for r in report.routers
    ]  # fmt: skip
    yield Sheet(brief, rows, styled=("state",))
    proven = [r for r in report.routers if r.state == "proven"]
    if proven:
        again = sum(comes_back(r.findings) == COMES_BACK for r in proven)
        told_all = f"{again} of {len(proven)} proven routers come back after a reload, by what"
        yield Line.of(f"{told_all} they show of their next boot")
    if report.tasks:
        yield Line.of("Still to be done by a person:", "bold")
    for task in report.tasks:
        line = Line.of(f"  {task.router}: {task.text}", "warning")
        yield line
        for instruction in task.instructions:
            yield Line.of(f"    • {instruction}")
        if task.command:
            yield Line.of(f"    {task.command}", "bold")


def markdown(report: Report) -> str:
    """Returns the report as Markdown: at a glance, what is left to do, each router."""
    told = ", ".join(f"{count} {words(state)}" for state, count in report.counts.items())
    lines = [f"# {md(report.title)}", "", f"{len(report.routers)} routers: {md(told)}", ""]
    if report.run:
        lines += [f"Run `{report.run}`, {report.state}. {md(report.reason)}", ""]
    if report.tasks:
        lines += ["## Still to be done by a person", ""]
        lines += [_task(t.router, t.text, t.command) for t in report.tasks]
        lines.append("")
    lines += ["## The fleet", "", sheet(report).markdown(), "## Each router", ""]
    for router in report.routers:
        lines += _router(router)
    return "\n".join(lines)


def _task(router: str, text: str, command: str) -> str:
    return f"- **{md(router)}**: {md(text)}" + (f" (`{inert(command)}`)" if command else "")


def _router(r: ReportRouter) -> list[str]:
    lines = [f"### {md(r.router)}", "", f"{md(words(r.state))}. {md(r.reason)}", ""]
    if r.seen_at:
        lines += [f"After: as last seen {moment(r.seen_at)} by {md(r.seen_by or '')}.", ""]
    again = comes_back(r.findings)
    if again:
        lines += [f"Next boot: {md(again)}.", ""]
    told = [f for f in r.findings if f.verdict in ("unmet", "unforeseen")]
    if told:
        rows = [
            (f.path, value(f.expected), value(f.found), f.verdict, ", ".join(f.rules), evidence(f))
            for f in told
        ]
        head = ("what", "expected", "found", "verdict", "rules", "evidence")
        lines += [Sheet(head, rows).markdown()]
    changed = [f for f in r.facts if f.changed]
    if changed:
        facts = [(f.path, cell(f, "before"), _after(f), ", ".join(f.rules)) for f in changed]
        lines += [Sheet(("what", "before", "after", "rules"), facts).markdown()]
    if r.steps:
        steps = [
            (
                str(i),
                s.title,
                step_words(s.kind, s.state),
                duration(s.seconds),
                ", ".join(s.reasons),
                s.detail,
            )
            for i, s in enumerate(r.steps, 1)
        ]
        head = ("#", "step", "state", "took", "rules", "detail")
        lines += [Sheet(head, steps).markdown()]
    return lines


def _after(fact: ReportFact) -> str:
    """Returns what was seen last, with its time where that was before the router's last look."""
    return cell(fact, "after") + (f" ({moment(fact.seen_at)})" if fact.seen_at else "")


def _arrow(before: str | None, after: str | None) -> str:
    if not after or after == before:
        return before or ""
    return f"{before or '?'} → {after}"
