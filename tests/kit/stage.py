"""Machine time on a stage: it stands while anybody works, and leaps on while everybody waits.

The fleet's own machinery runs on it (worker, dispatcher, leases, store, step machine); only the
durable queue is replaced, by one that wakes routers in the order of their times. So a run of many
hours takes as long as its work does, the same on a loaded machine, and the same each time.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from slp_core.clock import ScaledClock
from slp_core.errors import StoreError
from slp_fleet.phases import Pace
from slp_fleet.scheduler import Dispatcher
from slp_fleet.workflow import Carrier
from slp_tasks.connection.terminal import Terminal

BEGIN = 1_000_000.0
_LONGEST = 40 * 86400.0
_THREADS = 64


class Stage:
    """The time of one test; at most one router is worked on at any moment.

    Attributes:
        idle: called when only a person can go on; returns whether one did something.
    """

    def __init__(self) -> None:
        self.now = BEGIN
        self.idle: Callable[[], bool] = lambda: False
        self._cv = threading.Condition()
        self._due: list[tuple[float, int, bool, Callable[[], None]]] = []
        self._order = itertools.count()
        self._actor: int | None = None  # the thread that holds the baton
        self._handed = False  # the baton is on its way to a thread
        self._open = False
        self._ticks_begun = self._ticks_ended = 0

    def time(self) -> float:
        """Returns machine seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Waits; whoever holds the baton lets others go on meanwhile."""
        seconds = max(seconds, 0.001)
        with self._cv:
            if self._actor != threading.get_ident():
                if not self._open:
                    self.now += seconds  # no run is under way: nobody else waits
                return
            woken = threading.Event()
            self._push(self.now + seconds, woken.set, by_line=True)
            self._let_go()
        woken.wait()
        self._take()

    def at(self, when: float, act: Callable[[], None]) -> None:
        """Has ``act`` begin a turn at ``when``."""
        with self._cv:
            self._push(when, act, by_line=False)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Has somebody act from outside in so many seconds, while nobody else works."""
        thread = threading.Thread(target=self.turn, args=(act,), daemon=True)
        self.at(self.now + seconds, thread.start)

    # -- the baton -----------------------------------------------------------------------------

    def _push(self, when: float, act: Callable[[], None], *, by_line: bool) -> None:
        heapq.heappush(self._due, (when, next(self._order), by_line, act))
        self._cv.notify_all()

    def _take(self) -> None:
        with self._cv:
            self._handed, self._actor = False, threading.get_ident()

    def _let_go(self) -> None:
        self._actor = None
        self._cv.notify_all()

    def turn(self, work: Callable[[], None]) -> None:
        """Carries out one turn with the baton in hand."""
        self._take()
        try:
            work()
        finally:
            with self._cv:
                self._let_go()

    # -- the dispatcher's looks ----------------------------------------------------------------

    def ticking(self, dispatcher: type[Dispatcher]) -> type[Dispatcher]:
        """Returns the dispatcher, made to tell when it has looked."""
        stage = self

        class Ticking(dispatcher):  # type: ignore[valid-type,misc]
            def tick(self) -> Any:
                with stage._cv:
                    stage._ticks_begun += 1
                    mine = stage._ticks_begun
                try:
                    return super().tick()
                finally:
                    with stage._cv:
                        stage._ticks_ended = mine
                        stage._cv.notify_all()

        return Ticking

    # -- conducting ----------------------------------------------------------------------------

    def conduct(self, fatal: Callable[[StoreError], None]) -> None:
        """Hands the baton on until ``close``."""
        self._open = True
        threading.Thread(target=self._conduct, args=(fatal,), daemon=True).start()

    def close(self) -> bool:
        """Forgets who waits; returns once nobody works."""
        with self._cv:
            self._open = False
            self._due = [item for item in self._due if item[2]]  # a line in mid-wait ends first
            self._cv.notify_all()
            while self._actor is not None or self._handed or self._due:
                if self._actor is None and not self._handed:
                    self._leap()
                self._cv.wait(0.05)
        return True

    def _leap(self) -> None:
        when, _, _, act = heapq.heappop(self._due)
        self.now = max(self.now, when)
        self._handed = True
        act()

    def _conduct(self, fatal: Callable[[StoreError], None]) -> None:
        while True:
            with self._cv:
                self._cv.wait_for(
                    lambda: not self._open or (self._actor is None and not self._handed)
                )
                if not self._open:
                    return
                if self._due and (self._due[0][0] <= self.now or self._due[0][2]):
                    self._leap()
                    continue
                seen = self._order_now()
                wanted = self._ticks_begun + 1
                self._cv.wait_for(lambda: not self._open or self._ticks_ended >= wanted)  # noqa: B023
                if not self._open:
                    return
                if self._order_now() != seen:
                    continue  # the dispatcher started somebody
                if self._due and self.now - BEGIN < _LONGEST:
                    self._leap()
                    continue
            if not self.idle():
                fatal(StoreError("the run hangs: nobody waits for anything that will come"))
                return

    def _order_now(self) -> tuple[int, int]:
        return len(self._due), max((item[1] for item in self._due), default=-1)


