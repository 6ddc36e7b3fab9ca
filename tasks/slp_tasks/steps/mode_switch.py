"""Mode switch: Smart or No-License mode of the ASR 900 family; a reload must follow (B9-5, B9-15).

Disabling Smart Licensing shuts ports and may cut the router off. It is never done without the
operator's word that there is a second way in.
"""

from __future__ import annotations

from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.plan import RouterPlan
from slp_core.steps.classic import SMART_ENABLE, ModeSwitchParams
from slp_core.targets import Target, Topology
from slp_tasks.look import STATUS, configuration, look
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

GUARD = "B9-15"


class ModeSwitch(Step[ModeSwitchParams]):
    """Configures the mode; the reload is a step of its own."""

    params = ModeSwitchParams

    def probe(self, ctx: StepContext[ModeSwitchParams]) -> Probe:
        mode = ctx.params.mode
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
        return Probe("ready", f"configures the mode {mode}", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[ModeSwitchParams]) -> Acted:
        ctx.session.configure([ctx.line])
        return Acted(True, "configured; in force after the reload")

    def confirm(self, ctx: StepContext[ModeSwitchParams]) -> Confirm:
        if not _is_set(ctx):
            return Confirm("failed", f"the router does not keep `{ctx.line}`")
        return Confirm("confirmed", f"`{ctx.line}` is configured; a reload must follow")


def _is_set(ctx: StepContext[ModeSwitchParams]) -> bool:
    enabled = SMART_ENABLE in {line.strip() for line in configuration(ctx)}
    return enabled is (ctx.params.mode == "smart")


def mode_switch(
    task: Task,
    mode: Literal["smart", "no-license"],
    second_way_in: str | None = None,
    **options: Unpack[TaskOptions],
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
    return carry_out(task, ModeSwitch(), {"mode": mode}, **options)
