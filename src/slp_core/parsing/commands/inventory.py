"""``show inventory``: parts with product identifier and serial number; the chassis comes first."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Pattern, Prose
from slp_core.parsing.printed import Printed


class Part(Printed):
    """One part."""

    name: str | None = None
    description: str | None = None
    pid: Annotated[
        str | None,
        Pattern(
            r"PID:\s*(?P<pid>[^,\s]*)\s*,\s*VID:\s*(?P<vid>[^,\s]*)\s*,\s*SN:\s*(?P<sn>\S*)$",
            hint="PID:",
        ),
    ] = None
    vid: str | None = None
    sn: str | None = None


class Inventory(Printed):
    """The parts in the order of the router."""

    parts: Annotated[
        tuple[Part, ...] | None,
        Blocks(r'^NAME:\s*"(?P<name>[^"]*)"\s*,\s*DESCR:\s*"(?P<description>[^"]*)"$', key="name"),
    ] = None


COMMANDS = (
    Command(
        "show inventory",
        Inventory,
        signature=r"NAME:\s*\"",
        prose=Prose('INFO: Please use "show license UDI" to get serial number for licensing.'),
    ),
)
