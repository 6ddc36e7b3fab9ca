"""Reload: exactly once, told by the router's own boot (F01 to F03, F10, F15)."""

from __future__ import annotations

from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.steps.image import ReloadParams
from slp_tasks.booting import FELL_BACK, after, before_notes, fell_back, rebooted, send_reload
from slp_tasks.look import VERSION, look, reached
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_CONFIRM = (Answer("[confirm]", ""), Answer("[confirm]", ""))
ANSWERS_UNSAVED = (Answer("[yes/no]:", "no"), *_CONFIRM)
ANSWERS_SAVING = (Answer("[yes/no]:", "yes"), *_CONFIRM)


class Reload(Step[ReloadParams]):
    """Reloads once, and looks for the new boot."""

    params = ReloadParams

    def probe(self, ctx: StepContext[ReloadParams]) -> Probe:
        release = ctx.params.release
        state = look(ctx, VERSION)
        seen = before_notes(ctx, state)
        if release and reached(state, release):
            return Probe("done", f"the router runs {release} already", seen=seen)
        if rebooted(ctx, state):
            if release is None:
                return Probe("done", "the router has reloaded", seen=seen)
            found = state.release.short if state.release else "another release"
            why = f"the router reloaded and runs {found}, not {release}: it fell back"
            return fell_back(ctx, why, seen, remedy=FELL_BACK)
        seen["sends"] = [ctx.line]
        return Probe("ready", "reloads", seen=seen)

    def act(self, ctx: StepContext[ReloadParams]) -> Acted:
        answers = ANSWERS_SAVING if ctx.params.save else ANSWERS_UNSAVED
        send_reload(ctx, ctx.line, answers, timeout=120)
        return Acted(True, "reload confirmed")

    def confirm(self, ctx: StepContext[ReloadParams]) -> Confirm:
        return after(ctx, look(ctx, VERSION), ctx.params.release)


def reload(
    task: Task, release: str | None = None, save: bool = False, **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: reloads the host and waits for its new boot."""
    return carry_out(task, Reload(), {"save": save, "release": release}, **options)
