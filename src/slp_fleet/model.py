"""What a run is, how far it has come, and what it tells while it goes on: values that all read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic import Field

from slp_core.plan import Finding
from slp_core.state import Frozen


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes:
        run: the run's id.
        at: time by the injected clock.
        state: a ``RunState``, ``RouterRunState`` or ``StepState`` value.
        router: unset where the whole run is meant.
        step: unset where the router as a whole is meant.
        detail: one masked sentence, or empty.
        id: place in the store's log; 0 for what is shown live but not kept (a probe begins).
    """

    run: str
    at: datetime
    state: str
    router: str | None = None
    step: str | None = None
    detail: str = ""
    id: int = 0


OnEvent = Callable[[Event], None]


class RunState(StrEnum):
    """A run as a whole."""

    CREATED = "created"
    RUNNING = "running"
    PAUSED = "paused"  # by the operator, Ctrl-C or a closed window; can go on
    STOPPED = "stopped"  # by the failure budget; can go on when the operator says so
    CANCELLED = "cancelled"
    FINISHED = "finished"


class RouterRunState(StrEnum):
    """One router within a run."""

    QUEUED = "queued"
    BLOCKED = "blocked"  # the plan has a blocker: skipped and reported
    RUNNING = "running"
    WAITING = "waiting"  # for time or a service; holds no worker
    PERSON = "person"  # waits for a person (`slp confirm`)
    PROVEN = "proven"  # verified against the prediction, nothing unmet
    FAILED = "failed"
    CANCELLED = "cancelled"


class StepState(StrEnum):
    """One step of one router."""

    PENDING = "pending"
    PROBING = "probing"
    ACTING = "acting"
    CONFIRMING = "confirming"
    WAITING = "waiting"
    PERSON = "person"
    DONE = "done"
    SKIPPED = "skipped"  # the probe found it done already
    FAILED = "failed"


class RunOptions(Frozen):
    """How ``slp apply`` was asked to proceed.

    Sizes and failures are counts or percentages of the fleet such as ``"10%"``.
    """

    canary: int = 1
    wave_size: int | str = "25%"
    max_failures: int | str = 1
    per_group: dict[str, int] = Field(default_factory=dict)
    window: str | None = None
    workers: int = 50
    allow: dict[str, str] = Field(default_factory=dict)
    dry_run: bool = False


class StepRecord(Frozen):
    """What happened in one step, with the evidence files (by hash) that prove it."""

    step: str
    kind: str
    title: str
    state: StepState
    started: datetime | None = None
    ended: datetime | None = None
    attempts: int = 0
    changed: bool = False
    detail: str = ""
    evidence: tuple[str, ...] = ()
    notes: dict[str, Any] = Field(default_factory=dict)
    instructions: tuple[str, ...] = ()
    where: str | None = None
    provides: tuple[str, ...] = ()  # names of the files that a person is asked for


class RouterLook(Frozen):
    """One look that ``after`` comes from: of the whole router, or of some paths of it.

    ``by`` is the id of the step that looked, or the command; ``findings`` are those of a command.
    """

    at: datetime
    by: str
    whole: bool
    paths: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


class RouterRun(Frozen):
    """One router within a run; ``reason`` is the one sentence that explains where it stands."""

    router: str
    wave: int
    state: RouterRunState
    reason: str = ""
    error_code: str | None = None
    current_step: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    steps: tuple[StepRecord, ...] = ()
    findings: tuple[Finding, ...] = ()
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
    looks: tuple[RouterLook, ...] = ()  # a whole one first, then what was seen since

    @property
    def last_findings(self) -> tuple[Finding, ...]:
        """What differs by the last look of the whole router: a step's, or ``slp verify``'s."""
        return next((k.findings for k in self.looks if k.findings), self.findings)


class Run(Frozen):
    """One run over a fleet. Times are by the injected clock."""

    id: str
    state: RunState
    reason: str = ""
    plan_hash: str
    plan_file: str
    inventory: str
    options: RunOptions
    created: datetime
    ended: datetime | None = None
    waves: tuple[tuple[str, ...], ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    routers: tuple[RouterRun, ...] = ()
