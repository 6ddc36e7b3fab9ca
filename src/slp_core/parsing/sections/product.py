"""What ``all`` and tech support print at their end: identity, agent, reports."""

from __future__ import annotations

from typing import Annotated

from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections.heads import MEMBER
from slp_core.parsing.values import Stamped
from slp_core.state import Udi


class Chassis(Printed):
    """One member of a stack or pair."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None


class HaUdis(Printed):
    """The members of a stack or pair, the router itself among them."""

    members: Annotated[tuple[Chassis, ...] | None, Blocks(MEMBER, key="sn", hint="PID:")] = None


class Product(Printed):
    """Whose output this is."""

    udi: Annotated[Udi | None, Label("UDI")] = None
    ha: Annotated[HaUdis | None, Heading("HA UDI List")] = None


class Agent(Printed):
    """The licensing agent."""

    version: Annotated[str | None, Label("Smart Agent for Licensing")] = None
    software_tag: Annotated[str | None, Label("Software Tag")] = None


class Title(Printed):
    """A heading with nothing of its own below it but when data last went out."""

    last_data_push: Annotated[Stamped | None, Label("Last Data Push")] = None
    last_file_export: Annotated[Stamped | None, Label("Last File Export")] = None


class ReservationInfo(Title):
    """Whether licences are reserved, as ``all`` and tech support print it."""

    enabled: Annotated[bool | None, Label("License reservation")] = None


class Reports(Printed):
    """How many usage reports there are."""

    total: Annotated[
        int | None, Pattern(r"Total:\s*(?P<total>\d+),\s*Purged:\s*(?P<purged>\d+)(?:\(\d+\))?$")
    ] = None
    purged: int | None = None
    acknowledged: Annotated[
        int | None,
        Pattern(
            r"Total Acknowledged Received:\s*(?P<acknowledged>\d+),\s*"
            r"Waiting for Ack:\s*(?P<waiting>\d+)(?:\(\d+\))?$"
        ),
    ] = None
    waiting: int | None = None
    available: Annotated[
        int | None,
        Pattern(
            r"Available to Report:\s*(?P<available>\d+)[,\s]+Collecting Data:\s*(?P<collecting>\d+)"
        ),
    ] = None
    collecting: int | None = None
    shown: Annotated[
        int | None,
        Pattern(
            r"Maximum Display:\s*(?P<shown>\d+)\s+In Storage:\s*(?P<stored>\d+),\s*"
            r"MIA:\s*(?P<missing>\d+)(?:\(\d+\))?$"
        ),
    ] = None
    stored: int | None = None
    missing: int | None = None
    module_status: Annotated[str | None, Label("Report Module Status")] = None


class Telemetry(Printed):
    """Telemetry or product analytics reports."""

    data_channel: Annotated[str | None, Label("Data Channel", "Product Analytics")] = None
    reason: Annotated[str | None, Label("Not Available Reason")] = None
    reports: Annotated[
        int | None, Label("Reports on disk", "Total current Product Analytics reports")
    ] = None


class ReportSections(Printed):
    """What ``all`` and tech support print at their end."""

    reservation_info: Annotated[ReservationInfo | None, Heading("Reservation Info")] = None
    reports: Annotated[Reports | None, Heading("Usage Report Summary")] = None
    telemetry: Annotated[
        Telemetry | None,
        Heading("Device Telemetry Report Summary", "Product Analytics Report Summary"),
    ] = None
    enforcement_state: Annotated[str | None, Label("Device Enforcement State")] = None
