"""F42: the process of a run is killed in mid-upgrade; the routers' own logs say what happened.

Real SSH, the real engine, the real simulator in a process of its own: nothing here looks into our
journal to judge, only into what the lab counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from slp_cli.lab.folder import LabFolder
from slp_cli.lab.serving import wait_ready
from slp_fleet.api import Fleet
from slp_sim.scenario import load_scenario

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

ROUTERS = ("hub-berlin", "branch-berlin", "branch-lyon")
BUSY = ("acting", "confirming", "waiting", "probing")
SECRETS = {
    "SLP_LAB_PASSWORD": "crash-test-password",
    "SLP_TOKEN": "crash-test-token-0123456789",
    "SLP_TOKEN_EXPIRED": "crash-test-expired-0123456789",
}


class Site:
    """A lab and the folder that the commands are typed in."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.env = {**os.environ, **SECRETS}
        scenario = load_scenario("demo")
        some = [e for e in scenario.routers if e.name in ROUTERS]
        file = root / "scenario.json"
        file.write_text(
            scenario.model_copy(update={"routers": some}).model_dump_json(exclude_unset=True)
        )
        self.lab = LabFolder(root / "lab")
        words = ["lab", "start", f"--scenario={file}", "--speed=300", f"--folder={self.lab.root}"]
        self.process = self.popen(*words, "--while-stdin", "--quiet", stdin=subprocess.PIPE)
        self.http = httpx.Client(
            base_url=wait_ready(self.lab, self.process)["http"], timeout=30, trust_env=False
        )

    def popen(self, *words: str, stdin: int | None = None) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "slp_cli", *words],
            cwd=self.root,
            env=self.env,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
        )

    def slp(self, *words: str) -> int:
        return self.popen(*words, "-i", str(self.lab.inventory), "-q").wait(300)

    def router(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = self.http.get(f"/lab/routers/{name}").json()
        return found

    def fleet(self) -> Fleet | None:
        """Returns the store as another process sees it; None until a run is in it."""
        store = self.lab.inventory / ".slp"
        if not (store / "runs.sqlite").exists():
            return None
        fleet = Fleet(store, self.lab.inventory)
        if fleet.runs():
            return fleet
        fleet.close()
        return None

    def states(self) -> dict[str, str]:
        fleet = Fleet(self.lab.inventory / ".slp", self.lab.inventory)
        try:
            return {r.router: r.state.value for r in fleet.run(fleet.latest()).routers}
        finally:
            fleet.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()
    made.http.close()


def kill_when(site: Site, child: subprocess.Popen[bytes], kind: str, *, down: bool) -> None:
    """Kills the run's process once a router is within a step of this kind, or has gone down."""
    until = time.monotonic() + 120
    fleet = None
    while time.monotonic() < until and child.poll() is None:
        fleet = fleet or site.fleet()
        if fleet is not None and _at(fleet, kind) and (not down or _any_down(site)):
            break
        time.sleep(0.01)
    ended = child.poll()
    seen = ended is None and time.monotonic() < until
    child.kill()
    child.wait()
    if fleet is not None:
        fleet.close()
    assert seen, f"no router was seen within {kind}; exit {ended}, {site.states()}"


def _at(fleet: Fleet, kind: str) -> bool:
    return any(
        s.kind == kind and s.state.value in BUSY
        for r in fleet.run(fleet.latest()).routers
        for s in r.steps
        if s.step == r.current_step
    )


def _any_down(site: Site) -> bool:
    return any(not site.router(name)["up"] for name in ROUTERS)


MOMENTS = [
    ("install_add", False),
    ("install_activate", True),
    ("install_commit", False),
    ("trust", False),
    ("save_config", False),
]


@pytest.mark.parametrize(("kind", "down"), MOMENTS)
def test_f42_killed_within_a_step_and_resumed_every_effect_happens_once(site, kind, down):
    assert site.slp("plan") == 0, (site.root / "plan.json").read_text()[-4000:]
    before = {name: site.router(name)["boots"] for name in ROUTERS}
    inventory = str(site.lab.inventory)
    words = ("apply", "plan.json", "--yes", "--canary", "0", "--wave-size", "100%", "-q")
    run = site.popen(*words, "-i", inventory)
    kill_when(site, run, kind, down=down)
    assert site.slp("resume", "latest") == 0
    assert set(site.states().values()) == {"proven"}
    for name in ROUTERS:
        router = site.router(name)
        assert router["boots"] - before[name] == 1, f"{name} reloaded again: {router['events']}"
        counted = Counter(_kind(e) for e in router["events"])
        assert counted["trust request"] <= 1, router["events"]
        assert counted["install activate"] == 1, router["events"]


def _kind(event: Any) -> str:
    """Returns what a router's log line is about, in the two words that are counted here."""
    text = (event if isinstance(event, str) else json.dumps(event)).lower()
    if "trust" in text and ("request" in text or "idtoken" in text):
        return "trust request"
    if "activate" in text:
        return "install activate"
    return text
