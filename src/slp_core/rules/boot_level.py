"""The boot level of the ASR 900 family: what is configured, what is bought, what boots (B9-16)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from slp_core.release import Release
from slp_core.rules.classic import (
    NO_TRADITIONAL_FROM,
    ClassicMode,
    takes_snapshot,
    wants_boot_level,
)
from slp_core.state import CslFeature, RouterState

DEFAULT_LEVEL = "metroaccess"
"""What boots where nothing else is configured, bought or recorded (B9-16)."""

CHANGED_LATER = "deposit the PAK, factory-reset the router, and use Smart Licensing mode"
"""How the document has a level changed that an upgrade took away (B919)."""

_LEVEL = re.compile(r"(advanced)?metro", re.IGNORECASE)
_LINE = re.compile(r"\s*license boot level (\S+)")


@dataclass(frozen=True)
class LevelAfter:
    """The boot level after a boot.

    Attributes:
        level: ``None`` where no source tells it.
        rules: why.
        lost: the level in force that is not there afterwards.
    """

    level: str | None
    rules: tuple[str, ...]
    why: str = ""
    lost: str | None = None


def configured_level(config: Iterable[str] | None) -> str | None:
    """Returns the level that a configuration sets for the next boot."""
    matches = (_LINE.match(line) for line in config or ())
    return next((m[1] for m in matches if m), None)


def permanent_licences(state: RouterState) -> tuple[str, ...] | None:
    """Returns the PAK (permanent) licences of a router; ``None`` where they were not seen.

    Source: B9-3, B1003: only of such licences a record can be lost.
    """
    licensing = state.licensing
    if licensing is None:
        return None
    recorded = licensing.pak_snapshot
    if licensing.csl_features is None:
        if recorded:
            return tuple(sorted(recorded))
        boots = licensing.license_level
        if boots and (licensing.license_type or "").lower().startswith("permanent"):
            return (boots,)
        return None
    owned = tuple(sorted(f.feature for f in licensing.csl_features if _is_permanent(f)))
    untold = any(f.license_type is None for f in licensing.csl_features)
    return None if untold and not owned else owned


def bought_level(state: RouterState) -> str | None:
    """Returns the boot level that a permanent licence in use brings."""
    features = (state.licensing.csl_features or ()) if state.licensing else ()
    in_use = [f.feature for f in features if _is_permanent(f) and _is_used(f)]
    owned = in_use if features else permanent_licences(state) or ()
    return next((x for x in owned if _LEVEL.match(x)), None)


def _is_permanent(feature: CslFeature) -> bool:
    return (feature.license_type or "").lower().startswith("permanent")


def _is_used(feature: CslFeature) -> bool:
    state = (feature.license_state or "").lower()
    return "in use" in state and "not in use" not in state


def level_of(state: RouterState) -> str | None:
    """Returns the level in force, as far as it was seen."""
    return (state.licensing.license_level if state.licensing else None) or bought_level(state)


def level_after(
    state: RouterState,
    now: ClassicMode,
    after: ClassicMode,
    boots: Release | None,
    *,
    configured: str | None,
    recorded: bool = False,
) -> LevelAfter:
    """Returns the level that a router boots.

    Args:
        now, after: its mode before, and in that boot.
        boots: the release that boots.
        configured: the level that stands in its configuration by then.
        recorded: a release on the way takes a snapshot of its PAK licences (B9-3).

    Source: B9-1 (B156, B641: the default level where none is configured), B9-16 (B910: from
    17.7.1 on the default even with a permanent licence; B915, B968: 17.8.1 to 17.10.x match it;
    B1003, inferred: without a snapshot the default again from 17.11.1 on).
    """
    present, bought = level_of(state), bought_level(state)
    seen = state.config is not None
    if configured is not None:
        return _kept(configured, present, ("B9-1",), "configured")
    newer = boots is not None and boots >= NO_TRADITIONAL_FROM
    if after is ClassicMode.TRADITIONAL:
        if now is ClassicMode.NO_LICENSE and seen and present == DEFAULT_LEVEL:
            return LevelAfter(None, ("DOWN-5",), "what was bought before may count again")
        return LevelAfter(present, ("B9-16", "B9-1"))
    if bought is not None and newer and boots is not None:
        if takes_snapshot(boots):
            return _kept(bought, present, ("B9-16",), "it matches the permanent licence")
        if recorded:
            return _kept(bought, present, ("B9-16",), "a snapshot was taken on the way (inferred)")
        return _kept(DEFAULT_LEVEL, present, ("B9-16",), "a permanent licence counts no longer")
    early = boots is None or wants_boot_level(boots)
    moved = now is not after
    if seen and ((early and present is not None) or (moved and bought is not None)):
        return _kept(DEFAULT_LEVEL, present, ("B9-1",), "no boot level is configured")
    if moved and seen:
        return LevelAfter(None, ("B9-1",), "no boot level is configured: a default boots")
    return LevelAfter(present, ("B9-1", "B9-16"))


def _kept(level: str, present: str | None, rules: tuple[str, ...], why: str) -> LevelAfter:
    lost = present if level == DEFAULT_LEVEL and present not in (None, DEFAULT_LEVEL) else None
    return LevelAfter(level, rules, why, lost)
