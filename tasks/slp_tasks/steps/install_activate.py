"""Install, second part: activate and reload into the new release (F01 to F04, F08)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.image import InstallActivateParams
from slp_tasks.booting import FELL_BACK, after, before_notes, fell_back, rebooted, send_reload
from slp_tasks.installing import ANSWERS, BUSY, check, package_of
from slp_tasks.look import INSTALL, VERSION, look, reached
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out


class InstallActivate(Step[InstallActivateParams]):
    """Activates what was added, once; what is added already is not added again."""

    params = InstallActivateParams

    def probe(self, ctx: StepContext[InstallActivateParams]) -> Probe:
        release = ctx.params.release
        state = look(ctx, VERSION, INSTALL)
        seen = before_notes(ctx, state)
        if reached(state, release):
            return Probe("done", f"the router runs {release} already", seen=seen)
        if rebooted(ctx, state):
            found = state.release.short if state.release else "another release"
            why = (
                f"the router reloaded and runs {found}, not {release}: it fell back or rolled back"
            )
            return fell_back(ctx, why, seen, remedy=FELL_BACK)
        added = package_of(state, release) is not None
        rows = state.install.packages if state.install else None
        if rows and not added and ctx.params.file is None:
            return Probe("blocked", f"{release} was not added before", code=StepFailed.code)
        seen["sends"] = [ctx.params.activation() if added else ctx.line]
        return Probe("ready", f"activates {release} and reloads", seen=seen)

    def act(self, ctx: StepContext[InstallActivateParams]) -> Acted:
        command = ctx.notes["sends"][0]
        said = send_reload(ctx, command, ANSWERS, timeout=ctx.step.deadline_s * 0.5)
        if BUSY.search(said):
            return Acted(False, "an install operation is in progress already; waits for its end")
        check(ctx, said, "install activate")
        return Acted(True, "activated; the router reloads")

    def confirm(self, ctx: StepContext[InstallActivateParams]) -> Confirm:
        return after(ctx, look(ctx, VERSION), ctx.params.release)


def install_activate(
    task: Task,
    release: str,
    auto_abort_minutes: int = 120,
    file: str | None = None,
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: activates an added release; the host reloads once.

    Args:
        file: an image on flash that is added, activated and committed in one command.
    """
    params = {"release": release, "auto_abort_minutes": auto_abort_minutes, "file": file}
    return carry_out(task, InstallActivate(), params, **options)
