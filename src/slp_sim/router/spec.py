"""What a scenario may say of one router."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

Model = Literal["csl", "eval", "registered", "slr", "plr", "slp", "nolicense"]
AgentModel = Literal["csl", "smart", "slp", "nolicense"]


class Strict(BaseModel):
    """A part of a scenario: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class UserSpec(Strict):
    """A local user; ``privilege`` 15 logs in at ``#``, below that at ``>``."""

    name: str
    password: str
    privilege: int = 15


class LicenceSpec(Strict):
    """One licence, in whichever model the router has it.

    Attributes:
        feature: the feature name (``securityk9``).
        tag: short entitlement tag (``ISR_4351_Security``); unset for CSL features without one
            (``ipbasek9``), made up from platform and feature where it is needed and unset.
        regid: the tag in full; made up from ``tag`` where unset.
        name: display name that a Smart Licensing router shows before SLP; may be empty.
        description: beside ``name``; may be empty.
        count: how many are in use.
        restricted: export restricted (an HSECK9 licence).
        license_type: as printed under SLP; ``None`` picks Perpetual (Export for DNA_HSEC).
        status: what a Smart Licensing router shows instead of its model's usual status, such as
            ``NOT AUTHORIZED``.
        kind: in CSL: ``pak``, ``rtu`` (permanent), ``evaluation`` (EvalRightToUse), ``default``.
        in_use: in CSL: whether the licence is active and in use.
        right_to_use, enforced, has_evaluation: columns of ``show license feature`` (CSL).
        counted: in CSL: the count is shown as ``0/0 (In-use/Violation)``.
        priority: in CSL; picked by kind where unset.
        period_used_s: in CSL, of an evaluation licence: seconds used when the scenario begins.
        stored: CSL: place in the primary store's listing; by default in the order given.
    """

    feature: str
    tag: str | None = None
    regid: str | None = None
    name: str = ""
    description: str = ""
    count: int = 1
    restricted: bool = False
    license_type: str | None = None
    status: str | None = None
    kind: Literal["pak", "rtu", "evaluation", "default", "none"] = "pak"
    in_use: bool = True
    right_to_use: bool | None = None
    enforced: bool = True
    has_evaluation: bool | None = None
    counted: bool = False
    priority: str | None = None
    period_used_s: float = 0.0
    stored: int | None = None


class ReservedSpec(Strict):
    """One licence of a reservation."""

    tag: str
    regid: str | None = None
    name: str = ""
    description: str = ""
    count: int = 1
    restricted: bool = False
    license_type: str = "PERPETUAL"


class ReservationSpec(Strict):
    """An installed specific licence reservation."""

    installed_at: datetime
    confirmation_code: str
    registered_at: datetime | None = None
    licences: list[ReservedSpec] = Field(default_factory=list)


class RegistrationSpec(Strict):
    """A registration with CSSM before SLP.

    Attributes:
        failed_at, failure_reason, next_attempt_at: of the last communication, where it failed.
    """

    smart_account: str
    virtual_account: str
    registered_at: datetime
    expires_at: datetime | None = None
    authorized_at: datetime | None = None
    deadline_at: datetime | None = None
    failed_at: datetime | None = None
    failure_reason: str = ""
    next_attempt_at: datetime | None = None
    export_controlled: bool = True


class TrustSpec(Strict):
    """A trust code of a router that starts out under SLP."""

    installed_at: datetime
    smart_account: str = ""
    virtual_account: str = ""


class LicensingSpec(Strict):
    """The licensing that a router starts with.

    Attributes:
        model: which licensing is in force when the scenario begins.
        licences: what is in use (CSL: what is listed).
        export_flag_throughput: more than 250 Mbit/s was allowed by the account's flag alone.
        unacknowledged_reports: RUM reports that wait, under SLP (F40).
        evaluation_left_s: what is left of the 90 days when the scenario begins.
        hseck9_tag, hseck9_regid: what the image maps ``hseck9`` to; by platform where unset.
        transport: before SLP ``callhome`` or ``smart``; under SLP any.
    """

    model: Model
    licences: list[LicenceSpec] = Field(default_factory=list)
    transport: Literal["smart", "callhome", "cslu", "off"] | None = None
    url: str | None = None
    registration: RegistrationSpec | None = None
    reservation: ReservationSpec | None = None
    evaluation_left_s: float = 90 * 86400.0
    trust: TrustSpec | None = None
    export_flag_throughput: bool = False
    hseck9_tag: str | None = None
    hseck9_regid: str | None = None
    unacknowledged_reports: int = 0
    boot_level: str | None = None

    @property
    def agent_model(self) -> AgentModel:
        """The era that the licensing belongs to."""
        return self.model if self.model in ("csl", "slp", "nolicense") else "smart"


