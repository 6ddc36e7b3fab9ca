"""A fleet over scripted routers, with a store of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.fleet import FakePhases, Script
from slp_core.plan import Plan
from slp_fleet.api import Fleet
from slp_fleet.model import Event, RunOptions, RunState
from slp_fleet.phases import Pace

QUICK = Pace(floor=0.02, ceiling=0.1, settle_floor=0.3, tick=0.02)


class Bench:
    """A fleet over scripted routers."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = root / ".slp"
        self.phases = FakePhases(root / "routers")
        self.fleet = Fleet(self.store, root, phases=self.phases, pace=QUICK)
        self.events: list[Event] = []

    def script(self, router: str, **behaviour: Any) -> None:
        self.phases.scripts[router] = Script(**behaviour)

    def create(self, plan: Plan, **options: Any) -> str:
        file = self.root / f"plan-{len(list(self.root.glob('plan-*')))}.json"
        file.write_text(plan.model_dump_json(exclude_unset=True))
        return self.fleet.create_run(plan, file, RunOptions(**options))

    def carry_out(self, run: str, *, stop: threading.Event | None = None) -> RunState:
        return self.fleet.carry_out(run, on_event=self.events.append, stop=stop)

    def apply(self, plan: Plan, **options: Any) -> tuple[str, RunState]:
        run = self.create(plan, **options)
        return run, self.carry_out(run)

    def states(self, run: str) -> dict[str, str]:
        return {r.router: str(r.state) for r in self.fleet.run(run).routers}

    def effects(self, router: str) -> list[str]:
        return self.phases.router(router).effects()

    def always(self, seen: Callable[[Event], bool], do: Callable[[Event], None]) -> None:
        """Has ``do`` called at each event that ``seen`` recognises, in the run's own thread."""

        class Hook(list[Event]):
            def append(self, event: Event) -> None:
                super().append(event)
                if seen(event):
                    do(event)

        self.events = Hook(self.events)

    def when(self, seen: Callable[[Event], bool], do: Callable[[], None]) -> None:
        """Has ``do`` called once, at the first event that ``seen`` recognises."""
        done: list[bool] = []

        def once(_: Event) -> None:
            if not done:
                done.append(True)
                do()

        self.always(seen, once)
