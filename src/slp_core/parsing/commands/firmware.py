"""What must be new before the first boot: ROMMON, CPLD and FPGA of each slot (C14)."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.commands.version import LEGAL
from slp_core.parsing.grammar import Blocks, Label, Pattern, Prose
from slp_core.parsing.printed import Printed

_WHEN = r"(?:(?:\d+[ywdhms])+|\d\d:\d\d:\d\d|never|\d\S*)"


class Slot(Printed):
    """One slot of a table of versions; ``N/A`` where it has none."""

    slot: str | None = None
    cpld: str | None = None
    fpga: str | None = None
    firmware: str | None = None


class RomMonitor(Printed):
    """``show rom-monitor``: the bootstrap of one processor."""

    version: Annotated[
        str | None, Pattern(r"System Bootstrap, Version (\S+?),?(?: .*)?$", hint="Bootstrap")
    ] = None
    other: Annotated[
        tuple[str, ...] | None,
        Pattern(r"((?:Copyright|Compiled|Current image running|Technical Support).*)$"),
    ] = None


class Programmable(Printed):
    """``show hw-programmable all``: CPLD and FPGA by slot."""

    slots: Annotated[
        tuple[Slot, ...] | None,
        Blocks(
            r"^(?P<slot>[A-Z]?\d+(?:/\d+)?)\s+(?P<cpld>[0-9A-Fa-f]{6,8}|N/A)\s+"
            r"(?P<fpga>[0-9A-Fa-f.]{6,10}|N/A)$",
            key="slot",
        ),
    ] = None


class Part(Printed):
    """One card or processor of ``show platform``."""

    slot: str | None = None
    kind: str | None = None
    state: str | None = None
    inserted: str | None = None


class PlatformCards(Printed):
    """``show platform``: cards, and the firmware of each slot."""

    chassis: Annotated[str | None, Label("Chassis type")] = None
    parts: Annotated[
        tuple[Part, ...] | None,
        Blocks(
            r"^(?P<slot>[A-Z]?\d+(?:/\d+)?)\s+(?:(?P<kind>\S+)\s+)??"
            r"(?P<state>(?:ok|init|booting|unknown|disabled|ps|fan|out of|inserted|admin)\b.*?)\s+"
            rf"(?P<inserted>{_WHEN})$",
            key="slot",
        ),
    ] = None
    slots: Annotated[
        tuple[Slot, ...] | None,
        Blocks(
            r"^(?P<slot>[A-Z]?\d+(?:/\d+)?)\s+(?P<cpld>[0-9A-Fa-f]{6,8}|N/A)\s+"
            r"(?P<firmware>\d+\.\d+\(\S+|N/A)$",
            key="slot",
        ),
    ] = None


COMMANDS = (
    Command("show rom-monitor SLOT", RomMonitor, signature=r"System Bootstrap", prose=LEGAL),
    Command(
        "show hw-programmable all",
        Programmable,
        signature=r"Hw-programmable|Slot\s+CPLD version",
        prose=Prose("Hw-programmable versions Slot CPLD version FPGA version"),
    ),
    Command(
        "show platform",
        PlatformCards,
        signature=r"Chassis type|Slot\s+CPLD Version\s+Firmware Version",
        prose=Prose("Slot Type State Insert time (ago) Slot CPLD Version Firmware Version "),
    ),
)