class FileSpec(Strict):
    """A file on flash: with ``text``, or an image of ``release``, or so many bytes."""

    name: str
    size: int = 0
    text: str | None = None
    release: str | None = None
    platform: str | None = None
    modified: datetime | None = None
    directory: bool = False


class FlashSpec(Strict):
    """The boot file system; ``free`` is what remains with the files given."""

    total: int = 2_908_606_464
    free: int | None = None
    files: list[FileSpec] = Field(default_factory=list)


class FaultSpec(Strict):
    """One fault of the lab's list, with what it needs to know.

    Attributes:
        name: ``F01`` to ``F41``, with a variant where one has several (``F09-issu``).
        params: see ``faults.py``.
    """

    name: str
    params: dict[str, Any] = Field(default_factory=dict)


class StandbySpec(Strict):
    """A second route processor that stands by; licensing counts the chassis, not processors.

    Attributes:
        release: what it runs, where that is not what the active one runs.
        sync_s: how long it takes after its boot until it is in step, in lab seconds.
        unequal_paks: its store of PAK licences is not that of the active one (the ASR 900 family).
    """

    release: str | None = None
    sync_s: float = 90.0
    unequal_paks: bool = False


class RouterSpec(Strict):
    """Everything that a scenario may say of one router.

    Attributes:
        name: how the lab calls it; unique.
        hostname: what its prompt says.
        pid, serial: its UDI.
        release: the IOS-XE release that runs when the scenario begins, as ``16.12.4``.
        build, compiled: ``fc5`` and the compile date of that release, made up where unset.
        throughput_kbps: ``None`` = unthrottled.
        crypto_kbps: ``None`` = unthrottled; shown only by platforms that have the command.
        standby: a second route processor (``standby: {}``).
        peer_serial: what licensing prints for the second processor, where that is not the
            chassis's own serial number; says that there is one.
        reachable: whether routes and DNS lead beyond the router at all.
        vrf: the one VRF in which they do, ``global`` for the routing table outside any; unset,
            all of them.
        config: lines of running and startup configuration beyond those that the router makes of
            the rest of this spec; sub-mode lines are indented by one blank.
        unsaved: lines that stand in the running configuration only.
        clock_offset_s: the router's clock minus the lab's.
        up_s: how long the router has been up when the scenario begins.
        ssh_key_bits: length of the RSA key by which its SSH server answers.
        boot_s, add_s: how long a boot and ``install add`` take, in lab seconds.
        max_vty: how many sessions it takes at once.
    """

    name: str
    hostname: str = "Router"
    pid: str
    serial: str
    release: str
    build: str | None = None
    compiled: str | None = None
    licensing: LicensingSpec
    throughput_kbps: int | None = None
    crypto_kbps: int | None = None
    controller_mode: bool = False
    boot_mode: Literal["install", "bundle"] = "install"
    boot_image: str | None = None
    config_register: str = "0x2102"
    ssh_key_bits: int = Field(default=2048, ge=512, le=4096)
    flash: FlashSpec = Field(default_factory=FlashSpec)
    standby: StandbySpec | None = None
    peer_serial: str | None = None
    reachable: bool = True
    vrf: str | None = None
    clock_offset_s: float = 0.0
    ntp: bool = True
    up_s: float = 86400.0
    boot_s: float = 240.0
    add_s: float = 180.0
    users: list[UserSpec] = Field(
        default_factory=lambda: [UserSpec(name="admin", password="admin")]  # noqa: S106 - a lab
    )
    enable_secret: str | None = None
    banner_login: str | None = None
    banner_motd: str | None = None
    banner_exec: str | None = None
    config: list[str] = Field(default_factory=list)
    unsaved: list[str] = Field(default_factory=list)
    faults: list[FaultSpec] = Field(default_factory=list)
    max_vty: int = 16

    @field_validator("faults", mode="before")
    @classmethod
    def _names_alone(cls, value: Any) -> Any:
        """Takes ``faults: [F01, {name: F05, params: {…}}]``."""
        if isinstance(value, list):
            return [{"name": item} if isinstance(item, str) else item for item in value]
        return value
