"""Authorizes HSECK9 on a router that runs SLP, or takes the authorization back (SLAC)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from typing_extensions import override

from slp_core.planner.authorization_steps import slac_steps
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import AUTHORIZATION, LICENCES, Job, JobFacts
from slp_core.planner.predict_throughput import returns
from slp_core.planner.predictions import Predictions
from slp_core.planner.settled import authorized
from slp_core.planner.situation import Situation
from slp_core.rules.slac import SlacNeed
from slp_core.steps.authorization import Scope, SlacRequestParams, SlacReturnParams
from slp_core.targets import Target


class SlacJob(Job):
    """HSECK9, asked for by the router or from a file.

    Attributes:
        by_file: a person brings it from CSSM, whatever the topology.
        mode: whether it replaces what was authorized before.
        scope: left out, all members of a router that has some.
    """

    facts = JobFacts(
        name="slac",
        licensing="slp",
        aims_at=("hseck9_balance",),
        concerns=("SLAC-8", "SLAC-13", "READY-2", "READY-3", "UP-6"),
        saves=True,
        moves=AUTHORIZATION,
    )

    by_file: bool = False
    mode: Literal["add", "replace"] = "add"
    scope: Scope | None = None

    @override
    def sets(self, target: Target) -> dict[str, Any]:
        return {"hseck9": "add-after"}

    @override
    def situation(self, s: Situation) -> Situation:
        if self.by_file and s.slac.need == "request":
            return replace(s, slac=SlacNeed(s.slac.rule, "file", "from a file, as asked for"))
        return s

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        slac_steps(s, steps, mode=self.mode, scope=self.scope)

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        for path in p.before:
            if path.startswith(LICENCES):
                p.unchanged(path, ("LIC-8",))
        authorized(s, p)
        returns(s, p)


class SlacRequestJob(Job):
    """The request for a SLAC leaves as a file, for CSSM."""

    facts = JobFacts(
        name="slac-request",
        licensing="slp",
        aims_at=("hseck9_balance",),
        concerns=("SLAC-8", "SLAC-13"),
        verifies=False,  # it leaves nothing to see
    )

    scope: Scope | None = None

    @override
    def sets(self, target: Target) -> dict[str, Any]:
        return {"hseck9": "add-after"}

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if s.slac.need in ("request", "file"):
            request = SlacRequestParams(
                file="slac_request", feature="hseck9", scope=self.scope or s.scope, mode="add"
            )
            steps.add(request, (s.slac.rule, s.topology.rule))


class SlacReturnJob(Job):
    """The authorization goes back to CSSM, by the router or by a person."""

    facts = JobFacts(name="slac-return", licensing="slp", verifies=False, moves=AUTHORIZATION)

    how: Literal["online", "offline"] = "offline"
    scope: Scope | None = None

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        params = SlacReturnParams(
            how=self.how, scope=self.scope or s.scope, file="slac_return_code.txt"
        )
        steps.add(
            params,
            ("SLAC-9", s.topology.rule),
            why="" if self.how == "online" else "then a person enters the return code in CSSM",
        )
