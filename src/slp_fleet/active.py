"""What a worker holds in memory of a run that it carries out, and what a turn comes to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from slp_core.clock import Clock
from slp_fleet.model import RunOptions
from slp_fleet.phases import Phases


@dataclass(frozen=True)
class Then:
    """What comes after a step was carried as far as it goes.

    ``next``: the next step at once; ``soon``: look again after a short sleep; ``later``: end, a
    follow-up workflow looks again; ``end``: nothing more until somebody asks for it.
    """

    then: Literal["next", "soon", "later", "end"]
    delay: float = 0.0


@dataclass
class ActiveRun:
    """A run that this process carries out."""

    id: str
    options: RunOptions
    phases: Phases
    clock: Clock
    folder: Path
    only: frozenset[str] | None = None
    """The routers that a retry named; unset: all of the run."""
    halting: str | None = None
    """Why no step may begin any more; unset while the run goes on."""
