"""``show install summary``: packages of install mode and the timer that rolls back (F07)."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Pattern, Prose
from slp_core.parsing.printed import Printed

STATES = Prose(
    "State (St): I - Inactive, U - Activated & Uncommitted, "
    "C - Activated & Committed, D - Deactivated & Uncommitted Type St Filename/Version"
)


class Package(Printed):
    """One row; ``state`` is I, U, C or D."""

    kind: str | None = None
    state: str | None = None
    version: str | None = None


class Location(Printed):
    """The packages of one or more processors; none is an empty list."""

    where: str | None = None
    packages: Annotated[
        tuple[Package, ...] | None,
        Blocks(r"^(?P<kind>[A-Z]{3,8})\s+(?P<state>[IUCD])\s+(?P<version>\S+)$", key="version"),
        Pattern(r"No packages$", value="<none>"),
    ] = None


def clock(text: str) -> int:
    """Returns ``01:59:48`` in seconds."""
    hours, minutes, rest = (int(part) for part in text.split(":"))
    return hours * 3600 + minutes * 60 + rest


class InstallSummary(Printed):
    """What install mode has in hand.

    ``timers`` are the words behind each ``Auto abort timer:``, whatever their form; what is known
    of the first stands in ``auto_abort`` and ``auto_abort_left_s``.
    """

    locations: Annotated[
        tuple[Location, ...] | None,
        Blocks(r"^\[ (?P<where>\S.*?) \] Installed Package\(s\) Information:$", key="where"),
    ] = None
    auto_abort: Annotated[
        str | None,
        Pattern(
            r"Auto abort timer: (?P<auto_abort>active on [^,\s]+|inactive)"
            r"(?:\s*,\s*time before rollback - (?P<auto_abort_left_s>\d+:\d\d:\d\d))?$",
            hint="Auto abort",
        ),
    ] = None
    auto_abort_left_s: Annotated[int | None, Pattern(r"(?!)", read=clock)] = None
    timers: Annotated[
        tuple[str, ...] | None,
        Pattern(r"(?i:auto[ -]?abort[ -]timer)\s*:\s*(\S.*)$", hint="bort"),
    ] = None


COMMANDS = (
    Command(
        "show install summary",
        InstallSummary,
        signature=r"\[ .* \] Installed Package\(s\) Information:|(?i:auto[ -]?abort)",
        complete=r"(?i:auto[ -]?abort[ -]timer)",
        prose=STATES,
    ),
)
