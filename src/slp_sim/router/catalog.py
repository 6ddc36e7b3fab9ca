"""What images of each platform and release know of themselves."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache, total_ordering
from importlib import resources
from typing import Any

import yaml


@total_ordering
@dataclass(frozen=True)
class Release:
    """A release as an image carries it; ordered by its numbers, then its rebuild letter."""

    major: int
    minor: int
    number: int
    letter: str = ""

    @classmethod
    def parse(cls, text: str) -> Release:
        """Returns the release that a text such as ``17.03.04a`` names."""
        match = re.match(r"(\d+)\.(\d+)\.(\d+)([a-z]?)", text.strip())
        if match is None:
            raise ValueError(f"{text!r} is no release")
        return cls(int(match[1]), int(match[2]), int(match[3]), match[4])

    @property
    def short(self) -> str:
        """As IOSd names itself: ``17.3.4a``."""
        return f"{self.major}.{self.minor}.{self.number}{self.letter}"

    @property
    def padded(self) -> str:
        """As IOS XE names itself: ``17.03.04a``."""
        return f"{self.major}.{self.minor:02}.{self.number:02}{self.letter}"

    @property
    def row(self) -> str:
        """As ``show install summary`` names it; the build number is made up."""
        return f"{self.major}.{self.minor:02}.{self.number:02}.0.{stable(self.short, 900) + 117}"

    def _key(self) -> tuple[int, int, int, str]:
        return self.major, self.minor, self.number, self.letter

    def __lt__(self, other: Release) -> bool:
        return self._key() < other._key()


@dataclass(frozen=True)
class Platform:
    """One row of the platform table."""

    family: str
    image: str
    software: str
    binary: str
    hsec: str
    stem: str
    slp_from: Release | None
    dlc: bool = False
    crypto: bool = False
    tiers: bool = False
    virtual: bool = False
    classic: bool = False
    cerm_gap: str = " "
    becomes: str | None = None
    processors: int = 1


def stable(text: str, below: int) -> int:
    """Returns a number below ``below`` that always belongs to this text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big") % below


@cache
def _data() -> dict[str, Any]:
    text = resources.files("slp_sim.data").joinpath("platforms.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data: dict[str, Any] = yaml.load(text, Loader=loader)  # noqa: S506 - both are safe ones
    return data


@lru_cache(maxsize=512)
def platform_of(pid: str) -> Platform:
    """Returns the row for a PID; the last row takes every PID."""
    for row in _data()["platforms"]:
        if not re.match(rf"(?:{row['pid']})", pid, re.IGNORECASE):
            continue
        stem = row.get("stem", "")
        if "stem_of_pid" in row:
            found = re.search(row["stem_of_pid"], pid)
            stem = f"ISR_{found[1]}" if found else "ISR_4300"
        slp_from = row.get("slp_from")
        return Platform(
            family=row["family"],
            image=row["image"],
            software=row["software"],
            binary=row["binary"],
            hsec=row.get("hsec") or f"{stem}_Hsec",
            stem=stem,
            slp_from=Release.parse(str(slp_from)) if slp_from else None,
            dlc=bool(row.get("dlc")),
            crypto=bool(row.get("crypto")),
            tiers=bool(row.get("tiers")),
            virtual=bool(row.get("virtual")),
            classic=bool(row.get("classic")),
            cerm_gap=row.get("cerm_gap", " "),
            becomes=row.get("becomes"),
            processors=2 if re.match(row.get("pair_pid", "$."), pid, re.IGNORECASE) else 1,
        )
    raise AssertionError("the last platform row takes every PID")


def train(release: Release) -> tuple[str, int]:
    """Returns a release train's name and the year of its first images."""
    row = _data()["trains"].get(f"{release.major}.{release.minor}")
    return (str(row["name"]), int(row["year"])) if row else ("IOSXE", 2010 + release.minor)


def build_of(pid: str, release: Release) -> tuple[str, str]:
    """Returns a build (``fc3``) and a compile date, made up but always the same."""
    _, year = train(release)
    mark = f"{platform_of(pid).image}{release.short}"
    day = date(year, 1, 15) + timedelta(days=stable(mark, 330))
    minute = stable(mark + "t", 1440)
    stamp = f"{day:%a %d-%b-%y} {minute // 60:02}:{minute % 60:02}"
    return f"fc{stable(mark + 'b', 5) + 1}", stamp


def agent_version(release: Release) -> str:
    """Returns the version of the licensing agent in a release."""
    found = ""
    for row in _data()["agents"]:
        if Release.parse(str(row["from"])) <= release:
            found = str(row["version"])
    return found


def tag_for(pid: str, feature: str) -> str:
    """Returns the short entitlement tag that an image maps a feature to."""
    platform = platform_of(pid)
    if feature == "hseck9":
        return platform.hsec
    if feature in _data()["features"] and not platform.virtual:
        return f"{platform.stem}_{_data()['features'][feature]}"
    return feature


def regid_for(tag: str) -> str:
    """Returns a full entitlement tag for a short one that came without."""
    year, month = 2012 + stable(tag, 8), stable(tag + "m", 12) + 1
    return f"regid.{year}-{month:02}.com.cisco.{tag},1.0_{uuid.uuid5(uuid.NAMESPACE_URL, tag)}"


def short_tag(tag: str) -> str:
    """Returns the short form of a tag given in full or short."""
    return tag.split(",", 1)[0].rsplit(".cisco.", 1)[-1]


def slp_rank(feature: str) -> int:
    """Returns a licence's place in the listings of an SLP release."""
    order: list[str] = _data()["slp_order"]
    return order.index(feature) if feature in order else len(order)


def software_tag(pid: str) -> str:
    """Returns the tag of the product itself, as usage reports carry it."""
    return regid_for(pid.split("/")[0].replace("-", "_"))
