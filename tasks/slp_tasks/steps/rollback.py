"""Roll-back: the release from before, by the operator's word, given now or in the plan.

An activation that is not committed is aborted, in service where it came in service; in bundle
mode, and after a conversion that failed, what booted before boots first again. A release that is
committed stays: the way back from there is a plan of its own, with the old release as its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.rules.issu import hot, under_way
from slp_core.rules.upgrade import rollback_timer
from slp_core.state import InstallPackage, RouterState
from slp_core.steps.around import WRITE_MEMORY
from slp_core.steps.image import ReloadParams, RollbackParams
from slp_tasks.booting import after, before_notes, failed_before, rebooted, send_reload
from slp_tasks.installing import ANSWERS, check
from slp_tasks.look import INSTALL, ISSU, REDUNDANCY, STARTUP, VERSION, look, reached
from slp_tasks.step import Acted, Confirm, Notes, Probe, Step, StepContext
from slp_tasks.steps.boot_variable import boot_lines
from slp_tasks.steps.reload import ANSWERS_UNSAVED
from slp_tasks.steps.save_config import write_memory
from slp_tasks.task import TaskOptions, carry_out

ABORT, TO_COMMITTED = "install abort", "install rollback to committed"
ABORT_ISSU = "install abort issu"
RELOAD = ReloadParams().line()
SAVE = WRITE_MEMORY
_AGAIN_S = 45.0
_REMEDY = "find out why, then plan anew (`slp plan`)"


class Rollback(Step[RollbackParams]):
    """Takes back what is not committed, or puts back what booted before."""

    params = RollbackParams

    def probe(self, ctx: StepContext[RollbackParams]) -> Probe:
        if not ctx.params.on_failure:
            return _probe(ctx)
        why = failed_before(ctx)
        if why is None:
            return Probe("done", "nothing failed: nothing is rolled back")
        found = _probe(ctx)
        if found.state == "ready":
            return found
        undone = "it was rolled back" if "sends" in ctx.notes else "nothing was rolled back"
        told = f"{why}; {undone}: {found.detail}"
        return Probe("blocked", told, seen=found.seen, code=StepFailed.code, remedy=_REMEDY)

    def act(self, ctx: StepContext[RollbackParams]) -> Acted:
        sends = list(ctx.notes["sends"])
        if ctx.notes["how"] in ("install", "issu"):
            said = send_reload(ctx, sends[0], ANSWERS, timeout=ctx.step.deadline_s * 0.5)
            check(ctx, said, sends[0])
            return Acted(True, f"`{sends[0]}` sent", {"reloads": ctx.notes["how"] == "install"})
        reloads = sends[-1] == RELOAD
        lines = _boot_changes(ctx)
        if lines:
            ctx.session.configure([x for x in lines if x != SAVE])
        write_memory(ctx)
        if reloads:
            send_reload(ctx, RELOAD, ANSWERS_UNSAVED, timeout=120)
        return Acted(True, "the boot variable is put back", {"reloads": reloads})

    def confirm(self, ctx: StepContext[RollbackParams]) -> Confirm:
        found = _confirm(ctx)
        why = failed_before(ctx) if ctx.params.on_failure else None
        if why is None or found.state != "confirmed":
            return found
        told = f"{why}; it was rolled back: {found.detail}"
        return replace(found, state="failed", detail=told, code=StepFailed.code, remedy=_REMEDY)


def _probe(ctx: StepContext[RollbackParams]) -> Probe:
    state = look(ctx, VERSION, INSTALL, ISSU, REDUNDANCY)
    seen = before_notes(ctx, state)
    release = _release(ctx, state)
    if release is not None and rebooted(ctx, state) and not reached(state, release):
        said = f"the router reloaded and runs {_runs(state)}, not {release}"
        return Probe("blocked", said, seen=seen, code=StepFailed.code)
    way = under_way(state)
    if way is not None and way.lower().startswith("abort"):
        return Probe("waiting", "it is being aborted already", seen=seen, retry_in=_AGAIN_S)
    if way is not None:
        seen |= {"how": "issu", "release_to": release, "sends": [ABORT_ISSU]}
        return Probe("ready", f"ends the upgrade in service ({way}): back to {release}", seen=seen)
    if _aborts(state):
        command = _abort_command(state)
        seen |= {"how": "install", "release_to": release, "sends": [command]}
        return Probe("ready", f"reloads into {release}: what runs is not committed", seen=seen)
    lines = _boot_changes(ctx)
    back = release is None or reached(state, release)
    if _booted_before(ctx) is not None and (lines or not back):
        sends = [*lines, SAVE] + ([] if back else [RELOAD])
        seen |= {"how": "boot", "release_to": release, "sends": sends}
        what = "puts the boot variable back" + ("" if back else f" and reloads into {release}")
        return Probe("ready", what, seen=seen)
    if back:
        return Probe("done", f"the router runs {_runs(state)}; nothing is to undo", seen=seen)
    return Probe("blocked", _no_way(state, str(release)), seen=seen, code=StepFailed.code)


def _confirm(ctx: StepContext[RollbackParams]) -> Confirm:
    if ctx.notes.get("how") == "issu":
        return _back_in_service(ctx)
    if ctx.notes.get("reloads"):
        return after(ctx, look(ctx, VERSION), ctx.notes.get("release_to"))
    if _boot_changes(ctx):
        return Confirm("failed", "the boot variable is not what it was", code=StepFailed.code)
    return Confirm("confirmed", "the boot variable is what it was, saved")


def _back_in_service(ctx: StepContext[RollbackParams]) -> Confirm:
    """The chassis stayed up: the release on both processors is the proof."""
    state = look(ctx, VERSION, INSTALL, ISSU, REDUNDANCY)
    release, found = ctx.notes.get("release_to"), state.redundancy
    if under_way(state) is not None:
        return Confirm("pending", "the upgrade in service is being aborted", retry_in=_AGAIN_S)
    if release is not None and not reached(state, release):
        return Confirm("pending", f"the router still runs {_runs(state)}", retry_in=_AGAIN_S)
    if found is None or not hot(state) or found.peer_release != found.active_release:
        return Confirm("pending", "the other processor is not in step yet", retry_in=_AGAIN_S)
    return Confirm(
        "confirmed",
        f"both processors run {_runs(state)}, the standby is hot",
        seen={"release_after": _runs(state)},
    )


def _release(ctx: StepContext[RollbackParams], state: RouterState) -> str | None:
    """Returns what to go back to: named, the plan's, or the row that is committed."""
    committed = next((p for p in _packages(state) if p.state == "C"), None)
    shown = ".".join(committed.version.split(".")[:3]) if committed else None
    named = ctx.params.release or ctx.notes.get("release_to")
    if named is None and shown is not None and _unsettled(state):
        return shown
    named = named or ctx.plan.release
    return str(named) if named is not None else shown