def staged_engine(stage: Stage) -> type:
    """Returns what stands in for ``slp_fleet.engine.Engine`` on this stage."""

    class StagedEngine:
        """Turns wait on the stage; nothing is kept, as if the engine's file had been lost."""

        def __init__(
            self,
            root: Path,
            carry: Callable[[str, str, int], Any],
            *,
            workers: int,
            on_fatal: Callable[[StoreError], None],
        ) -> None:
            del root, workers
            self._carry = carry
            self._on_fatal = on_fatal
            self._pool = ThreadPoolExecutor(_THREADS)
            self._alive: set[tuple[str, str, int]] = set()

        def launch(self) -> None:
            stage.conduct(self._on_fatal)

        def start(self, run: str, router: str, turn: int) -> None:
            self._wait(run, router, turn, 0.0)

        def dead(self, turns: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
            return [t for t in turns if t not in self._alive]

        def drain(self, timeout: float | None = None) -> bool:
            del timeout
            return stage.close()

        def close(self) -> None:
            self._pool.shutdown(wait=False, cancel_futures=True)

        def _wait(self, run: str, router: str, turn: int, delay: float) -> None:
            self._alive.add((run, router, turn))
            begin = partial(self._pool.submit, stage.turn, partial(self._go, run, router, turn))
            stage.at(stage.now + delay, begin)  # type: ignore[arg-type]

        def _go(self, run: str, router: str, turn: int) -> None:
            then = self._next(run, router, turn)
            self._alive.discard((run, router, turn))
            if then.then in ("soon", "later"):
                self._wait(run, router, turn + (then.then == "later"), then.delay)

        def _next(self, run: str, router: str, turn: int) -> Any:
            try:
                while (then := self._carry(run, router, turn)).then == "next":
                    pass
            except StoreError as error:
                self._on_fatal(error)
                return SimpleNamespace(then="end")
            return then

    return StagedEngine


def set_stage(patch: pytest.MonkeyPatch) -> Stage:
    """Returns a stage on which the fleet and simulated routers in this process play."""
    stage = Stage()
    machine = SimpleNamespace(monotonic=stage.time, time=stage.time, sleep=stage.sleep)
    for module in (
        "slp_sim.inproc",
        "scrapli_slpfake.transport",
        "slp_tasks.connection.router_session",
    ):
        patch.setattr(f"{module}.time", machine)
    patch.setattr("slp_sim.inproc._LOOK_S", 5.0)
    patch.setitem(ScaledClock.__init__.__kwdefaults__, "machine", stage.time)
    patch.setitem(Terminal.__init__.__kwdefaults__, "now", stage.time)
    patch.setattr("slp_fleet.worker.Engine", staged_engine(stage))
    patch.setattr("slp_fleet.worker.Carrier", partial(Carrier, machine=stage.time))
    patch.setattr(
        "slp_fleet.worker.Dispatcher", partial(stage.ticking(Dispatcher), machine=stage.time)
    )
    patch.setattr("slp_fleet.worker._LEAST_TICK_S", 0.0005)
    patch.setattr("slp_fleet.api.Pace", partial(Pace, tick=0.001))
    return stage
