"""Mode switch: Smart or No-License mode of the ASR 900 family; a reload must follow (B9-5, B9-15).

Disabling Smart Licensing shuts ports and may cut the router off. It is never done without the
operator's word that there is a second way in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.parsing.ports import shut_ports
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
        mode, lines = ctx.params.mode, _to_send(ctx)
        if not lines:
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
        return Probe("ready", f"configures the mode {mode}", seen={"sends": lines})

    def act(self, ctx: StepContext[ModeSwitchParams]) -> Acted:
        ctx.session.configure(_to_send(ctx))
        return Acted(True, "configured; in force after the reload")

    def confirm(self, ctx: StepContext[ModeSwitchParams]) -> Confirm:
        mode, missing = ctx.lines[0], _missing(ctx)
        if mode in missing:
            return Confirm("failed", f"the router does not keep `{mode}`")
        if missing:
            shut = ", ".join(x.removeprefix("interface ") for x in missing[::2])
            return Confirm(
                "failed",
                f"still shut: {shut}; the router is not reloaded",
                code=StepFailed.code,
                remedy="bring them up (`no shutdown`), then `slp resume`",
            )
        up = f"; {len(ctx.params.ports)} ports are up" if ctx.params.ports else ""
        return Confirm("confirmed", f"`{mode}` is configured{up}; a reload must follow")


def _to_send(ctx: StepContext[ModeSwitchParams]) -> list[str]:
    """Returns what is typed: with the mode all ports, since the mode shuts them."""
    missing = _missing(ctx)
    return list(ctx.lines) if ctx.lines[0] in missing else missing


def _missing(ctx: StepContext[ModeSwitchParams]) -> list[str]:
    """Returns the lines of the step that the router does not have yet."""
    config = configuration(ctx)
    mode, *_ = ctx.lines
    enabled = SMART_ENABLE in {line.strip() for line in config}
    lines = [] if enabled is (ctx.params.mode == "smart") else [mode]
    shut = shut_ports(config)
    for port in ctx.params.ports:
        if port in shut:
            lines += [f"interface {port}", " no shutdown"]
    return lines


def mode_switch(
    task: Task,
    mode: Literal["smart", "no-license"],
    second_way_in: str | None = None,
    ports: Sequence[str] = (),
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: configures the licensing mode; the reload is a task of its own.

    Args:
        second_way_in: how the host is reached should its ports go down, such as the console;
            without it Smart Licensing is not disabled.
        ports: brought up again in the same breath, as disabling shuts all of them.
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
    params = {"mode": mode, "ports": list(ports)}
    return carry_out(task, ModeSwitch(), params, **options)