def _unsettled(state: RouterState) -> bool:
    """Tells whether something is activated and not committed, or about to be."""
    return under_way(state) is not None or _aborts(state)


def _packages(state: RouterState) -> Sequence[InstallPackage]:
    rows = state.install.packages or () if state.install else ()
    return [p for p in rows if p.kind == "IMG"]


def _aborts(state: RouterState) -> bool:
    """Tells whether something is activated and not committed, above something committed."""
    states = {p.state for p in _packages(state)}
    return {"U", "C"} <= states and not (state.boot and state.boot.mode == "bundle")


def _abort_command(state: RouterState) -> str:
    """Aborting needs the timer; where somebody has stopped it, rolling back is the way."""
    return ABORT if rollback_timer(state) is not None else TO_COMMITTED


def _booted_before(ctx: StepContext[RollbackParams]) -> list[str] | None:
    """Returns the ``boot system`` lines from before: named, or noted by the plan's first change."""
    named = ctx.params.boot
    if named:
        return [x if x.startswith("boot system ") else f"boot system {x}" for x in named]
    for notes in _in_order(ctx):
        before = notes.get("before")
        if isinstance(before, list) and all(str(x).startswith("boot system ") for x in before):
            return [str(x) for x in before]
    return None


def _in_order(ctx: StepContext[RollbackParams]) -> list[Notes]:
    return [dict(ctx.earlier[step]) for step in sorted(ctx.earlier)]


def _boot_changes(ctx: StepContext[RollbackParams]) -> list[str]:
    """Returns the lines that put the boot variable back; only ``write memory`` may be missing."""
    wanted = _booted_before(ctx)
    if wanted is None:
        return []
    now = boot_lines(ctx)
    if now != wanted:
        return [*(f"no {line}" for line in now), *wanted]
    return [] if boot_lines(ctx, STARTUP) == wanted else [SAVE]


def _runs(state: RouterState) -> str:
    return state.release.short if state.release else "an unknown release"


def _no_way(state: RouterState, release: str) -> str:
    if any(p.state == "C" for p in _packages(state)):
        return (
            f"{_runs(state)} is committed: nothing is left to abort; going back to {release} takes "
            "a plan with that release as its target"
        )
    return f"it is not known what booted before: name the boot files that start {release}"


def rollback(
    task: Task, release: str | None = None, boot: Sequence[str] = (), **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: takes an upgrade back that is not committed, or whose image did not boot.

    Args:
        release: to go back to; in bundle mode the host reloads only where it is named.
        boot: files that booted before (``bootflash:old.bin``); only for bundle mode.
    """
    params = {"release": release, "boot": list(boot)}
    return carry_out(task, Rollback(), params, **options)
