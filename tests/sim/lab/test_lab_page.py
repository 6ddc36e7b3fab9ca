"""The page about labs: its example is a scenario, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from slp_sim import inproc
from slp_sim.lab import Lab
from slp_sim.scenario import build, builtin_scenarios
from slp_sim.services.smartlic import smartlic_app
from slp_sim.services.web import web_app

PAGE = Path(__file__).parents[3] / "docs" / "lab.md"


def test_the_example_of_the_page_is_a_scenario_and_makes_a_lab() -> None:
    example, *_ = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    made = build(yaml.safe_load(example), where="docs/lab.md")
    lab = Lab.from_scenario(made, secrets={})
    assert set(lab.routers) == {"hub-1", "branch-1"}
    branch = lab.routers["branch-1"]
    assert (branch.now() - lab.clock.now()).total_seconds() == -5400
    assert branch.flash.free == 900_000_000
    assert lab.network.paths[(branch.pid, branch.serial)].cssm is False


def test_every_path_that_the_page_names_is_served() -> None:
    table = PAGE.read_text().partition("## Services")[2].partition("\n## ")[0]
    named = re.findall(r"`(?:POST |GET )?(/[\w/-]+)", table)
    lab = Lab.from_scenario(build(_one(), where="test"), secrets={})
    served = {re.sub(r"/\{.*", "", route.path) for route in web_app(lab, {}).routes}
    assert len(named) > 12
    for path in named:
        bare = re.sub(r"/(N|NAME|HOST|PATH)\b.*", "", path).rstrip("/")
        assert any(route.startswith(bare) for route in served), path


def test_the_routers_own_service_is_on_the_page_as_it_is_served() -> None:
    table = PAGE.read_text().partition("## A router's own web service")[2].partition("\n## ")[0]
    named = set(re.findall(r"^\| `(?:GET|POST) .*", table, re.MULTILINE))
    named = {p.replace("/N", "/{days}") for row in named for p in re.findall(r"(/[\w/-]+)`", row)}
    app = smartlic_app(lambda _: None)
    served = {route.path.removeprefix("/smartlic-service") for route in app.routes}
    assert {p.replace(":int", "") for p in served} == named


def test_every_builtin_scenario_is_on_the_page_and_the_python_example_works() -> None:
    text = PAGE.read_text()
    named = {"asr900", "demo", "issu", "onprem"}
    assert set(builtin_scenarios()) == named | {f"s{n}" for n in range(1, 7)}
    assert all(f"`{name}`" in text for name in named)
    assert "`s1` … `s6`" in text
    lab = inproc.start("s4", key="page", password="x", secrets={})
    lab.clock.advance(3600)  # type: ignore[attr-defined]
    assert lab.routers["branch"].event_log
    inproc.forget("page")


def _one() -> dict:
    routers = [{"name": "a", "family": "s6_rtu", "serial": "X"}]
    return {"name": "x", "include": ["families.yaml"], "routers": routers}
