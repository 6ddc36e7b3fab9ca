"""The lab as a subprocess, and what its scenario says of each router.

Nothing of the project is imported here: the lab is what ``slp lab start`` gives to anybody.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import yaml

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SLP = ROOT / ".venv" / "bin" / "slp"
SCENARIO = HERE / "network.yaml"
SPEED = 300
_START_S = 60.0


@dataclass(frozen=True)
class Router:
    """One router of the lab: where it is, who may log in, and what the scenario says of it."""

    name: str
    address: str
    port: int
    username: str
    password: str
    spec: Mapping[str, Any]

    @property
    def hostname(self) -> str:
        """What its prompt says."""
        return str(self.spec["hostname"])


class Network:
    """A running lab."""

    def __init__(self, folder: Path, facts: Mapping[str, Any], password: str) -> None:
        self.folder = folder
        self.http = str(facts["http"])
        self._epoch = datetime.fromisoformat(facts["clock"]["epoch"])
        self.known_hosts = Path(facts["inventory"]) / "known_hosts"
        self.images = self.known_hosts.parents[1] / "images"
        hosts = yaml.safe_load((Path(facts["inventory"]) / "hosts.yaml").read_text("utf-8"))
        said = yaml.safe_load(SCENARIO.read_text("utf-8"))
        self.routers: dict[str, Router] = {}
        for entry in said["routers"]:
            spec, host = entry["router"], hosts[entry["name"]]
            user = (spec.get("users") or [{"name": facts["username"], "password": password}])[0]
            self.routers[entry["name"]] = Router(
                entry["name"], host["hostname"], host["port"], user["name"], user["password"], spec
            )

    def elapsed(self) -> float:
        """Returns the seconds of lab time since the scenario began."""
        return (self.now() - self._epoch).total_seconds()

    def now(self) -> datetime:
        """Returns the lab's time."""
        with urlopen(f"{self.http}/lab", timeout=10) as answer:
            return datetime.fromisoformat(json.load(answer)["now"])

    def log(self, name: str) -> list[str]:
        """Returns a router's own log of boots, saves and files: not what its terminal says."""
        with urlopen(f"{self.http}/lab/routers/{name}", timeout=10) as answer:
            return list(json.load(answer)["events"])

    def boots(self, name: str) -> int:
        """Returns how often a router has booted since the lab began."""
        with urlopen(f"{self.http}/lab/routers/{name}", timeout=10) as answer:
            return int(json.load(answer)["boots"])


@contextmanager
def running(folder: Path, *, speed: float = SPEED) -> Iterator[Network]:
    """Gives a lab of ``network.yaml``; it ends with the block, and with this process anyway."""
    password = secrets.token_urlsafe(12)
    environment = {**os.environ, "SLP_LAB_PASSWORD": password}
    environment.setdefault("SLP_TOKEN", secrets.token_urlsafe(24))
    arguments = [f"--scenario={SCENARIO}", f"--speed={speed:g}", "--while-stdin"]
    lab_file = folder / ".slp" / "lab" / "network" / "lab.json"
    with (folder / "lab.log").open("wb") as log:
        child = subprocess.Popen(
            [str(SLP), "lab", "start", *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield Network(folder, _wait(child, lab_file), password)
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait(child: subprocess.Popen[bytes], lab_file: Path) -> Mapping[str, Any]:
    until = time.monotonic() + _START_S
    while time.monotonic() < until:
        if lab_file.exists():
            try:
                facts: dict[str, Any] = json.loads(lab_file.read_text("utf-8"))
            except json.JSONDecodeError:  # it is being written
                facts = {}
            if facts:
                return facts
        if child.poll() is not None:
            break
        time.sleep(0.05)
    log = lab_file.parents[3] / "lab.log"
    raise AssertionError(f"the lab did not start:\n{log.read_text('utf-8', 'replace')}")
