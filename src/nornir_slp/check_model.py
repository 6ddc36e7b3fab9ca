"""One check of ``slp doctor``, and what it means for the exit code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    state: Literal["ok", "warning", "failed"]
    text: str
    remedy: str = ""
    about: Literal["setup", "router"] = "setup"
    """Whose fault it is: of what is configured here, or of a router that does not answer."""


def exit_code(checks: Collection[Check]) -> int:
    """Returns 0: all is well; 1: only routers failed; 2: something here is wrong."""
    failed = {c.about for c in checks if c.state == "failed"}
    return 2 if "setup" in failed else 1 if failed else 0
