"""What only a real connection has: host keys (F32), by the command line over SSH."""

from __future__ import annotations

import json
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.fault_desk import Outcome
from kit.serving import PASSWORD, SECRETS, Served, scenario, serving
from slp_cli.main import run as slp
from slp_fleet.phases import Pace

SPEED = 600.0


class Seat:
    """A user at the command line of a lab behind SSH."""

    def __init__(self, served: Served, capsys: pytest.CaptureFixture[str]) -> None:
        self.served = served
        self._capsys = capsys

    def slp(self, *words: str) -> Outcome:
        code = slp([*words, "--inventory", str(self.served.inventory)])
        seen = self._capsys.readouterr()
        return Outcome(code, seen.out, seen.err)

    def record(self) -> dict[str, Any]:
        run: dict[str, Any] = json.loads(self.slp("show", "--json").out)
        return {**run["routers"][0], "run": run["id"]}

    def accept_new_key(self) -> None:
        """Takes the key that the router shows now, as a person who compared it at the console."""
        where = self.served.address("r1")
        port = str(self.served.facts["port"])
        scanned = subprocess.run(
            ["ssh-keyscan", "-p", port, where], capture_output=True, check=True, timeout=30
        )
        (self.served.inventory / "known_hosts").write_bytes(scanned.stdout)


@pytest.fixture
def seat(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Seat]:
    made = scenario({"name": "r1", "family": "s1_registered", "faults": [request.param]})
    for name, value in {**SECRETS, made.login.password.partition(":")[2]: PASSWORD}.items():
        monkeypatch.setenv(name, value)
    quick = Pace(floor=0.02, ceiling=0.2, settle_floor=0.3, tick=0.02)
    monkeypatch.setattr("slp_fleet.api.Pace", lambda: quick)
    monkeypatch.chdir(tmp_path)
    with serving(made, tmp_path, speed=SPEED) as served:
        yield Seat(served, capsys)
    logging.getLogger("dbos").handlers.clear()  # they hold the test's standard error


@pytest.mark.parametrize("seat", ["F32"], indirect=True)
def test_f32_an_unknown_key_is_refused_before_the_password_and_said(seat: Seat) -> None:
    planned = seat.slp("plan")
    assert planned.code in (1, 3)
    said = " ".join(f"{planned.out} {planned.err}".split())
    for words in ("r1", "host key", "console", "known_hosts"):
        assert words in said
    assert PASSWORD not in said


@pytest.mark.slow
@pytest.mark.parametrize("seat", ["F32-reload"], indirect=True)
def test_f32_a_key_that_changes_in_the_reload_stops_the_run_and_is_resumed(seat: Seat) -> None:
    assert seat.slp("plan").code == 0
    assert seat.slp("apply", "latest", "--yes").code == 1
    found = seat.record()
    assert found["state"] == "failed"
    assert found["current_step"].endswith("install-activate")
    for words in ("host key", "console", "known_hosts"):
        assert words in found["reason"]
    seat.accept_new_key()
    seat.slp("retry", found["run"], "r1")
    assert seat.record()["state"] == "proven", seat.record()["reason"]
