"""``show platform hardware throughput level`` and ``crypto``."""

from typing import Annotated

from slp_core.parsing import values
from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Label, Pattern
from slp_core.parsing.printed import Printed


class ThroughputLevel(Printed):
    """The platform throughput, in kb/s or in words."""

    level: Annotated[
        int | str | None, Pattern(r"The current throughput level is (\S.*)$", read=values.level)
    ] = None


class ThroughputCrypto(Printed):
    """The crypto throughput; a Catalyst 8000 prints tiers, what is configured, and until when."""

    level: Annotated[
        int | str | None,
        Pattern(r"The current crypto level is (\S.*)$", read=values.level),
        Label("Current enforced crypto throughput level", read=values.level),
    ] = None
    configured: Annotated[
        int | str | None, Label("Current configured crypto throughput level", read=values.level)
    ] = None
    saved: Annotated[
        bool | None,
        Pattern(r"Level is saved, reboot is not required$", value=True, hint="Level is"),
        Pattern(r"Level is (?:not saved|saved, reboot is required)", value=False, hint="Level is"),
    ] = None
    throttled: Annotated[
        bool | None,
        Pattern(r"Crypto Throughput is not throttled$", value=False, hint="throttled"),
        Pattern(r"Crypto Throughput is throttled", value=True, hint="throttled"),
    ] = None
    boot_level: Annotated[
        str | None, Pattern(r"Current boot level is (\S+)$", hint="boot level")
    ] = None
    default: Annotated[
        int | str | None, Label("Default Crypto throughput level", read=values.level)
    ] = None


COMMANDS = (
    Command(
        "show platform hardware throughput level",
        ThroughputLevel,
        signature=r"The current throughput level is",
        alien=r"Cisco IOS|Processor board ID|.* uptime is ",
    ),
    Command(
        "show platform hardware throughput crypto",
        ThroughputCrypto,
        signature=r"The current crypto level is|Current configured crypto throughput",
    ),
)
