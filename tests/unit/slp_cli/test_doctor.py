"""``slp doctor`` logs in, looks at files and the store, and says by its code what it found."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.routers import slp_router


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Path]:
    """The inventory of two simulated routers, in process."""
    two = {**slp_router(), "name": "r2"}
    with bench(tmp_path, slp_router(), two):
        yield tmp_path / "inventory"


def told(command: Any, folder: Path, *more: str) -> tuple[int, list[dict[str, str]]]:
    done = command("doctor", "-i", str(folder), "--json", *more)
    return done.code, json.loads(done.out)["checks"]


def failed(checks: list[dict[str, str]]) -> dict[str, str]:
    return {c["what"]: c["text"] for c in checks if c["state"] == "failed"}


def test_it_logs_in_to_one_router_per_credential_and_with_all_to_every_one(
    command: Any, lab: Path
) -> None:
    code, checks = told(command, lab)
    assert (code, failed(checks)) == (0, {})
    assert "1 of 1 routers let us in" in [c["text"] for c in checks]
    _, checks = told(command, lab, "--all")
    assert "2 of 2 routers let us in" in [c["text"] for c in checks]
    _, checks = told(command, lab, "--no-login")
    assert "login" not in [c["what"] for c in checks]


@pytest.mark.parametrize("wrong", ["user", "password"])
def test_f28_a_wrong_login_is_seen_and_the_router_named(
    command: Any, lab: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    if wrong == "password":
        monkeypatch.setenv("SLP_LAB_PASSWORD", "not-the-password")
    else:
        defaults = (lab / "defaults.yaml").read_text()
        (lab / "defaults.yaml").write_text(
            "\n".join(
                "username: nobody" if x.startswith("username:") else x for x in defaults.split("\n")
            )
        )
    code, checks = told(command, lab)
    assert code == 1
    assert failed(checks)["login"].startswith("r1: ")


def test_every_router_that_does_not_answer_is_named_with_its_reason(
    command: Any, tmp_path: Path
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused
        port = closed.getsockname()[1]
        rows = [f"r{n}: {{hostname: 127.0.0.1, port: {port}}}" for n in range(8)]
        (tmp_path / "hosts.yaml").write_text("\n".join(rows))
        code, checks = told(command, tmp_path, "--no-login")
    assert code == 1
    text = failed(checks)["reachability"]
    assert all(f"r{n}" in text for n in range(8))
    assert "Connection refused" in text


def test_what_is_wrong_in_the_inventory_is_another_code(command: Any, tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("r1: {}\nr1: {}\n")
    code, checks = told(command, tmp_path, "--offline")
    assert code == 2
    assert "twice, in lines 1 and 2" in failed(checks)["inventory"]


def test_a_host_without_an_address_and_a_missing_key_file_are_told(
    command: Any, tmp_path: Path
) -> None:
    (tmp_path / "hosts.yaml").write_text(
        "no-such-host.invalid:\n"
        "  connection_options: {scrapli: {extras: {auth_private_key: /nowhere/key}}}\n"
    )
    code, checks = told(command, tmp_path, "--offline")
    assert code == 2
    assert "no hostname" in failed(checks)["addresses"]
    assert "/nowhere/key is missing" in failed(checks)["files"]


def test_a_store_that_cannot_be_made_is_told(command: Any, tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("r1: {hostname: 127.0.0.1}\n")
    (tmp_path / "taken").touch()
    code, checks = told(command, tmp_path, "--offline", "--store", str(tmp_path / "taken" / "s"))
    assert code == 2
    assert "nothing can be written" in failed(checks)["store"]
