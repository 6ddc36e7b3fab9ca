"""A report as one HTML file that needs nothing but itself: no script, no outside reference."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from nornir_slp.inert import inert
from nornir_slp.report.facts import in_groups, shown
from nornir_slp.report.model import Report, ReportFact, ReportRouter, ReportTask
from nornir_slp.states import tone, words
from nornir_slp.words import comes_back, duration, model_name, step_words, value
from slp_core.render import template_folders

DETAILED = 300  # routers up to which every one has a section of its own
_TEXT_LIMIT = 4000  # characters of one text: a hostile router cannot make the page endless (F33)


@dataclass
class _Task:
    """One thing to do, for all the routers that it is alike for."""

    task: ReportTask
    routers: list[str] = field(default_factory=list)
    more: int = 0


def page(report: Report) -> str:
    """Returns the report as HTML."""
    whole = len(report.routers) <= DETAILED
    some = [r for r in report.routers if whole or tone(r.state) != "ok"]
    anchors = {r.router: f"r{i}" for i, r in enumerate(report.routers, 1)}
    environment = _environment()
    css = _template_source(environment, "report/report.css")
    return environment.get_template("report/report.html.j2").render(
        report=report,
        css=Markup(css),  # noqa: S704 - our own file
        shown=some,
        why=report.subject != "run" or any(r.reason for r in report.routers),
        left_out=len(report.routers) - len(some),
        anchors=anchors,
        open_anchors={anchors[r.router] for r in some},
        tasks=_alike(report.tasks),
    )


def _alike(tasks: Sequence[ReportTask]) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], _Task] = {}
    for task in tasks:
        key = (task.text, task.where, task.instructions)
        own = key if not task.command else (*key, task.command)
        groups.setdefault(own, _Task(task)).routers.append(task.router)
    return [
        {
            "routers": g.routers[:12],
            "more": max(len(g.routers) - 12, 0),
            **{
                name: getattr(g.task, name) for name in ("text", "where", "instructions", "command")
            },
        }
        for g in groups.values()
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(p) for p in template_folders()]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_final,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        moment=_moment,
        clock=_clock,
        duration=duration,
        tone=tone,
        words=words,
        step_words=lambda step: step_words(step.kind, step.state),
        model=model_name,
        value=value,
        groups=in_groups,
        summary=summary,
        cell=cell,
        comes_back=comes_back,
    )
    return environment


def _template_source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _final(given: Any) -> Any:
    """Every value that reaches the page passes here, before it is escaped."""
    if given is None:
        return ""
    if isinstance(given, Markup) or not isinstance(given, str):
        return given
    text = inert(given)
    return text if len(text) <= _TEXT_LIMIT else text[:_TEXT_LIMIT] + " … (cut)"


def cell(fact: ReportFact, name: str) -> str:
    """Returns one value of a fact; a dash where nothing was seen."""
    return shown(fact.path, getattr(fact, name)) if fact.known(name) else "–"


def _moment(given: datetime | str | None) -> str:
    when = datetime.fromisoformat(given) if isinstance(given, str) and given else given
    return when.strftime("%Y-%m-%d %H:%M") if isinstance(when, datetime) else ""


def _clock(given: datetime | None) -> str:
    return given.strftime("%m-%d %H:%M:%S") if given else ""


def summary(router: ReportRouter, when: str) -> list[dict[str, str]]:
    """Returns the few lines that tell what a router was, or is, at a glance."""
    before = when == "before"
    ended = bool(router.model_after or router.seen_at)
    facts = {f.path: f for f in router.facts}
    rows: list[dict[str, str]] = []
    for label, path in (
        ("Licensing", "model"),
        ("Release", "release"),
        ("Transport", "transport.kind"),
        ("Trust code", "trust.installed"),
        ("Throughput", "throughput.level"),
        ("Export control", "cerm.functionality"),
    ):
        fact = facts.get(path)
        if fact is None:
            continue
        exact = fact.expected if fact.expectation == "equals" else None
        given = fact.before if before else fact.after if ended else exact
        if given is not None:
            rows.append({"label": label, "value": shown(path, given)})
    rows += _licence_rows(router, before=before, ended=ended)
    return rows or [{"label": "", "value": "nothing was seen"}]


def _licence_rows(router: ReportRouter, *, before: bool, ended: bool) -> list[dict[str, str]]:
    rows = []
    for fact in router.facts:
        match = re.fullmatch(r"licenses\[(.+)\]\.status", fact.path)
        if match is None or (ended and match[1].startswith("feature:")):
            continue  # a licence predicted by its feature stands there by its tag as well
        exact = fact.expected if fact.expectation == "equals" else None
        given = fact.before if before else fact.after if ended else exact
        if given is not None:
            rows.append({"label": match[1].removeprefix("feature:"), "value": value(given)})
    return rows
