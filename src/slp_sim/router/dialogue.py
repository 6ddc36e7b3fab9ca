"""What a command's generator may hand to its terminal line, besides text."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass


@dataclass(frozen=True)
class Ask:
    """A question: the line's next input is its answer.

    Attributes:
        prompt: printed as it is, without a line end.
        key: one key answers (``[confirm]``, ``[y/n]``); otherwise a whole line.
        hidden: what is typed is not echoed.
    """

    prompt: str
    key: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Wait:
    """The command is at work for so many lab seconds.

    Attributes:
        stoppable: Ctrl-Shift-6 ends it.
    """

    seconds: float
    stoppable: bool = False


@dataclass(frozen=True)
class Hangup:
    """The router ends the session."""


@dataclass(frozen=True)
class Remote:
    """The line is in a session with another host, which prints nothing, until it is left.

    Attributes:
        host: as it was dialled.
    """

    host: str


Step = str | Ask | Wait | Hangup | Remote
Dialogue = Generator[Step, str, None]
"""What a command's handler returns when it is more than text; ``Ask`` sends back the answer."""
