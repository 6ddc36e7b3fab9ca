"""A lab over SSH and the ``slp`` command in front of it, for whole journeys of one router.

The lab is the one of ``slp lab start``, in a thread; ``slp`` runs in this process as ``main`` runs
it. The person is the demo's operator: a process of its own that has ``slp show``, ``slp confirm``
and the web pages of CSSM and SSM On-Prem, nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kit.serving import PASSWORD, SECRETS, serving
from slp_cli.main import run as slp
from slp_fleet.phases import Pace
from slp_sim.entries import Scenario


@dataclass
class Desk:
    """A user in front of a lab."""

    facts: dict[str, Any]
    inventory: Path
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def slp(self, *words: str, ends: int = 0) -> str:
        """Runs ``slp``, sees that it ends with ``ends``, and returns what it printed."""
        code = slp([*words, "--inventory", str(self.inventory)])
        seen = self.capsys.readouterr()
        assert code == ends, f"slp {' '.join(words)} ended with {code}:\n{seen.out}\n{seen.err}"
        return seen.out

    def data(self, *words: str, ends: int = 0) -> Any:
        """Runs ``slp … --json`` and returns the document."""
        return json.loads(self.slp(*words, "--json", ends=ends))

    def router(self, name: str) -> dict[str, Any]:
        """Returns the router's own log, and what was typed into it, without the lab's secrets."""
        url = f"{self.facts['http']}/lab/routers/{name}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def typed(self, name: str) -> list[str]:
        return [str(line) for line in self.router(name)["typed"]]

    def events(self, name: str) -> list[str]:
        return [str(row).partition(" ")[2] for row in self.router(name)["events"]]

    @contextmanager
    def person(self) -> Iterator[None]:
        """Has the operator at work for the length of a ``with`` block."""
        words = [sys.executable, "-m", "slp_cli.demo_operator", "--desk", str(self.folder / "desk")]
        words += ["--inventory", str(self.inventory), "--cssm", str(self.facts["http"])]
        said = (self.folder / "operator.out").open("wb")
        path = os.pathsep.join(p for p in sys.path if p)
        env = {**os.environ, "PYTHONPATH": path}
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=said, stderr=said, env=env)
        try:
            yield
        finally:
            assert child.stdin is not None
            child.stdin.close()
            child.wait(20)
            said.close()


@contextmanager
def desk(
    tmp: Path, capsys: pytest.CaptureFixture[str], scenario: Scenario, *, speed: float = 600.0
) -> Iterator[Desk]:
    """Serves the lab and sits down in front of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        patch.setenv(scenario.login.password.partition(":")[2], PASSWORD)
        quick = Pace(floor=0.02, ceiling=0.2, settle_floor=0.3, tick=0.02)
        patch.setattr("slp_fleet.api.Pace", lambda: quick)
        patch.chdir(tmp)
        try:
            with serving(scenario, tmp, speed=speed) as lab:
                yield Desk(lab.facts, lab.inventory, tmp, capsys)
        finally:
            logging.getLogger("dbos").handlers.clear()  # they hold the test's standard error
