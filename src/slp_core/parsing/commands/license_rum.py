"""``show license rum id all``: the usage reports that the router keeps."""

from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Pattern, Prose
from slp_core.parsing.printed import Printed


class RumReport(Printed):
    """One usage report: OPEN, CLOSED, PENDING, UNACK, ACK or DELETED."""

    report_id: int | None = None
    state: str | None = None
    flag: str | None = None
    feature: str | None = None


class Reports(Printed):
    """The table; without rows there is no report."""

    rows: Annotated[
        tuple[RumReport, ...] | None,
        Blocks(
            r"^(?P<report_id>\d{6,})\s+(?P<state>[A-Z]+)\s+(?P<flag>\S+)\s+(?P<feature>\S.*)$",
            key="report_id",
        ),
        Pattern(r"(?i)No (?:usage )?reports?\b", value="<none>"),
    ] = None


class LicenseRum(Printed):
    """The usage reports."""

    reports: Annotated[Reports | None, Heading("Smart Licensing Usage Report")] = None


COMMANDS = (
    Command(
        "show license rum id all",
        LicenseRum,
        signature=r"Smart Licensing Usage Report:?$",
        prose=Prose("Report Id, State, Flag, Feature Name"),
    ),
)
