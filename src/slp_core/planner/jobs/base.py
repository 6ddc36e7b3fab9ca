"""``Job``: one thing that an operator may ask of a router; and who knows all of them."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import ValidationError

import slp_core.planner.jobs
from slp_core.errors import UsageError
from slp_core.plan import Prediction, StepSpec
from slp_core.planner.classic_predict import predict_classic
from slp_core.planner.collecting import Steps
from slp_core.planner.notices import concerns_of
from slp_core.planner.predictions import Predictions
from slp_core.planner.situation import Situation
from slp_core.planner.steps import framed
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model, needs_classic, needs_slp
from slp_core.state import Frozen
from slp_core.targets import Target

LICENCES: Final = ("licenses[", "csl[")
AUTHORIZATION: Final = (*LICENCES, "throughput.", "cerm.")
"""What shows otherwise once licences, their status or the throughput changed."""
TRANSPORT: Final = ("transport.",)
_KEPT: Final = (
    *("model", "release", "udi.", "hostname", "boot.mode", "controller_mode", "classic.mode"),
    *AUTHORIZATION,
    *TRANSPORT,
)
_KNOWN: Final[dict[str, type[Job]]] = {}


@dataclass(frozen=True, kw_only=True)
class JobFacts:
    """What is true of a job, whatever its parameters.

    Attributes:
        name: in the names of kept plans.
        licensing: that it belongs to; on a router of the other it is blocked.
        any_model: it is judged also where the licensing model is not known.
        aims_at: fields of the target that it leads to, beside the topology.
        reports_as_now: what it needs is decided by how the router reports today, not by the
            topology of its target.
        concerns: beginnings of the rules of full plans that bear on it.
        concerns_idle: what stands against it is told also where it has no steps.
        saves: it ends by saving: it configures, or a reload must not undo it (B9-7).
        verifies: it ends with a last look at the router.
        moves: beginnings of the paths of predictions that may change with it.
        changes: the plan lists what the router will show otherwise.
    """

    name: str
    licensing: Literal["slp", "classic"] | None = None
    any_model: bool = False
    aims_at: tuple[str, ...] = ()
    reports_as_now: bool = True
    concerns: tuple[str, ...] = ()
    concerns_idle: bool = False
    saves: bool = False
    verifies: bool = True
    moves: tuple[str, ...] = ()
    changes: bool = False


class Job(Frozen):
    """One job with its parameters. A class that states ``facts`` is a job."""

    facts: ClassVar[JobFacts]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "facts" in cls.__dict__:
            _KNOWN[cls.facts.name] = cls

    @classmethod
    def asked(cls, **params: Any) -> Self:
        """Returns the job that options describe, each named like its parameter.

        Raises:
            UsageError: a value cannot be typed on a router, or is none of those that it may be.
        """
        try:
            return cls(**params)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            expected = first.get("ctx", {}).get("expected")
            remedy = f"give {expected}" if expected else "write the value on one line"
            raise UsageError(f"--{first['loc'][0]} {first['msg']}", remedy=remedy) from error

    def check_target(self, target: Target, *, where: str) -> None:
        """Looks whether a target says where the job shall lead.

        Raises:
            UsageError: it does not.
        """

    def aim(self, target: Target) -> Target:
        """Returns the target with nothing in it that the job does not lead to."""
        fields = {name: getattr(target, name) for name in self.facts.aims_at if target.known(name)}
        return Target(topology=target.topology, allow=target.allow, **(fields | self.sets(target)))

    def sets(self, target: Target) -> dict[str, Any]:
        """Returns the fields of the target that the job itself decides."""
        del target
        return {}

    def situation(self, s: Situation) -> Situation:
        """Returns the situation with what was asked for, where the rules would not ask for it."""
        return s

    def plan_steps(self, s: Situation) -> tuple[StepSpec, ...]:
        """Returns the steps, with check and backup before them; none where the job is done."""
        steps = Steps()
        self.add_steps(s, steps)
        return framed(steps, save=self.facts.saves, verify=self.facts.verifies)

    def add_steps(self, s: Situation, steps: Steps) -> None:
        """Adds the steps of the job itself."""
        raise NotImplementedError

    def concerns(self, s: Situation) -> Iterator[Concern]:
        """Yields what stands against the job, and what should be known before it."""
        if s.model is Model.UNKNOWN and not self.facts.any_model:
            yield from (c for c in concerns_of(s) if c.rule.startswith(("MODEL-", "READ-")))
            return
        yield from self.shared_concerns(s)
        if self.facts.licensing == "slp" and s.model is not Model.SLP:
            yield needs_slp(s.model)
        if self.facts.licensing == "classic" and s.model is Model.SLP:
            yield needs_classic()
        yield from self.own_concerns(s)

    def shared_concerns(self, s: Situation) -> Iterator[Concern]:
        """Yields what full plans say that bears on the job."""
        yield from (c for c in concerns_of(s) if c.rule.startswith(self.facts.concerns))

    def own_concerns(self, s: Situation) -> Iterator[Concern]:
        """Yields what stands against this job alone."""
        del s
        yield from ()

    def predictions(self, s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
        """Returns what will be seen after the job: what it changes, and that all else stays."""
        if s.model is Model.CLASSIC:
            return predict_classic(s, before)
        p = Predictions(before)
        for path in before:
            if path.startswith(_KEPT) and not path.startswith(self.facts.moves):
                p.unchanged(path, ("TRANS-8",) if path.startswith(TRANSPORT) else ())
        self.predict(s, p)
        return p.values()

    def predict(self, s: Situation, p: Predictions) -> None:
        """Adds what the job changes on a router that has no classic licensing."""


def jobs() -> Mapping[str, type[Job]]:
    """Returns the class of every job, by its name."""
    _read_all()
    return MappingProxyType(_KNOWN)


@cache
def _read_all() -> None:
    for module in pkgutil.iter_modules(slp_core.planner.jobs.__path__, "slp_core.planner.jobs."):
        importlib.import_module(module.name)
