"""What a run tells while it goes on, for a live view."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


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
