"""``Report``: what every rendering of a report shows, and what ``report.json`` holds."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from slp_core.plan import Finding, Notice
from slp_core.state import Frozen


class ReportStep(Frozen):
    """One step: planned, or carried out with times and evidence."""

    id: str
    kind: str
    title: str
    state: str = "planned"
    reasons: tuple[str, ...] = ()
    why: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float | None = None
    attempts: int = 0
    changed: bool = False
    detail: str = ""
    evidence: tuple[str, ...] = ()


class ReportFact(Frozen):
    """One observed value before and after; ``expected`` and ``verdict`` where it was predicted.

    ``group`` is the part of the router that it belongs to, ``changed`` whether it differs.
    ``before`` and ``after`` are unset where nothing was seen, and ``None`` where none was printed.
    ``seen_at`` is when ``after`` was seen, where that was not at the router's last look.
    """

    path: str
    group: str
    before: Any = None
    after: Any = None
    expected: Any = None
    expectation: str | None = None
    verdict: str | None = None
    rules: tuple[str, ...] = ()
    changed: bool = False
    seen_at: datetime | None = None

    @property
    def telling(self) -> bool:
        """Whether a reader wants to see it at once: it changed, or is not as predicted."""
        return self.changed or self.verdict in ("unmet", "unforeseen")


class ReportTask(Frozen):
    """Still to be done by a person."""

    router: str
    text: str
    where: str = ""
    instructions: tuple[str, ...] = ()
    command: str = ""


class ReportRouter(Frozen):
    """One router of the report; ``seen_at`` and ``seen_by`` tell the last look, AFTER's."""

    router: str
    state: str
    reason: str = ""
    error_code: str | None = None
    remedy: str = ""
    wave: int | None = None
    site: str | None = None
    pid: str | None = None
    serial: str | None = None
    model_before: str | None = None
    model_after: str | None = None
    seen_at: datetime | None = None
    seen_by: str | None = None
    release_before: str | None = None
    release_after: str | None = None
    release_target: str | None = None
    topology: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float | None = None
    changes: tuple[str, ...] = ()
    facts: tuple[ReportFact, ...] = ()
    steps: tuple[ReportStep, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()

    def due(self, path: str) -> str:
        """Returns a deadline of reporting as it was seen last (REP-12); empty where none was."""
        fact = next((f for f in self.facts if f.path == path), None)
        if fact is None:
            return ""
        at = fact.after if fact.known("after") else fact.before
        return str(at)[:10] if at else "none"


class ReportWave(Frozen):
    """One wave of a run."""

    number: int
    routers: int
    counts: dict[str, int]
    started: datetime | None = None
    ended: datetime | None = None


class Report(Frozen):
    """A run, a plan or an assessment, ready to be shown."""

    schema_version: Literal[1] = 1
    kind: Literal["report"] = "report"
    subject: Literal["run", "plan", "assessment"]
    title: str
    created: str = ""
    made_by: str = ""
    source: str = ""
    run: str | None = None
    state: str | None = None
    reason: str = ""
    plan_hash: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    counts: dict[str, int] = Field(default_factory=dict)
    waves: tuple[ReportWave, ...] = ()
    tasks: tuple[ReportTask, ...] = ()
    routers: tuple[ReportRouter, ...] = ()
