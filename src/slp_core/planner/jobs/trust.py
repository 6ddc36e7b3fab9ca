"""Requests a trust code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from typing_extensions import override

from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.planner.steps import trust_step
from slp_core.rules.concern import Concern
from slp_core.steps.authorization import Scope


class TrustJob(Job):
    """A trust code, by the token of the target's topology.

    Attributes:
        force: also where one is installed.
        scope: left out, all members of a router that has some.
    """

    facts = JobFacts(
        name="trust",
        licensing="slp",
        concerns=("TOKEN-1", "READY-1", "READY-2", "READY-3"),
    )

    force: bool = False
    scope: Scope | None = None

    @override
    def situation(self, s: Situation) -> Situation:
        if not self.force or s.state.licensing is None:
            return s
        # As if it were not there: so that all that trust needs is looked at.
        licensing = s.state.licensing.model_copy(update={"trust": None})
        return replace(s, state=s.state.model_copy(update={"licensing": licensing}))

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if not s.trusted:
            trust_step(s, steps, force=self.force, scope=self.scope)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if not s.topology.trust:
            yield Concern(
                s.topology.rule,
                "blocker",
                f"a router that reports by {s.topology.kind} asks for no trust code",
                "slp topology --topology direct first, if it shall report to CSSM itself",
                overridable=True,
            )

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        p.equals("trust.installed", True, (s.topology.rule, "TOKEN-1"), moment="end")
