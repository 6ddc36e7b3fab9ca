"""The boot level that a plan of a classic router leads to: B9-1, B9-16."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.classic_way import ModeWay, enters_level, level_final, level_upgraded
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_of
from slp_core.release import Release
from slp_core.rules import classic as rules
from slp_core.rules.boot_level import (
    CHANGED_LATER,
    DEFAULT_LEVEL,
    bought_level,
    configured_level,
)
from slp_core.rules.classic import ClassicMode
from slp_core.rules.concern import Concern


def check_level(s: Situation, way: ModeWay, goal: Release) -> Iterator[Concern]:
    """Yields what the boot level of the next boots asks for."""
    yield from _configured(s, way, goal)
    if s.upgrade:
        yield from _bought(s, way, goal)


def _configured(s: Situation, way: ModeWay, goal: Release) -> Iterator[Concern]:
    """Yields that no level is configured where a default boots without one (B9-1)."""
    set_now = rules.sets_boot_level(s.state.config)
    if enters_level(s) or set_now:
        return
    if s.upgrade and rules.wants_boot_level(goal):
        if set_now is None:
            text = "whether license boot level is configured was not seen"
            yield Concern("B9-1", "warning", text)
        else:
            yield rules.no_boot_level(
                "blocker", f"{goal} boots the default", "boot_level: LEVEL in the target sets it"
            )
    elif way.switch is not None and set_now is False:
        yield rules.no_boot_level(
            "warning",
            "the reload boots a default level",
            "configure license boot level first, or boot_level: LEVEL in the target sets it",
        )


def _bought(s: Situation, way: ModeWay, goal: Release) -> Iterator[Concern]:
    """Yields what becomes of a level that a permanent licence brings (B9-16)."""
    after = level_upgraded(s, way)
    if after.lost is None and level_final(s, way).lost is not None:
        after = level_final(s, way)
    if after.lost is not None and after.rules[0] == "B9-16":
        yield Concern(
            "B9-16",
            "blocker",
            f"{goal} boots {DEFAULT_LEVEL}: {after.lost}, by a permanent licence, is lost",
            f"go to a release of 17.8.1 to 17.10, or boot_level: {after.lost} in the target "
            f"configures it first; to change it later, {CHANGED_LATER}",
        )
        return
    bought = bought_level(s.state)
    if bought in (None, DEFAULT_LEVEL) or way.upgraded is ClassicMode.TRADITIONAL:
        return
    if goal < rules.NO_TRADITIONAL_FROM or rules.takes_snapshot(goal):
        return
    if s.target.boot_level or configured_level(s.state.config):
        yield _unsure(f"whether a configured level outlives the permanent licence on {goal}")
    elif stop_of(s) is not None:
        yield _unsure(f"whether {bought}, recorded at the stop, is kept by {goal}")


def _unsure(what: str) -> Concern:
    return Concern(
        "B9-16",
        "warning",
        f"{what} is told by no source: predicted to stay, and checked on the router",
        f"if it is lost: {CHANGED_LATER}",
        basis="inference",
    )
