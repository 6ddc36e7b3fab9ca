"""Reservations of routers before SLP: request code, updated code, return (SLRUP)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from typing_extensions import override

from slp_core.planner.authorization_steps import reservation_steps
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import AUTHORIZATION, Job, JobFacts
from slp_core.planner.situation import Situation
from slp_core.rules.classic import no_reservation, reserves
from slp_core.rules.concern import Concern
from slp_core.rules.model import RESERVED_MODELS, Model
from slp_core.rules.slac import is_hseck9_tag, reserved
from slp_core.steps.authorization import Scope
from slp_core.steps.reservation import ReservationRequestParams, ReservationReturnParams
from slp_core.targets import Target


def _needs_reservation(model: Model) -> Iterator[Concern]:
    if model not in RESERVED_MODELS:
        yield Concern(
            "SLRUP-3",
            "blocker",
            f"no reservation is installed ({model.value})",
            "slp slac brings HSECK9 to a router that runs SLP",
            overridable=False,
        )


class SlrJob(Job):
    """An updated reservation code, with HSECK9."""

    facts = JobFacts(
        name="slr",
        aims_at=("hseck9_balance",),
        concerns=("SLRUP-", "SLAC-13", "READY-4"),
        verifies=False,
        moves=AUTHORIZATION,
    )

    @override
    def sets(self, target: Target) -> dict[str, Any]:
        return {"hseck9": "add-before"}

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if not any(is_hseck9_tag(x.tag, s.state, s.rules) for x in reserved(s.state)):
            reservation_steps(s, steps)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        yield from _needs_reservation(s.model)


class SlrRequestJob(Job):
    """A request code leaves the router, for CSSM."""

    facts = JobFacts(name="slr-request", licensing="classic", verifies=False, moves=AUTHORIZATION)

    scope: Literal["local", "all", "universal"] | None = None

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        steps.add(
            ReservationRequestParams(scope=self.scope or s.scope, file="request_code.txt"),
            ("MODEL-SLR",),
            why="a person enters it in CSSM, and gets the authorization code",
        )

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        release = s.state.release
        if s.model is Model.CLASSIC and release is not None and not reserves(release):
            yield no_reservation(release)


class SlrReturnJob(Job):
    """The reservation goes back."""

    facts = JobFacts(name="slr-return", verifies=False, moves=AUTHORIZATION)

    scope: Scope | None = None

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        steps.add(
            ReservationReturnParams(scope=self.scope or s.scope, file="return_code.txt"),
            ("MODEL-SLR",),
            why="the licences leave the account's books only when a person enters the return code",
        )

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        yield from _needs_reservation(s.model)
