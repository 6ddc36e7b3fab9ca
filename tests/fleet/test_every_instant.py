"""F42, exhaustively: a crash before and after every write of ours and every act on the router.

Without DBOS and without processes, so that every instant can be tried: a crash is an exception
that nothing may catch, after which a new worker starts from the store and the router alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.fleet import FakePhases, Kill, Script, fleet_plan, lab_clock
from slp_core.plan import Plan
from slp_fleet.api import Fleet
from slp_fleet.ledger import Ledger
from slp_fleet.model import RunOptions
from slp_fleet.phases import ActiveRun, Pace
from slp_fleet.workflow import Carrier

KINDS = ("preflight", "install_activate", "install_commit", "trust", "verify")
LASTING = ["02-install_activate", "03-install_commit", "04-trust"]


PACE = Pace(floor=0.005, ceiling=0.02, settle_floor=0.1, tick=0.02)


class Crash(BaseException):
    """The process is gone."""


class Instants:
    """Counts the instants at which a process can die, and dies at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.passed = 0

    def one(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            raise Crash


class Dying(FakePhases):
    """Routers whose acts are instants too: just before and just after the effect."""

    def __init__(self, folder: Path, instants: Instants, script: Script) -> None:
        folder.mkdir()
        super().__init__(folder, {"r01": script}, clock=lab_clock(folder, factor=30000))
        self.instants = instants
        self.kill = Kill("r01", "", "", folder)

    def die(self, router: str, step_id: str, when: str) -> None:
        self.instants.one()


class Rehearsal:
    def __init__(self, root: Path, instants: Instants, plan: Plan, script: Script) -> None:
        self.instants = instants
        self.phases = Dying(root / "routers", instants, script)
        self.fleet = Fleet(root / ".slp", root, phases=self.phases, pace=PACE)
        file = root / "plan.json"
        file.write_text(plan.model_dump_json(exclude_unset=True))
        self.run = self.fleet.create_run(plan, file, RunOptions())
        with self.fleet.store.write() as db:
            db.execute("UPDATE router_runs SET state='running', turn=1")

    def go(self) -> int:
        """Carries the router to its end, whatever crashes; returns the number of crashes."""
        write = self.fleet.store.write

        @contextmanager
        def dying(*, durable: bool = False) -> Iterator[sqlite3.Connection]:
            self.instants.one()
            with write(durable=durable) as db:
                yield db
            self.instants.one()

        crashes = 0
        while True:
            self.fleet.store.write = dying  # type: ignore[method-assign,assignment]
            try:
                self._one_life(f"process-{crashes}")
                return crashes
            except Crash:
                crashes += 1
                assert crashes < 5
            finally:
                self.fleet.store.write = write  # type: ignore[method-assign]

    def _one_life(self, watcher: str) -> None:
        ledger = Ledger(self.fleet.store)
        carrier = Carrier(ledger, watcher=watcher, tell=lambda e: None, pace=PACE)
        clock = self.phases.clock("r01")
        carrier.runs[self.run] = ActiveRun(
            self.run, RunOptions(), self.phases, clock, self.fleet.store.root / "backups"
        )
        give_up = time.monotonic() + 30
        job = ledger.job(self.run, "r01")
        assert job is not None
        turn = max(job.turn - 1, 1)  # the engine repeats the turn whose end it has not recorded
        while time.monotonic() < give_up:
            then = carrier.take_turn(self.run, "r01", turn)
            if then.then == "end":
                return
            if then.then == "later":
                turn += 1
            time.sleep(then.delay)
        raise AssertionError("it never ends")

    def state(self) -> str:
        return str(self.fleet.run(self.run).routers[0].state)


@pytest.mark.slow
@pytest.mark.parametrize(
    "lag", [pytest.param(0.0, id="seen at once"), pytest.param(0.04, id="later")]
)
def test_f42_a_crash_at_every_instant_repeats_nothing(tmp_path: Path, lag: float) -> None:
    plan = fleet_plan(1, KINDS)
    at = 0
    while True:
        at += 1
        root = tmp_path / str(at)
        root.mkdir()
        instants = Instants(at)
        rehearsal = Rehearsal(root, instants, plan, Script(lag=lag, pending={"04-trust": 1}))
        crashes = rehearsal.go()
        assert rehearsal.state() == "proven", f"crash at instant {at}"
        effects = rehearsal.phases.router("r01").effects()
        assert effects == LASTING, f"crash at instant {at}"
        rehearsal.fleet.close()
        if crashes == 0:
            break
    assert at > 30, "a crash before and after each write and each act was tried"
