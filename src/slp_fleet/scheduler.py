"""Who may start or go on now: waves, failure budget, window, and what the operator asked for.

A wave may start when every router of the waves before it is settled: proven, failed, blocked or
cancelled. A router that waits for a person still counts as open, and keeps its leases, but does
not hold the next wave up; a canary does, until its reload is behind it and the new release was
looked at. That far, and no further, waves overlap.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime

from slp_fleet.engine import Engine
from slp_fleet.leases import place_is_free, stuck_routers
from slp_fleet.ledger import Ledger, cancel_rest
from slp_fleet.model import Event, OnEvent, RouterRunState, RunState
from slp_fleet.phases import ActiveRun
from slp_fleet.waves import Tally, Window, parse_window
from slp_fleet.workflow import Carrier

_WATCHDOG_S = 30.0


class Dispatcher:
    """Starts, wakes, halts and ends the routers of one run.

    Args:
        tell: called with each event.
        machine: machine seconds.
    """

    def __init__(
        self,
        active: ActiveRun,
        ledger: Ledger,
        engine: Engine,
        carrier: Carrier,
        tell: OnEvent,
        *,
        machine: Callable[[], float] = time.time,
    ) -> None:
        self._active = active
        self._ledger = ledger
        self._store = ledger.store
        self._engine = engine
        self._carrier = carrier
        self._tell = tell
        self._machine = machine
        self._stopped: tuple[str, int] | None = None
        self._window: Window | None = parse_window(active.options.window)
        self._watched = machine()

    def adopt(self) -> None:
        """Takes the run over: whatever was begun and is not waiting for a person goes on.

        A retry puts every router aside that it did not name.
        """
        named = self._named()
        with self._store.write() as db:
            db.execute(
                "UPDATE router_runs SET wake=1 WHERE run=? AND parked=1 AND for_place IS NULL "
                "AND state IN ('running', 'waiting') "
                "AND (? IS NULL OR router IN (SELECT value FROM json_each(?)))",
                (self._active.id, named, named),
            )
            db.execute(
                "UPDATE router_runs SET parked=1 WHERE run=? AND parked=0 "
                "AND state IN ('running', 'waiting', 'person') "
                "AND ? IS NOT NULL AND router NOT IN (SELECT value FROM json_each(?))",
                (self._active.id, named, named),
            )
        self._revive(older_than=self._machine() + 1e9)

    def tick(self) -> RunState | None:
        """Looks once; returns the state in which the run has come to rest, or nothing yet."""
        if self._machine() - self._watched > _WATCHDOG_S:
            self._revive(older_than=self._machine() - _WATCHDOG_S)
        busy = self._carrier.busy()
        now = self._active.clock.now()
        tally = Tally.read(self._store, self._active.id)
        wanted, forgiven = self._wishes()
        halt = self._halt_reason(wanted, now)
        if halt and not self._active.halting:
            self._say(RunState.RUNNING, f"{halt}; running steps end first")
        self._active.halting = halt
        if halt:
            self._park_waiting()
            at_rest = not busy and Tally.read(self._store, self._active.id).live == 0
            return self._halted(wanted, halt) if at_rest else None
        woken = self._wake()
        stop = self._stop_reason(tally, forgiven)
        started = 0 if stop or self._active.only else self._start(tally, now)
        if woken or started or tally.live or busy:
            return None
        return self._rest(tally, stop)

    def say_interrupted(self) -> RunState:
        """Records that the foreground was left (Ctrl-C); what hangs in the balance is named."""
        rows = self._store.rows(
            "SELECT router, current_step FROM router_runs WHERE run=? AND finish_first=1 "
            "AND state IN ('running', 'waiting', 'person') ORDER BY position",
            (self._active.id,),
        )
        reason = f"interrupted; `slp resume {self._active.id}` goes on"
        if rows:
            names = ", ".join(f"{r['router']} ({r['current_step']})" for r in rows[:3])
            more = f" and {len(rows) - 3} more" if len(rows) > 3 else ""
            reason += f"; in mid-upgrade, and rolled back unless resumed soon: {names}{more}"
        return self._end(RunState.PAUSED, reason)

    # -- what holds it up ----------------------------------------------------------------------

    def _wishes(self) -> tuple[str, int]:
        row = self._store.row(
            "SELECT wanted, failures_forgiven FROM runs WHERE id=?", (self._active.id,)
        )
        assert row is not None
        return str(row["wanted"]), int(row["failures_forgiven"])

    def _halt_reason(self, wanted: str, now: datetime) -> str | None:
        if wanted == "pause":
            return "paused by the operator"
        if wanted == "cancel":
            return "cancelled by the operator"
        if self._window is not None and not self._window.is_open(now):
            opening = self._window.next_opening(now)
            return f"the window is closed; it opens at {opening:%Y-%m-%d %H:%M %Z}"
        return None

    def _stop_reason(self, tally: Tally, forgiven: int) -> str | None:
        """Returns why nothing further starts; a retry of who failed does not take it back."""
        if self._stopped is None or self._stopped[1] != forgiven:
            spent = tally.spent(self._active.options, forgiven)
            self._stopped = (spent, forgiven) if spent else None
        return self._stopped[0] if self._stopped else None

    def _named(self) -> str | None:
        """Returns the names that a retry gave as JSON; unset: every router of the run."""
        return None if self._active.only is None else json.dumps(sorted(self._active.only))

    def _park_waiting(self) -> None:
        """Puts aside who only waits; who is in mid-reload goes on until back and committed."""
        with self._store.write() as db:
            db.execute(
                "UPDATE router_runs SET parked=1 WHERE run=? AND parked=0 AND finish_first=0 "
                "AND state IN ('waiting', 'person')",
                (self._active.id,),
            )

    # -- who goes on ---------------------------------------------------------------------------

    def _start(self, tally: Tally, now: datetime) -> int:
        room = self._active.options.workers - tally.running
        if room <= 0 or tally.queued == 0:
            return 0
        stuck = stuck_routers(self._store, self._active.id) if tally.for_place else {}
        wave = tally.next_wave(stuck, has_canary=self._active.options.canary > 0)
        if wave is None:
            return 0
        with self._store.write() as db:
            names = [
                str(row["router"])
                for row in db.execute(
                    "SELECT router FROM router_runs WHERE run=? AND wave=? AND state='queued' "
                    "ORDER BY position LIMIT ?",
                    (self._active.id, wave, room),
                )
            ]
            db.executemany(
                "UPDATE router_runs SET state='running', turn=1, started=?, due_s=?, "
                "current_step=(SELECT step FROM steps s WHERE s.run=router_runs.run "
                "AND s.router=router_runs.router ORDER BY s.position LIMIT 1) "
                "WHERE run=? AND router=?",
                [(now.isoformat(), self._machine(), self._active.id, name) for name in names],
            )
        state = RouterRunState.RUNNING
        self._log([Event(self._active.id, now, state, name) for name in names])
        for name in names:
            self._engine.start(self._active.id, name, 1)
        return len(names)

    def _wake(self) -> int:
        """Gives a new workflow to who was confirmed, retried or resumed, or has a place now."""
        named = self._named()
        rows = self._store.rows(
            "SELECT router, turn, for_place, wake FROM router_runs WHERE run=? AND parked=1 "
            "AND (wake=1 OR for_place IS NOT NULL) AND state IN ('running', 'waiting', 'person') "
            "AND (? IS NULL OR router IN (SELECT value FROM json_each(?))) ORDER BY position",
            (self._active.id, named, named),
        )
        limits = self._active.options.per_group
        chosen: list[tuple[str, int]] = []
        placed = False
        for row in rows:
            if row["wake"]:
                chosen.append((row["router"], row["turn"] + 1))
            elif not placed:  # one a tick: it takes its place before the next is looked at
                job = self._ledger.job(self._active.id, row["router"])
                if job is not None and place_is_free(self._store, job, limits):
                    placed = True
                    chosen.append((row["router"], row["turn"] + 1))
        self._give_turns(chosen)
        return len(chosen)

    def _revive(self, *, older_than: float) -> None:
        """Gives a new workflow to who should have one and has none (killed between two writes)."""
        self._watched = self._machine()
        rows = self._store.rows(
            "SELECT router, turn FROM router_runs WHERE run=? AND parked=0 AND due_s<? "
            "AND state IN ('running', 'waiting', 'person')",
            (self._active.id, older_than),
        )
        dead = self._engine.dead([(self._active.id, r["router"], r["turn"]) for r in rows])
        self._give_turns([(router, turn + 1) for _, router, turn in dead])

    def _give_turns(self, turns: list[tuple[str, int]]) -> None:
        if not turns:
            return
        with self._store.write() as db:
            db.executemany(
                "UPDATE router_runs SET turn=?, parked=0, wake=0, for_place=NULL, due_s=? "
                "WHERE run=? AND router=?",
                [(turn, self._machine(), self._active.id, router) for router, turn in turns],
            )
        for router, turn in turns:
            self._engine.start(self._active.id, router, turn)

    # -- how it ends ---------------------------------------------------------------------------

    def _rest(self, tally: Tally, stop: str | None) -> RunState | None:
        if tally.open == 0:
            return self._end(RunState.FINISHED, "")
        go_on = f"`slp resume {self._active.id}` goes on"
        if stop and (tally.queued or tally.waiting):
            reason = f"{stop}: no further router is started; {go_on} all the same"
            return self._end(RunState.STOPPED, reason)
        if self._active.only is not None:
            reason = f"only what was to be tried again was carried out; {go_on} with the rest"
            return self._end(RunState.PAUSED, reason)
        if tally.for_place and not tally.persons:
            stuck = stuck_routers(self._store, self._active.id)
            if sum(stuck.values()) == tally.for_place:
                return self._end(
                    RunState.STOPPED,
                    f"{tally.for_place} routers wait for a place in their group that a router "
                    "holds which failed in mid-reload; retry or mend that one first",
                )
        return None

    def _halted(self, wanted: str, reason: str) -> RunState:
        if wanted == "cancel":
            cancel_rest(self._ledger, self._active.id, self._active.clock.now())
            return self._end(RunState.CANCELLED, reason)
        return self._end(RunState.PAUSED, f"{reason}; `slp resume {self._active.id}` goes on")

    def _end(self, state: RunState, reason: str) -> RunState:
        over = state in (RunState.FINISHED, RunState.CANCELLED)
        ended = self._active.clock.now().isoformat() if over else None
        with self._store.write() as db:
            db.execute(
                "UPDATE runs SET state=?, reason=?, ended=?, joined=0 WHERE id=?",
                (state, reason, ended, self._active.id),
            )
        self._say(state, reason)
        return state

    def _say(self, state: RunState, detail: str) -> None:
        self._log([Event(self._active.id, self._active.clock.now(), state, detail=detail)])

    def _log(self, events: list[Event]) -> None:
        for event in self._ledger.log(events):
            self._tell(event)
