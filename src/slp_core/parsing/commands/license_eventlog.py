"""``show license eventlog``: what the agent went through, one event a line."""

from datetime import datetime
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Pattern, Prose
from slp_core.parsing.printed import Printed


class Event(Printed):
    """One event; ``attributes`` as printed (``count="0" entitlementTag="regid…"``)."""

    at: datetime | None = None
    event: str | None = None
    attributes: str | None = None


class LicenseEventlog(Printed):
    """The events, oldest first; none is an empty list."""

    events: Annotated[
        tuple[Event, ...] | None,
        Blocks(
            r"^(?P<at>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+)\s+(?P<event>[A-Z]\w+)"
            r"(?:\s+(?P<attributes>\S.*))?$"
        ),
        Pattern(r"No EventLog Found", value="<none>", hint="EventLog"),
    ] = None


COMMANDS = (
    Command(
        "show license eventlog",
        LicenseEventlog,
        signature=r"\*+ Event Log|.*\bSAEVT_|No EventLog Found",
        prose=Prose("**** Event Log ****"),
    ),
)
