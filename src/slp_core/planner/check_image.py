"""What speaks against an upgrade's image: another family or variant (UP-1, UP-10, UP-11)."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.image_change import check_change
from slp_core.rules.images import next_stem, running_stem


def check_image(s: Situation) -> Iterator[Concern]:
    """Yields what is known of the image that is named, or that follows from what runs."""
    if not s.boot_seen:
        yield Concern(
            "UP-2",
            "warning",
            "how the router boots was not seen; install mode is assumed",
            "the check before the upgrade reads it from the router",
        )
    yield from _ended(s)
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
    yield from check_words(s)


def check_words(s: Situation) -> Iterator[Concern]:
    """Yields another family or variant than the router takes (UP-1, UP-10, UP-11)."""
    if s.image is None:
        return
    row = s.platform.row if s.platform is not None else None
    if running_stem(s.state) is None or (row is not None and row.becomes is not None):
        yield from _unusual(s)
    yield from check_change(s.state, row, s.goal, s.image.name, s.rules)


def _ended(s: Situation) -> Iterator[Concern]:
    """Yields that the family of images that runs ends before the release, with none after it."""
    stem = running_stem(s.state)
    if stem is None or s.platform is None or s.goal is None:
        return
    if next_stem(s.platform.row, stem, s.goal) is not None:
        return
    for row in s.platform.row.stems:
        if row.stem == stem:
            yield Concern(
                "UP-1",
                "warning" if row.basis == "memory" else "blocker",
                f"images {stem}-… end with {row.until}: which one of {s.goal} this router takes, "
                "if any, is not known",
                "look it up in the release notes, and name the image",
                source=row.source,
                basis=row.basis,
            )


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
