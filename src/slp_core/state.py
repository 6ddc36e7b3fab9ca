"""``RouterState``: all that is known of one router at one time.

Everywhere in this module a field that is *unset* was not printed (or its command was not seen),
and a field that is set to ``None`` was printed as ``<none>`` or ``<empty>``: two different facts.
``known`` tells them apart; JSON is written without unset fields and read back the same.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from slp_core.release import Release

Level = int | str
"""A throughput: kb/s, or the words that the router prints (``unthrottled``, ``T3|500M``)."""

TransportKind = Literal["callhome", "smart", "cslu", "off", "automatic"]


class Frozen(BaseModel):
    """A value: immutable, strict about its fields, unset fields left out of JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_json(self) -> dict[str, Any]:
        """Returns what was set, ready for ``json.dumps``."""
        return self.model_dump(mode="json", exclude_unset=True)

    def known(self, path: str) -> bool:
        """Tells whether the dotted ``path`` was printed, be it as ``<none>``."""
        head, _, rest = path.partition(".")
        if head not in self.model_fields_set:
            return False
        value = getattr(self, head)
        if not rest:
            return True
        return isinstance(value, Frozen) and value.known(rest)


class Evidence(Frozen):
    """Where a value stood: the command and its line numbers, from 1."""

    command: str
    lines: tuple[int, ...]


class Contradiction(Frozen):
    """What another output says of a value; ``None`` for a licence that it does not list."""

    value: Any = None
    evidence: Evidence


class Udi(Frozen):
    """The identity by which CSSM knows a product instance."""

    pid: str
    sn: str
    role: str | None = None


class Boot(Frozen):
    """How and when the router last came up."""

    restarted_at: datetime | None = None
    uptime_s: int | None = None
    returned_by: str | None = None
    reload_reason: str | None = None
    mode: Literal["install", "bundle"] | None = None
    image: str | None = None
    config_register: str | None = None
    next_config_register: str | None = None
    variables: tuple[str, ...] | None = None
    manual: bool | None = None
    standby_variables: tuple[str, ...] | None = None
    standby_config_register: str | None = None


class FlashFile(Frozen):
    """One entry of ``dir``; ``size`` in bytes."""

    name: str
    size: int | None = None
    directory: bool = False
    modified: datetime | None = None


class Storage(Frozen):
    """One file system; sizes in bytes."""

    filesystem: str
    total: int | None = None
    free: int | None = None
    files: tuple[FlashFile, ...] | None = None


class Ssh(Frozen):
    """The SSH server by which the router is reached; ``modulus_bits`` is of its RSA key."""

    enabled: bool | None = None
    version: str | None = None
    key_name: str | None = None
    modulus_bits: int | None = None


class RsaKey(Frozen):
    """One RSA key pair; ``bits`` is its modulus, unset where the output does not tell."""

    name: str
    bits: int | None = None


class SnmpUser(Frozen):
    """One user of SNMPv3, with its algorithms; none is ``None``."""

    name: str
    authentication: str | None = None
    privacy: str | None = None


class SlotFirmware(Frozen):
    """What one slot boots by: ROMMON, CPLD and FPGA; unset where it has none."""

    slot: str
    rommon: str | None = None
    cpld: str | None = None
    fpga: str | None = None


class InstallPackage(Frozen):
    """One row of ``show install summary``; ``state`` is I, U, C or D."""

    kind: str
    state: str
    version: str
    location: str | None = None


class Install(Frozen):
    """What install mode has in hand."""

    packages: tuple[InstallPackage, ...] | None = None
    auto_abort: str | None = None
    auto_abort_left_s: int | None = None


class Redundancy(Frozen):
    """The processors of the router; ``switchovers`` counts since the chassis came up."""

    configured_mode: str | None = None
    operating_mode: str | None = None
    peer_state: str | None = None
    processors: int | None = None
    switchovers: int | None = None
    last_switchover: str | None = None
    active_location: str | None = None
    active_release: Release | None = None
    peer_release: Release | None = None


