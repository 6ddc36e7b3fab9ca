"""The steps of Smart Licensing before SLP: register, renew, deregister, switch the mode (B9)."""

from __future__ import annotations

from collections.abc import Sequence

from slp_core.plan import PersonTask, StepKind
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation

MODE_TITLES = {"smart": "Enable Smart Licensing", "no-license": "Disable Smart Licensing"}
RENEWALS = {"auth": "Renew the authorization", "id": "Renew the identity"}


def registered(s: Situation) -> bool:
    """Tells whether the router is registered with CSSM, the way before SLP."""
    registration = s.state.licensing.registration if s.state.licensing else None
    return registration is not None and registration.status.upper() == "REGISTERED"


def register_step(
    s: Situation, steps: Steps, reasons: Sequence[str] = ("B9-6", "B9-9"), *, force: bool = False
) -> None:
    """Adds the registration with the token that the topology names."""
    steps.add(
        StepKind.REGISTER,
        "Register with CSSM",
        reasons,
        why="the answer comes later; a reload of 17.8.1 may undo it: remove the instance in CSSM, "
        "register again",
        params={"token": s.target.topology.token, "force": force},
    )


def call_home_step(s: Situation, steps: Steps) -> None:
    """Adds the call-home that the target's topology describes (B9-10)."""
    topology = s.target.topology.to_json() | {"transport": "callhome"}
    steps.add(
        StepKind.CALL_HOME,
        "Set up call-home",
        ("B9-10",),
        params={"topology": {**topology, "call_home": topology.get("call_home") or {}}},
    )


def renew_steps(steps: Steps, what: Sequence[str] = ("auth", "id")) -> None:
    """Adds the renewal of authorization, identity, or both."""
    for one in what:
        steps.add(StepKind.RENEW, RENEWALS[one], ("B9-6", "B9-13"), params={"what": one})


def deregister_step(steps: Steps) -> None:
    """Adds the end of the registration."""
    steps.add(
        StepKind.DEREGISTER,
        "Deregister from CSSM",
        ("B9-6", "B9-18"),
        why="30 days of evaluation begin; certificates and entitlements are gone",
    )


def mode_steps(steps: Steps, wanted: str) -> None:
    """Adds the switch of the licensing mode and the reload that makes it real."""
    off = wanted == "no-license"
    steps.add(
        StepKind.MODE_SWITCH,
        MODE_TITLES[wanted],
        ("B9-5", "B9-15") if off else ("B9-5", "B9-2"),
        why="ports may shut down: have a second way in"
        if off
        else "the router asks for licences once it is up again",
        params={"mode": wanted},
    )
    steps.add(StepKind.SAVE_CONFIG, "Save the mode", ("B9-5",))
    steps.add(
        StepKind.RELOAD,
        "Reload into the new mode",
        ("B9-5",),
        params={"save": False, "release": None},
    )


def register_again(s: Situation, steps: Steps) -> None:
    """Adds what a router needs that went back before SLP: registered as of old (DOWN-1, DOWN-2)."""
    trust = s.state.licensing.trust if s.state.licensing else None
    trusted = trust is not None and trust.installed_on is not None
    rule = "DOWN-1" if trusted else "DOWN-2"
    if not trusted and s.target.topology.token is not None:
        register_step(s, steps, (rule, "DOWN-4", "B9-6"))
        return
    first = (
        "Look whether the router renewed its trust: only then are its licences registered."
        if trusted
        else "The router is in evaluation."
    )
    steps.add(
        StepKind.PERSON,
        "See to its registration, the old way",
        (rule, "DOWN-4"),
        params={"provides": [], "needs": []},
        person=PersonTask(
            where=f"the router ({s.udi_text})",
            instructions=(
                first,
                "If it is not registered: `license smart register idtoken`, with a new token.",
            ),
        ),
    )
