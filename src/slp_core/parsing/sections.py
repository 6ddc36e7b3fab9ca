"""Sections that several licensing commands print: status, all, tech support, in all three eras."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern
from slp_core.parsing.values import Stamped, days, seconds
from slp_core.state import Frozen, Udi

TITLE = r"^(?P<name>.*?)\s*\((?P<tag>[^()]+)\)\s*:$"
"""``hseck9 (ISR_4400_Hsec):``; the name may be empty."""

MEMBER = (
    r"^(?P<role>Active|Standby|Member|Standalone)\s*:\s*"
    r"PID:(?P<pid>[^,\s]+),\s*SN:(?P<sn>[^,\s]+)$"
)
"""``Active: PID:ISR4461/K9,SN:FDO222815Y4``, one chassis or member of a stack."""


class Status(Frozen):
    """A section that holds a state."""

    status: Annotated[str | None, Label("Status")] = None
    reporting_mode: Annotated[str | None, Label("Reporting Mode")] = None


class Account(Frozen):
    """Smart and virtual account, with the time from which they are known."""

    smart_account: Annotated[Stamped | None, Label("Smart Account")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account")] = None


class Privacy(Frozen):
    """What the router tells CSSM of itself."""

    sending_hostname: Annotated[bool | None, Label("Sending Hostname")] = None
    callhome_hostname: Annotated[str | None, Label("Callhome hostname privacy")] = None
    smart_hostname: Annotated[str | None, Label("Smart Licensing hostname privacy")] = None
    version: Annotated[str | None, Label("Version privacy")] = None


class Proxy(Frozen):
    """The proxy; its password is never kept."""

    address: Annotated[
        str | None,
        Label("Address"),
        Pattern(r"(?i)not configured$", value="<none>"),
        Pattern(r"<none>$|<empty>$", value="<none>"),
    ] = None
    port: Annotated[str | None, Label("Port")] = None
    username: Annotated[str | None, Label("Username")] = None
    password: Annotated[str | None, Label("Password", read=lambda _: "set")] = None


class TransportSection(Frozen):
    """How the agent reaches its server."""

    kind: Annotated[
        str | None, Label("Type"), Pattern(r"Transport Off$", value="Transport Off")
    ] = None
    url: Annotated[str | None, Label("URL", "Registration URL")] = None
    utility_url: Annotated[str | None, Label("Utility URL")] = None
    cslu_address: Annotated[str | None, Label("Cslu address")] = None
    proxy: Annotated[Proxy | None, Heading("Proxy", inline="address")] = None
    server_identity_check: Annotated[str | None, Label("Server Identity Check")] = None
    vrf: Annotated[str | None, Label("VRF")] = None
    ip_mode: Annotated[str | None, Label("IP Mode")] = None
    trust_point: Annotated[str | None, Label("Trust Point", "Trustpoint")] = None


class RegistrationSection(Frozen):
    """Registration with CSSM, before SLP."""

    status: Annotated[str | None, Label("Status")] = None
    smart_account: Annotated[str | None, Label("Smart Account")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account")] = None
    export_controlled: Annotated[str | None, Label("Export-Controlled Functionality")] = None
    initial: Annotated[Stamped | None, Label("Initial Registration")] = None
    last_renewal: Annotated[Stamped | None, Label("Last Renewal Attempt")] = None
    next_renewal: Annotated[Stamped | None, Label("Next Renewal Attempt")] = None
    expires: Annotated[Stamped | None, Label("Registration Expires")] = None
    failure_reason: Annotated[str | None, Label("Failure reason", "Failure Reason")] = None


class AuthorizationSection(Frozen):
    """Authorization of the licences in use, before SLP."""

    status: Annotated[Stamped | None, Label("Status")] = None
    evaluation_left_s: Annotated[int | None, Label("Evaluation Period Remaining", read=seconds)] = (
        None
    )
    evaluation_expired: Annotated[Stamped | None, Label("Evaluation Period Expired")] = None
    last_communication: Annotated[Stamped | None, Label("Last Communication Attempt")] = None
    failure_reason: Annotated[str | None, Label("Failure reason")] = None
    next_communication: Annotated[Stamped | None, Label("Next Communication Attempt")] = None
    deadline: Annotated[Stamped | None, Label("Communication Deadline")] = None


class Evaluation(Frozen):
    """The evaluation period as tech support prints it."""

    mode: Annotated[str | None, Label("Evaluation Mode")] = None
    left_s: Annotated[int | None, Label("Evaluation Period Remaining", read=seconds)] = None


class Conversion(Frozen):
    """Conversion of classic licences (DLC)."""

    automatic: Annotated[bool | None, Label("Automatic Conversion Enabled")] = None
    status: Annotated[Stamped | None, Label("Status")] = None
    last_data_push: Annotated[Stamped | None, Label("Last Data Push")] = None
    last_file_export: Annotated[Stamped | None, Label("Last File Export")] = None


class ExportKeys(Frozen):
    """Export authorization keys of classic Smart Licensing; none is an empty list."""

    features: Annotated[tuple[str, ...] | None, Label("Features Authorized")] = None


class Miscellaneous(Frozen):
    """What the operator called the router."""

    custom_id: Annotated[str | None, Label("Custom Id")] = None


class Terms(Frozen):
    """Days until the first report, between reports, after a change; behind each its source."""

    first_report: Annotated[int | None, Label("First report requirement (days)", read=days)] = None
    frequency: Annotated[int | None, Label("Reporting frequency (days)", read=days)] = None
    on_change: Annotated[int | None, Label("Report on change (days)", read=days)] = None


class PolicySection(Frozen):
    """The reporting policy in force."""

    in_use: Annotated[Stamped | None, Label("Policy in use")] = None
    name: Annotated[str | None, Label("Policy name")] = None
    ack_required: Annotated[str | None, Label("Reporting ACK required")] = None
    perpetual: Annotated[Terms | None, Heading("Unenforced/Non-Export Perpetual Attributes")] = None
    subscription: Annotated[
        Terms | None, Heading("Unenforced/Non-Export Subscription Attributes")
    ] = None
    enforced: Annotated[
        Terms | None, Heading("Enforced (Perpetual/Subscription) License Attributes")
    ] = None
    export: Annotated[
        Terms | None, Heading("Export (Perpetual/Subscription) License Attributes")
    ] = None


class PolicyV2(Frozen):
    """The reporting policy as agents from 8.0 on print it."""

    in_use: Annotated[Stamped | None, Label("Policy in use")] = None
    name: Annotated[str | None, Label("Policy name")] = None
    sync_overdue: Annotated[int | None, Label("Sync Overdue Interval")] = None
    sync_retry: Annotated[int | None, Label("Sync Retry Interval")] = None
    grace_period: Annotated[int | None, Label("Grace Period")] = None
    reporting_interval: Annotated[int | None, Label("On Going Reporting Interval")] = None
    no_enforcement: Annotated[bool | None, Label("No Enforcement")] = None


class UsageReporting(Frozen):
    """Usage reports and their acknowledgements."""

    last_ack: Annotated[datetime | None, Label("Last ACK received")] = None
    next_ack_deadline: Annotated[datetime | None, Label("Next ACK deadline")] = None
    push_interval_days: Annotated[int | None, Label("Reporting push interval", read=days)] = None
    next_ack_push_check: Annotated[datetime | None, Label("Next ACK push check")] = None
    next_report_push: Annotated[datetime | None, Label("Next report push")] = None
    last_report_push: Annotated[datetime | None, Label("Last report push")] = None
    last_report_file_write: Annotated[datetime | None, Label("Last report file write")] = None


class TrustMember(Frozen):
    """The trust code of one member; newer agents print how long it holds."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None
    installed: Annotated[
        Stamped | None,
        Pattern(
            r"(?P<installed>(?:NOT )?INSTALLED(?: on \w.*?)?)(?:\s+Valid on (?P<valid_on>\S.*))?$",
            hint="INSTALLED",
        ),
    ] = None
    valid_on: Annotated[datetime | None, Pattern(r"Valid on (\S.*)$", hint="Valid on")] = None
    expired_on: Annotated[datetime | None, Pattern(r"Expired on (\S.*)$", hint="Expired on")] = None
    kind: Annotated[str | None, Label("Trust Code Type")] = None
    attributes: Annotated[str | None, Label("Attributes")] = None


