"""A lab behind real sockets for a test: its own event loop in a thread, closed in the end."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from slp_sim.entries import Scenario
from slp_sim.scenario import build
from slp_sim.server import run_lab

PASSWORD = "lab-Pa55word"
SECRETS = {"SLP_TOKEN": "good-token-0001", "SLP_TOKEN_EXPIRED": "old-token-0002"}


def scenario(*routers: dict[str, Any], **more: Any) -> Scenario:
    """Returns a scenario of these routers within the families' world."""
    rows = [{"serial": f"FDO{i:04}", **r} for i, r in enumerate(routers)]
    data = {"name": "test", "include": ["families.yaml"], "routers": rows, **more}
    return build(data, where="test")


@dataclass
class Served:
    """A running lab and how to reach it."""

    facts: dict[str, Any]
    folder: Path
    tmp: Path

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory"

    def address(self, name: str) -> str:
        import yaml

        hosts = yaml.safe_load((self.inventory / "hosts.yaml").read_text())
        return str(hosts[name]["hostname"])

    def openssh(
        self,
        program: str,
        *arguments: str,
        password: str = PASSWORD,
        known_hosts: Path | None = None,
        **more: Any,
    ) -> Any:
        """Runs OpenSSH's ``ssh`` or ``scp`` as a person would; the password is typed for them."""
        askpass = self.tmp / "askpass"
        askpass.write_text(f"#!/bin/sh\necho '{password}'\n")
        askpass.chmod(0o700)
        options = [
            "-F/dev/null",
            f"-oUserKnownHostsFile={known_hosts or self.inventory / 'known_hosts'}",
            "-oStrictHostKeyChecking=yes",
            "-oGlobalKnownHostsFile=/dev/null",
            "-oNumberOfPasswordPrompts=1",
            f"-oPort={self.facts['port']}",
        ]
        env = dict(os.environ, SSH_ASKPASS=str(askpass), SSH_ASKPASS_REQUIRE="force", DISPLAY=":0")
        env.pop("SSH_AUTH_SOCK", None)
        return subprocess.run(
            [program, *options, *arguments],
            env=env,
            capture_output=True,
            timeout=30,
            check=False,
            **more,
        )

    def ssh(self, name: str, *command: str, **more: Any) -> Any:
        """Runs ``ssh admin@router``."""
        return self.openssh("ssh", f"admin@{self.address(name)}", *command, **more)


@contextmanager
def serving(lab: Scenario, tmp: Path, *, speed: float = 600.0) -> Iterator[Served]:
    """Serves a lab for the length of a ``with`` block."""
    started, stop = threading.Event(), threading.Event()
    facts: dict[str, Any] = {}
    failure: list[BaseException] = []

    def run() -> None:
        try:
            run_lab(
                lab,
                speed=speed,
                folder=tmp / "lab",
                password=PASSWORD,
                secrets=SECRETS,
                ready=lambda told: (facts.update(told), started.set()),
                stop=stop,
            )
        except BaseException as error:  # noqa: BLE001 - raised again by the test
            failure.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert started.wait(30), "the lab did not become ready"
        if failure:
            raise failure[0]
        yield Served(facts, tmp / "lab", tmp)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive(), "the lab did not end"
