"""What a router shows of its licensing, before SLP and under it."""

from __future__ import annotations

from datetime import datetime

from slp_core.state.base import Frozen, TransportKind, Udi


class License(Frozen):
    """One licence of Smart Licensing, keyed by its entitlement tag.

    ``tag`` is as complete as any output showed it; ``regid`` is the tag in full where printed.
    """

    tag: str
    name: str | None = None
    regid: str | None = None
    description: str | None = None
    count: int | None = None
    version: str | None = None
    status: str | None = None
    export_status: str | None = None
    feature_name: str | None = None
    feature_description: str | None = None
    enforcement: str | None = None
    license_type: str | None = None
    reservation_status: str | None = None
    reserved_count: str | None = None


class CslFeature(Frozen):
    """One licence of Cisco Software Licensing (PAK, RTU, evaluation), keyed by feature."""

    feature: str
    index: int | None = None
    period_left: str | None = None
    period_used: str | None = None
    license_type: str | None = None
    license_state: str | None = None
    license_count: str | None = None
    license_priority: str | None = None
    store: str | None = None
    lock_type: str | None = None
    enforcement: bool | None = None
    evaluation: bool | None = None
    subscription: bool | None = None
    enabled: bool | None = None
    right_to_use: bool | None = None


class Registration(Frozen):
    """Registration with CSSM before SLP."""

    status: str
    smart_account: str | None = None
    virtual_account: str | None = None
    export_controlled: str | None = None
    initial: str | None = None
    expires: datetime | None = None
    failure_reason: str | None = None


class Communication(Frozen):
    """The last communication with CSSM before SLP, and until when one must succeed (B484-490)."""

    outcome: str | None = None
    attempted: datetime | None = None
    failure_reason: str | None = None
    next_attempt: datetime | None = None
    deadline: datetime | None = None


class Transport(Frozen):
    """How the licensing agent reaches its server."""

    kind: TransportKind
    url: str | None = None
    cslu_address: str | None = None
    proxy: str | None = None
    vrf: str | None = None


class Trust(Frozen):
    """The trust code; ``installed_on`` is ``None`` where ``<none>`` was printed."""

    installed_on: datetime | None = None
    members: tuple[Udi, ...] | None = None


class PolicyTerms(Frozen):
    """Days until the first report, between reports, and after a change of consumption."""

    first_report: int | None = None
    frequency: int | None = None
    on_change: int | None = None


class Policy(Frozen):
    """The reporting policy in force."""

    in_use: str | None = None
    name: str | None = None
    installed_on: datetime | None = None
    ack_required: str | None = None
    perpetual: PolicyTerms | None = None
    subscription: PolicyTerms | None = None
    enforced: PolicyTerms | None = None
    export: PolicyTerms | None = None


class Reporting(Frozen):
    """Usage reports (RUM) and their acknowledgements."""

    last_ack: datetime | None = None
    next_ack_deadline: datetime | None = None
    push_interval_days: int | None = None
    next_ack_push_check: datetime | None = None
    next_report_push: datetime | None = None
    last_report_push: datetime | None = None
    last_report_file_write: datetime | None = None
    reports_total: int | None = None
    reports_waiting: int | None = None


class ReservedLicense(Frozen):
    """One licence of a reservation or authorization code."""

    tag: str
    name: str | None = None
    description: str | None = None
    count: str | None = None
    enforcement: str | None = None
    authorization_type: str | None = None
    license_type: str | None = None
    term_count: str | None = None


class AuthorizationMember(Frozen):
    """The authorization of one chassis or stack member.

    ``status`` is without its date, ``legacy_status`` is ``PAK`` where ``Status:PAK`` was printed.
    """

    udi: Udi
    status: str | None = None
    installed_on: datetime | None = None
    confirmation_code: str | None = None
    legacy_status: str | None = None
    export_controlled: str | None = None


class Authorization(Frozen):
    """``show license authorization`` and the section of that name in ``show license all``."""

    members: tuple[AuthorizationMember, ...] | None = None
    licenses: tuple[ReservedLicense, ...] | None = None
    derived_tags: tuple[str, ...] | None = None


class Reservation(Frozen):
    """License reservation (SLR, PLR), before and after the migration."""

    enabled: bool | None = None
    status: str | None = None
    installed_on: datetime | None = None
    confirmation_code: str | None = None
    licenses: tuple[ReservedLicense, ...] | None = None


class Dlc(Frozen):
    """Device-led conversion: collected on the router, then acknowledged by CSSM."""

    process_status: str | None = None
    conversion_status: str | None = None
    features: tuple[str, ...] | None = None


class Licensing(Frozen):
    """All that the router says of its licensing."""

    smart_licensing: str | None = None
    slp: str | None = None
    show_version_status: str | None = None
    license_level: str | None = None
    next_license_level: str | None = None
    license_type: str | None = None
    addon_level: str | None = None
    next_addon_level: str | None = None
    registration: Registration | None = None
    authorization_status: str | None = None
    communication: Communication | None = None
    evaluation_left_s: int | None = None
    smart_account: str | None = None
    virtual_account: str | None = None
    transport: Transport | None = None
    licenses: tuple[License, ...] | None = None
    csl_features: tuple[CslFeature, ...] | None = None
    trust: Trust | None = None
    policy: Policy | None = None
    reporting: Reporting | None = None
    reservation: Reservation | None = None
    authorization: Authorization | None = None
    dlc: Dlc | None = None
    pak_snapshot: tuple[str, ...] | None = None
    """PAK licences that a classic router recorded; none where it has taken no snapshot (B9-3)."""
    conversion_status: str | None = None
    conversion_on: datetime | None = None
    agent_version: str | None = None
    hseck9_tag: str | None = None


def short_tag(tag: str) -> str:
    """``regid.2019-03.com.cisco.DNA_HSEC,1.0_509c…`` is printed as ``DNA_HSEC``."""
    return tag.split(",")[0].rsplit(".", 1)[-1] if tag.startswith("regid.") else tag


def same_tag(one: str, other: str) -> bool:
    """Tells whether two printed entitlement tags name the same licence (LIC-11).

    A tag cut by ``...`` matches every tag that begins with it.
    """
    if one == other:
        return True
    cut_one, cut_other = one.endswith("..."), other.endswith("...")
    stem_one, stem_other = one.removesuffix("..."), other.removesuffix("...")
    if cut_one and cut_other:
        return stem_one.startswith(stem_other) or stem_other.startswith(stem_one)
    if cut_one:
        return other.startswith(stem_one)
    return cut_other and one.startswith(stem_other)
