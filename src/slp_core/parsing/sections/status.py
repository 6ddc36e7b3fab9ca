"""What ``show license status`` prints in all three eras; ``all`` and tech support begin so too."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from slp_core.parsing.grammar import Blocks, Heading, Label, Pattern
from slp_core.parsing.printed import Printed
from slp_core.parsing.sections.heads import MEMBER
from slp_core.parsing.values import Stamped, days, seconds


class Status(Printed):
    """A section that holds a state."""

    status: Annotated[str | None, Label("Status")] = None
    reporting_mode: Annotated[str | None, Label("Reporting Mode")] = None


class Account(Printed):
    """Smart and virtual account, with the time from which they are known."""

    smart_account: Annotated[Stamped | None, Label("Smart Account")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account")] = None


class Privacy(Printed):
    """What the router tells CSSM of itself."""

    sending_hostname: Annotated[bool | None, Label("Sending Hostname")] = None
    callhome_hostname: Annotated[str | None, Label("Callhome hostname privacy")] = None
    smart_hostname: Annotated[str | None, Label("Smart Licensing hostname privacy")] = None
    version: Annotated[str | None, Label("Version privacy")] = None


class Proxy(Printed):
    """The proxy; its password is never kept."""

    address: Annotated[
        str | None,
        Label("Address"),
        Pattern(r"(?i)not configured$", value="<none>", hint="onfigured"),
        Pattern(r"<none>$|<empty>$", value="<none>", hint="<"),
    ] = None
    port: Annotated[str | None, Label("Port")] = None
    username: Annotated[str | None, Label("Username")] = None
    password: Annotated[str | None, Label("Password", read=lambda _: "set")] = None


class TransportSection(Printed):
    """How the agent reaches its server."""

    kind: Annotated[
        str | None,
        Label("Type"),
        Pattern(r"(Transport Off)$", hint="Transport Off"),
    ] = None
    url: Annotated[str | None, Label("URL", "Registration URL")] = None
    utility_url: Annotated[str | None, Label("Utility URL")] = None
    cslu_address: Annotated[str | None, Label("Cslu address")] = None
    proxy: Annotated[Proxy | None, Heading("Proxy", inline="address")] = None
    server_identity_check: Annotated[str | None, Label("Server Identity Check")] = None
    vrf: Annotated[str | None, Label("VRF")] = None
    ip_mode: Annotated[str | None, Label("IP Mode")] = None
    trust_point: Annotated[str | None, Label("Trust Point", "Trustpoint")] = None


class RegistrationSection(Printed):
    """Registration with CSSM, before SLP."""

    status: Annotated[str | None, Label("Status")] = None
    smart_account: Annotated[str | None, Label("Smart Account")] = None
    virtual_account: Annotated[str | None, Label("Virtual Account")] = None
    instance_name: Annotated[str | None, Label("Product Instance Name")] = None
    export_controlled: Annotated[str | None, Label("Export-Controlled Functionality")] = None
    initial: Annotated[Stamped | None, Label("Initial Registration")] = None
    last_renewal: Annotated[Stamped | None, Label("Last Renewal Attempt")] = None
    next_renewal: Annotated[Stamped | None, Label("Next Renewal Attempt")] = None
    expires: Annotated[Stamped | None, Label("Registration Expires")] = None
    failure_reason: Annotated[str | None, Label("Failure reason", "Failure Reason")] = None


class AuthorizationSection(Printed):
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


class Evaluation(Printed):
    """The evaluation period as tech support prints it."""

    mode: Annotated[str | None, Label("Evaluation Mode")] = None
    left_s: Annotated[int | None, Label("Evaluation Period Remaining", read=seconds)] = None


class Conversion(Printed):
    """Conversion of classic licences (DLC)."""

    automatic: Annotated[bool | None, Label("Automatic Conversion Enabled")] = None
    status: Annotated[Stamped | None, Label("Status")] = None
    last_data_push: Annotated[Stamped | None, Label("Last Data Push")] = None
    last_file_export: Annotated[Stamped | None, Label("Last File Export")] = None


class ExportKeys(Printed):
    """Export authorization keys of classic Smart Licensing; none is an empty list."""

    features: Annotated[tuple[str, ...] | None, Label("Features Authorized", lines=True)] = None


class Miscellaneous(Printed):
    """What the operator called the router."""

    custom_id: Annotated[str | None, Label("Custom Id")] = None


class Terms(Printed):
    """Days until the first report, between reports, after a change; behind each its source."""

    first_report: Annotated[int | None, Label("First report requirement (days)", read=days)] = None
    frequency: Annotated[int | None, Label("Reporting frequency (days)", read=days)] = None
    on_change: Annotated[int | None, Label("Report on change (days)", read=days)] = None


class PolicySection(Printed):
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


class PolicyV2(Printed):
    """The reporting policy as agents from 8.0 on print it."""

    in_use: Annotated[Stamped | None, Label("Policy in use")] = None
    name: Annotated[str | None, Label("Policy name")] = None
    sync_overdue: Annotated[int | None, Label("Sync Overdue Interval")] = None
    sync_retry: Annotated[int | None, Label("Sync Retry Interval")] = None
    grace_period: Annotated[int | None, Label("Grace Period")] = None
    reporting_interval: Annotated[int | None, Label("On Going Reporting Interval")] = None
    no_enforcement: Annotated[bool | None, Label("No Enforcement")] = None


class UsageReporting(Printed):
    """Usage reports and their acknowledgements."""

    last_ack: Annotated[datetime | None, Label("Last ACK received")] = None
    next_ack_deadline: Annotated[datetime | None, Label("Next ACK deadline")] = None
    push_interval_days: Annotated[int | None, Label("Reporting push interval", read=days)] = None
    next_ack_push_check: Annotated[datetime | None, Label("Next ACK push check")] = None
    next_report_push: Annotated[datetime | None, Label("Next report push")] = None
    last_report_push: Annotated[datetime | None, Label("Last report push")] = None
    last_report_file_write: Annotated[datetime | None, Label("Last report file write")] = None


class TrustMember(Printed):
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


class TrustSection(Printed):
    """The trust code, in the four forms that it is printed in."""

    installed_on: Annotated[
        datetime | None,
        Pattern(r"<none>$", value="<none>", hint="<none>"),
        Pattern(r"INSTALLED on (\S.*)$", hint="INSTALLED on"),
    ] = None
    kind: Annotated[str | None, Label("Trust Code Type")] = None
    attributes: Annotated[str | None, Label("Attributes")] = None
    members: Annotated[tuple[TrustMember, ...] | None, Blocks(MEMBER, key="sn", hint="PID:")] = None
    secondary_signing: Annotated[str | None, Label("Secondary Signing Cert")] = None


class StatusSections(Printed):
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
