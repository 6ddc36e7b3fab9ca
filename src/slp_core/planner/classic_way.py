"""The licensing modes and levels that a classic router passes on its way (B9-2, B9-5, B9-16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_of
from slp_core.rules import classic as rules
from slp_core.rules.boot_level import LevelAfter, configured_level, level_after, level_of
from slp_core.rules.classic import ClassicMode

Mode = Literal["smart", "no-license"]


@dataclass(frozen=True)
class ModeWay:
    """The modes of one router from now to the end of its plan.

    Attributes:
        upgraded: in force once the upgrade is over; as now where there is none.
        switch: the mode that is configured; ``None`` where none has to be.
        before: it is configured before the upgrade (B637).
    """

    now: ClassicMode
    upgraded: ClassicMode
    final: ClassicMode
    switch: Mode | None = None
    before: bool = False


def mode_way(s: Situation) -> ModeWay:
    """Returns the modes of a router on its way to its target.

    Source: B9-2 (Smart is enabled before an upgrade that would make it No-License; registering
    begins with it), B9-5, DOWN-5.
    """
    now, wanted = rules.mode_of(s.state), s.target.classic
    upgraded = now if s.goal is None else rules.mode_after(now, s.goal)
    enables = wanted == "smart" or (wanted == "register" and now is not ClassicMode.UNKNOWN)
    if enables and now is not ClassicMode.SMART:
        if enabled_before(s):
            return ModeWay(now, ClassicMode.SMART, ClassicMode.SMART, "smart", before=True)
        return ModeWay(now, upgraded, ClassicMode.SMART, "smart")
    if wanted == "no-license":
        aim = ClassicMode.NO_LICENSE
        final = aim if s.goal is None else rules.mode_after(aim, s.goal)
        return ModeWay(now, upgraded, final, "no-license" if upgraded is not final else None)
    return ModeWay(now, upgraded, upgraded)


def enabled_before(s: Situation) -> bool:
    """Tells whether Smart must be enabled before the upgrade, and can be."""
    return loses_traditional(s) and not lacks_smart(s)


def loses_traditional(s: Situation) -> bool:
    """Tells whether the upgrade makes a traditional router a No-License one (B637)."""
    if not s.upgrade or s.goal is None or rules.mode_of(s.state) is not ClassicMode.TRADITIONAL:
        return False
    return rules.mode_after(ClassicMode.TRADITIONAL, s.goal) is ClassicMode.NO_LICENSE


def lacks_smart(s: Situation) -> bool:
    """Tells whether the release that runs has no Smart Licensing (B9-11)."""
    return s.state.release is not None and rules.runs_smart(s.state.release) is False


def level_to_enter(s: Situation) -> str | None:
    """Returns the boot level of the target, where it is not configured yet."""
    wanted = s.target.boot_level
    return None if wanted == configured_level(s.state.config) else wanted


def enters_level(s: Situation) -> bool:
    """Tells whether the plan configures the boot level of its target."""
    return level_to_enter(s) is not None


def ports_up(s: Situation) -> tuple[str, ...]:
    """Returns the ports that are up, and shall be again once Smart is disabled (B9-17)."""
    return s.state.ports.up if s.state.ports else ()


def level_upgraded(s: Situation, way: ModeWay) -> LevelAfter:
    """Returns the boot level once the upgrade is over."""
    configured = s.target.boot_level or configured_level(s.state.config)
    if not s.upgrade:
        return LevelAfter(level_of(s.state), ("B9-16",))
    recorded = stop_of(s) is not None
    return level_after(
        s.state, way.now, way.upgraded, s.goal, configured=configured, recorded=recorded
    )


def level_final(s: Situation, way: ModeWay) -> LevelAfter:
    """Returns the boot level at the end: another reload may follow the upgrade."""
    reloads = enters_level(s) and not s.upgrade
    if not reloads and (way.switch is None or way.before):
        return level_upgraded(s, way)
    configured = s.target.boot_level or configured_level(s.state.config)
    return level_after(
        s.state, way.now, way.final, s.goal, configured=configured, recorded=stop_of(s) is not None
    )
