"""Roll-back: the release from before, on the operator's word; never part of an ordinary plan.

An activation that is not committed is aborted; in bundle mode, and after a conversion that failed,
what booted before boots first again. A release that is committed stays: the way back from there is
a plan of its own, with the old release as its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.plan import StepKind
from slp_core.state import InstallPackage, RouterState
from slp_tasks.boot_variable import boot_lines
from slp_tasks.booting import after, before_notes, rebooted, send_reload
from slp_tasks.installing import ANSWERS, check
from slp_tasks.look import INSTALL, STARTUP, VERSION, look, reached
from slp_tasks.reload import ANSWERS_UNSAVED
from slp_tasks.reload import COMMAND as RELOAD
from slp_tasks.save_config import COMMAND as SAVE
from slp_tasks.save_config import write_memory
from slp_tasks.step import Acted, Confirm, Notes, Probe, StepContext
from slp_tasks.task import carry_out

ABORT, TO_COMMITTED = "install abort", "install rollback to committed"


class Rollback:
    """Params: ``release`` to go back to (by default the plan's, from before the upgrade) and
    ``boot``: files or ``boot system`` lines from before (by default as the plan's own step noted).
    """

    def probe(self, ctx: StepContext) -> Probe:
        state = look(ctx, VERSION, INSTALL)
        seen = before_notes(ctx, state)
        release = _release(ctx, state)
        if release is not None and rebooted(ctx, state) and not reached(state, release):
            said = f"the router reloaded and runs {_runs(state)}, not {release}"
            return Probe("blocked", said, seen=seen, code=StepFailed.code)
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

    def act(self, ctx: StepContext) -> Acted:
        sends = list(ctx.notes["sends"])
        if ctx.notes["how"] == "install":
            said = send_reload(ctx, sends[0], ANSWERS, timeout=ctx.step.deadline_s * 0.5)
            check(ctx, said, sends[0])
            return Acted(True, f"`{sends[0]}` sent; the router reloads", {"reloads": True})
        reloads = sends[-1] == RELOAD
        lines = _boot_changes(ctx)
        if lines:
            ctx.session.configure([x for x in lines if x != SAVE])
        write_memory(ctx)
        if reloads:
            send_reload(ctx, RELOAD, ANSWERS_UNSAVED, timeout=120)
        return Acted(True, "the boot variable is put back", {"reloads": reloads})

    def confirm(self, ctx: StepContext) -> Confirm:
        if ctx.notes.get("reloads"):
            return after(ctx, look(ctx, VERSION), ctx.notes.get("release_to"))
        if _boot_changes(ctx):
            return Confirm("failed", "the boot variable is not what it was", code=StepFailed.code)
        return Confirm("confirmed", "the boot variable is what it was, saved")


def _release(ctx: StepContext, state: RouterState) -> str | None:
    """Returns what to go back to: named, the plan's, or the row that is committed."""
    named = ctx.step.params.get("release") or ctx.notes.get("release_to") or ctx.plan.release
    if named is not None:
        return str(named)
    committed = next((p for p in _packages(state) if p.state == "C"), None)
    return ".".join(committed.version.split(".")[:3]) if committed else None


def _packages(state: RouterState) -> Sequence[InstallPackage]:
    rows = state.install.packages or () if state.install else ()
    return [p for p in rows if p.kind == "IMG"]


def _aborts(state: RouterState) -> bool:
    """Tells whether something is activated and not committed, above something committed."""
    states = {p.state for p in _packages(state)}
    return {"U", "C"} <= states and not (state.boot and state.boot.mode == "bundle")


def _abort_command(state: RouterState) -> str:
    """Aborting needs the timer; where somebody has stopped it, rolling back is the way."""
    timer = (state.install.auto_abort or "inactive") if state.install else "inactive"
    return ABORT if timer.startswith("active") else TO_COMMITTED


def _booted_before(ctx: StepContext) -> list[str] | None:
    """Returns the ``boot system`` lines from before: named, or noted by the plan's first change."""
    named = [str(x) for x in ctx.step.params.get("boot") or ()]
    if named:
        return [x if x.startswith("boot system ") else f"boot system {x}" for x in named]
    for notes in _in_order(ctx):
        before = notes.get("before")
        if isinstance(before, list) and all(str(x).startswith("boot system ") for x in before):
            return [str(x) for x in before]
    return None


def _in_order(ctx: StepContext) -> list[Notes]:
    return [dict(ctx.earlier[step]) for step in sorted(ctx.earlier)]


def _boot_changes(ctx: StepContext) -> list[str]:
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
    task: Task, release: str | None = None, boot: Sequence[str] = (), **options: Any
) -> Result:
    """Nornir task: takes an upgrade back that is not committed, or whose image did not boot.

    Args:
        release: to go back to; in bundle mode the host reloads only where it is named.
        boot: files that booted before (``bootflash:old.bin``); only for bundle mode.
    """
    params = {"release": release, "boot": list(boot)}
    return carry_out(task, Rollback(), StepKind.ROLLBACK, params, **options)