class Issu(Frozen):
    """In-service upgrade: whether the router is fit for it, and what is under way.

    Attributes:
        status: ``Enabled`` where every condition is met.
        idle: whether the router says that nothing is under way.
        state: of the operation that is under way, such as ``Activated state``.
        last: the last command of it, which older releases print instead.
        terminal: whether that state is reached on both processors, in the router's words.
    """

    status: str | None = None
    previous: str | None = None
    idle: bool | None = None
    state: str | None = None
    last: str | None = None
    terminal: str | None = None


class RouterClock(Frozen):
    """The router's own time; ``skew_s`` is the router minus our clock, in seconds."""

    time: datetime | None = None
    authoritative: bool | None = None
    synchronised: bool | None = None
    skew_s: float | None = None


class Throughput(Frozen):
    """Platform and crypto throughput as the router prints them."""

    level: Level | None = None
    crypto: Level | None = None
    crypto_configured: Level | None = None


class Cerm(Frozen):
    """Crypto export restrictions manager."""

    functionality: str | None = None
    tunnels_max: int | None = None
    tls_sessions_max: int | None = None


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


class UnknownLine(Frozen):
    """A line that no parser understood; kept, shown, never dropped."""

    command: str
    line: int
    text: str


class BadNews(Frozen):
    """A system message among the lines of an output that means trouble (C12)."""

    command: str
    line: int
    facility: str
    severity: int
    mnemonic: str
    text: str


class CommandSeen(Frozen):
    """One output that was read: ``status`` is ok, empty, foreign, rejected or cut."""

    command: str
    status: Literal["ok", "empty", "foreign", "rejected", "cut"]


class Mixed(Frozen):
    """What shows that saved outputs are not of one router, or that it was saved twice."""

    rule: str
    text: str
    remedy: str


class Ports(Frozen):
    """The physical ports that the configuration names, by whether it shuts them."""

    up: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()


class RouterState(Frozen):
    """All that is known of one router at one time.

    ``evidence`` maps dotted paths of this model (``licensing.transport.kind``,
    ``licensing.licenses[ISR_4400_Hsec].status``) to the lines that they came from; ``also`` maps
    those that another output contradicts to what it says.
    """

    name: str
    read_at: datetime | None = None
    hostname: str | None = None
    udi: Udi | None = None
    peers: tuple[Udi, ...] | None = None
    release: Release | None = None
    build: str | None = None
    """What an experimental build is called beside its train."""
    image_id: str | None = None
    """The image's own name, such as ``X86_64_LINUX_IOSD-UNIVERSALK9-M``."""
    rommon: str | None = None
    """The version of ROMMON that the router booted by, such as ``16.2(1r)``."""
    controller_mode: bool | None = None
    boot: Boot | None = None
    storage: tuple[Storage, ...] | None = None
    install: Install | None = None
    redundancy: Redundancy | None = None
    issu: Issu | None = None
    clock: RouterClock | None = None
    ssh: Ssh | None = None
    rsa_keys: tuple[RsaKey, ...] | None = None
    snmp_users: tuple[SnmpUser, ...] | None = None
    firmware: tuple[SlotFirmware, ...] | None = None
    throughput: Throughput | None = None
    cerm: Cerm | None = None
    licensing: Licensing | None = None
    ports: Ports | None = None
    interface_vrfs: dict[str, str] | None = None
    """The VRF of each interface of the running configuration that is in one."""
    config: tuple[str, ...] | None = None
    startup_config: tuple[str, ...] | None = None
    commands: tuple[CommandSeen, ...] = ()
    unknown: tuple[UnknownLine, ...] = ()
    messages: tuple[BadNews, ...] = ()
    """Messages of trouble among the outputs that no later message took back."""
    evidence: dict[str, Evidence] = {}
    also: dict[str, tuple[Contradiction, ...]] = {}
    mixed: tuple[Mixed, ...] = ()

    def license(self, tag: str) -> License | None:
        """Returns the licence with this entitlement tag, complete or cut by ``...``."""
        if self.licensing is None:
            return None
        return next((x for x in self.licensing.licenses or () if same_tag(x.tag, tag)), None)

    @classmethod
    def from_json(cls, data: Any) -> Self:
        """Reads what ``to_json`` wrote."""
        return cls.model_validate(data)


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
