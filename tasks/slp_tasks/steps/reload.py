"""Reload: exactly once, told by the router's own boot (F01 to F03, F10, F15)."""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_core.plan import StepKind
from slp_tasks.booting import FELL_BACK, after, before_notes, fell_back, rebooted, send_reload
from slp_tasks.look import VERSION, look, reached
from slp_tasks.session import Answer
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

COMMAND = "reload"
_CONFIRM = (Answer("[confirm]", ""), Answer("[confirm]", ""))
ANSWERS_UNSAVED = (Answer("[yes/no]:", "no"), *_CONFIRM)
ANSWERS_SAVING = (Answer("[yes/no]:", "yes"), *_CONFIRM)


class Reload:
    """Params: ``save`` (answer to the save question), ``release`` expected after, or null."""

    def probe(self, ctx: StepContext) -> Probe:
        release = ctx.step.params.get("release")
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
        seen["sends"] = [COMMAND]
        return Probe("ready", "reloads", seen=seen)

    def act(self, ctx: StepContext) -> Acted:
        answers = ANSWERS_SAVING if ctx.step.params.get("save") else ANSWERS_UNSAVED
        send_reload(ctx, COMMAND, answers, timeout=120)
        return Acted(True, "reload confirmed")

    def confirm(self, ctx: StepContext) -> Confirm:
        return after(ctx, look(ctx, VERSION), ctx.step.params.get("release"))


def reload(task: Task, release: str | None = None, save: bool = False, **options: Any) -> Result:
    """Nornir task: reloads the host and waits for its new boot."""
    return carry_out(task, Reload(), StepKind.RELOAD, {"save": save, "release": release}, **options)
