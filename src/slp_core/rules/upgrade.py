"""Upgrading: releases, boot mode, image (UP)."""

from __future__ import annotations

import re
from typing import Literal

from slp_core.platforms import Platform
from slp_core.release import Release
from slp_core.rules.concern import Concern
from slp_core.rules.images import (
    PLAIN,
    next_stem,
    next_variant,
    running_stem,
    running_variant,
    words_of,
)
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState
from slp_core.targets import Image, Target

BootMode = Literal["install", "bundle"]
TIMER_REMEDY = "install commit to keep what runs, or install abort to go back, then plan again"


def boot_mode(state: RouterState) -> tuple[BootMode, bool]:
    """Returns how the router boots, and whether that was seen. Source: UP-2."""
    boot = state.boot
    if boot is not None and boot.mode is not None:
        return boot.mode, True
    if boot is not None and boot.image:
        return ("install" if "packages.conf" in boot.image else "bundle"), True
    return "install", False


def rollback_timer(state: RouterState) -> str | None:
    """Returns how the timer that takes an install back runs; None where it does not.

    Every form of the line that does not say ``inactive`` counts as running (C02).
    """
    install = state.install
    said = install.auto_abort if install else None
    if install is None or said is None or said.strip().lower().startswith("inactive"):
        return None
    left = install.auto_abort_left_s
    rest = "" if left is None else f", {left:,} s are left"
    return f"the auto-abort timer runs ({said.strip()}{rest})"


def names_release(row: str, wanted: Release) -> bool:
    """Tells whether a row of ``show install summary`` is of a release.

    Rows name builds (``17.03.02.0.3793``), not rebuild letters.
    """
    match = re.match(r"(\d+\.\d+\.\d+[a-z]?)", row)
    if match is None:
        return False
    found = Release.parse(match[1])
    return found.satisfies(wanted) or (not found.letter and found.key[:3] == wanted.key[:3])


def min_slp(platform: Platform | None, rules: RuleData) -> Release | None:
    """Returns the first release with SLP for a platform, or for what it becomes. Source: UP-1."""
    if platform is None:
        return None
    if platform.row.becomes is not None:
        other = rules.platform(platform.row.becomes)
        if other is not None and other.min_slp is not None:
            return other.min_slp
    return platform.row.min_slp


def server_is_old(version: str | None, least: str) -> bool | None:
    """Tells whether a licence server is older than ``least``; ``None`` where that is not known.

    Source: UP-6. Versions such as ``8-202102`` compare by their numbers.
    """
    if version is None:
        return None
    found, wanted = _numbers(version), _numbers(least)
    return None if not found else found < wanted


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version))


def target_release(target: Target, present: Release | None) -> Release | None:
    """Returns the release to go to: the one asked for, else the one that the router has."""
    if target.release is None:
        return present
    return Release.parse(target.release)


def target_image(
    target: Target,
    platform: Platform | None,
    release: Release | None,
    state: RouterState | None = None,
) -> tuple[Image | None, bool]:
    """Returns the image to boot, and whether it was given rather than assumed by its usual name."""
    if target.image is not None:
        return target.image, True
    if platform is None or release is None:
        return None, False
    name = assumed_image(platform, release, state)
    return (Image(name=name) if name else None), False


def assumed_image(
    platform: Platform, release: Release, state: RouterState | None = None
) -> str | None:
    """Returns the image that a router will be given: of the family and variant that runs.

    What runs is the best witness (C03, C04); no name is made up for a release that no source names
    for the platform (C15), nor where a platform changes its family by the upgrade (UP-1).
    """
    if not platform.is_sourced(release):
        return None
    usual = platform.image_name(release)
    if state is None or platform.row.becomes:
        return usual
    stem, variant = running_stem(state), running_variant(state)
    words = words_of(usual or "")
    taken = words.stem if stem is None else next_stem(platform.row, stem, release)
    kept = words.variant or PLAIN if variant is None else next_variant(variant)
    if taken is None or kept is None:
        return None
    padded = f"{release.major}.{release.minor:02d}.{release.number:02d}{release.letter}"
    return f"{taken}-{kept}.{padded}.SPA.bin"


def no_release(text: str, remedy: str) -> Concern:
    """Returns that nobody says which release an upgrade leads to (UP-4)."""
    return Concern("UP-4", "blocker", text, remedy, overridable=False)
