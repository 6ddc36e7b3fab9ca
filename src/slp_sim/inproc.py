"""Labs within the process: the same shells as behind SSH, without sockets.

Labs are known process-wide by the scenario that they were made from, so that an inventory can
name one (``data.slp.fake: {scenario: PATH, router: NAME}``).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from slp_sim.clock import ManualClock, RunningClock
from slp_sim.lab import Lab
from slp_sim.ports import Action, Delay, LabClock, Output, Wake
from slp_sim.router.console.exec import open_terminal
from slp_sim.router.router import Router
from slp_sim.scenario import Scenario, load_scenario

_LOOK_S = 0.05
"""How often, in machine seconds, a waiting line looks whether its router is still there."""

_LABS: dict[str, Lab] = {}
_LOCK = threading.RLock()


class LoginRefused(Exception):
    """User name or password is wrong."""


class LineLost(ConnectionError):
    """The router ended the connection."""


def start(
    scenario: Scenario | Path | str,
    *,
    key: str | Path | None = None,
    clock: LabClock | None = None,
    password: str | None = None,
    secrets: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Lab:
    """Returns a new lab that from now on is found by ``key``.

    Args:
        key: by default the path or name that the scenario was loaded from, or its own name.
        clock: one that is moved by hand by default; a line that waits then moves it.
    """
    loaded = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    found_by = key or (loaded.name if isinstance(scenario, Scenario) else scenario)
    made = Lab.from_scenario(loaded, clock=clock, seed=seed, password=password, secrets=secrets)
    register(found_by, made)
    return made


def register(key: str | Path, lab: Lab) -> None:
    """Has ``lab`` found by ``key`` from now on."""
    with _LOCK:
        _LABS[_key(key)] = lab


def forget(key: str | Path) -> None:
    """Takes a lab out of the register."""
    with _LOCK:
        _LABS.pop(_key(key), None)


def find(key: str | Path, *, clock: Mapping[str, Any] | None = None) -> Lab:
    """Returns the lab of this process; the first time, makes it from the scenario file ``key``.

    Args:
        clock: ``data.slp.clock`` of the inventory, for a lab that has to be made.

    Raises:
        ScenarioError: there is no such lab, and no such scenario.
    """
    with _LOCK:
        found = _LABS.get(_key(key)) or _LABS.get(Path(key).name)
        if found is not None:
            return found
        scenario = load_scenario(key)
        running = RunningClock(scenario.epoch, 1.0)
        if clock:
            began = datetime.fromisoformat(str(clock["epoch"]))
            running = RunningClock(began, float(clock["factor"]), float(clock["started"]))
        return start(scenario, key=key, clock=running)


def device(key: str | Path, name: str) -> Router:
    """Returns a router of a lab, for its files and its event log.

    Raises:
        ScenarioError: there is no such lab.
        KeyError: the lab has no such router.
    """
    return find(key).routers[name]


def _key(key: str | Path) -> str:
    path = Path(key)
    return str(path.resolve()) if path.exists() else str(key)


class Line:
    """A client's end of one VTY line; used by one thread at a time.

    Args:
        lab: whose clock tells when a busy router goes on.
        router: must be up.

    Raises:
        ConnectionRefusedError: the router does not answer.
        LoginRefused: wrong user name or password.
    """

    def __init__(self, lab: Lab, router: Router, username: str, password: str) -> None:
        lab.clock.settle()
        if router.ssh_key() is None:
            raise ConnectionRefusedError(f"{router.spec.name} does not answer")
        if not router.check_login(username, password):
            raise LoginRefused(f"{router.spec.name} refuses the login of {username}")
        self._clock = lab.clock
        self._router = router
        self._boot = router.life
        self._shell = open_terminal(router, username)
        self._actions: deque[Action] = deque()
        self._out = bytearray()
        self._typed = bytearray()
        self._busy_until: datetime | None = None
        self._wakes: list[datetime] = []
        self._closed = False
        self._take(self._shell.start())

    @property
    def alive(self) -> bool:
        """Tells whether the router still holds the line."""
        return not self._closed and self._router.is_up() and self._router.life == self._boot

    def write(self, data: bytes) -> None:
        """Types ``data``.

        Raises:
            LineLost: the connection has ended.
        """
        self._progress()
        if not self.alive:
            raise LineLost(f"{self._router.spec.name} closed the connection")
        if self._busy_until is not None:
            self._typed += data
        else:
            self._take(self._shell.feed(data))

    def read(self, timeout: float) -> bytes:
        """Returns what the router has printed, as soon as there is anything.

        Args:
            timeout: machine seconds, a real deadline.

        Raises:
            TimeoutError: nothing came.
            LineLost: nothing more will come.
        """
        deadline = time.monotonic() + timeout
        while True:
            self._progress()
            if self._out:
                data = bytes(self._out)
                self._out.clear()
                return data
            if not self.alive:
                self.close()
                raise LineLost(f"{self._router.spec.name} closed the connection")
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self._router.spec.name} was silent for {timeout:g} s")
            self._wait(left)

    def close(self) -> None:
        """Hangs up; the router's line is free again."""
        if not self._closed:
            self._closed = True
            self._shell.close()

    # --- what the router does meanwhile ---------------------------------------------------------

    def _take(self, actions: list[Action]) -> None:
        self._actions.extend(actions)
        while self._actions and self._busy_until is None:
            action = self._actions.popleft()
            if isinstance(action, Output):
                self._out += action.data
            elif isinstance(action, Delay):
                self._busy_until = self._clock.now() + timedelta(seconds=action.seconds)
            elif isinstance(action, Wake):
                self._wakes.append(self._clock.now() + timedelta(seconds=action.seconds))
            else:
                self._actions.clear()
                self.close()

    def _progress(self) -> None:
        """Carries out what has become due."""
        self._clock.settle()
        while not self._closed:
            now = self._clock.now()
            if self._busy_until is not None and self._busy_until <= now:
                self._busy_until = None
                self._take([])
                if self._typed and self._busy_until is None and not self._closed:
                    data = bytes(self._typed)
                    self._typed.clear()
                    self._take(self._shell.feed(data))
            elif self._busy_until is None and any(w <= now for w in self._wakes):
                self._wakes.remove(min(self._wakes))
                self._take(self._shell.wake())
            else:
                if self._busy_until is None:
                    self._take(self._shell.news())
                return

    def _wait(self, left: float) -> None:
        """Sleeps until something is due, at most ``left``; moves a clock that moves by hand."""
        due = [self._busy_until] if self._busy_until is not None else list(self._wakes)
        if isinstance(self._clock, ManualClock):
            following = min(due) if due else self._clock.next_due()
            if following is not None:
                self._clock.advance_to(following)
                return
            time.sleep(min(left, _LOOK_S))
            return
        real = getattr(self._clock, "real_seconds", float)
        pause = min((real((d - self._clock.now()).total_seconds()) for d in due), default=_LOOK_S)
        time.sleep(max(min(pause, left, _LOOK_S), 0.0))
