"""``Plan``, ``Prediction``, ``Finding``: what shall happen and what shall be seen.

All are values. A plan can be saved, hashed, loaded again and held against a router; when and by
whom its steps are carried out is decided elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SerializeAsAny, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from slp_core.state import Evidence, Frozen, Udi
from slp_core.steps.base import StepFacts, StepParams, step_kinds
from slp_core.targets import Target

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def _name_kinds(schema: dict[str, Any]) -> None:
    schema["enum"] = sorted(step_kinds())


class PersonTask(Frozen):
    """What a person must do, and where, before the run can go on."""

    where: str
    instructions: tuple[str, ...]


class StepSpec(Frozen):
    """One step of a plan: data; its behaviour is the task registered for its kind.

    Attributes:
        id: unique within the router's plan, such as ``07-trust``.
        kind: a kind of step that has its class in ``slp_core.steps``.
        reasons: ids of the rules that ask for the step.
        params: of the class of its kind.
        lasting: whether the act changes the router for good (done once, probed before).
        waits_for: what the step may wait for without holding anything up.
        deadline_s: seconds of the injected clock until the step counts as failed.
    """

    id: str
    kind: str = Field(json_schema_extra=_name_kinds)
    title: str
    reasons: tuple[str, ...] = ()
    why: str = ""
    params: Annotated[
        SerializeAsAny[StepParams],
        WithJsonSchema({"type": "object", "additionalProperties": True}),
    ] = Field(default_factory=dict, validate_default=True)
    lasting: bool = False
    waits_for: Literal["time", "service", "person"] | None = None
    deadline_s: float = 600
    person: PersonTask | None = None

    @field_validator("kind", mode="before")
    @classmethod
    def _known(cls, value: Any) -> str:
        """Refuses a kind that has no class, such as one of a later version."""
        if value not in step_kinds():
            raise PydanticCustomError(
                "kind", "there is no step of the kind '{kind}' here", {"kind": str(value)[:40]}
            )
        return str(value)

    @field_validator("params", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any, info: ValidationInfo) -> StepParams:
        """Holds parameters against the class of the kind: a plan may be edited by hand."""
        wanted = step_kinds().get(info.data.get("kind", ""))
        if wanted is None:  # said of the kind already
            raise PydanticCustomError("params", "their kind of step is not known")
        return wanted.model_validate(value)

    @property
    def facts(self) -> StepFacts:
        """What is true of every step of its kind."""
        return self.params.facts

    @property
    def waits_for_person(self) -> bool:
        """Whether it waits for a person rather than for time or a service."""
        return "person" in (self.waits_for, self.facts.waits_for)

    def told(self, **changes: Any) -> Self:
        """Returns the step with some of its parameters changed.

        Raises:
            ValidationError: its kind does not know one of them, or not this value.
        """
        params = type(self.params).model_validate(self.params.to_json() | changes)
        return self.model_copy(update={"params": params})


class Prediction(Frozen):
    """One expectation of what the router will show.

    ``path`` is in the vocabulary of ``slp_core.verify.observe``. ``equals`` carries ``value``;
    ``unchanged`` carries what was seen before in ``value`` (not set: it was not seen, so it
    cannot be judged); ``newly_issued`` must be there and differ from ``value`` where that is set;
    ``unobservable`` says why in ``why``.
    """

    path: str
    kind: Literal["equals", "unchanged", "newly_issued", "unobservable"]
    value: Any = None
    rules: tuple[str, ...] = ()
    why: str = ""
    moment: Literal["stop", "upgrade", "end"] = "end"


class Finding(Frozen):
    """One expectation held against the router."""

    path: str
    verdict: Literal["met", "unmet", "unobservable", "unforeseen"]
    expected: Any = None
    found: Any = None
    rules: tuple[str, ...] = ()
    why: str = ""
    severity: Literal["failure", "warning", "note"] = "failure"
    evidence: Evidence | None = None
    against: Evidence | None = None
    """The lines of another output of the same moment that say something else."""


class Notice(Frozen):
    """A blocker or warning of a plan, with its remedy."""

    rule: str
    severity: Literal["blocker", "warning", "note"]
    text: str
    remedy: str = ""
    source: str = ""
    scope: str = ""
    """Where the rule counts, in words."""
    overridable: bool = False
    allowed: str | None = None
    """The operator's reason, where the blocker was overridden."""


class RouterPlan(Frozen):
    """What shall happen to one router."""

    router: str
    udi: Udi | None = None
    model: str
    platform: str | None = None
    release: str | None = None
    target: Target
    steps: tuple[StepSpec, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    notices: tuple[Notice, ...] = ()
    before: dict[str, Any] = Field(default_factory=dict)
    """What was observed before, in the vocabulary of the predictions."""
    changes: tuple[str, ...] = ()
    """Lines such as ``transport callhome → callhome (kept, TRANS-3)``."""
    group: dict[str, Any] = Field(default_factory=dict)
    """Inventory data that the fleet orders by: ``site``, and whatever else was asked for."""

    def allows(self, rule: str) -> bool:
        """Tells whether the operator overrode what a rule has against this plan."""
        named = any(n.rule == rule and n.allowed is not None for n in self.notices)
        return named or rule in self.target.allow

    @property
    def blockers(self) -> tuple[Notice, ...]:
        """The notices that stop this router: blockers nobody has overridden."""
        return tuple(n for n in self.notices if n.severity == "blocker" and n.allowed is None)

    def hash(self) -> str:
        """Returns the SHA-256 of everything that the plan was made from and leads to."""
        return digest(self.to_json())


class Plan(Frozen):
    """The plan of a fleet, as saved in ``plan.json``."""

    schema_version: Literal[1] = 1
    routers: tuple[RouterPlan, ...]
    created: str = ""
    made_by: str = ""
    sealed: str = ""
    """The hash when it was saved, so that a file that was changed since is noticed (F47)."""

    def hash(self) -> str:
        """Returns the hash that ``apply`` records; time and tool version do not count."""
        return digest([r.hash() for r in self.routers])

    def router(self, name: str) -> RouterPlan | None:
        """Returns the plan of one router."""
        return next((r for r in self.routers if r.router == name), None)


def digest(value: Any) -> str:
    """Returns the SHA-256 of a JSON value, independent of key order."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
