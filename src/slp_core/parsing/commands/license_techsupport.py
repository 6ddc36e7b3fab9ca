"""``show license tech support``: status, usage, authorizations and the agent's inside."""

from datetime import datetime
from typing import Annotated

from slp_core.parsing.command import Command
from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern, Prose
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections import (
    Agent,
    ApplicationHa,
    AuthorizationSections,
    LicenseReservation,
    Product,
    ReportSections,
    StatusSections,
    Title,
)
from slp_core.parsing.values import Stamped

PAIR = r"^(?P<label>[^:]{1,80}):+\s*(?P<value>\S.*)$"


class Pair(Printed):
    """A field that is kept as it was printed."""

    label: str | None = None
    value: str | None = None


class Entitlement(Printed):
    """What was measured."""

    interval: Annotated[str | None, Label("Interval")] = None
    value: Annotated[int | None, Label("Current Value")] = None
    report: Annotated[
        str | None,
        Pattern(r"Current Report:\s*(?P<report>\S+)\s+Previous:\s*(?P<previous>\S+)$", hint="Rep"),
    ] = None
    previous: str | None = None


class Measurements(Printed):
    """Measurements of one licence."""

    entitlement: Annotated[Entitlement | None, Heading("ENTITLEMENT")] = None


class HandledLicense(Printed):
    """One licence by its handle; only its tag in full names it."""

    handle: int | None = None
    name: Annotated[str | None, Label("License")] = None
    regid: Annotated[str | None, Label("Entitlement Tag")] = None
    description: Annotated[str | None, Label("Description")] = None
    count: Annotated[int | None, Label("Count")] = None
    version: Annotated[str | None, Label("Version")] = None
    status: Annotated[
        Stamped | None,
        Pattern(r"Status:\s*(?P<status>\S[^()]*?)(?:\((?P<code>\d+)\))?$", hint="Status:"),
    ] = None
    code: int | None = None
    sync_overdue: Annotated[Stamped | None, Label("Sync Overdue Deadline")] = None
    status_time: Annotated[Stamped | None, Label("Status time")] = None
    request_time: Annotated[Stamped | None, Label("Request Time")] = None
    export_status: Annotated[str | None, Label("Export status")] = None
    feature_name: Annotated[str | None, Label("Feature Name")] = None
    feature_description: Annotated[str | None, Label("Feature Description")] = None
    enforcement: Annotated[str | None, Label("Enforcement type")] = None
    license_type: Annotated[str | None, Label("License type")] = None
    measurements: Annotated[Measurements | None, Heading("Measurements")] = None
    soft_enforced: Annotated[bool | None, Label("Soft Enforced")] = None
    reservation: Annotated[LicenseReservation | None, Heading("Reservation")] = None
    application_ha: Annotated[ApplicationHa | None, Heading("Application HA Info")] = None


class Jobs(Printed):
    """What the agent will do, and when."""

    jobs: Annotated[tuple[Pair, ...] | None, Blocks(PAIR, key="label", loose=True)] = None


class Channel(Printed):
    """How one kind of exchange with the server went."""

    total: Annotated[
        int | None,
        Pattern(
            r"Attempts: Total=(?P<total>\d+), Success=(?P<success>\d+), Fail=(?P<fail>\d+)"
            r"(?:\s+Ongoing Failure: Overall=(?P<ongoing>\d+) Communication=(?P<no_reply>\d+))?$",
            hint="Attempts",
        ),
    ] = None
    success: int | None = None
    fail: int | None = None
    ongoing: int | None = None
    no_reply: int | None = None
    last_response: Annotated[Stamped | None, Label("Last Response")] = None
    failure_reason: Annotated[str | None, Label("Failure Reason")] = None
    last_success: Annotated[datetime | None, Label("Last Success Time")] = None
    last_failure: Annotated[datetime | None, Label("Last Failure Time")] = None


class Communication(Printed):
    """Exchanges with the server, by kind."""

    level: Annotated[str | None, Label("Communication Level Allowed")] = None
    overall: Annotated[str | None, Label("Overall State")] = None
    trust: Annotated[Channel | None, Heading("Trust Establishment")] = None
    trust_ack: Annotated[Channel | None, Heading("Trust Acknowledgement")] = None
    usage: Annotated[Channel | None, Heading("Usage Reporting")] = None
    polling: Annotated[Channel | None, Heading("Result Polling")] = None
    request: Annotated[Channel | None, Heading("Authorization Request")] = None
    confirmation: Annotated[Channel | None, Heading("Authorization Confirmation")] = None
    giving_back: Annotated[Channel | None, Heading("Authorization Return")] = None
    trust_sync: Annotated[Channel | None, Heading("Trust Sync")] = None
    hello: Annotated[Channel | None, Heading("Hello Message")] = None
    telemetry: Annotated[Channel | None, Heading("Telemetry Reporting")] = None


