"""An install operation that this step did not begin: waited for, or told where it does not end."""

from __future__ import annotations

import re
from datetime import timedelta

from slp_core.errors import StepFailed
from slp_core.release import Release
from slp_core.rules.issu import under_way as issu_under_way
from slp_core.rules.upgrade import names_release, rollback_timer
from slp_core.state import RouterState
from slp_tasks.look import INSTALL, ISSU, look
from slp_tasks.session import rejection
from slp_tasks.step import Probe, StepContext
from slp_tasks.times import printed_time

LOG = "show install log"
_MARK = re.compile(r"^\[\d+\|(?P<what>\w+)(?:\([^)]*\))?\]:\s+(?P<mark>START|END)\b(?P<at>.*)$")
_LONGEST = timedelta(hours=2)
"""A beginning without an end that is older is a record that was left, not an operation."""
_AGAIN_S = 30.0
_LOOK_S = 90.0
_REMEDY = "ask who it is (`show users`, `show install log`); let them commit it or take it back"


def under_way(ctx: StepContext) -> Probe | None:
    """Returns why the step waits or stops for an install that is not its own."""
    bears = ctx.step.facts.installs
    if bears is None:
        return None
    running = _running(ctx)
    if running is not None:
        return Probe(
            "waiting",
            f"waits for an install operation that is not ours: {running}",
            retry_in=_AGAIN_S,
            remedy="see `show install log`; when it has ended, `slp retry`",
        )
    if bears == "settles":  # its own probe judges whose it is
        return None
    state = look(ctx, INSTALL, ISSU) if bears == "restarts" else look(ctx, INSTALL)
    why = _unsettled(ctx, state)
    return Probe("blocked", why, code=StepFailed.code, remedy=_REMEDY) if why else None


def _running(ctx: StepContext) -> str | None:
    """Returns the operation that the router's own record begins last and does not end."""
    said = ctx.session.run(LOG, timeout=_LOOK_S)
    if rejection(said) is not None:
        return None
    marks = [m for line in said.splitlines() if (m := _MARK.match(line.strip()))]
    if not marks or marks[-1]["mark"] == "END":
        return None
    began = printed_time(marks[-1]["at"])
    now = ctx.clock.now().replace(tzinfo=None)  # the record is kept in UTC
    if began is None or abs(now - began) > _LONGEST:
        return None
    return f"{marks[-1]['what']}, begun at {began:%H:%M:%S} UTC"


def _unsettled(ctx: StepContext, state: RouterState) -> str | None:
    """Returns what somebody else activated and neither committed nor took back."""
    way = issu_under_way(state)
    if way is not None:
        return f"an upgrade in service is under way ({way}) and not committed"
    install = state.install
    if install is None:
        return None
    rows = [p for p in install.packages or () if p.kind == "IMG" and p.state == "U"]
    foreign = next((p for p in rows if not _is_planned(ctx, p.version)), None)
    left = install.auto_abort_left_s
    ends = f"; the router takes it back in {left // 60} minutes" if left is not None else ""
    if foreign is not None:
        return f"{foreign.version} is activated and not committed, and not by this plan{ends}"
    if not rows and rollback_timer(state) is not None:
        return f"an auto-abort timer runs that this plan did not start{ends}"
    return None


def _is_planned(ctx: StepContext, version: str) -> bool:
    steps = (*ctx.plan.steps, ctx.step)
    releases = {step.params.release_named() for step in steps}
    return any(names_release(version, Release.parse(r)) for r in releases if r is not None)
