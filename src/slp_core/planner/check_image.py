"""What speaks against an upgrade's image: another family or variant (UP-1, UP-10, UP-11)."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.images import (
    MEANINGS,
    ImageWords,
    lacks_payload_encryption,
    running_stem,
    running_variant,
    words_of,
)


def check_image(s: Situation) -> Iterator[Concern]:
    """Yields what is known of the image that is named, or that follows from what runs."""
    if not s.boot_seen:
        yield Concern(
            "UP-2",
            "warning",
            "how the router boots was not seen; install mode is assumed",
            "the check before the upgrade reads it from the router",
        )
    if s.image is None and not (s.added and not s.one_shot):
        yield Concern(
            "UP-3",
            "blocker",
            "no image is named, and none follows from the PID of the router",
            "give image in the target, or --image",
            overridable=False,
        )
    if s.image is None:
        return
    given = words_of(s.image.name)
    changes_family = s.platform is not None and s.platform.row.becomes is not None
    stem = running_stem(s.state)
    if stem is None or changes_family:
        yield from _unusual(s)
    elif given.stem != stem:
        yield Concern(
            "UP-10",
            "blocker",
            f"{s.image.name} is of another family than the image that runs ({stem}-…)",
            f"take the {stem}-… image of the release",
            overridable=True,
        )
    if not changes_family:
        yield from _variant(s, given)


def _variant(s: Situation, given: ImageWords) -> Iterator[Concern]:
    now = running_variant(s.state)
    if now is not None and given.variant is not None and given.variant != now:
        yield Concern(
            "UP-11",
            "blocker",
            f"the router runs {now} ({_meaning(now)}), the image is {given.variant} "
            f"({_meaning(given.variant)})",
            f"take the {now} image of the release, or allow UP-11 where the change is wanted",
            overridable=True,
        )
    if now is not None and lacks_payload_encryption(now) and _hseck9(s):
        yield Concern(
            "UP-11",
            "warning",
            f"the router runs {now}, which encrypts no payload, and shows HSECK9 all the same",
            "look at show version and show license: one of them is of another time or router",
        )


def _meaning(variant: str) -> str:
    return MEANINGS.get(variant, "what it holds is not known")


def _hseck9(s: Situation) -> bool:
    licensing = s.state.licensing
    if licensing is None:
        return False
    wanted = s.rules.features.export_controlled
    named = [x.feature_name or "" for x in licensing.licenses or ()]
    named += [x.feature for x in licensing.csl_features or () if x.enabled]
    return any(name.lower() in wanted for name in named)


def _unusual(s: Situation) -> Iterator[Concern]:
    """Where nothing shows which image runs, the usual name of the platform is all there is."""
    expected = s.platform.image_name(s.goal) if s.platform and s.goal else None
    if s.image is None or expected is None or not s.image_given:
        return
    stem = expected.partition("-")[0]
    given = s.image.name.partition("-")[0]
    others = {name.partition("-")[0] for p in s.rules.platforms for name in p.image_names}
    if given == stem:
        return
    if given not in others and not (s.platform and s.platform.row.becomes):
        yield Concern(
            "UP-1",
            "warning",
            f"{s.image.name} is not named like an image for this router ({expected})",
            "look twice that it is one",
        )
    else:
        family = "a Catalyst 8000V image" if stem == "c8000v" else f"{stem}-…"
        yield Concern(
            "UP-1",
            "blocker",
            f"{s.image.name} is no image for this router: it takes {family}",
            f"such as {expected}",
        )
