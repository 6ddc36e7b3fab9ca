"""``show redundancy``: the processors of the router, and whether the standby is ready."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.commands.version import LEGAL
from slp_core.parsing.grammar import Heading, Label, Pattern
from slp_core.parsing.printed import Printed


class Processor(Printed):
    """One processor."""

    location: Annotated[str | None, Label("Active Location", "Standby Location")] = None
    state: Annotated[str | None, Label("Current Software state")] = None
    uptime: Annotated[str | None, Label("Uptime in current state")] = None
    image_version: Annotated[str | None, Label("Image Version")] = None
    compiled: Annotated[str | None, Pattern(r"Compiled (\S.*)$", hint="Compiled")] = None
    copyright: Annotated[str | None, Pattern(r"(Copyright \(c\) .*)$", hint="(c)")] = None
    boot: Annotated[str | None, Label("BOOT")] = None
    config_file: Annotated[str | None, Label("CONFIG_FILE")] = None
    bootldr: Annotated[str | None, Label("BOOTLDR")] = None
    config_register: Annotated[str | None, Label("Configuration register")] = None


class System(Printed):
    """The router as a whole."""

    uptime: Annotated[str | None, Label("Available system uptime")] = None
    switchovers: Annotated[int | None, Label("Switchovers system experienced")] = None
    standby_failures: Annotated[int | None, Label("Standby failures")] = None
    last_switchover: Annotated[str | None, Label("Last switchover reason")] = None
    hardware_mode: Annotated[str | None, Label("Hardware Mode")] = None
    configured_mode: Annotated[
        str | None, Label("Configured Redundancy Mode", "Redundancy Mode (Configured)")
    ] = None
    operating_mode: Annotated[
        str | None, Label("Operating Redundancy Mode", "Redundancy Mode (Operational)")
    ] = None
    state: Annotated[str | None, Label("Redundancy State")] = None
    manual_switchover: Annotated[str | None, Label("Manual Swact")] = None
    maintenance_mode: Annotated[str | None, Label("Maintenance Mode")] = None
    communications: Annotated[str | None, Label("Communications")] = None


class RedundancyState(System):
    """Processors and modes; without the heading (as after ``| begin``) the modes stand alone."""

    system: Annotated[System | None, Heading("Redundant System Information")] = None
    current: Annotated[Processor | None, Heading("Current Processor Information")] = None
    peer: Annotated[Processor | None, Heading("Peer Processor Information")] = None
    peer_missing: Annotated[
        str | None,
        Pattern(
            r"Peer \(slot: \S+\) information is not available because it is in '([^']+)' state",
            hint="Peer (",
        ),
        Pattern(r"Peer \(slot: \S+\) information is (not available)$", hint="Peer ("),
        Pattern(
            r"Peer \(slot: \S+, state: (\w+)\) information is not available because this is the "
            r"standby processor$",
            hint="Peer (",
        ),
    ] = None


COMMANDS = (
    Command(
        "show redundancy",
        RedundancyState,
        signature=(
            r"Redundant System Information|.*(?:Configured|Operating) Redundancy Mode\s*="
            r"|Redundancy Mode \((?:Operational|Configured)\)\s*="
            r"|Hardware Mode\s*=|(?:Current|Peer) Processor Information"
        ),
        prose=LEGAL,
        separator="=",
    ),
)
