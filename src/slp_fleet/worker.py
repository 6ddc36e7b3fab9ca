"""The foreground of a run: launches the engine, keeps the dispatcher looking, drains at the end."""

from __future__ import annotations

import queue
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from slp_core.clock import Clock
from slp_core.errors import SlpError, StoreError
from slp_fleet.create import check_plan_file
from slp_fleet.engine import Engine
from slp_fleet.leases import Hold, hold, routers_of
from slp_fleet.ledger import Ledger
from slp_fleet.lock import Lock, Request, is_asked
from slp_fleet.model import Event, OnEvent, RunOptions, RunState
from slp_fleet.phases import ActiveRun, Pace, Phases
from slp_fleet.reading import read_events, run_row
from slp_fleet.scheduler import Dispatcher
from slp_fleet.steer import named_only
from slp_fleet.store import Store, masked, run_clock
from slp_fleet.workflow import Carrier

AT_REST = (RunState.PAUSED, RunState.STOPPED, RunState.CANCELLED, RunState.FINISHED)
_JOIN_EVERY_S = 1.0
_LEAST_TICK_S = 0.05

OpenPhases = Callable[[Path], Phases]


class Worker:
    """Carries runs of one store out; one worker process a store.

    Args:
        open_phases: opens the inventory that a run was made for.
        clock: for the run's own times; unset: the one that the run was made with.
    """

    def __init__(
        self, store: Store, open_phases: OpenPhases, pace: Pace, clock: Clock | None = None
    ) -> None:
        self._store = store
        self._open_phases = open_phases
        self._clock = clock
        self._pace = pace
        self._ledger = Ledger(store)
        self._lock = Lock(store.root)
        self._told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._poke = threading.Event()
        self._fatal: StoreError | None = None
        self._dispatchers: dict[str, Dispatcher] = {}
        self._holds: dict[str, Hold] = {}

    def carry_out(self, run: str, on_event: OnEvent, stop: threading.Event) -> RunState:
        """Carries a run out until it is at rest, or until ``stop`` is set.

        Where another process works on this store already, that one carries this run out too;
        here it is only watched, and taken over should the other process end.
        """
        watched = Watch(self._store, run, on_event)
        try:
            while not self._lock.take():
                if stop.is_set():
                    with self._store.write() as db:
                        db.execute("UPDATE runs SET wanted='pause' WHERE id=?", (run,))
                state = watched.look(self._lock.holder())
                if state is not None:
                    return state
                time.sleep(self._pace.tick)
        finally:
            watched.withdraw()
        try:
            ended = watched.look("") if watched.asked else None
            return ended or self._work(run, on_event, stop)
        finally:
            self._lock.release()

    def _work(self, run: str, on_event: OnEvent, stop: threading.Event) -> RunState:
        self._store.check()
        options = RunOptions.model_validate_json(run_row(self._store, run)["options"])
        carrier = Carrier(self._ledger, watcher=uuid.uuid4().hex, tell=self._tell, pace=self._pace)
        engine = Engine(
            self._store.root, carrier.take_turn, workers=options.workers, on_fatal=self._die
        )
        first = self._activate(run)  # every refusal comes before anything is launched
        carrier.runs[run] = first
        try:
            engine.launch()
        except BaseException:
            self._let_go()
            raise
        try:
            self._begin(first, engine, carrier)
            return self._loop(run, engine, carrier, on_event, stop)
        finally:
            carrier.draining.set()
            engine.drain()
            self._deliver(run, on_event)
            engine.close()
            carrier.close()
            self._let_go()

    def _let_go(self, run: str | None = None) -> None:
        """Lets other processes work on the routers of a run; unset: of all runs."""
        for name in [run] if run else list(self._holds):
            held = self._holds.pop(name, None)
            if held is not None:
                held.release()

    def _loop(
        self,
        run: str,
        engine: Engine,
        carrier: Carrier,
        on_event: OnEvent,
        stop: threading.Event,
    ) -> RunState:
        joined_at = time.monotonic()
        while True:
            self._lock.check()
            self._deliver(run, on_event)
            if self._fatal is not None:
                raise self._fatal
            if stop.is_set():
                return self._interrupted(run, engine, carrier)
            if time.monotonic() - joined_at > _JOIN_EVERY_S:
                self._join(engine, carrier)
                joined_at = time.monotonic()
            for name, dispatcher in list(self._dispatchers.items()):
                state = dispatcher.tick()
                if state is not None:
                    if name == run:
                        return state
                    del self._dispatchers[name]
                    self._let_go(name)
                    carrier.runs.pop(name, None)
            self._poke.wait(self._pace.tick)
            self._poke.clear()
            time.sleep(_LEAST_TICK_S)

    def _interrupted(self, run: str, engine: Engine, carrier: Carrier) -> RunState:
        """Lets what is being sent end, leaves the rest as it is, and says so."""
        carrier.draining.set()
        engine.drain()
        if self._fatal is not None:
            raise self._fatal
        return self._dispatchers[run].say_interrupted()

    def _activate(self, run: str) -> ActiveRun:
        row = run_row(self._store, run)
        check_plan_file(row)
        phases = self._open_phases(Path(row["inventory"]))
        only = named_only(self._store, run)
        routers = routers_of(self._store, run, only)
        known = phases.routers()
        for name in routers.values():
            if name in known:
                phases.clock(name)  # refused where the inventory says of it what cannot be read
        held = hold(self._store, run, routers)
        if held is not None:
            self._holds[run] = held
        return ActiveRun(
            id=run,
            options=RunOptions.model_validate_json(row["options"]),
            phases=phases,
            clock=self._clock or run_clock(row),
            folder=self._store.root / "backups" / run,
            only=only,
        )

    def _begin(self, active: ActiveRun, engine: Engine, carrier: Carrier) -> None:
        dispatcher = Dispatcher(active, self._ledger, engine, carrier, self._tell)
        self._dispatchers[active.id] = dispatcher
        with self._store.write() as db:
            db.execute(
                "UPDATE runs SET state=?, reason='', joined=0 WHERE id=?",
                (RunState.RUNNING, active.id),
            )
        for event in self._ledger.log([Event(active.id, active.clock.now(), RunState.RUNNING)]):
            self._tell(event)
        dispatcher.adopt()

    def _join(self, engine: Engine, carrier: Carrier) -> None:
        """Takes on the runs that another ``slp apply`` on this store asks for."""
        for row in self._store.rows("SELECT id FROM runs WHERE joined=1"):
            if row["id"] in self._dispatchers:
                continue
            if not is_asked(self._store.root, row["id"]):
                self._leave(
                    row["id"], "the process that asked for it has ended; slp resume goes on"
                )
                continue
            try:
                active = self._activate(row["id"])
            except SlpError as error:  # its trouble must not end the run in the foreground
                self._refuse(row["id"], error)
                continue
            carrier.runs[active.id] = active
            self._begin(active, engine, carrier)

    def _refuse(self, run: str, error: SlpError) -> None:
        self._leave(run, masked(str(error)))

    def _leave(self, run: str, reason: str) -> None:
        with self._store.write() as db:
            db.execute(
                "UPDATE runs SET state=?, reason=?, joined=0 WHERE id=?",
                (RunState.PAUSED, reason, run),
            )

    def _deliver(self, run: str, on_event: OnEvent) -> None:
        while True:
            try:
                event = self._told.get_nowait()
            except queue.Empty:
                return
            if event.run == run:
                on_event(event)

    def _tell(self, event: Event) -> None:
        self._told.put(event)
        self._poke.set()

    def _die(self, error: StoreError) -> None:
        if self._fatal is None:
            self._fatal = error
        self._poke.set()


