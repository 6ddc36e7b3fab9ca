"""The seam between a run and what is done to one router.

A run knows only this: a phase of a step (``probe``, ``act`` or ``confirm``) is called, returns
small JSON as ``slp_tasks.step`` describes it, or raises one of our errors.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from slp_core.clock import Clock
from slp_core.plan import RouterPlan, StepSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    ) -> dict[str, Any]:
        """Returns the fields of ``Probe``, ``Acted`` or ``Confirm``.

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
        from slp_tasks.reach.opening import open_session
        from slp_tasks.run import run_phase
        from slp_tasks.step import RouterFiles

        host = self._nornir.inventory.hosts[router]
        clock = self.clock(router)
        with open_session(host, secrets=self._secrets, config=self._nornir.config) as session:

            def phase(
                plan: RouterPlan, step: StepSpec, phase: Name, *, folder: Path, **rest: Any
            ) -> dict[str, Any]:
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
