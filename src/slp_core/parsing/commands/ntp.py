"""``show ntp status``: whether the clock follows a server."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Pattern
from slp_core.parsing.printed import Printed


class NtpStatus(Printed):
    """Synchronisation."""

    synchronised: Annotated[
        bool | None,
        Pattern(r"Clock is synchronized", value=True),
        Pattern(r"Clock is unsynchronized", value=False),
        Pattern(r"%NTP is not enabled", value=False),
    ] = None
    stratum: Annotated[int | None, Pattern(r".*\bstratum (\d+)", hint="stratum")] = None
    reference: Annotated[str | None, Pattern(r".*\breference is (\S+)$", hint="reference is")] = (
        None
    )
    offset_ms: Annotated[
        str | None, Pattern(r"clock offset is (-?[\d.]+) msec", hint="clock offset")
    ] = None
    details: Annotated[
        tuple[str, ...] | None,
        Pattern(
            r"((?:nominal freq|ntp uptime|reference time|root dispersion|loopfilter state"
            r"|system poll interval|precision is)\b.*)$"
        ),
    ] = None


COMMANDS = (
    Command(
        "show ntp status",
        NtpStatus,
        signature=r"Clock is (?:un)?synchronized|%NTP is not enabled",
    ),
)
