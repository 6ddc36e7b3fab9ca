"""How many routers of a run stand where: one aggregate query, the same for ten or ten thousand."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slp_fleet.model import RouterRunState as R
from slp_fleet.model import RunOptions
from slp_fleet.store import Store
from slp_fleet.waves import share

_STARTED = (R.RUNNING, R.WAITING, R.PERSON)
_SQL = """
SELECT wave, state, count(*) AS n, sum(parked) AS parked, sum(for_place IS NOT NULL) AS for_place,
       sum(1 - committed) AS uncommitted
FROM router_runs WHERE run=? GROUP BY wave, state
"""


@dataclass(frozen=True)
class Tally:
    """Counts by wave and state."""

    rows: Sequence[sqlite3.Row]

    @classmethod
    def read(cls, store: Store, run: str) -> Tally:
        """Returns the present counts of a run."""
        return cls(store.rows(_SQL, (run,)))

    def _sum(self, column: str, *states: R) -> int:
        return sum(row[column] for row in self.rows if row["state"] in states)

    @property
    def counts(self) -> dict[str, int]:
        """Routers by state."""
        found: Counter[str] = Counter()
        for row in self.rows:
            found[row["state"]] += row["n"]
        return dict(found)

    @property
    def runnable(self) -> int:
        """Routers that the plan does not block."""
        return sum(row["n"] for row in self.rows if row["state"] != R.BLOCKED)

    @property
    def queued(self) -> int:
        return self._sum("n", R.QUEUED)

    @property
    def open(self) -> int:
        """Routers that have not ended."""
        return self._sum("n", R.QUEUED, *_STARTED)

    @property
    def live(self) -> int:
        """Routers for which a workflow stands."""
        return self._sum("n", *_STARTED) - self._sum("parked", *_STARTED)

    @property
    def running(self) -> int:
        """Routers that are worked on, or about to be."""
        return self._sum("n", R.RUNNING)

    @property
    def waiting(self) -> int:
        return self._sum("n", R.WAITING)

    @property
    def persons(self) -> int:
        return self._sum("n", R.PERSON)

    @property
    def failed(self) -> int:
        return self._sum("n", R.FAILED)

    @property
    def for_place(self) -> int:
        """Routers that wait for a place in their group."""
        return self._sum("for_place", *_STARTED)

    @property
    def canary_failed(self) -> bool:
        return any(row["wave"] == 0 and row["state"] == R.FAILED for row in self.rows)

    def spent(self, options: RunOptions, forgiven: int) -> str | None:
        """Returns why no further router may be started; nothing while the budget lasts.

        Args:
            forgiven: failures that an operator has looked at and gone on from.
        """
        if options.canary and self.canary_failed and not forgiven:
            return "the canary failed"
        allowed = share(options.max_failures, self.runnable, what="failure budget")
        if self.failed - forgiven > allowed:
            return f"{self.failed} routers failed, {allowed + forgiven} were allowed for"
        return None

    def next_wave(self, stuck: Mapping[int, int], *, has_canary: bool) -> int | None:
        """Returns the wave from which routers may start now.

        Args:
            stuck: routers by wave whose group is held by a router that failed in mid-reload.
        """
        for wave in sorted({row["wave"] for row in self.rows if row["state"] == R.QUEUED}):
            before = [row for row in self.rows if 0 <= row["wave"] < wave]
            if self._holds_up(before, stuck, has_canary=has_canary):
                return None
            return int(wave)
        return None

    @staticmethod
    def _holds_up(
        rows: Sequence[sqlite3.Row], stuck: Mapping[int, int], *, has_canary: bool
    ) -> bool:
        for row in rows:
            if row["state"] in (R.QUEUED, R.RUNNING):
                return True
            if row["state"] == R.WAITING and row["n"] > stuck.get(row["wave"], 0):
                return True
            is_canary = has_canary and row["wave"] == 0
            if row["state"] == R.PERSON and is_canary and row["uncommitted"]:
                return True
        return False
