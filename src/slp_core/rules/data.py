"""The rule data: its schema, its files, and a user's own file on top of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from slp_core.errors import InputError
from slp_core.release import Release

Basis = Literal["guide", "public", "memory", "inference", "user"]
"""What an entry rests on: ``memory`` is not verified and is shown so in plans."""

_FILES = ("platforms", "licensing", "releases", "catalog")


def _read(text: str) -> Any:
    """Reads YAML by the safe loader written in C where there is one: it is ten times as fast."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    return yaml.load(text, Loader=loader)  # noqa: S506 - both are safe loaders


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


class TagRow(Row):
    """How a platform names its entitlement tags.

    Attributes:
        prefix: what the tags begin with; may use named groups of the PID pattern.
        features: feature to the end of its tag (the whole tag where there is no prefix).
    """

    prefix: str | None = None
    features: dict[str, str] = Field(default_factory=dict)
    basis: Basis = "guide"


class PlatformRow(Row):
    """One platform family.

    Attributes:
        pids: patterns, the first that fits wins.
        kind: ``virtual`` counts platform throughput for SLAC, ``physical`` crypto throughput;
            ``classic`` keeps classic Smart Licensing (B9).
        min_slp: the first release with Smart Licensing Using Policy.
        dlc: whether device-led conversion is done (DLC-2).
        becomes: the platform whose image it must take (UP-1).
        image: the usual name of an image; ``{release}`` stands for ``17.03.02``.
    """

    id: str
    series: str
    pids: tuple[str, ...]
    kind: Literal["physical", "virtual", "classic"]
    min_slp: Release | None = None
    dlc: bool = False
    becomes: str | None = None
    filesystem: str = "bootflash:"
    image: str | None = None
    tags: TagRow = TagRow()
    basis: Basis = "guide"
    source: str = ""

    _patterns = field_validator("pids")(_checked)


class Features(Row):
    """Features and tags that rules ask for by kind."""

    defaults: tuple[str, ...]
    export_controlled: tuple[str, ...]
    voice: tuple[str, ...]
    hseck9_tags: tuple[str, ...]

    _patterns = field_validator("voice", "hseck9_tags")(_checked)


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
    """

    rule: str
    kind: str
    transport: Literal["smart", "callhome", "cslu", "off"] | None = None
    trust: bool
    report: Literal["sync", "sync-person", "pull", "files"]
    slac: Literal["request", "onprem", "file", "person"]
    where: str = ""
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


class RuleData(Row):
    """All rule data, as one value."""

    platforms: tuple[PlatformRow, ...]
    features: Features
    flag_limit_kbps: int
    cerm: CermLimits
    transport: tuple[TransportRow, ...]
    default_policy: DefaultPolicy
    urls: Urls
    topologies: tuple[TopologyRow, ...]
    rum_storage_change: Release
    defects: tuple[Defect, ...]
    rules: dict[str, CatalogRow]

    def topology(self, kind: str) -> TopologyRow:
        """Returns the row of a kind of topology."""
        return next(t for t in self.topologies if t.kind == kind)

    def platform(self, name: str) -> PlatformRow | None:
        """Returns the platform with this id."""
        return next((p for p in self.platforms if p.id == name), None)


@cache
def builtin_rules() -> RuleData:
    """Returns the rule data that comes with the package."""
    folder = resources.files("slp_core.rules") / "data"
    merged: dict[str, Any] = {}
    for name in _FILES:
        merged |= _read((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return RuleData.model_validate(merged)


def load_rules(own: Path | None = None) -> RuleData:
    """Returns the rule data, with a user's own file laid over it.

    Lists of entries are merged by ``id`` (``rule`` or ``kind`` where they have none): an entry
    with a known name changes only the keys that it gives; new entries come first, so that their
    patterns win. Everything a user gave has the basis ``user``.

    Args:
        own: YAML with any of the keys of the built-in files.

    Raises:
        InputError: the file cannot be read or does not fit the schema.
    """
    base = builtin_rules()
    if own is None:
        return base
    try:
        loaded = _read(own.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            f"the rule data cannot be read: {error}", where=str(own), remedy="give a YAML file"
        ) from error
    if loaded is None:
        return base
    if not isinstance(loaded, Mapping):
        raise InputError(
            "the rule data must be a mapping", where=str(own), remedy="start with `platforms:`"
        )
    try:
        return RuleData.model_validate(_laid_over(base.model_dump(mode="python"), loaded))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{place}: {first['msg']}", where=str(own), remedy="see the built-in rule data"
        ) from error


def _laid_over(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        old = base.get(key)
        if isinstance(old, list | tuple) and isinstance(value, list):
            merged[key] = _rows_laid_over(list(old), value)
        elif isinstance(old, dict) and isinstance(value, Mapping):
            merged[key] = _laid_over(old, value)
        else:
            merged[key] = value
    return merged


def _rows_laid_over(old: list[Any], own: list[Any]) -> list[Any]:
    rows = list(old)
    fresh: list[Any] = []
    for row in own:
        if not isinstance(row, Mapping):
            return own
        name = next((k for k in ("id", "rule", "kind") if k in row), None)
        marked = {**row, "basis": "user"} if "basis" in _keys(rows) else dict(row)
        at = next(
            (i for i, r in enumerate(rows) if name and r.get(name) == row[name]),
            None,
        )
        if at is None:
            fresh.append(marked)
        else:
            rows[at] = {**rows[at], **marked}
    return [*fresh, *rows]


def _keys(rows: list[Any]) -> set[str]:
    return {key for row in rows if isinstance(row, dict) for key in row}
