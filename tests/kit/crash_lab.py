"""A lab over real SSH and the `slp` command as processes of their own, to be killed at will."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

SLP = str(Path(sys.executable).parent / "slp")
PATIENCE_S = 240.0


@dataclass
class CrashLab:
    """One lab of six routers, one for each way of old licensing, and its inventory."""

    folder: Path
    speed: float = 300
    scenario: str | None = None
    process: subprocess.Popen[bytes] | None = None
    person: subprocess.Popen[bytes] | None = None
    env: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    url: str = ""

    def start(self, *faults: str) -> None:
        """Serves the lab and waits until it says that it is ready."""
        words = [SLP, "lab", "start", "--speed", str(self.speed), "--name", "crash"]
        if self.scenario is not None:
            words += ["--scenario", self.scenario]
        for fault in faults:
            words += ["--fault", fault]
        log = (self.folder / "lab.out").open("wb")
        self.process = subprocess.Popen(words, cwd=self.folder, stdout=log, stderr=log)
        base = self.folder / ".slp" / "lab" / "crash"
        wait_until(lambda: self._answers(base), "the lab is ready")
        for line in (base / "secrets.env").read_text().splitlines():
            name, _, value = line.removeprefix("export ").partition("=")
            self.env[name] = value.strip("'\"")
        self._leave_time_to_commit()

    def _leave_time_to_commit(self) -> None:
        """Has activations roll back late: in a fast lab two hours pass while a process starts."""
        hosts = self.inventory / "hosts.yaml"
        data = yaml.safe_load(hosts.read_text())
        for host in data.values():
            host["data"]["slp"]["target"]["auto_abort_minutes"] = 1200
        hosts.write_text(yaml.safe_dump(data))

    def _answers(self, base: Path) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "lab.out").read_text()
        try:
            self.url = json.loads((base / "lab.json").read_text())["http"]
            return bool(self.get("/lab")["routers"])
        except (OSError, ValueError, KeyError):
            return False

    def stop(self) -> None:
        """Ends the operator, and the lab as Ctrl-C does."""
        if self.person is not None:
            assert self.person.stdin is not None
            self.person.stdin.close()
            self.person.wait(30)
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def inventory(self) -> Path:
        return self.folder / ".slp" / "lab" / "crash" / "inventory"

    def get(self, path: str) -> Mapping[str, Any]:
        """Returns what the lab's web server says at ``path``."""
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            found: Mapping[str, Any] = json.load(answer)
        return found

    def events(self, router: str) -> list[str]:
        """Returns the router's own log, without its times."""
        rows = self.get(f"/lab/routers/{router}")["events"]
        return [str(row).partition(" ")[2] for row in rows]

    def slp(self, *words: str, timeout: float = PATIENCE_S) -> subprocess.CompletedProcess[str]:
        """Runs one command to its end."""
        return subprocess.run(
            self._words(words),
            cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=timeout,
            check=False,
        )  # fmt: skip

    def popen(self, *words: str) -> subprocess.Popen[bytes]:
        """Starts one command; what it prints goes to a file beside the lab."""
        log = (self.folder / f"{words[0]}.out").open("ab")
        return subprocess.Popen(
            self._words(words), cwd=self.folder, env=self.env, stdout=log, stderr=log
        )

    def start_person(self) -> None:
        """Has the demo's operator at work: it has ``slp show``, ``slp confirm``, CSSM's pages."""
        if self.person is not None:
            return
        words = [sys.executable, "-m", "slp_cli.demo_operator", "--inventory", str(self.inventory)]
        words += ["--cssm", self.url, "--desk", str(self.folder / "desk")]
        log = (self.folder / "operator.out").open("wb")
        self.person = subprocess.Popen(
            words, cwd=self.folder, env=self.env, stdin=subprocess.PIPE, stdout=log, stderr=log
        )

    def _words(self, words: tuple[str, ...]) -> list[str]:
        return [SLP, *words, "--inventory", str(self.inventory)]


def wait_until(seen: Callable[[], bool], what: str, timeout: float = PATIENCE_S) -> None:
    """Returns when ``seen`` is true; fails with ``what`` when that takes too long."""
    end = time.monotonic() + timeout
    while not seen():
        assert time.monotonic() < end, f"it never came to this: {what}"
        time.sleep(0.05)
