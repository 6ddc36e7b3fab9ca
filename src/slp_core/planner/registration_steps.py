"""The steps of Smart Licensing before SLP: register, renew, deregister, switch the mode (B9)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from slp_core.plan import PersonTask
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.steps.around import PersonParams, SaveConfigParams
from slp_core.steps.classic import DeregisterParams, ModeSwitchParams, RegisterParams, RenewParams
from slp_core.steps.image import ReloadParams
from slp_core.steps.throughput import ThroughputParams
from slp_core.steps.way import CallHomeParams
from slp_core.targets import CallHome


def registered(s: Situation) -> bool:
    """Tells whether the router is registered with CSSM by classic Smart Licensing."""
    registration = s.state.licensing.registration if s.state.licensing else None
    return registration is not None and registration.status.upper() == "REGISTERED"


def register_step(
    s: Situation, steps: Steps, reasons: Sequence[str] = ("B9-6", "B9-9"), *, force: bool = False
) -> None:
    """Adds the registration with the token that the topology names."""
    steps.add(
        RegisterParams(token=s.target.topology.token, force=force),
        reasons,
        why="the answer comes later; a reload of 17.8.1 may undo it: remove the instance in CSSM, "
        "register again",
    )


def call_home_step(s: Situation, steps: Steps) -> None:
    """Adds the call-home that the target's topology describes (B9-10)."""
    topology = s.target.topology
    call_home = {"transport": "callhome", "call_home": topology.call_home or CallHome()}
    steps.add(CallHomeParams(topology=topology.model_copy(update=call_home)), ("B9-10",))


def renew_steps(steps: Steps, what: Sequence[Literal["auth", "id"]] = ("auth", "id")) -> None:
    """Adds the renewal of authorization, identity, or both."""
    for one in what:
        steps.add(RenewParams(what=one), ("B9-6", "B9-13"))


def deregister_step(steps: Steps) -> None:
    """Adds the end of the registration."""
    steps.add(
        DeregisterParams(),
        ("B9-6", "B9-18"),
        why="30 days of evaluation begin; certificates and entitlements are gone",
    )


def mode_steps(
    steps: Steps,
    wanted: Literal["smart", "no-license"],
    boot_level: str | None = None,
    ports: Sequence[str] = (),
) -> None:
    """Adds the switch of the licensing mode and the reload that makes it real.

    The boot level comes into force by the same reload (B400-440). Disabling shuts the ports: those
    that were up are brought up before the reload (B416-418).
    """
    off = wanted == "no-license"
    params = ModeSwitchParams(mode=wanted)
    if off and ports:
        params = params.model_copy(update={"ports": tuple(ports)})
    steps.add(
        params,
        ("B9-5", "B9-15", "B9-17") if off else ("B9-5", "B9-2"),
        why="all ports shut down: have a second way in; licensed ports come back by `no shutdown` "
        "before the reload, default ports by the reload"
        if off
        else "the router asks for licences once it is up again",
    )
    if boot_level is not None:
        boot_level_step(steps, boot_level)
    reload_step(steps, ("B9-5",), "Save the mode", "Reload into the new mode")


def boot_level_step(steps: Steps, level: str) -> None:
    """Adds the boot level that the target names; in force after a reload (B427-430)."""
    steps.add(
        ThroughputParams(boot_level=level),
        ("B9-1", "B9-16"),
        title=f"Set the boot level {level}",
        why="in force after the next reload",
    )


def reload_step(steps: Steps, rules: tuple[str, ...], save: str, title: str) -> None:
    """Adds the saving of what was configured, and the reload that makes it real."""
    steps.add(SaveConfigParams(), rules, title=save)
    steps.add(ReloadParams(save=False, release=None), rules, title=title)


def register_again(s: Situation, steps: Steps) -> None:
    """Adds what a router needs that went back before SLP: registered as of old (DOWN-1, DOWN-2)."""
    rule = "DOWN-1" if s.trusted else "DOWN-2"
    if not s.trusted and s.target.topology.token is not None:
        register_step(s, steps, (rule, "DOWN-4", "B9-6"))
        return
    first = (
        "Check whether the router has renewed its trust: only then are its licences registered."
        if s.trusted
        else "The router is in evaluation."
    )
    steps.add(
        PersonParams(provides=(), needs=()),
        (rule, "DOWN-4"),
        title="Restore the classic Smart Licensing registration",
        person=PersonTask(
            where=f"the router ({s.udi_text})",
            instructions=(
                first,
                "If it is not registered: `license smart register idtoken`, with a new token.",
            ),
        ),
    )
