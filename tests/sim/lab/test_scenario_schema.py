"""The published schema of scenario files: it takes what the simulator takes, and nothing more."""

from __future__ import annotations

import copy
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from slp_lab import schemas
from slp_sim.scenario import ScenarioError, build, builtin_scenarios

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "docs" / "schemas" / "scenario.schema.json"
SCHEMA = json.loads(schemas.schema_text("scenario"))
CHECK = jsonschema.Draft202012Validator(SCHEMA)

FULL = {
    "name": "mine",
    "epoch": "2022-01-01T00:00:00Z",
    "accounts": [{"name": "SA", "domain": "sa.example.com", "virtual_accounts": [{"name": "VA"}]}],
    "routers": [
        {
            "home": "SA/VA",
            "router": {
                "name": "a",
                "pid": "ISR4351/K9",
                "serial": "FDO1",
                "release": "16.12.4",
                "licensing": {"model": "eval"},
            },
        }
    ],
}


def as_json(value: Any) -> Any:
    """Returns what YAML read, dates as they were written."""
    if isinstance(value, dict):
        return {str(k): as_json(v) for k, v in value.items()}
    if isinstance(value, list):
        return [as_json(v) for v in value]
    return value.isoformat() if isinstance(value, datetime) else value


def example() -> str:
    text, *_ = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs/lab.md").read_text(), re.DOTALL)
    return text


def complaints(data: Any) -> list[str]:
    return [f"{e.json_path}: {e.message}" for e in CHECK.iter_errors(as_json(data))]


def test_the_published_schema_is_current_and_a_schema() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == schemas.schema_text("scenario"), "`make docs`"
    CHECK.check_schema(SCHEMA)


@pytest.mark.parametrize("name", sorted(builtin_scenarios()))
def test_every_builtin_scenario_fits(name: str) -> None:
    assert complaints(yaml.safe_load(builtin_scenarios()[name].read_text())) == []


def test_the_families_fit() -> None:
    path = builtin_scenarios()["demo"].with_name("families.yaml")
    families = yaml.safe_load(path.read_text())
    routers = [{"family": f, "name": f, "serial": f} for f in families["families"]]
    assert complaints({"name": "x", **families, "routers": routers}) == []


def test_the_example_of_the_page_and_a_scenario_without_families_fit() -> None:
    assert complaints(yaml.safe_load(example())) == []
    assert complaints(FULL) == []
    build(FULL, where="test")


def changed(*path: str | int, value: Any) -> dict[str, Any]:
    """Returns the scenario without families with one key set, or gone where ``value`` is None."""
    data: dict[str, Any] = copy.deepcopy(FULL)
    place: Any = data
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return data


ROUTER = ("routers", 0, "router")


@pytest.mark.parametrize(
    "data",
    [
        changed("nmae", value="x"),
        changed("epoch", value=None),
        changed("accounts", value=None),
        changed("routers", value=[]),
        changed("routers", 0, "home", value=None),
        changed("routers", 0, "colour", value="red"),
        changed(*ROUTER, "pid", value=None),
        changed(*ROUTER, "licensing", value=None),
        changed(*ROUTER, "colour", value="red"),
        changed(*ROUTER, "release", value=17),
        changed(*ROUTER, "boot_mode", value="floppy"),
        changed(*ROUTER, "faults", value=[{"params": {}}]),
        changed(*ROUTER, "licensing", "model", value="free"),
        changed("accounts", 0, "virtual_accounts", 0, "licences", value=[{"count": 1}]),
    ],
)
def test_what_the_simulator_refuses_does_not_fit(data: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        build(copy.deepcopy(data), where="test")
    assert complaints(data)


@pytest.mark.parametrize(
    "data",
    [
        changed("routers", 0, "serial", value="FDO2"),
        changed(*ROUTER, "faults", value=["F05", {"name": "F09-issu", "params": {"times": 1}}]),
        changed(*ROUTER, "flash", value={"free": 5}),
        changed(*ROUTER, "licensing", "trust", value={"installed_at": "epoch-3d4h"}),
        changed("cslu", value=[{"url": "http://cslu:8182/cslu/v1/pi", "home": "SA/VA"}]),
    ],
)
def test_what_the_simulator_takes_fits(data: dict[str, Any]) -> None:
    build(copy.deepcopy(data), where="test")
    assert complaints(data) == []
