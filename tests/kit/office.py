"""``slp`` as a user runs it, against a lab in this process whose clock runs."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit.in_process import lab_in_process
from kit.serving import scenario
from slp_cli.main import run as slp
from slp_fleet.phases import Pace
from slp_sim.clock import RunningClock
from slp_sim.lab import Lab


@dataclass(frozen=True)
class Outcome:
    """What a user sees of one command."""

    code: int
    out: str
    err: str


@dataclass
class Office:
    """A lab, its inventory, and a user in front of it."""

    lab: Lab
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def slp(self, *words: str) -> Outcome:
        """Runs ``slp`` with these words on the inventory of the lab."""
        code = slp([*words, "--inventory", str(self.folder / "inventory")])
        seen = self.capsys.readouterr()
        return Outcome(code, seen.out, seen.err)

    def run(self) -> dict[str, Any]:
        """Returns the latest run as JSON."""
        found: dict[str, Any] = json.loads(self.slp("show", "--json").out)
        return found

    def events(self, name: str = "r1") -> list[str]:
        """What happened to the router by its own log, without times."""
        with self.lab.lock:
            return [x.partition(" ")[2] for x in self.lab.routers[name].event_log]

    def configuration(self, name: str = "r1") -> list[str]:
        with self.lab.lock:
            return list(self.lab.routers[name].running.lines())


@contextmanager
def office(
    tmp: Path,
    capsys: pytest.CaptureFixture[str],
    *routers: Mapping[str, Any],
    speed: float = 300.0,
    **world: Any,
) -> Iterator[Office]:
    """Starts a lab of these routers in this process; its clock runs ``speed`` times as fast."""
    made = scenario(*(dict(r) for r in routers), **world)
    quick = Pace(floor=0.02, ceiling=0.2, settle_floor=0.3, tick=0.02)
    with (
        pytest.MonkeyPatch.context() as patch,
        lab_in_process(made, tmp, clock=RunningClock(made.epoch, speed)) as lab,
    ):
        patch.setattr("slp_fleet.api.Pace", lambda: quick)
        patch.chdir(tmp)
        try:
            yield Office(lab, tmp, capsys)
        finally:
            logging.getLogger("dbos").handlers.clear()  # they hold the test's standard error
