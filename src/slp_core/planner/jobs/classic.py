"""Classic Smart Licensing: call-home, registration, mode (B9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from typing_extensions import override

from slp_core.planner.check_registration import check_address, needs_registration, needs_smart
from slp_core.planner.classic_way import level_to_enter, ports_up
from slp_core.planner.collecting import Steps
from slp_core.planner.jobs.base import AUTHORIZATION, Job, JobFacts
from slp_core.planner.predictions import Predictions
from slp_core.planner.registration_steps import (
    call_home_step,
    deregister_step,
    mode_steps,
    register_step,
    registered,
    renew_steps,
)
from slp_core.planner.situation import Situation
from slp_core.rules import classic
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.targets import Target

_CONNECTION: Final = ("B9-6", "B9-8", "B9-12", "B9-14", "B9-19")
"""What full plans say of the way to CSSM, and of what it answered last."""


class CallHomeJob(Job):
    """The call-home of the target's topology."""

    facts = JobFacts(
        name="call-home",
        licensing="classic",
        reports_as_now=False,
        concerns=("B9-19",),
        saves=True,
    )

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        call_home_step(s, steps)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.model is not Model.CLASSIC:
            yield from check_address(s)


class _OfRegistration(Job):
    @override
    def sets(self, target: Target) -> dict[str, Any]:
        return {"classic": self.facts.name}


class RegisterJob(_OfRegistration):
    """The router registers, with the token of the target's topology.

    Attributes:
        force: also where it is registered.
    """

    facts = JobFacts(
        name="register",
        licensing="classic",
        concerns=("TOKEN-1", *_CONNECTION, "B9-9"),
        saves=True,
        moves=AUTHORIZATION,
    )

    force: bool = False

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if not registered(s) or self.force:
            register_step(s, steps, force=self.force)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        yield from needs_smart(s)
        if s.target.topology.token is None and s.model is not Model.CLASSIC:
            yield classic.no_token("name it: --token env:NAME")

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        p.equals("registration.status", "REGISTERED", ("B9-6",), moment="end")


class RenewJob(_OfRegistration):
    """The authorization, the identity, or both are renewed."""

    facts = JobFacts(
        name="renew", licensing="classic", concerns=("B9-5", *_CONNECTION), moves=AUTHORIZATION
    )

    what: tuple[Literal["auth", "id"], ...] = ("auth", "id")

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        renew_steps(steps, self.what)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.model is not Model.CLASSIC:
            yield from needs_registration(s)

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        p.unchanged("registration.status", ("B9-13",))


class DeregisterJob(_OfRegistration):
    """The registration ends."""

    facts = JobFacts(
        name="deregister",
        licensing="classic",
        concerns=("B9-5", "B9-6"),
        concerns_idle=True,
        moves=AUTHORIZATION,
    )

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if registered(s):
            deregister_step(steps)

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.model is not Model.CLASSIC:
            yield from needs_registration(s)

    @override
    def predict(self, s: Situation, p: Predictions) -> None:
        p.equals("registration.status", "UNREGISTERED", ("B9-18",), moment="end")


class ModeJob(Job):
    """The licensing mode is switched, by a reload."""

    facts = JobFacts(
        name="mode",
        licensing="classic",
        aims_at=("boot_level",),
        concerns=("MODEL-CLASSIC", "B9-1", "B9-2", "B9-11", "B9-15", "B9-16", "B9-17"),
        moves=AUTHORIZATION,
    )

    mode: Literal["smart", "no-license"] = "smart"

    @override
    def sets(self, target: Target) -> dict[str, Any]:
        return {"classic": self.mode}

    @override
    def add_steps(self, s: Situation, steps: Steps) -> None:
        if classic.mode_of(s.state).value != self.mode:
            mode_steps(steps, self.mode, level_to_enter(s), ports_up(s))

    @override
    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        if s.model not in (Model.SLP, Model.CLASSIC):
            yield Concern(
                "B9-5",
                "blocker",
                "licensing modes are known of the ASR 900 family only",
                "slp upgrade brings SLP",
                overridable=False,
            )
