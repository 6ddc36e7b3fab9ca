"""What a command of ``slp`` returned and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

BEGAN = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What a user sees of one command."""

    code: int
    out: str
    err: str
