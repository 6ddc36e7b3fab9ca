"""Plans for routers that keep classic licensing: the ASR 900 family (B9)."""

from __future__ import annotations

from slp_core.plan import PersonTask, StepKind, StepSpec
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.planner.steps import framed, upgrade_steps
from slp_core.rules import classic as rules

_MODE_TITLES = {"smart": "Enable Smart Licensing", "no-license": "Disable Smart Licensing"}


def classic_steps(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps of a classic router: mode, upgrade, registration, each where asked for."""
    steps = Steps()
    if s.upgrade:
        upgrade_steps(s, steps, ("B9-11",))
    wanted = s.target.classic
    mode = rules.mode_of(s.state)
    if wanted in _MODE_TITLES and mode.value != wanted:
        _switch(s, steps, wanted)
    if wanted == "register" and not _registered(s):
        _register(s, steps)
    if wanted in ("renew", "deregister") and (wanted == "renew" or _registered(s)):
        _by_hand(s, steps, wanted)
    return framed(steps)


def _registered(s: Situation) -> bool:
    registration = s.state.licensing.registration if s.state.licensing else None
    return registration is not None and registration.status.upper() == "REGISTERED"


def _switch(s: Situation, steps: Steps, wanted: str) -> None:
    line = "license smart enable" if wanted == "smart" else "no license smart enable"
    task = PersonTask(
        where=f"the router ({s.udi_text})",
        instructions=(
            f"Configure `{line}`.",
            "Have a second way in: ports may shut down."
            if wanted == "no-license"
            else "The router asks for licences once it is up again.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        _MODE_TITLES[wanted],
        ("B9-5", "B9-15") if wanted == "no-license" else ("B9-5", "B9-2"),
        params={"provides": [], "needs": []},
        person=task,
    )
    steps.add(StepKind.SAVE_CONFIG, "Save the mode", ("B9-5",))
    release = s.goal.short if s.goal else None
    steps.add(
        StepKind.RELOAD,
        "Reload into the new mode",
        ("B9-5",),
        params={"save": False, "release": release},
    )


def _register(s: Situation, steps: Steps) -> None:
    task = PersonTask(
        where=f"the router ({s.udi_text})",
        instructions=(
            f"Run `license smart register idtoken` with the token of {s.target.topology.token}.",
            "The answer comes later: wait until `show license status` says REGISTERED.",
            "After 17.8.1 a reload may undo it: remove the instance in CSSM, register again.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        "Register with CSSM",
        ("B9-6", "B9-9"),
        params={"provides": [], "needs": []},
        person=task,
    )


def _by_hand(s: Situation, steps: Steps, wanted: str) -> None:
    lines = (
        ("Run `license smart renew auth` and `license smart renew id`.",)
        if wanted == "renew"
        else (
            "Run `license smart deregister`.",
            "30 days of evaluation begin; certificates and entitlements are gone.",
        )
    )
    steps.add(
        StepKind.PERSON,
        "Renew the registration" if wanted == "renew" else "Deregister from CSSM",
        ("B9-6", "B9-13" if wanted == "renew" else "B9-18"),
        params={"provides": [], "needs": []},
        person=PersonTask(where=f"the router ({s.udi_text})", instructions=lines),
    )
