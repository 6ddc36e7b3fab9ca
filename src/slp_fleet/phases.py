"""The seam between a run and what is done to one router, and how long it waits between looks.

A run knows only this: a phase of a step (``probe``, ``act`` or ``confirm``) is called, returns
what ``slp_tasks.step`` names it, or raises one of our errors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from slp_core.clock import Clock
from slp_core.plan import RouterPlan, StepSpec
from slp_fleet.model import RunOptions
from slp_tasks.step import Ended

if TYPE_CHECKING:
    from collections.abc import Iterator


_GROWS = 100  # looks: far beyond any ceiling, and no power that a float cannot hold


@dataclass(frozen=True)
class Pace:
    """Machine seconds, whatever the injected clock says.

    Attributes:
        floor: shortest wait between two looks at a router, however fast a lab's clock runs; it
            grows with each look up to ``ceiling``, so that a fast lab is not polled to death.
        near: up to here a wait is slept through in its workflow, which costs neither a thread
            nor a queue slot; beyond it the workflow ends and a follow-up is enqueued.
        settle_floor: shortest time between an act of which nobody knows whether it was sent and
            the look that may send it again.
        tick: how often the dispatcher looks at the store.
    """

    floor: float = 0.4
    growth: float = 1.35
    ceiling: float = 2.0
    near: float = 2.5
    settle_floor: float = 3.0
    tick: float = 0.25

    def wait(self, asked: float, looks: int) -> float:
        """Returns the wait before the next look: what was asked for, but never too soon."""
        grown = self.floor * self.growth ** min(looks, _GROWS)
        return max(asked, min(grown, self.ceiling))


Name = Literal["probe", "act", "confirm"]


class Phase(Protocol):
    """Carries out one phase of one step on the router that it was opened for."""

    def __call__(
        self,
        plan: RouterPlan,
        step: StepSpec,
        phase: Name,
        *,
        folder: Path,
        notes: Mapping[str, Any],
        earlier: Mapping[str, Mapping[str, Any]],
        confirmed: bool,
        dry_run: bool,
    ) -> Ended:
        """Returns the ``Probe``, ``Acted`` or ``Confirm`` that the phase ends in.

        Args:
            folder: the router's files within the run (``in``, ``out``, ``backup``, ``evidence``).
        """
        ...


class Phases(Protocol):
    """Reaches the routers of one inventory; may be called from many threads."""

    def routers(self) -> Collection[str]:
        """Returns the names that the inventory knows."""
        ...

    def clock(self, router: str) -> Clock:
        """Returns the clock by which the router is judged."""
        ...

    def open(self, router: str) -> AbstractContextManager[Phase]:
        """Returns the way to one router; whatever connection it made is closed at the end."""
        ...


class NornirPhases:
    """The routers of a Nornir inventory, through the tasks of ``slp_tasks``.

    Args:
        inventory: Nornir configuration file or folder with ``hosts.yaml``.
    """

    def __init__(self, inventory: Path) -> None:
        from slp_core.secrets import SecretStore
        from slp_tasks.inventory import load_nornir

        self._nornir = load_nornir(inventory, limit=None)
        base = inventory if inventory.is_dir() else inventory.parent
        self._secrets = SecretStore(base)

    def routers(self) -> Collection[str]:
        return self._nornir.inventory.hosts.keys()

    def clock(self, router: str) -> Clock:
        from slp_tasks.inventory import host_clock

        return host_clock(self._nornir.inventory.hosts[router])

    @contextmanager
    def open(self, router: str) -> Iterator[Phase]:
        from slp_tasks.connection.opening import open_session
        from slp_tasks.run import run_phase
        from slp_tasks.step import RouterFiles

        host = self._nornir.inventory.hosts[router]
        clock = self.clock(router)
        with open_session(host, secrets=self._secrets, config=self._nornir.config) as session:

            def phase(
                plan: RouterPlan, step: StepSpec, phase: Name, *, folder: Path, **rest: Any
            ) -> Ended:
                try:
                    return run_phase(
                        host,
                        plan,
                        step,
                        phase,
                        files=RouterFiles(folder),
                        clock=clock,
                        secrets=self._secrets,
                        session=session,
                        **rest,
                    )
                finally:
                    if phase == "act" and step.facts.disruptive:
                        session.close()  # whatever it still says, it belongs to the old boot (F03)

            yield phase


@dataclass(frozen=True)
class Then:
    """What comes after a step was carried as far as it goes.

    ``next``: the next step at once; ``soon``: look again after a short sleep; ``later``: end, a
    follow-up workflow looks again; ``end``: nothing more until somebody asks for it.
    """

    then: Literal["next", "soon", "later", "end"]
    delay: float = 0.0


@dataclass
class ActiveRun:
    """A run that this process carries out."""

    id: str
    options: RunOptions
    phases: Phases
    clock: Clock
    folder: Path
    only: frozenset[str] | None = None
    """The routers that a retry named; unset: all of the run."""
    halting: str | None = None
    """Why no step may begin any more; unset while the run goes on."""
