"""``dir``: the files of one file system."""

from datetime import datetime
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Label, Pattern
from slp_core.parsing.printed import Printed

ROW = (
    r"^(?P<index>\d+)\s+(?P<permissions>[d-][rwx-]{3})\s+(?P<size>\d+)\s+"
    r"(?P<modified>[A-Z][a-z]{2} +\d+ \d{4} [\d:]+ \S+|-|<no date>)(?:\s+(?P<name>\S.*))?$"
)


class Entry(Printed):
    """One file or directory; its name may stand on the next line."""

    index: int | None = None
    permissions: str | None = None
    size: int | None = None
    modified: datetime | None = None
    name: Annotated[str | None, Pattern(r"(?P<name>[^\s:]+)$")] = None


class Directory(Printed):
    """One directory, and the space of its file system in bytes."""

    path: Annotated[
        str | None, Label("Directory of", read=str), Pattern(r"Directory of (\S+)$")
    ] = None
    files: Annotated[tuple[Entry, ...] | None, Blocks(ROW, key="name")] = None
    total: Annotated[
        int | None,
        Pattern(r"(?P<total>\d+) bytes total \((?P<free>\d+) bytes free\)$", hint="bytes total"),
    ] = None
    free: int | None = None


COMMANDS = (
    Command(
        "dir FILESYSTEM",
        Directory,
        signature=r"Directory of |.*bytes total",
        complete=r".*bytes total",
    ),
)
