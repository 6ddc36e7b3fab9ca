"""A misspelt key is refused by every command that reads it, with the key that was meant."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit.command_line import Outcome
from kit.labs import bench
from kit.routers import slp_router
from slp_core.errors import InventoryError
from slp_tasks.inventory import host_settings, load_nornir

Command = Callable[..., Outcome]
AIM = ("--topology", "airgap")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command) -> Iterator[Path]:
    """A desk with the inventory of two routers, in process, and a plan for both."""
    monkeypatch.chdir(tmp_path)
    with bench(tmp_path, slp_router(), {**slp_router(), "name": "r2"}):
        assert command("plan", "-i", "inventory", "-o", "plan.json", *AIM).code in (0, 3)
        yield tmp_path


def misspell(desk: Path, file: str, *path: str, value: Any) -> str:
    """Writes a key into the inventory; returns where it stands: file and line."""
    place = desk / "inventory" / f"{file}.yaml"
    data = here = yaml.safe_load(place.read_text())
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value
    place.write_text(yaml.safe_dump(data, sort_keys=False))
    lines = place.read_text().splitlines()
    return f"{place}:{next(n for n, x in enumerate(lines, 1) if x.strip().startswith(path[-1]))}"


def said(done: Outcome) -> str:
    return " ".join((done.out + done.err).split())


COMMANDS = [
    ("assess",),
    ("plan", *AIM),
    ("verify", "plan.json"),
    ("apply", "plan.json", "--yes"),
    ("apply", "plan.json", "--dry-run", "--yes"),
    ("usage", "sync", "--yes"),
    ("trust", "--token", "env:SLP_TOKEN", "--yes"),
    ("save", "--yes"),
    ("cssm", "tokens"),
    ("doctor", "--offline"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("key", "value", "near"),
    [
        (("drivr",), "scrapli", "driver"),
        (("target", "topolgy"), "direct", "topology"),
        (("target", "topology", "urll"), "http://c", "url"),
    ],
    ids=["settings", "target", "topology"],
)
def test_every_command_refuses_a_misspelt_key_with_file_line_router_and_what_was_meant(
    command: Command,
    desk: Path,
    words: tuple[str, ...],
    key: tuple[str, ...],
    value: str,
    near: str,
) -> None:
    where = misspell(desk, "hosts", "r1", "data", "slp", *key, value=value)
    done = command(*words, "-i", "inventory", "--limit", "r1")
    assert done.code in (1, 2, 3)
    holder = ".".join(("data", "slp", *key[:-1]))
    for part in (where, "r1", f"{holder}: {key[-1]!r} is no key of it", f"did you mean {near}?"):
        assert part in said(done)


def test_the_other_routers_are_read_all_the_same(command: Command, desk: Path) -> None:
    misspell(desk, "hosts", "r1", "data", "slp", "drivr", value="scrapli")
    done = command("assess", "-i", "inventory", "--json")
    states = {r["router"]: r for r in json.loads(done.out)["routers"]}
    assert states["r1"]["error_code"] == "SLP-E102"
    assert "state" in states["r2"]


def test_a_target_file_is_named_with_the_line(command: Command, desk: Path) -> None:
    (desk / "aim.yaml").write_text("release: 17.9.4\ntopology:\n  kind: direct\n  urll: x\n")
    done = command("plan", "-i", "inventory", "--target", "aim.yaml")
    assert done.code == 2
    assert "aim.yaml:4: topology: 'urll' is no key of it" in said(done)
    assert "did you mean url?" in said(done)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("topology: 5", "aim.yaml:1: topology is int, not keys with values"),
        ("topology: [a b]", "aim.yaml:1: topology is list, not keys with values"),
        ("topology: direct\nallow: 5", "aim.yaml:2: allow is int, not keys with values"),
        ("topology: {kind: direct, routes: 5}", "topology: routes is int, not a list"),
        ("topology: direct\nimage: [x]", "aim.yaml:2: image is list, not keys with values"),
    ],
)
def test_what_is_of_another_shape_is_told_before_options_are_laid_over_it(
    command: Command, desk: Path, text: str, told: str
) -> None:
    (desk / "aim.yaml").write_text(text)
    options = ("--topology", "airgap", "--allow", "UP-3=agreed")
    done = command("plan", "-i", "inventory", "--target", "aim.yaml", *options)
    assert (done.code, told in said(done)) == (2, True), said(done)


@pytest.mark.parametrize(
    ("file", "path"),
    [("groups", ("core", "data", "slp")), ("defaults", ("data", "slp"))],
)
def test_the_layer_that_says_it_is_named(desk: Path, file: str, path: tuple[str, ...]) -> None:
    misspell(desk, "groups", "core", "username", value="admin")
    misspell(desk, "hosts", "r1", "groups", value=["core"])
    where = misspell(desk, file, *path, "logns", value=3)
    with pytest.raises(InventoryError, match="did you mean logins") as refused:
        host_settings(load_nornir(desk / "inventory").inventory.hosts["r1"])
    assert refused.value.where == "r1"
    assert refused.value.what.startswith(f"{where}: data.slp: 'logns'")


def test_keys_of_ones_own_stand_beside_slp(command: Command, desk: Path) -> None:
    misspell(desk, "hosts", "r1", "data", "drivr", value={"any": ["thing"]})
    assert command("assess", "-i", "inventory").code == 0


# --- parsed once a host ----------------------------------------------------------------------


def test_settings_are_parsed_once_and_again_where_the_data_was_changed(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = load_nornir(desk / "inventory").inventory.hosts["r1"]
    first = host_settings(host)
    assert host_settings(host) is first
    host.defaults.data["slp"]["connect_timeout"] = 7
    assert host_settings(host).connect_timeout == 7
