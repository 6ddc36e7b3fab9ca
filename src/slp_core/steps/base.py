"""``StepParams``: the parameters of a step, with the facts of its kind; and who knows the kinds."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, ClassVar, Final, Literal

from pydantic import SerializerFunctionWrapHandler, model_serializer

import slp_core.steps
from slp_core import typed
from slp_core.files import Kind as FileKind
from slp_core.state import Frozen

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
BOOTFLASH: Final = "bootflash:"
TOKEN: Final = "TOKEN"  # noqa: S105 - the word that stands for it
"""Stands in a line for the secret that is put in when it is typed."""

_COMMON: Final = ("roll_back", "beyond")
_KNOWN: Final[dict[str, type[StepParams]]] = {}


@dataclass(frozen=True, kw_only=True)
class StepFacts:
    """What is true of every step of a kind.

    Attributes:
        kind: its name in ``plan.json``.
        title: what it does, in the words of a plan.
        deadline_s: seconds of the injected clock until it counts as failed.
        lasting: whether the act changes the router for good (done once, probed before).
        waits_for: what it may wait for without holding anything up.
        settle_s: how long nobody can tell by looking whether what was sent has been taken (F01,
            F42): a router answers for minutes after ``reload``. An act whose fate is unknown is
            not repeated before this has passed and the router was looked at again.
        disruptive: takes the router out of service; a group's place is held from before it.
        reloads: boots the router anew on its way to the target.
        uncommitted: what it activates rolls back by itself unless a step that ``commits`` follows.
        again: done only as long as nothing changes: a step before it makes it act again.
        skipped: said of it where its probe found nothing left to do.
        watched: waits while the router neither reloads nor changes how it reports.
        installs: how it bears with an install operation of somebody else: ``works`` waits for its
            end and stops where it is not committed, ``restarts`` also looks at ISSU, ``settles``
            only waits.
        channels: of ``show license history message``; an open request of somebody else there is
            waited for.
        server: ``sets up`` the way to the licence server, or ``uses`` it.
        brings: beginnings of the paths of predictions that change with it.
        asks_for_report: usage is reported after it.
        managed: what it changes that a router in controller mode takes from its SD-WAN manager
            alone (UP-8); such a router saves by itself.
    """

    kind: str
    title: str
    deadline_s: float = 600
    lasting: bool = True
    waits_for: Literal["time", "service", "person"] | None = None
    settle_s: float = 60
    disruptive: bool = False
    reloads: bool = False
    uncommitted: bool = False
    commits: bool = False
    again: bool = False
    skipped: str = "already done"
    watched: bool = False
    installs: Literal["works", "restarts", "settles"] | None = None
    channels: tuple[str, ...] = ()
    server: Literal["sets up", "uses"] | None = None
    brings: tuple[str, ...] = ()
    asks_for_report: bool = False
    managed: Literal["release", "configuration", "saving"] | None = None

    @property
    def only_looks(self) -> bool:
        """Whether it reads the router and ends at once."""
        return not self.lasting and self.waits_for is None


class StepParams(Frozen):
    """Parameters of one kind of step. A class that states ``facts`` is a kind."""

    facts: ClassVar[StepFacts]

    beyond: typed.Release | None = None
    """The step is done with on a router that runs this release or a later one (B9-3)."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "facts" in cls.__dict__:
            _KNOWN[cls.facts.kind] = cls

    @model_serializer(mode="wrap")
    def _common_last(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data: dict[str, Any] = handler(self)
        return data | {name: data.pop(name) for name in _COMMON if name in data}

    def title(self) -> str:
        """Returns what the step does, in the words of a plan."""
        return self.facts.title

    def deadline_s(self) -> float:
        """Returns after how many seconds it counts as failed."""
        return self.facts.deadline_s

    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        """Returns what the step types, at most, in order; a secret stands in it as ``TOKEN``.

        Args:
            flash: the file system on which its files lie.
        """
        del flash
        return ()

    def line(self, flash: str = BOOTFLASH) -> str:
        """Returns the last line: the command that the step exists for."""
        return self.lines(flash)[-1]

    def holds_place(self) -> bool:
        """Tells whether the router is not in service for good before the step is behind it."""
        return self.facts.disruptive or self.facts.commits

    def takes(self) -> tuple[str, FileKind] | None:
        """Returns which file of the router's ``in/`` the step reads, and what it must be."""
        return None

    def leaves(self) -> str | None:
        """Returns which file the step leaves in the router's ``out/``."""
        return None

    def asks_for(self) -> tuple[str, ...]:
        """Returns the names of the files that a person is asked for."""
        return ()

    def token_reference(self) -> str | None:
        """Returns the reference to the token that the step sends."""
        return None

    def filesystem_named(self) -> str | None:
        """Returns the file system that the step names."""
        return None

    def release_named(self) -> str | None:
        """Returns the release that the step leads to."""
        return None


def step_kinds() -> Mapping[str, type[StepParams]]:
    """Returns the class of every kind of step, by its name."""
    _read_all()
    return MappingProxyType(_KNOWN)


@cache
def _read_all() -> None:
    for module in pkgutil.iter_modules(slp_core.steps.__path__, "slp_core.steps."):
        importlib.import_module(module.name)
