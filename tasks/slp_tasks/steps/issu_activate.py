"""Activation in service (ISSU): standby first, switchover, then the other processor (F09, F11).

The chassis does not reload, so its boot proves nothing. What proves it: the release on both
processors, a standby that is hot again, and the switchover that the router counts.
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.rules.issu import hot, not_ready, settled, under_way
from slp_core.state import RouterState
from slp_core.steps.image import IssuActivateParams
from slp_tasks.booting import fell_back, noted_failure, rebooted, send_reload
from slp_tasks.installing import ANSWERS, BUSY, check, package_of
from slp_tasks.look import INSTALL, ISSU, REDUNDANCY, VERSION, boot_of, look, reached, udi_notes
from slp_tasks.step import Acted, Confirm, Notes, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_LOOK_S = 45.0
_SHOWS_S = 300.0
_REMEDY = "see `show install log` and `show issu state detail`, then plan anew (`slp plan`)"


class IssuActivate(Step[IssuActivateParams]):
    """Activates what was added, where both processors are ready for it."""

    params = IssuActivateParams

    def probe(self, ctx: StepContext[IssuActivateParams]) -> Probe:
        release = ctx.params.release
        state = _look(ctx)
        seen = _before(ctx, state)
        if both_run(state, release):
            return Probe("done", f"both processors run {release} already", seen=seen)
        way = under_way(state)
        if way is not None and package_of(state, release) is not None:
            detail = f"an upgrade in service is under way ({way}); waits for its end"
            return Probe("waiting", detail, seen=seen, retry_in=_LOOK_S)
        ended = _ended_otherwise(ctx, state, release) if "sends" in ctx.notes else None
        if ended is not None and way is None:
            return fell_back(ctx, ended, seen, remedy=_REMEDY)
        why = _stands_against(state, release, way)
        if why is not None:
            return Probe("blocked", why, seen=seen, code=StepFailed.code, remedy=_REMEDY)
        if reached(state, release):
            detail = f"{release} is active; the other processor is not in step yet"
            return Probe("waiting", detail, seen=seen, retry_in=_LOOK_S)
        seen["sends"] = [ctx.line]
        return Probe("ready", f"activates {release} in service", seen=seen)

    def act(self, ctx: StepContext[IssuActivateParams]) -> Acted:
        said = send_reload(ctx, ctx.line, ANSWERS, timeout=ctx.step.deadline_s * 0.5)
        if BUSY.search(said) or "ISSU in progress" in said:
            return Acted(False, "an upgrade in service is under way already; waits for its end")
        check(ctx, said, ctx.line)
        noted = {"at": ctx.clock.now().isoformat()}
        return Acted(True, "activated in service; the standby goes first", noted)

    def confirm(self, ctx: StepContext[IssuActivateParams]) -> Confirm:
        release = ctx.params.release
        state = _look(ctx)
        if both_run(state, release):
            return Confirm("confirmed", _proof(ctx, state), seen=_after(state))
        ended = _ended_otherwise(ctx, state, release)
        if ended is not None:
            return noted_failure(ctx, ended, remedy=_REMEDY)
        return Confirm("pending", _progress(state, release), retry_in=_LOOK_S)


def both_run(state: RouterState, release: str) -> bool:
    """Tells whether both processors run a release and stand in step, with nothing under way."""
    found = state.redundancy
    if not reached(state, release) or found is None or not hot(state):
        return False
    if found.peer_release is not None and found.peer_release != found.active_release:
        return False
    return under_way(state) is None or settled(state)


def _look(ctx: StepContext[IssuActivateParams]) -> RouterState:
    return look(ctx, VERSION, INSTALL, REDUNDANCY, ISSU)


def _before(ctx: StepContext[IssuActivateParams], state: RouterState) -> Notes:
    """Returns what must be known before; what an earlier try recorded stands."""
    found = state.redundancy
    seen: Notes = {
        "boot": boot_of(state, ctx.clock.now()).as_notes(),
        "release": state.release.short if state.release else None,
        "switchovers": found.switchovers if found else None,
        "previous": state.issu.previous if state.issu else None,
    }
    kept = {key: ctx.notes[key] for key in seen if key in ctx.notes}
    return {**seen, **kept, **udi_notes(state.udi)}


def _stands_against(state: RouterState, release: str, way: str | None) -> str | None:
    """Returns why it must not be activated now."""
    if way is not None:
        return f"an upgrade in service of another release is under way ({way})"
    if reached(state, release):
        return None  # by whatever way: only the other processor is waited for
    lacking = next(iter(not_ready(state)), None)
    if lacking is not None:
        return f"{lacking}: ISSU is not possible"
    if state.issu is not None and state.issu.status == "Disabled":
        return "the router says that ISSU is not possible (`show issu state detail`)"
    rows = state.install.packages if state.install else None
    if rows and package_of(state, release) is None:
        return f"{release} was not added before"
    return None


def _ended_otherwise(
    ctx: StepContext[IssuActivateParams], state: RouterState, release: str
) -> str | None:
    """Returns how an activation ended that did not lead to the release."""
    runs = state.release.short if state.release else "an unknown release"
    if rebooted(ctx, state):
        return None if reached(state, release) else f"the chassis reloaded and runs {runs}"
    if under_way(state) is not None or reached(state, release) or state.issu is None:
        return None
    previous = state.issu.previous or "N/A"
    new = previous != ctx.notes.get("previous") or _switched(ctx, state)
    if not (new or _over(ctx)):
        return None  # how the one before ended
    return f"the upgrade in service ended ({previous}): the router runs {runs}, not {release}"


def _over(ctx: StepContext[IssuActivateParams]) -> bool:
    """Tells whether what was sent would show by now that it is under way."""
    at = ctx.notes.get("at")
    return (
        at is not None and (ctx.clock.now() - datetime.fromisoformat(at)).total_seconds() > _SHOWS_S
    )


def _switched(ctx: StepContext[IssuActivateParams], state: RouterState) -> bool:
    now = state.redundancy.switchovers if state.redundancy else None
    before = ctx.notes.get("switchovers")
    return now is not None and before is not None and now > before


def _progress(state: RouterState, release: str) -> str:
    if not reached(state, release):
        return "the standby loads the new release"
    return "the new release is active; the other processor loads it"


def _proof(ctx: StepContext[IssuActivateParams], state: RouterState) -> str:
    found = state.redundancy
    runs = state.release.short if state.release else ""
    reason = f" ({found.last_switchover})" if found and found.last_switchover else ""
    how = f"after a switchover{reason}" if _switched(ctx, state) else "without a switchover"
    return f"both processors run {runs}, {how}; the standby is hot"


def _after(state: RouterState) -> Notes:
    found = state.redundancy
    return {
        "release_after": state.release.short if state.release else None,
        "switchovers_after": found.switchovers if found else None,
    }


def issu_activate(task: Task, release: str, **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: activates an added release in service; the chassis of the host stays up."""
    return carry_out(
        task,
        IssuActivate(),
        {"release": release},
        **options,
    )
