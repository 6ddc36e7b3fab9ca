"""``show clock``: the router's own time; ``*`` says that nobody vouches for it."""

from datetime import datetime
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Label, Pattern
from slp_core.parsing.printed import Printed


def vouched(mark: str) -> bool:
    """Returns whether the time is authoritative: no mark, or a dot (NTP is out of step)."""
    return mark != "*"


class Clock(Printed):
    """The time, and whether it is authoritative."""

    time: Annotated[
        datetime | None,
        Pattern(r"(?P<authoritative>[*.]?)(?P<time>\d{1,2}:\d\d:\d\d(?:\.\d+)? .+\d{4})$"),
    ] = None
    authoritative: Annotated[bool | None, Pattern(r"(?!)", read=vouched)] = None
    source: Annotated[str | None, Pattern(r"Time source is (\S+)$", hint="Time source")] = None
    summer: Annotated[tuple[str, ...] | None, Pattern(r"(Summer time (?:starts|ends) .*)$")] = None
    detail: Annotated[str | None, Label("Time zone")] = None


COMMANDS = (
    Command(
        "show clock",
        Clock,
        signature=r"[*.]?\d{1,2}:\d\d:\d\d(?:\.\d+)? \S+ \w{3} \w{3} +\d+ \d{4}$",
    ),
)
