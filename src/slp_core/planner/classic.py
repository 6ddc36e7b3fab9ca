"""Plans for routers that keep classic licensing: the ASR 900 family (B9)."""

from __future__ import annotations

from slp_core.plan import StepSpec
from slp_core.planner.collecting import Steps
from slp_core.planner.registration_steps import (
    MODES,
    call_home_step,
    deregister_step,
    mode_steps,
    register_step,
    registered,
    renew_steps,
)
from slp_core.planner.situation import Situation
from slp_core.planner.snapshot import stop_steps
from slp_core.planner.steps import framed, staging_steps, upgrade_steps
from slp_core.rules import classic as rules
from slp_core.steps.classic import RegisterParams


def classic_steps(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps of a classic router: mode, upgrade, registration, each where asked for."""
    steps = Steps()
    if s.stages_only:
        staging_steps(s, steps)
        return framed(steps, save=False, verify=False)
    if s.upgrade:
        upgrade_steps(stop_steps(s, steps), steps, ("B9-11",))
    wanted = s.target.classic
    if s.target.topology.call_home is not None:
        call_home_step(s, steps)
    if wanted in MODES and rules.mode_of(s.state).value != wanted:
        mode_steps(steps, wanted)
    if wanted == "register" and not registered(s):
        register_step(s, steps)
    if wanted == "renew":
        renew_steps(steps)
    if wanted == "deregister" and registered(s):
        deregister_step(steps)
    registers = any(isinstance(x.params, RegisterParams) for x in steps.specs)
    return framed(steps, kept_for=("B9-7",) if registers and rules.saves_at_once(s.state) else ())