class Certificates(Printed):
    """Certificates of the agent."""

    fields: Annotated[tuple[Pair, ...] | None, Blocks(PAIR, key="label", loose=True)] = None
    registered: Annotated[
        bool | None, Pattern(r"Not registered\. No certificates installed$", value=False)
    ] = None


class Fields(Printed):
    """A section whose fields are kept as they were printed."""

    fields: Annotated[tuple[Pair, ...] | None, Blocks(PAIR, key="label", loose=True)] = None


class Compliance(Printed):
    """What CSSM says of one entitlement."""

    regid: str | None = None
    name: str | None = None
    reported: Annotated[Stamped | None, Label("Reported In Use Count")] = None
    authorized: Annotated[int | None, Label("Total Authorized Count")] = None
    out_of_compliance: Annotated[int | None, Label("Total Out-Of-Compliance Count")] = None
    expired: Annotated[int | None, Label("Subscription Expired")] = None
    insufficient: Annotated[int | None, Label("Insufficient Count")] = None
    no_license: Annotated[int | None, Label("No license")] = None
    unknown: Annotated[int | None, Label("Unknown Reason")] = None


class Enforcement(Printed):
    """Compliance as CSSM last told it."""

    date: Annotated[str | None, Label("Date")] = None
    licenses: Annotated[
        tuple[Compliance, ...] | None,
        Blocks(r"^(?P<regid>regid\.\S+) \((?P<name>[^()]*)\):$", key="regid"),
    ] = None


class OtherInfo(Printed):
    """The agent's inside; what a rule reads has its own field, the rest is kept as printed."""

    overall_trust: Annotated[str | None, Pattern(r"Overall Trust:\s*(.+)$", hint="Overall")] = None
    clock_synced: Annotated[
        bool | None, Pattern(r"Clock sync-ed with NTP:\s*(\w+)$", hint="Clock sync")
    ] = None
    fields: Annotated[tuple[Pair, ...] | None, Blocks(PAIR, key="label", loose=True)] = None


class EnforcedTag(Printed):
    """A feature that this chassis enforces, with its tag (SLAC-13)."""

    feature: str | None = None
    regid: str | None = None


class Enforced(Printed):
    """The enforced features of each chassis."""

    members: Annotated[tuple[str, ...] | None, Pattern(r"P:(\S+,S:\S+):$", hint="P:")] = None
    tags: Annotated[
        tuple[EnforcedTag, ...] | None,
        Blocks(r"^(?P<feature>[\w\-]+):\s*(?P<regid>regid\.\S+)(?:\s+\(\d+\))?$", key="feature"),
        Pattern(r"No PD enforced licenses", value="<none>"),
    ] = None


class Mapping(Printed):
    """The platform's table of licences."""

    found: Annotated[
        str | None, Pattern(r"(\S+): Total licenses found: \d+$", hint="Total licenses")
    ] = None
    entries: Annotated[str | None, Pattern(r"(<empty>|<none>)$", hint="<")] = None
    enforced: Annotated[Enforced | None, Heading("Enforced Licenses")] = None


class TechSupport(StatusSections, AuthorizationSections, ReportSections):
    """All that the agent knows, for support."""

    title: Annotated[Title | None, Heading("Smart Licensing Tech Support info")] = None
    status_title: Annotated[Title | None, Heading("Smart Licensing Status")] = None
    usage_title: Annotated[Title | None, Heading("License Usage")] = None
    licenses: Annotated[
        tuple[HandledLicense, ...] | None,
        Blocks(r"^Handle:\s*(?P<handle>\d+)$", key="handle"),
        Pattern(r"(?i)No licenses in use", value="<none>", hint="in use"),
    ] = None
    product: Annotated[Product | None, Heading("Product Information")] = None
    agent: Annotated[Agent | None, Heading("Agent Version")] = None
    jobs: Annotated[Jobs | None, Heading("Upcoming Scheduled Jobs")] = None
    communication: Annotated[Communication | None, Heading("Communication Statistics")] = None
    certificates: Annotated[Certificates | None, Heading("License Certificates")] = None
    ha: Annotated[Fields | None, Heading("HA Info")] = None
    enforcement: Annotated[Enforcement | None, Heading("Enforcement Status")] = None
    other: Annotated[OtherInfo | None, Heading("Other Info")] = None
    mapping: Annotated[Mapping | None, Heading("Platform Provided Mapping Table")] = None


COMMANDS = (
    Command(
        "show license tech support",
        TechSupport,
        signature=(
            r"Smart Licensing Tech Support|Handle:\s*\d+$|Other Info$|Evaluation Mode:"
            r"|Upcoming Scheduled Jobs"
        ),
        alien=r"License\s+Entitlement [Tt]ag\s+Count|License Store:",
        prose=Prose("connect_info.additional:"),
    ),
)
