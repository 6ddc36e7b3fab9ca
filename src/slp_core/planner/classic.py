"""Plans for routers that keep classic licensing: the ASR 900 family (B9)."""

from __future__ import annotations

from slp_core.plan import StepSpec
from slp_core.planner.classic_way import ModeWay, enters_level, level_to_enter, mode_way, ports_up
from slp_core.planner.collecting import Steps
from slp_core.planner.registration_steps import (
    boot_level_step,
    call_home_step,
    deregister_step,
    mode_steps,
    register_step,
    registered,
    reload_step,
    renew_steps,
)
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_steps
from slp_core.planner.steps import framed, staging_steps, upgrade_steps
from slp_core.rules import classic as rules
from slp_core.rules.classic import ClassicMode
from slp_core.steps.classic import RegisterParams


def classic_steps(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps of a classic router: mode, upgrade, registration, each where asked for."""
    steps = Steps()
    if s.stages_only:
        staging_steps(s, steps)
        return framed(steps, save=False, verify=False)
    way, wanted = mode_way(s), s.target.classic
    entered = way.before or (enters_level(s) and (s.upgrade or way.switch is None))
    if entered:
        _before_upgrade(s, steps, way)
    if s.upgrade:
        upgrade_steps(stop_steps(s, steps), steps, ("B9-11", "B9-16"))
    if s.target.topology.call_home is not None:
        call_home_step(s, steps)
    if way.switch is not None and not way.before:
        mode_steps(steps, way.switch, None if entered else level_to_enter(s), ports_up(s))
    smart = way.final is ClassicMode.SMART
    if wanted == "register" and smart and not registered(s):
        register_step(s, steps)
    if wanted == "renew":
        renew_steps(steps)
    if wanted == "deregister" and registered(s):
        deregister_step(steps)
    registers = any(isinstance(x.params, RegisterParams) for x in steps.specs)
    return framed(steps, kept_for=("B9-7",) if registers and rules.saves_at_once(s.state) else ())


def _before_upgrade(s: Situation, steps: Steps, way: ModeWay) -> None:
    """Adds what is configured first: the boot level and, where it is due, Smart (B637, B9-1).

    Each step says beyond which release it is done with: applied again after the upgrade, nothing
    of it is repeated.
    """
    begin, level = len(steps.specs), level_to_enter(s)
    if way.before and way.switch is not None:
        mode_steps(steps, way.switch, level)
    elif level is not None:
        boot_level_step(steps, level)
        if not s.upgrade:
            reload_step(steps, ("B9-1",), "Save the boot level", "Reload into the boot level")
    if s.upgrade and s.goal is not None:
        goal = s.goal.short
        steps.specs[begin:] = [x.told(beyond=goal) for x in steps.specs[begin:]]
