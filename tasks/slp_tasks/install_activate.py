"""Install, second part: activate and reload into the new release (F01 to F04, F08)."""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.plan import StepKind
from slp_tasks.booting import after, before_notes, rebooted, send_reload
from slp_tasks.installing import ANSWERS, check, package_of
from slp_tasks.look import INSTALL, VERSION, look, reached
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out


class InstallActivate:
    """Params: ``release``, ``auto_abort_minutes``."""

    def probe(self, ctx: StepContext) -> Probe:
        release = ctx.step.params["release"]
        state = look(ctx, VERSION, INSTALL)
        seen = before_notes(ctx, state)
        if reached(state, release):
            return Probe("done", f"the router runs {release} already", seen=seen)
        if rebooted(ctx, state):
            found = state.release.short if state.release else "another release"
            return Probe(
                "blocked",
                f"the router reloaded and runs {found}, not {release}: it fell back or rolled back",
                seen=seen,
                code=StepFailed.code,
            )
        if state.install and state.install.packages and package_of(state, release) is None:
            return Probe("blocked", f"{release} was not added before", code=StepFailed.code)
        seen["sends"] = [_command(ctx)]
        return Probe("ready", f"activates {release} and reloads", seen=seen)

    def act(self, ctx: StepContext) -> Acted:
        said = send_reload(ctx, _command(ctx), ANSWERS, timeout=ctx.step.deadline_s * 0.5)
        check(ctx, said, "install activate")
        return Acted(True, "activated; the router reloads")

    def confirm(self, ctx: StepContext) -> Confirm:
        return after(ctx, look(ctx, VERSION), ctx.step.params["release"])


def _command(ctx: StepContext) -> str:
    minutes = ctx.step.params.get("auto_abort_minutes")
    return "install activate" + (f" auto-abort-timer {minutes}" if minutes else "")


def install_activate(
    task: Task, release: str, auto_abort_minutes: int = 120, **options: Any
) -> Result:
    """Nornir task: activates an added release; the host reloads once."""
    params = {"release": release, "auto_abort_minutes": auto_abort_minutes}
    return carry_out(task, InstallActivate(), StepKind.INSTALL_ACTIVATE, params, **options)
