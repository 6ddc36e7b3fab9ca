"""The contract between a plan's steps and whoever carries them out.

A step **probes** (is it done, ready, blocked?), **acts** once, and **confirms** by what the router
shows. Each call stands alone and returns small JSON: the next call may happen in another process,
hours later, after a crash. No step may assume that it is the first try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, Literal, cast

from typing_extensions import TypeVar

from slp_core.private_files import private_folder, write_private
from slp_core.steps.base import BOOTFLASH, StepParams

if TYPE_CHECKING:
    from slp_core.clock import Clock
    from slp_core.plan import RouterPlan, StepSpec
    from slp_core.secrets import SecretStore
    from slp_tasks.session import Session

Notes = dict[str, Any]
"""Small JSON that is kept in the store; never a secret, never raw device output."""


@dataclass(frozen=True)
class Probe:
    """What a step found before it acted.

    Attributes:
        state: ``done`` (skip it), ``ready`` (act), ``waiting`` (probe again later),
            ``blocked`` (stop this router; ``detail`` is the one clear sentence).
        remedy: what a person does about it, told beside ``detail`` when the router stops here.
        seen: recorded before the act, and handed to it and to every later call.
        retry_in: seconds of the injected clock until the next probe of a waiting step.
        sight: what was seen of the router beside it, in the words of predictions.
    """

    state: Literal["done", "ready", "waiting", "blocked"]
    detail: str = ""
    seen: Notes = field(default_factory=dict)
    retry_in: float = 30.0
    code: str | None = None
    remedy: str | None = None
    sight: Notes = field(default_factory=dict)


@dataclass(frozen=True)
class Acted:
    """What a step sent. ``noted`` is kept with the step."""

    changed: bool
    detail: str = ""
    noted: Notes = field(default_factory=dict)


@dataclass(frozen=True)
class Confirm:
    """What the router shows after the act."""

    state: Literal["confirmed", "pending", "failed"]
    detail: str = ""
    seen: Notes = field(default_factory=dict)
    retry_in: float = 30.0
    code: str | None = None
    remedy: str | None = None
    sight: Notes = field(default_factory=dict)


Ended = Probe | Acted | Confirm
"""What one phase of a step came to."""


@dataclass(frozen=True)
class RouterFiles:
    """The folder of one router within a run: 0700, its files 0600.

    ``out/`` holds what came off the router for a person to carry, ``in/`` what a person dropped,
    ``backup/`` configurations, ``evidence/`` masked outputs.
    """

    root: Path

    def folder(self, name: Literal["in", "out", "backup", "evidence"]) -> Path:
        """Returns the folder, made if it was not there."""
        return private_folder(self.root / name)

    def write(
        self, folder: Literal["in", "out", "backup", "evidence"], name: str, data: bytes
    ) -> Path:
        """Writes one file, readable by its owner alone, and returns its path."""
        return write_private(self.folder(folder) / Path(name).name, data)


P = TypeVar("P", bound=StepParams, default=Any)
P_co = TypeVar("P_co", bound=StepParams, covariant=True, default=StepParams)


@dataclass(frozen=True)
class StepContext(Generic[P_co]):
    """Everything that a step may use.

    Attributes:
        session: opened on first use; closed by whoever made the context.
        notes: what this step recorded in earlier calls (``seen`` of its probe, ``noted`` of its
            act), empty on the first probe.
        earlier: the notes of the router's earlier steps, by step id.
        confirmed: for steps that wait for a person, whether the person has confirmed.
        dry_run: read, show, never write.
        sight: what this call has seen of the router so far, in the words of predictions.
    """

    session: Session
    plan: RouterPlan
    step: StepSpec
    clock: Clock
    secrets: SecretStore
    files: RouterFiles
    notes: Mapping[str, Any] = field(default_factory=dict)
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    confirmed: bool = False
    dry_run: bool = False
    sight: Notes = field(default_factory=dict)

    @property
    def params(self) -> P_co:
        """The parameters of the step, of the class that its behaviour names."""
        return cast("P_co", self.step.params)

    @property
    def flash(self) -> str:
        """Where files go on this router: the step's own, the plan's image's, or bootflash."""
        named = (step.params.filesystem_named() for step in (self.step, *self.plan.steps))
        return next(filter(None, named), BOOTFLASH)

    @property
    def lines(self) -> tuple[str, ...]:
        """All that the step types, at most; a secret stands in it as ``TOKEN``."""
        return self.step.params.lines(self.flash)

    @property
    def line(self) -> str:
        """The command that the step exists for."""
        return self.lines[-1]


class Step(Generic[P]):
    """The behaviour of one kind of step. A class that states ``params`` is a kind; stateless."""

    params: ClassVar[type[StepParams]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "params" in cls.__dict__:
            BEHAVIOURS[cls.params.facts.kind] = cls()

    def probe(self, ctx: StepContext[P]) -> Probe:
        """Looks at the router and decides; changes nothing."""
        raise NotImplementedError

    def act(self, ctx: StepContext[P]) -> Acted:
        """Sends what the step exists for, once."""
        raise NotImplementedError

    def confirm(self, ctx: StepContext[P]) -> Confirm:
        """Looks at the router again; never acts."""
        raise NotImplementedError

    def planned(self, ctx: StepContext[P]) -> tuple[str, ...]:
        """Returns what the step sends by its parameters alone, at most."""
        return ctx.lines


BEHAVIOURS: Final[dict[str, Step]] = {}
"""By the kind of step; complete once ``slp_tasks.registry`` has read the modules."""
