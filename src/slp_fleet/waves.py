"""In which order routers start, how many may fail, when work may be done, how many are done."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slp_core.errors import UsageError
from slp_core.plan import RouterPlan
from slp_fleet.model import RouterRunState as R
from slp_fleet.model import RunOptions
from slp_fleet.store import Store


def share(size: int | str, of: int, *, what: str) -> int:
    """Returns a count or a percentage such as ``"10%"`` as a count, rounded down.

    Raises:
        UsageError: it is neither.
    """
    text = str(size).strip()
    try:
        number = float(text[:-1]) / 100 * of if text.endswith("%") else int(text)
    except ValueError:
        number = -1
    if number < 0 or (text.endswith("%") and float(text[:-1]) > 100):
        raise UsageError(
            f"{what} {text!r} is no count and no percentage", remedy="such as 5 or 10%"
        )
    return int(number + 1e-9)


def make_waves(
    plans: Sequence[RouterPlan], *, canary: int, wave_size: int | str
) -> tuple[tuple[str, ...], ...]:
    """Returns the names of the runnable routers in waves: canaries, then the rest in plan order.

    Routers whose plan waits for a person are canaries last: a canary shall be proven soon.
    """
    runnable = [p for p in plans if not p.blockers]
    size = max(share(wave_size, len(runnable), what="wave size"), 1)
    if canary < 0:
        raise UsageError(f"{canary} canaries cannot be", remedy="give 0 or more")
    first = sorted(runnable, key=_needs_person)[:canary]
    chosen = {p.router for p in first}
    rest = [p.router for p in runnable if p.router not in chosen]
    waves = [tuple(p.router for p in first)] if first else []
    waves += [tuple(rest[at : at + size]) for at in range(0, len(rest), size)]
    return tuple(waves)


def _needs_person(plan: RouterPlan) -> bool:
    return any(s.waits_for_person for s in plan.steps)


def place_needed_at(plan: RouterPlan) -> int | None:
    """Returns the step (by position) before which the router must hold its group's place.

    It is the first disruptive step; in a plan without one, the first with a lasting effect.
    """
    disruptive = (at for at, step in enumerate(plan.steps) if step.facts.disruptive)
    lasting = (at for at, step in enumerate(plan.steps) if step.lasting)
    return next(disruptive, next(lasting, None))


def check_groups(plans: Iterable[RouterPlan], per_group: dict[str, int]) -> None:
    """Refuses a limit that no router could ever fall under.

    Raises:
        UsageError: a limit below one, or a group that no router belongs to.
    """
    plans = list(plans)
    for key, limit in per_group.items():
        if limit < 1:
            raise UsageError(f"--per-group {key}={limit} would let no router start")
        if not any(key in p.group for p in plans):
            raise UsageError(
                f"no router of the plan has {key!r}",
                where="--per-group",
                remedy=f"give hosts a {key!r} in the inventory and plan again, or leave it out",
            )


@dataclass(frozen=True)
class Window:
    """Hours of the day in which work may be done.

    Attributes:
        zone: unset: the time zone of this machine.
    """

    opens: time
    closes: time
    zone: tzinfo | None = None

    def is_open(self, now: datetime) -> bool:
        """Tells whether ``now`` lies within; a window may reach past midnight."""
        local = now.astimezone(self.zone).time()
        if self.opens <= self.closes:
            return self.opens <= local < self.closes
        return local >= self.opens or local < self.closes

    def next_opening(self, now: datetime) -> datetime:
        """Returns when a closed window opens again, in its own zone."""
        local = now.astimezone(self.zone)
        opening = local.replace(
            hour=self.opens.hour, minute=self.opens.minute, second=0, microsecond=0
        )
        return opening if opening > local else opening + timedelta(days=1)


def parse_window(text: str | None) -> Window | None:
    """Returns the window that ``22:00-04:00`` or ``22:00-04:00 Europe/Berlin`` names.

    Without a zone the hours are those of this machine's clock.

    Raises:
        UsageError: it cannot be read, or opens and closes at the same time.
    """
    if not text:
        return None
    hours, _, zone = text.strip().partition(" ")
    try:
        opens, closes = (time.fromisoformat(part.strip()) for part in hours.split("-"))
        where = ZoneInfo(zone.strip()) if zone.strip() else None
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise UsageError(
            f"the window {text!r} cannot be read", remedy="such as 22:00-04:00 or 22:00-04:00 UTC"
        ) from error
    if opens == closes:
        raise UsageError(f"the window {text!r} is never open", remedy="such as 22:00-04:00")
    return Window(opens, closes, where)


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