class TrustSection(Frozen):
    """The trust code, in the four forms that it is printed in."""

    installed_on: Annotated[
        datetime | None,
        Pattern(r"<none>$", value="<none>"),
        Pattern(r"INSTALLED on (\S.*)$", hint="INSTALLED on"),
    ] = None
    kind: Annotated[str | None, Label("Trust Code Type")] = None
    attributes: Annotated[str | None, Label("Attributes")] = None
    members: Annotated[tuple[TrustMember, ...] | None, Blocks(MEMBER, key="sn")] = None
    secondary_signing: Annotated[str | None, Label("Secondary Signing Cert")] = None


class StatusSections(Frozen):
    """What ``show license status`` prints, and the first part of ``all`` and ``tech support``."""

    smart_licensing: Annotated[
        str | None, Pattern(r"Smart Licensing is (ENABLED|DISABLED)$", hint="Smart Lic")
    ] = None
    reservation_enabled: Annotated[
        bool | None, Pattern(r"License Reservation is (ENABLED|DISABLED)$", hint="License Res")
    ] = None
    utility: Annotated[Status | None, Heading("Utility")] = None
    slp: Annotated[Status | None, Heading("Smart Licensing Using Policy")] = None
    account: Annotated[Account | None, Heading("Account Information")] = None
    privacy: Annotated[Privacy | None, Heading("Data Privacy")] = None
    transport: Annotated[TransportSection | None, Heading("Transport")] = None
    registration: Annotated[RegistrationSection | None, Heading("Registration")] = None
    authorization: Annotated[AuthorizationSection | None, Heading("License Authorization")] = None
    evaluation: Annotated[Evaluation | None, Heading("Evaluation Period")] = None
    conversion: Annotated[Conversion | None, Heading("License Conversion")] = None
    export_keys: Annotated[ExportKeys | None, Heading("Export Authorization Key")] = None
    miscellaneous: Annotated[Miscellaneous | None, Heading("Miscellaneous")] = None
    policy: Annotated[PolicySection | None, Heading("Policy")] = None
    policy_v2: Annotated[PolicyV2 | None, Heading("PolicyV2")] = None
    reporting: Annotated[UsageReporting | None, Heading("Usage Reporting")] = None
    trust: Annotated[
        TrustSection | None, Heading("Trust Code Installed", inline="installed_on")
    ] = None


