"""What a router in SD-WAN controller mode takes from its manager alone: UP-8."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from slp_core.plan import StepSpec
from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern

_RULE = "UP-8"


def check_controller(s: Situation, steps: Sequence[StepSpec]) -> Iterator[Concern]:
    """Yields what of a plan a router in controller mode would refuse."""
    if not s.controller_managed:
        return
    managed = {step.facts.managed for step in steps}
    if s.upgrade or "release" in managed:
        yield Concern(
            _RULE,
            "blocker",
            "the router is in SD-WAN controller mode: neither `install` nor `boot system` changes "
            "its release",
            "upgrade it by the SD-WAN manager, then plan again",
            overridable=False,
        )
    for step in steps:
        if step.facts.managed == "configuration":
            lines = "; ".join(line.strip() for line in step.params.lines()) or "it"
            yield Concern(
                _RULE,
                "blocker",
                f"{step.title}: in SD-WAN controller mode the router refuses to be configured here",
                f"set {lines} by the SD-WAN manager, then plan again",
                overridable=False,
            )


def unsaved(s: Situation, steps: Sequence[StepSpec]) -> tuple[StepSpec, ...]:
    """Returns the steps without saving where the router is in controller mode; it refuses that."""
    if not s.controller_managed:
        return tuple(steps)
    kept = [step for step in steps if step.facts.managed != "saving"]
    return tuple(
        step.model_copy(update={"id": f"{number:02d}{step.id[2:]}"})
        for number, step in enumerate(kept, 1)
    )