class Watch:
    """A run that another process carries out, seen through the store."""

    def __init__(self, store: Store, run: str, on_event: OnEvent) -> None:
        self._store = store
        self._run = run
        self._on_event = on_event
        self._seen = _last_event(store, run)
        self.asked = False
        self._request: Request | None = None

    def withdraw(self) -> None:
        """Asks no longer that another process carries the run out."""
        if self._request is not None:
            self._request.withdraw()

    def look(self, holder: str) -> RunState | None:
        """Tells what happened since the last look; returns the state once the run is at rest."""
        if not self.asked:
            self._ask(holder)
            return None
        for event in read_events(self._store, self._run, after=self._seen):
            self._seen = event.id
            self._on_event(event)
        row = run_row(self._store, self._run)
        state = RunState(row["state"])
        return state if state in AT_REST and not row["joined"] else None

    def _ask(self, holder: str) -> None:
        self.asked = True
        self._request = Request(self._store.root, self._run)
        with self._store.write() as db:
            db.execute(
                "UPDATE runs SET joined=1, state=? WHERE id=?", (RunState.RUNNING, self._run)
            )
        clock = run_clock(run_row(self._store, self._run))
        self._on_event(
            Event(
                self._run,
                clock.now(),
                RunState.RUNNING,
                detail=f"process {holder} works on this store already and carries this run out too",
            )
        )


def _last_event(store: Store, run: str) -> int:
    row = store.row("SELECT max(id) AS id FROM events WHERE run=?", (run,))
    return int(row["id"] or 0) if row else 0
