"""Looks that missed the router, and sessions lost while a step acted: how many are bad luck.

One policy for runs of a fleet and for tasks in the foreground.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from slp_core.errors import ConnectFailed, DeadlineExceeded, SessionLost

OUT_OF_REACH: Final = (ConnectFailed, SessionLost, DeadlineExceeded)
"""Errors that say nothing of the router but that it was not reached."""
MISS_WAIT_S: Final = 15.0
"""Seconds of the injected clock until a router that was not reached is looked at again."""
_MISSES: Final = 3

LOSSES = 3
"""Losses after which a step is not sent again though the router shows nothing of it.

Before each repetition the router was reached, had time to settle and was looked at. So one loss is
a bad line and two are bad luck; the third on the same command, by a router that answers in between,
is what the command does to it, and more of the same only does more harm.
"""
COUNT, SINCE, WITH = "losses", "lost_since", "lost_with"
KEYS = (COUNT, SINCE, WITH)
"""Notes of a step that tell of them; a person who has looked (``slp retry``) clears them."""


def wait_after_miss(misses: int) -> float | None:
    """Returns how long to wait after so many looks in a row that missed a router at rest.

    ``None``: it is given up. A router that may be booting is waited for until the deadline.
    """
    return MISS_WAIT_S * misses if misses < _MISSES else None


def loss_notes(notes: Mapping[str, Any], what: str, acted: datetime) -> dict[str, Any]:
    """Returns a step's notes on one more loss.

    Args:
        what: how the session ended.
        acted: when the act began, by the injected clock.
    """
    return {
        COUNT: int(notes.get(COUNT, 0)) + 1,
        SINCE: notes.get(SINCE) or acted.isoformat(),
        WITH: what,
    }


def is_spent(notes: Mapping[str, Any]) -> bool:
    """Tells whether the step has lost so many sessions that it is not sent again."""
    return int(notes.get(COUNT, 0)) >= LOSSES


def spent_sentence(notes: Mapping[str, Any]) -> tuple[str, str]:
    """Returns why the step stops, and what a person does about it."""
    said = (
        f"the session was lost {notes.get(COUNT)} times while the step acted, and the router shows "
        f"nothing of its effect{_details(notes, last=True)}: it is not sent again"
    )
    return said, "look at the router and its log (`show logging`), then `slp retry`"


def booted_sentence(notes: Mapping[str, Any], reason: str | None) -> tuple[str, str]:
    """Returns why a step stops after which the router has booted anew, and what to do."""
    why = f"; last reload reason: {reason}" if reason else ""
    said = (
        "the router has booted anew since the session was lost in this step, which reloads no "
        f"router{_details(notes, last=False, more=why)}: it is not sent again"
    )
    return said, (
        "somebody reloaded it, it lost power, or it crashed: look at `show version` and for crash "
        "files (`dir crashinfo:`), then `slp retry`"
    )


def _details(notes: Mapping[str, Any], *, last: bool, more: str = "") -> str:
    sends = [str(line) for line in notes.get("sends") or ()]
    others = f" and {len(sends) - 1} more" if sends[1:] else ""
    parts = [f"sent: `{sends[0]}`{others}"] if sends else []
    if last and notes.get(WITH):
        parts.append(f"seen: {notes[WITH]}")
    text = "; ".join(parts) + more
    return f" ({text.lstrip('; ')})" if text else ""
