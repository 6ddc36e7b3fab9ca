"""Mode switch: Smart or No-License mode of the ASR 900 family; a reload must follow (B9-5, B9-15).

Disabling Smart Licensing shuts ports and may cut the router off. It is never done without the
operator's word that there is a second way in.
"""

from __future__ import annotations

from typing import Any, Literal

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.plan import RouterPlan, StepKind
from slp_core.targets import Target, Topology
from slp_tasks.look import STATUS, configuration, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

GUARD = "B9-15"
LINE = "license smart enable"
_LINES = {"smart": LINE, "no-license": f"no {LINE}"}


class ModeSwitch:
    """Params: ``mode`` (``smart`` or ``no-license``)."""

    def probe(self, ctx: StepContext) -> Probe:
        mode = _mode(ctx)
        if _is_set(ctx):
            return Probe("done", f"the mode {mode} is configured already")
        state = look(ctx, STATUS)
        if state.licensing and state.licensing.slp:
            return Probe("blocked", "the router runs SLP: it has no other mode")
        if mode == "no-license" and not ctx.plan.allows(GUARD):
            return Probe(
                "blocked",
                "disabling Smart Licensing shuts ports and may cut the router off: allow "
                f"{GUARD} with the second way in as its reason",
                code=StepFailed.code,
            )
        return Probe("ready", f"configures the mode {mode}", seen={"sends": [_LINES[mode]]})

    def act(self, ctx: StepContext) -> Acted:
        ctx.session.configure([_LINES[_mode(ctx)]])
        return Acted(True, "configured; in force after the reload")

    def confirm(self, ctx: StepContext) -> Confirm:
        if not _is_set(ctx):
            return Confirm("failed", f"the router does not keep `{_LINES[_mode(ctx)]}`")
        return Confirm("confirmed", f"`{_LINES[_mode(ctx)]}` is configured; a reload must follow")


def _mode(ctx: StepContext) -> str:
    mode = str(ctx.step.params.get("mode") or "")
    if mode not in _LINES:
        raise StepFailed(f"the mode {mode!r} is neither smart nor no-license")
    return mode


def _is_set(ctx: StepContext) -> bool:
    enabled = LINE in {line.strip() for line in configuration(ctx)}
    return enabled is (_mode(ctx) == "smart")


def mode_switch(
    task: Task,
    mode: Literal["smart", "no-license"],
    second_way_in: str | None = None,
    **options: Any,
) -> Result:
    """Nornir task: configures the licensing mode; the reload is a task of its own.

    Args:
        second_way_in: how the host is reached should its ports go down, such as the console;
            without it Smart Licensing is not disabled.
    """
    if second_way_in:
        options.setdefault(
            "plan",
            RouterPlan(
                router=task.host.name,
                model="unknown",
                target=Target(topology=Topology(kind="controller"), allow={GUARD: second_way_in}),
            ),
        )
    options.setdefault("deadline_s", 300.0)
    return carry_out(task, ModeSwitch(), StepKind.MODE_SWITCH, {"mode": mode}, **options)
