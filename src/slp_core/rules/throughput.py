"""Throughput in words and figures (THR)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from slp_core.platforms import Platform
from slp_core.rules.schema import RuleData
from slp_core.state import Level, RouterState

_UNITS = {"": 1, "K": 1, "KB/S": 1, "KBPS": 1, "M": 1000, "MBPS": 1000, "MB": 1000, "G": 1_000_000}
LEVEL_LINE: Final = "platform hardware throughput level "
_FORM = re.compile(r"^(\d+(?:\.\d+)?)\s*([A-Za-z/]*)$")


def kbps(level: Level | None) -> float | None:
    """Returns a level in kb/s, infinity for ``unthrottled``, ``None`` where it has no figure.

    Source: THR-4: ``kb/s`` and ``kbps`` are the same.
    """
    if level is None:
        return None
    if isinstance(level, int):
        return float(level)
    text = level.strip().partition("|")[2] or level.strip()
    if text.lower() == "unthrottled":
        return float("inf")
    if text.upper().startswith("MB "):  # as virtual routers take it: `level MB 500`
        text = f"{text[3:].strip()}M"
    match = _FORM.match(text)
    unit = None if match is None else _UNITS.get(match[2].upper())
    return None if match is None or unit is None else float(match[1]) * unit


def as_virtual(level: Level, rules: RuleData) -> Level:
    """Returns a throughput as a virtual router takes it: in Mbps and tiers after ``MB``.

    Figures after ``MB`` stand so in public configurations of CSR 1000v and Catalyst 8000V; a tier
    after ``MB`` is the Catalyst 8000V guide's ("Available Licenses"), not met on a router by us.
    Figures in kb/s stay.
    """
    text = str(level).strip().upper()
    if text in rules.tiers:
        return f"MB {text}"
    figure = kbps(text) if text.endswith(("M", "G")) else None
    return level if figure is None else f"MB {figure / 1000:.0f}"


def wanted_kbps(level: Level | None, rules: RuleData) -> float | None:
    """Returns what an operator asks for in kb/s; a tier counts as the most that it stands for."""
    tier = rules.tiers.get(str(level).strip().upper()) if level is not None else None
    return float(tier) if tier is not None else kbps(level)


def needs_hseck9(level: Level | None, rules: RuleData) -> bool:
    """Tells whether a throughput is more than goes without HSECK9 (SLAC-12)."""
    wanted = wanted_kbps(level, rules)
    return wanted is not None and wanted > rules.flag_limit_kbps


def judged(state: RouterState, platform: Platform | None) -> Level | None:
    """Returns the throughput that export control judges on this platform; unseen is ``None``.

    Source: the introduction of SLAC: platform throughput on virtual routers, crypto throughput
    on physical ones.
    """
    if state.throughput is None:
        return None
    if platform is not None and platform.virtual:
        return state.throughput.level
    return state.throughput.crypto


def above_flag_limit(state: RouterState, platform: Platform | None, rules: RuleData) -> bool | None:
    """Tells whether more than 250 Mbps may run; exactly 250 Mbps is not more.

    A physical router is judged by its export restrictions first: enabled, they hold its crypto
    at 250 Mbps whatever is configured; disabled, nothing does. Only where they were not seen its
    crypto throughput speaks. ``None``: neither was seen.

    Source: the introduction of SLAC (A46, A3399), THR-3.
    """
    if platform is None or not platform.virtual:
        restricted = (state.cerm.functionality or "").upper() if state.cerm else ""
        if restricted in ("ENABLED", "DISABLED"):
            return restricted == "DISABLED"
    seen = kbps(judged(state, platform))
    return None if seen is None else seen > rules.flag_limit_kbps


def configured_level(config: Iterable[str]) -> Level | None:
    """Returns the platform throughput that a configuration holds, as it stands there (SLAC-5)."""
    lines = (line.strip() for line in config)
    found = [x.removeprefix(LEVEL_LINE) for x in lines if x.startswith(LEVEL_LINE)]
    return found[-1].strip() if found else None


def same_level(one: Level | None, other: Level | None) -> bool:
    """Tells whether two printed levels are the same throughput."""
    if one == other:
        return True
    first, second = kbps(one), kbps(other)
    return first is not None and first == second
