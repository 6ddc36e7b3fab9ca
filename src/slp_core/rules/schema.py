"""The schema of the rule data: one immutable row for each kind of entry."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from slp_core.release import Release

Basis = Literal["guide", "public", "memory", "inference", "user"]
"""What an entry rests on: ``memory`` is not verified and is shown so in plans."""


class Row(BaseModel):
    """One entry of the rule data: immutable, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _checked(patterns: tuple[str, ...]) -> tuple[str, ...]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"{pattern!r} is no pattern: {error}") from error
    return patterns


def _train(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return int(major), int(minor)


class TagRow(Row):
    """How a platform names its entitlement tags.

    Attributes:
        prefix: what the tags begin with; may use named groups of the PID pattern.
        features: feature to the end of its tag (the whole tag where there is no prefix).
    """

    prefix: str | None = None
    features: dict[str, str] = Field(default_factory=dict)
    basis: Basis = "guide"


class IssuRow(Row):
    """In-service upgrade: which chassis take two processors, and between which releases it works.

    Attributes:
        pids: patterns of the chassis, within the platform.
        extended: trains of extended maintenance; others are upgraded by a reload.
        any_way: a document of the family has it down, and between major releases, too.
    """

    pids: tuple[str, ...]
    extended: tuple[str, ...] = ()
    any_way: bool = False
    basis: Basis = "memory"
    source: str = ""

    _patterns = field_validator("pids")(_checked)


class ImageRow(Row):
    """The usual name of the images of some chassis of a family."""

    pids: tuple[str, ...]
    image: str

    _patterns = field_validator("pids")(_checked)


class StemRow(Row):
    """A family of images that ends: with which train, and which family follows it (C03).

    Attributes:
        stem: what the names of its images begin with.
        then: what they begin with afterwards; unset where nothing follows.
    """

    stem: str
    until: str
    then: str | None = None
    basis: Basis = "memory"
    source: str = ""

    @property
    def until_train(self) -> tuple[int, int]:
        """The last train that has images of this family."""
        return _train(self.until)


class LastRelease(Row):
    """After which train a platform gets no releases, and how well that is known (C15)."""

    train: str
    basis: Basis
    source: str

    @property
    def last_train(self) -> tuple[int, int]:
        """The train as numbers."""
        return _train(self.train)


class LimitRow(Row):
    """Up to where some chassis of a family are known to go (C15); unset is as the family's."""

    pids: tuple[str, ...]
    last: LastRelease | None = None
    sourced_to: str | None = None

    _patterns = field_validator("pids")(_checked)


class Enforcement(Row):
    """From which release on licences are enforced from the first boot (UP-9)."""

    release: Release
    basis: Basis
    source: str


class PlatformRow(Row):
    """One platform family.

    Attributes:
        pids: patterns, the first that fits wins.
        kind: ``virtual`` counts platform throughput for SLAC, ``physical`` crypto throughput;
            ``classic`` keeps classic Smart Licensing (B9).
        first: the first release that runs on it, where that matters: nothing goes back before it.
        min_slp: the first release with Smart Licensing Using Policy.
        max_release: the last release that runs on it, where that is known.
        last: the last train, where something says so; a blocker only by a source that was read.
        sourced_to: the newest train that a source names for it; beyond it nothing is known.
        limits: the same where chassis of the family differ; they go first.
        stems: families of images that end within the life of a chassis.
        enforced_from: from where on licences are enforced from the first boot (UP-9).
        dlc: whether device-led conversion is done (DLC-2).
        issu: how it is upgraded in service, where that is known at all.
        becomes: the platform whose image it must take (UP-1).
        image: the usual name of an image; ``{release}`` stands for ``17.03.02``.
        images: the same where chassis of the family take different ones; they go first.
        image_before: of a release before its first one with SLP, where that is another: the image
            of the platform that it becomes is for the way up (UP-1, DOWN-2).
    """

    id: str
    series: str
    pids: tuple[str, ...]
    kind: Literal["physical", "virtual", "classic"]
    first: Release | None = None
    min_slp: Release | None = None
    max_release: Release | None = None
    last: LastRelease | None = None
    sourced_to: str | None = None
    limits: tuple[LimitRow, ...] = ()
    stems: tuple[StemRow, ...] = ()
    enforced_from: Enforcement | None = None
    dlc: bool = False
    becomes: str | None = None
    issu: IssuRow | None = None
    filesystem: str = "bootflash:"
    image: str | None = None
    images: tuple[ImageRow, ...] = ()
    image_before: str | None = None
    tags: TagRow = TagRow()
    basis: Basis = "guide"
    source: str = ""

    _patterns = field_validator("pids")(_checked)

    @property
    def image_names(self) -> tuple[str, ...]:
        """The usual names of the images of all its chassis."""
        return (*(row.image for row in self.images), *((self.image,) if self.image else ()))


class Features(Row):
    """Features and tags that rules ask for by kind."""

    defaults: tuple[str, ...]
    export_controlled: tuple[str, ...]
    voice: tuple[str, ...]
    voice_maybe: tuple[str, ...]
    voice_config: tuple[str, ...]
    hseck9_tags: tuple[str, ...]
    hseck9_names: dict[str, str] = Field(default_factory=dict)

    _patterns = field_validator("voice", "voice_maybe", "voice_config", "hseck9_tags")(_checked)


class CermLimits(Row):
    """What a router allows without HSECK9 (THR-3)."""

    tunnels_max: int
    tls_sessions_max: int


class TransportRow(Row):
    """One TRANS rule: what becomes of a transport in the upgrade."""

    rule: str
    models: tuple[str, ...]
    before: tuple[Literal["callhome", "smart", "cslu", "off", "automatic", "none"], ...]
    after: Literal["callhome", "smart", "cslu", "off", "automatic"]
    severity: Literal["failure", "warning"] = "failure"


class Terms(Row):
    """Days of one kind of licence in a policy."""

    first_report: int
    frequency: int
    on_change: int


class DefaultPolicy(Row):
    """Cisco's default policy (POL-1)."""

    in_use: str
    ack_required: str
    perpetual: Terms
    subscription: Terms
    enforced: Terms
    export: Terms


class Urls(Row):
    """Addresses that the topologies use."""

    smart: str
    cslu_port: int
    cslu_path: str


class TopologyRow(Row):
    """One TOPO rule.

    Attributes:
        transport: what is configured; ``None`` leaves the router's transport alone.
        report: ``sync`` by the router, ``sync-person`` with a person behind it, ``pull`` by the
            collector, ``files`` carried by a person.
        slac: ``request`` by the router, ``onprem`` after a person brought it there, ``file``
            imported, ``person`` through CSLU.
        where: which tool a person uses.
        min_server: the first version of that tool that knows SLP (UP-6).
        server_note: the same in words, where it is not verified.
    """

    rule: str
    kind: str
    transport: Literal["smart", "callhome", "cslu", "off"] | None = None
    trust: bool
    report: Literal["sync", "sync-person", "pull", "files"]
    slac: Literal["request", "onprem", "file", "person"]
    where: str = ""
    min_server: str | None = None
    server_note: str = ""
    basis: Basis = "guide"


class Defect(Row):
    """A licensing defect of releases (UP-5), within its scope.

    Attributes:
        releases: exactly these.
        trains: all of these trains, such as ``17.4``.
        before: everything below this release, but for what ``except_from`` names.
        except_from: train to the first release of it that is good.
        scope: ``voice`` counts where voice licences are in use, ``connected`` where CSSM is
            reached directly.
    """

    id: str
    releases: tuple[Release, ...] = ()
    trains: tuple[str, ...] = ()
    before: Release | None = None
    except_from: dict[str, Release] = Field(default_factory=dict)
    scope: Literal["any", "voice", "connected"]
    severity: Literal["blocker", "warning"]
    text: str
    fixed_in: tuple[Release, ...] = ()
    source: str
    basis: Basis = "public"

    def applies_to(self, release: Release) -> bool:
        """Tells whether ``release`` has the defect; a rebuild not named has none of its own."""
        if release in self.releases or f"{release.major}.{release.minor}" in self.trains:
            return True
        if self.before is None or release >= self.before:
            return False
        good_from = self.except_from.get(f"{release.major}.{release.minor}")
        return good_from is None or release < good_from


class OneShotConversion(Row):
    """From which release on a router leaves bundle mode by one install command alone (UP-2)."""

    since: Release
    source: str
    basis: Basis = "public"


class SshKey(Row):
    """From which release on SSH refuses RSA keys below a length (ACCESS-1)."""

    bits: int
    since: Release
    source: str
    basis: Basis = "public"


class Shield(Row):
    """The line that keeps weak cryptography alive, and the first release that has it."""

    line: str
    since: Release
    source: str
    basis: Basis = "public"


class RefusedRow(Row):
    """Lines of a configuration that a release refuses from then on (ACCESS).

    Attributes:
        what: what then is, as a clause.
        since: the first release that refuses them; ``platforms`` with one of their own, by id.
        under: pattern of the line that heads the block in which they stand.
        lines: patterns, found anywhere in a line without its indentation.
        shielded: the compliance shield can be taken away from them.
    """

    id: str
    rule: str
    what: str
    since: Release
    platforms: dict[str, Release] = Field(default_factory=dict)
    under: str | None = None
    lines: tuple[str, ...]
    shielded: bool = True
    remedy: str
    source: str
    basis: Basis = "public"

    _patterns = field_validator("lines")(_checked)


class RommonRow(Row):
    """The ROMMON that platforms must have before a release boots the first time (ROMMON-1).

    Attributes:
        since: the first release that asks for it.
        no_way_back: a ROMMON that cannot be taken back once it is there.
    """

    id: str
    platforms: tuple[str, ...]
    since: Release
    least: str
    package: str
    no_way_back: str | None = None
    source: str
    basis: Basis = "memory"


class CpldRow(Row):
    """The CPLD that a notice asks for (ROMMON-3), by the PIDs that it names."""

    id: str
    pids: tuple[str, ...]
    least: str
    text: str
    package: str
    source: str
    basis: Basis = "public"

    _patterns = field_validator("pids")(_checked)


class FirmwareStopRow(Row):
    """A release that must run on the way, because an older one cannot take the ROMMON (ROMMON-2).

    Attributes:
        before: releases below it need the stop.
        unless_rommon: with this ROMMON or a later one they do not.
        release, last: where to stop, and the last release of that train that will do.
        package: what a person installs there.
    """

    id: str
    platforms: tuple[str, ...]
    before: Release
    unless_rommon: str
    release: Release
    last: Release
    package: str
    source: str
    basis: Basis = "public"


class ConfigChange(Row):
    """Configuration lines that may go in the course of a plan without being lost (F41).

    Attributes:
        starts: what such lines begin with.
        steps: kinds of steps that write them anew.
        models: what the router ran before, where the upgrade itself changes them.
    """

    id: str
    starts: tuple[str, ...]
    steps: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    why: str
    source: str = ""
    basis: Basis = "guide"


class CatalogRow(Row):
    """What a rule means, for people.

    Attributes:
        overridable: whether ``--allow RULE=reason`` turns its blocker into a warning.
        scope: where the rule counts, in words.
    """

    title: str
    text: str
    source: str
    basis: Basis = "guide"
    overridable: bool = False
    scope: str = ""


Meaning = Literal["good", "notice", "bad"]


class MessageRow(Row):
    """One system message: what it means, and what is to be done (C12).

    Attributes:
        id: facility, usual severity and mnemonic, in which ``*`` stands for any part.
        severity_counts: whether the same mnemonic means something else at another severity.
        texts: meaning to the pattern of a text that has it; severities 0 to 4 only.
    """

    id: str = Field(pattern=r"^[A-Z][A-Z0-9_-]*-[0-7]-[A-Z0-9_*]+$")
    meaning: Meaning
    says: str
    do: str
    severity_counts: bool = False
    texts: dict[Meaning, str] = Field(default_factory=dict)
    source: str
    basis: Basis

    @property
    def facility(self) -> str:
        """The part of the system that prints it."""
        return self.id.rpartition("-")[0].rpartition("-")[0]

    @property
    def severity(self) -> int:
        """The severity that it is usually printed at."""
        return int(self.id.rpartition("-")[0].rpartition("-")[2])

    @property
    def mnemonic(self) -> str:
        """Its own name; ``*`` stands for any part."""
        return self.id.rpartition("-")[2]


class RuleData(Row):
    """All rule data, as one value."""

    platforms: tuple[PlatformRow, ...]
    features: Features
    flag_limit_kbps: int
    tiers: dict[str, int] = Field(default_factory=dict)
    """What a tier of the Catalyst 8000 stands for at most, in kb/s (not verified)."""
    hseck9_line: tuple[str, ...] = ()
    """Series that use HSECK9 by the line ``license feature hseck9`` (SLAC-6)."""
    cerm: CermLimits
    transport: tuple[TransportRow, ...]
    default_policy: DefaultPolicy
    urls: Urls
    topologies: tuple[TopologyRow, ...]
    rum_storage_change: Release
    reports_waiting_limit: int
    one_shot_conversion: OneShotConversion
    snapshot_stop: Release | None = None
    """The release to stop at where PAK licences must be recorded (B9-3); a target goes first."""
    defects: tuple[Defect, ...]
    ssh_key: SshKey
    compliance_shield: Shield
    refused: tuple[RefusedRow, ...] = ()
    firmware_asked_since: Release
    rommon: tuple[RommonRow, ...] = ()
    cpld: tuple[CpldRow, ...] = ()
    firmware_stops: tuple[FirmwareStopRow, ...] = ()
    config_changes: tuple[ConfigChange, ...] = ()
    messages: tuple[MessageRow, ...] = ()
    rules: dict[str, CatalogRow]

    def topology(self, kind: str) -> TopologyRow:
        """Returns the row of a kind of topology."""
        return next(t for t in self.topologies if t.kind == kind)

    def platform(self, name: str) -> PlatformRow | None:
        """Returns the platform with this id."""
        return next((p for p in self.platforms if p.id == name), None)
