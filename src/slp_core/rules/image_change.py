"""What another image than the running one's changes: family and variant (UP-10, UP-11).

Plans ask it of the image that they take, the check before the upgrade of the one that is staged.
"""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.release import Release
from slp_core.rules.concern import Concern
from slp_core.rules.images import (
    ENCRYPTION,
    MEANINGS,
    ImageWords,
    changed,
    lacks_payload_encryption,
    next_stem,
    next_variant,
    running_stem,
    running_variant,
    words_of,
)
from slp_core.rules.schema import PlatformRow, RuleData
from slp_core.state import RouterState


def check_change(
    state: RouterState, row: PlatformRow | None, goal: Release | None, name: str, rules: RuleData
) -> Iterator[Concern]:
    """Yields what speaks against the image ``name`` on a router that runs what it shows.

    Nothing is said of a platform that changes its family by rule (UP-1).
    """
    if row is not None and row.becomes is not None:
        return
    given = words_of(name)
    yield from _family(state, row, goal, name, given)
    yield from _variant(state, given, in_use=_hseck9(state, rules))


def _family(
    state: RouterState, row: PlatformRow | None, goal: Release | None, name: str, given: ImageWords
) -> Iterator[Concern]:
    stem = running_stem(state)
    if stem is None:
        return
    follows = next_stem(row, stem, goal) if row is not None and goal is not None else stem
    taken = follows or stem
    if given.stem is None:
        yield Concern(
            "UP-10",
            "warning",
            f"{name} does not say of which family it is; what runs is {stem}-…",
            "look twice that it is an image for this router",
        )
    elif given.stem != taken:
        yield Concern(
            "UP-10",
            "blocker",
            f"{name} is of another family than the image that runs ({stem}-…)",
            f"take the {taken}-… image of the release",
            overridable=True,
        )


def _variant(state: RouterState, given: ImageWords, *, in_use: bool) -> Iterator[Concern]:
    now = running_variant(state)
    if now is None:
        return
    kept = next_variant(now) or now
    if given.variant is not None and given.variant != kept:
        lost, gained = changed(kept, given.variant)
        if ENCRYPTION in lost and in_use:
            lost = (*lost, "the HSECK9 that is in use")
        parts = [f"{w} {', '.join(x)}" for w, x in (("loses", lost), ("gains", gained)) if x]
        yield Concern(
            "UP-11",
            "blocker",
            f"the router runs {now} ({_meaning(now)}), the image is {given.variant} "
            f"({_meaning(given.variant)})" + (f": it {' and '.join(parts)}" if parts else ""),
            f"take the {kept} image of the release, or allow UP-11 where the change is wanted",
            overridable=True,
        )
    if lacks_payload_encryption(now) and in_use:
        yield Concern(
            "UP-11",
            "warning",
            f"the router runs {now}, which encrypts no payload, and shows HSECK9 all the same",
            "look at show version and show license: one of them is of another time or router",
        )


def _meaning(variant: str) -> str:
    return MEANINGS.get(variant, "what it holds is not known")


def _hseck9(state: RouterState, rules: RuleData) -> bool:
    licensing = state.licensing
    if licensing is None:
        return False
    wanted = rules.features.export_controlled
    named = [x.feature_name or "" for x in licensing.licenses or ()]
    named += [x.feature for x in licensing.csl_features or () if x.enabled]
    return any(name.lower() in wanted for name in named)
