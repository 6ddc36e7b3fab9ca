"""The one clock of a lab, with what happens when: by hand in tests, running for a person."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class _Agenda:
    """Acts in the order of their due times; nothing sleeps, ``settle`` runs what is due.

    ``lock`` is the lab's: whoever reads or changes a router or a service holds it, so that a
    lab may be driven from many threads.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._due: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._frozen: tuple[int, datetime] | None = None

    def _true_now(self) -> datetime:
        raise NotImplementedError

    def now(self) -> datetime:
        """Returns lab time, aware, in UTC; inside an act, the time at which it was due."""
        frozen = self._frozen
        if frozen is not None and frozen[0] == threading.get_ident():
            return frozen[1]
        return self._true_now()

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        """Has ``act`` called once when lab time reaches ``when``."""
        with self.lock:
            heapq.heappush(self._due, (when, next(self._order), act))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        """Has ``act`` called once in ``seconds`` of lab time."""
        self.at(self.now() + timedelta(seconds=seconds), act)

    def next_due(self) -> datetime | None:
        """Returns when the next act is due; None when nothing waits."""
        with self.lock:
            return self._due[0][0] if self._due else None

    def settle(self) -> None:
        """Runs every act that is due, each with ``now()`` at its own due time."""
        if not self._due:
            return
        with self.lock:
            if self._frozen is not None:
                return  # called from within an act: the outer call goes on with the rest
            limit = self._true_now()
            try:
                while self._due and self._due[0][0] <= limit:
                    when, _, act = heapq.heappop(self._due)
                    self._frozen = (threading.get_ident(), when)
                    act()
            finally:
                self._frozen = None


class ManualClock(_Agenda):
    """A clock that moves only when told to.

    Args:
        epoch: where it starts.
    """

    def __init__(self, epoch: datetime | None = None) -> None:
        super().__init__()
        self._time = epoch or datetime(2021, 1, 1, tzinfo=UTC)

    def _true_now(self) -> datetime:
        return self._time

    def advance(self, seconds: float) -> None:
        """Moves on by ``seconds`` and runs what has become due."""
        self.advance_to(self._time + timedelta(seconds=seconds))

    def advance_to(self, when: datetime) -> None:
        """Moves on to ``when`` (never back) and runs what has become due."""
        with self.lock:
            self._time = max(self._time, when)
            self.settle()


class RunningClock(_Agenda):
    """A clock that runs ``factor`` times as fast as the machine's.

    Args:
        epoch: lab time at ``started``.
        factor: lab seconds for each machine second, above zero.
        started: machine time (``time.time``) at which the lab began; now by default.
    """

    def __init__(
        self,
        epoch: datetime,
        factor: float = 1.0,
        started: float | None = None,
        *,
        machine: Callable[[], float] = time.time,
    ) -> None:
        if factor <= 0:
            raise ValueError(f"a clock cannot run at factor {factor}")
        super().__init__()
        self.epoch = epoch
        self.factor = factor
        self.started = machine() if started is None else started
        self._machine = machine

    def _true_now(self) -> datetime:
        return self.epoch + timedelta(seconds=(self._machine() - self.started) * self.factor)

    def real_seconds(self, seconds: float) -> float:
        """Returns how many machine seconds ``seconds`` of lab time take."""
        return seconds / self.factor
