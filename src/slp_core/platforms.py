"""Platforms: what a PID tells of a router."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from slp_core.release import Release
from slp_core.rules.schema import Basis, LastRelease, LimitRow, PlatformRow, RuleData


@dataclass(frozen=True)
class Platform:
    """One router's platform: the row of the rule data and what its PID filled in."""

    row: PlatformRow
    pid: str
    groups: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The name of the platform in the rule data."""
        return self.row.id

    @property
    def virtual(self) -> bool:
        """Whether platform throughput, not crypto throughput, is what SLAC counts."""
        return self.row.kind == "virtual"

    @property
    def last(self) -> LastRelease | None:
        """The last train that this chassis gets, where something says so (C15)."""
        limit = self._limit
        return limit.last if limit is not None and limit.last is not None else self.row.last

    def is_sourced(self, release: Release) -> bool:
        """Tells whether some source names this release's train, or a later one, for it (C15)."""
        if self.row.first is not None and release < self.row.first:
            return False
        limit = self._limit
        newest = (limit.sourced_to if limit is not None else None) or self.row.sourced_to
        if newest is None:
            return True
        major, _, minor = newest.partition(".")
        return release.train <= (int(major), int(minor))

    @property
    def _limit(self) -> LimitRow | None:
        rows = self.row.limits
        return next((x for x in rows if any(re.match(p, self.pid) for p in x.pids)), None)

    @property
    def classic(self) -> bool:
        """Whether the router keeps classic Smart Licensing (MODEL-CLASSIC)."""
        return self.row.kind == "classic"

    def tag(self, feature: str, kbps: float | None = None) -> tuple[str, Basis] | None:
        """Returns the entitlement tag that ``feature`` gets here, and what that rests on.

        Args:
            kbps: the throughput, which tags of performance licences carry.

        Source: SLAC-13: what the router prints itself goes before this table.
        """
        end = self.row.tags.features.get(feature)
        if end is None:
            return None
        basis = self.row.tags.basis
        if "{mbps}" in end:
            if kbps is None or not kbps < float("inf"):
                return None
            end = end.replace("{mbps}", f"{kbps / 1000:.0f}")
        if self.row.tags.prefix is None:
            return end, basis
        try:
            return f"{self.row.tags.prefix.format(**self.groups)}_{end}", basis
        except KeyError:
            return None  # the PID has no such group: no guess

    def image_name(self, release: Release) -> str | None:
        """Returns the usual name of the image of ``release``."""
        name = next(
            (row.image for row in self.row.images if any(re.match(p, self.pid) for p in row.pids)),
            self.row.image,
        )
        first = self.row.min_slp
        if self.row.image_before is not None and first is not None and release < first:
            name = self.row.image_before
        if name is None:
            return None
        padded = f"{release.major}.{release.minor:02d}.{release.number:02d}{release.letter}"
        return name.replace("{release}", padded)


def platform_of(pid: str | None, rules: RuleData) -> Platform | None:
    """Returns the platform that a PID belongs to; ``None`` where no pattern fits."""
    if not pid:
        return None
    for row in rules.platforms:
        for pattern in row.pids:
            match = re.match(pattern, pid)
            if match:
                groups = {k: v for k, v in match.groupdict().items() if v is not None}
                return Platform(row, pid, groups)
    return None
