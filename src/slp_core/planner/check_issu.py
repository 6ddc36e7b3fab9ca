"""What stands between a router and an upgrade in service: UP-2, UP-3."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.issu import extended, issu_row, not_ready
from slp_core.rules.schema import IssuRow

_BY_RELOAD = "leave install at steps: the router is upgraded by a reload"


def check_issu(s: Situation) -> Iterator[Concern]:
    """Yields what a router lacks that shall be upgraded in service."""
    if s.target.install != "issu" or not s.upgrade:
        return
    row = issu_row(s.platform)
    if row is None:
        named = s.state.udi.pid if s.state.udi else "this router"
        yield Concern(
            "UP-2",
            "blocker",
            f"{named} is not known to be upgraded in service",
            f"{_BY_RELOAD}; or say so in your own rule data (issu)",
            overridable=True,
        )
    else:
        yield from _releases(s, row)
    for why in not_ready(s.state, alone=True):
        yield Concern("UP-2", "blocker", f"{why}: ISSU is not possible", _BY_RELOAD)
    if s.target.auto_abort_minutes != 120:
        yield Concern(
            "UP-2",
            "note",
            "an upgrade in service rolls back after the router's own 120 minutes",
            "auto_abort_minutes counts for upgrades by a reload",
        )


def _releases(s: Situation, row: IssuRow) -> Iterator[Concern]:
    now, goal = s.state.release, s.goal
    if now is None or goal is None:
        return
    if row.any_way:
        yield _between(row, "warning", f"ISSU from {now} to {goal} depends on both releases")
    elif s.downgrade:
        yield _between(row, "blocker", f"ISSU does not go down, from {now} to {goal}")
    elif now.major != goal.major:
        yield _between(row, "blocker", f"ISSU does not lead from {now.major}.x to {goal.major}.x")
    elif row.extended and not (extended(row, now) and extended(row, goal)):
        yield _between(row, "warning", f"{now} and {goal} are not both of extended maintenance")
    else:
        yield _between(row, "warning", f"ISSU from {now} to {goal} depends on both releases")


def _between(row: IssuRow, severity: str, text: str) -> Concern:
    blocks = severity == "blocker"
    return Concern(
        "UP-2",
        "blocker" if blocks else "warning",
        text,
        _BY_RELOAD if blocks else "look it up in the compatibility matrix of the release",
        source=row.source,
        basis=row.basis,
        overridable=blocks or None,
    )