class LicenseReservation(Frozen):
    """The reservation of one licence in use; the count may be ``UNLIMITED``."""

    status: Annotated[str | None, Label("Reservation status")] = None
    reserved_count: Annotated[str | None, Label("Total reserved count")] = None


class PeerInfo(Frozen):
    """The other router of a pair; its UDI is never the router's own."""

    application: Annotated[str | None, Label("Application Name")] = None
    application_id: Annotated[str | None, Label("Application Id")] = None
    role: Annotated[str | None, Label("Application Role")] = None
    hostname: Annotated[str | None, Label("Hostname")] = None
    piid: Annotated[str | None, Label("PIID")] = None
    udi: Annotated[Udi | None, Label("UDI")] = None
    smart_account: Annotated[str | None, Label("Smart Account Name")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account Name")] = None


class ApplicationHa(Frozen):
    """An application (CUBE) that runs on a pair of routers."""

    application: Annotated[str | None, Label("Application Name")] = None
    application_id: Annotated[str | None, Label("Application Id")] = None
    role: Annotated[str | None, Label("Application Role")] = None
    peer: Annotated[PeerInfo | None, Heading("Peer Info")] = None


class LicenseUse(Frozen):
    """One licence in use, keyed by its entitlement tag."""

    name: str | None = None
    tag: str | None = None
    description: Annotated[str | None, Label("Description")] = None
    count: Annotated[int | None, Label("Count")] = None
    version: Annotated[str | None, Label("Version")] = None
    status: Annotated[Stamped | None, Label("Status")] = None
    export_status: Annotated[str | None, Label("Export status")] = None
    feature_name: Annotated[str | None, Label("Feature Name")] = None
    feature_description: Annotated[str | None, Label("Feature Description")] = None
    enforcement: Annotated[str | None, Label("Enforcement type")] = None
    license_type: Annotated[str | None, Label("License type")] = None
    reservation: Annotated[LicenseReservation | None, Heading("Reservation")] = None
    application_ha: Annotated[ApplicationHa | None, Heading("Application HA Info")] = None


class Member(Frozen):
    """One chassis or member with its authorization."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None
    status: Annotated[Stamped | None, Label("Status", "Reservation status")] = None
    legacy_status: Annotated[str | None, Pattern(r"Status:\s*(PAK)$", hint="PAK")] = None
    export_controlled: Annotated[str | None, Label("Export-Controlled Functionality")] = None
    confirmation_code: Annotated[str | None, Label("Last Confirmation code")] = None
    return_code: Annotated[str | None, Label("Last return code")] = None
    request_code: Annotated[str | None, Label("Request code")] = None
    authorization_code: Annotated[
        str | None, Label("Reservation authorization code", read=lambda _: "set")
    ] = None


class Overall(Frozen):
    """The authorization of each member."""

    members: Annotated[tuple[Member, ...] | None, Blocks(MEMBER, key="sn")] = None


class TermMember(Frozen):
    """For whom and for how long a licence is authorized."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None
    authorization_type: Annotated[Stamped | None, Label("Authorization type")] = None
    license_type: Annotated[str | None, Label("License type")] = None
    start_date: Annotated[str | None, Label("Start Date")] = None
    end_date: Annotated[str | None, Label("End Date")] = None
    term_count: Annotated[str | None, Label("Term Count")] = None
    subscription_id: Annotated[str | None, Label("Subscription ID")] = None


class Term(Frozen):
    """The terms of one authorized licence, per member."""

    members: Annotated[tuple[TermMember, ...] | None, Blocks(MEMBER)] = None


class AuthorizedLicense(Frozen):
    """One licence of a reservation or authorization code, or carried over from a PAK."""

    name: str | None = None
    tag: str | None = None
    regid: str | None = None
    display_name: Annotated[str | None, Label("DisplayName")] = None
    description: Annotated[str | None, Label("Description")] = None
    available_count: Annotated[str | None, Label("Total available count")] = None
    reserved_count: Annotated[str | None, Label("Total reserved count")] = None
    enforcement: Annotated[str | None, Label("Enforcement type")] = None
    term: Annotated[Term | None, Heading("Term information")] = None


class AuthorizedLicenses(Frozen):
    """A list of authorized licences."""

    licenses: Annotated[tuple[AuthorizedLicense, ...] | None, Blocks(TITLE, key="tag")] = None


class LegacyLicenses(Frozen):
    """Licences that came from a PAK; they are headed by the tag in full (LIC-9)."""

    licenses: Annotated[
        tuple[AuthorizedLicense, ...] | None,
        Blocks(r"^(?P<regid>regid\.[^\s:]+\.(?P<tag>[^\s.,]+),[^\s:]+):$", key="tag"),
    ] = None


class Purchased(Frozen):
    """Purchase information; none is an empty list."""

    licenses: Annotated[
        tuple[AuthorizedLicense, ...] | None,
        Pattern(r"No Purchase Information Available", value="<none>"),
        Blocks(TITLE, key="tag"),
    ] = None


class Derived(Frozen):
    """Entitlement tags in full that the router derived from what is in use."""

    tags: Annotated[tuple[str, ...] | None, Label("Entitlement Tag")] = None


class AuthorizationSections(Frozen):
    """What ``show license authorization`` prints, and the last part of ``all``."""

    overall: Annotated[Overall | None, Heading("Overall status")] = None
    authorizations: Annotated[AuthorizedLicenses | None, Heading("Authorizations")] = None
    specified: Annotated[AuthorizedLicenses | None, Heading("Specified license reservations")] = (
        None
    )
    legacy: Annotated[LegacyLicenses | None, Heading("Legacy License Info")] = None
    purchased: Annotated[Purchased | None, Heading("Purchased Licenses")] = None
    derived: Annotated[Derived | None, Heading("Derived Licenses")] = None


class Chassis(Frozen):
    """One member of a stack or pair."""

    role: str | None = None
    pid: str | None = None
    sn: str | None = None


class HaUdis(Frozen):
    """The members of a stack or pair, the router itself among them."""

    members: Annotated[tuple[Chassis, ...] | None, Blocks(MEMBER, key="sn")] = None


class Product(Frozen):
    """Whose output this is."""

    udi: Annotated[Udi | None, Label("UDI")] = None
    ha: Annotated[HaUdis | None, Heading("HA UDI List")] = None


class Agent(Frozen):
    """The licensing agent."""

    version: Annotated[str | None, Label("Smart Agent for Licensing")] = None
    software_tag: Annotated[str | None, Label("Software Tag")] = None


class Title(Frozen):
    """A heading with nothing of its own below it but when data last went out."""

    last_data_push: Annotated[Stamped | None, Label("Last Data Push")] = None
    last_file_export: Annotated[Stamped | None, Label("Last File Export")] = None


class ReservationInfo(Title):
    """Whether licences are reserved, as ``all`` and tech support print it."""

    enabled: Annotated[bool | None, Label("License reservation")] = None


class Reports(Frozen):
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


class Telemetry(Frozen):
    """Telemetry or product analytics reports."""

    data_channel: Annotated[str | None, Label("Data Channel", "Product Analytics")] = None
    reason: Annotated[str | None, Label("Not Available Reason")] = None
    reports: Annotated[
        int | None, Label("Reports on disk", "Total current Product Analytics reports")
    ] = None


class ReportSections(Frozen):
    """What ``all`` and tech support print at their end."""

    reservation_info: Annotated[ReservationInfo | None, Heading("Reservation Info")] = None
    reports: Annotated[Reports | None, Heading("Usage Report Summary")] = None
    telemetry: Annotated[
        Telemetry | None,
        Heading("Device Telemetry Report Summary", "Product Analytics Report Summary"),
    ] = None
    enforcement_state: Annotated[str | None, Label("Device Enforcement State")] = None


class CslLicense(Frozen):
    """One licence of Cisco Software Licensing."""

    index: int | None = None
    feature: str | None = None
    version: str | None = None
    period_left: Annotated[str | None, Label("Period left", "Evaluation period left")] = None
    period_total: Annotated[str | None, Label("Evaluation total period")] = None
    period_used: Annotated[str | None, Label("Period Used")] = None
    license_type: Annotated[str | None, Label("License Type")] = None
    license_state: Annotated[str | None, Label("License State")] = None
    license_count: Annotated[str | None, Label("License Count")] = None
    license_priority: Annotated[str | None, Label("License Priority")] = None
    lock_type: Annotated[str | None, Label("Lock type")] = None
    vendor_info: Annotated[str | None, Label("Vendor info")] = None
    addition: Annotated[str | None, Label("License Addition")] = None
    generation: Annotated[str | None, Label("License Generation version")] = None
    expiry: Annotated[str | None, Label("Expiry date")] = None
    store_index: Annotated[int | None, Label("Store Index")] = None
    store: Annotated[str | None, Label("Store Name")] = None


_FEATURE = r"(?P<index>\d+)\s+Feature\s*:\s*(?P<feature>\S+)(?:\s+Version:\s*(?P<version>\S+))?$"
CSL_INDEX = r"^Index\s*:?\s*" + _FEATURE
STORE_INDEX = r"^StoreIndex\s*:?\s*" + _FEATURE
