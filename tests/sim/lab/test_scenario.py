"""Scenarios: what they may say, and that a wrong one is refused by file and key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from kit.serving import scenario
from slp_sim.lab import Lab
from slp_sim.scenario import (
    ScenarioError,
    build,
    builtin_scenarios,
    generate,
    load_scenario,
    with_faults,
)

FAMILIES = {
    "s1_registered",
    "s2_slr",
    "s3_slr_gt250m",
    "s4_evaluation",
    "s5_pak",
    "s6_rtu",
}


@pytest.mark.parametrize("name", sorted(builtin_scenarios()))
def test_every_builtin_scenario_can_be_loaded_by_name_and_by_path(name: str) -> None:
    assert load_scenario(name) == load_scenario(builtin_scenarios()[name])


def test_the_demo_has_each_migration_four_times_and_two_routers_in_trouble() -> None:
    demo = load_scenario("demo")
    kinds = [(e.router.pid, e.router.release) for e in demo.routers]
    assert len(demo.routers) == 24
    assert {kinds.count(k) for k in kinds} == {4}
    assert len(set(kinds)) == 6
    tokens = {t.value: t for t in demo.accounts[0].virtual_accounts[0].tokens}
    expired = {v for v, t in tokens.items() if t.expires < demo.epoch}
    late = [e.name for e in demo.routers if e.target["topology"].get("token") in expired]
    full = [e.name for e in demo.routers if e.router.faults]
    assert late == ["branch-oslo"]
    assert full == ["plant-madrid"]
    assert [f.name for f in demo.routers[22].router.faults] == ["F05"]


def test_dates_may_count_from_the_labs_first_moment() -> None:
    made = load_scenario("demo")
    registration = made.routers[0].router.licensing.registration
    assert registration.registered_at == made.epoch - timedelta(days=40, seconds=20660)


def test_a_router_overrides_its_family_deeply() -> None:
    more = {"router": {"licensing": {"evaluation_left_s": 60}}, "target": {"release": "17.6.5"}}
    made = scenario({"name": "a", "family": "s4_evaluation", **more})
    (entry,) = made.routers
    assert entry.router.licensing.evaluation_left_s == 60
    assert entry.router.licensing.model == "eval"
    assert entry.target["release"] == "17.6.5"
    assert entry.target["topology"]["kind"] == "direct"


def test_families_are_not_changed_by_the_routers_made_of_them() -> None:
    twice = [
        {"name": n, "family": "s3_slr_gt250m", "target": {"topology": {"kind": k}}}
        for n, k in (("a", "airgap"), ("b", "cslu"))
    ]
    made = scenario(*twice)
    assert [e.target["topology"]["kind"] for e in made.routers] == ["airgap", "cslu"]
    codes = [e.router.licensing.reservation.confirmation_code for e in made.routers]
    assert codes[0] != codes[1]


@pytest.mark.parametrize(
    ("router", "message"),
    [
        ({"family": "s9"}, "routers[0].family: there is no family 's9'"),
        ({"family": "s1_registered", "router": {"colour": 1}}, "routers[0].router.colour (a)"),
        ({"family": "s1_registered", "home": "SA/none"}, "there is no account SA/none"),
        ({"family": "s1_registered", "target": {"image": "x.bin"}}, "there is no image x.bin"),
        ({"family": "s1_registered", "router": {"release": 17}}, "routers[0].router.release (a)"),
        ({"family": "s4_evaluation", "typo": True}, "routers[0].typo (a)"),
    ],
)
def test_a_wrong_key_is_named_with_file_router_and_reason(router: dict, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        scenario({"name": "a", **router})
    assert str(caught.value).startswith("test: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ({"name": "a", "serial": "S2"}, "two routers of this name"),
        ({"name": "b", "serial": "S1"}, "two routers ISR4351/K9 S1"),
    ],
)
def test_two_routers_may_not_be_the_same(second: dict, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        scenario({"name": "a", "serial": "S1", "family": "s6_rtu"}, {"family": "s6_rtu", **second})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"none\.yaml.*built-in scenarios: asr900, demo"):
        load_scenario(tmp_path / "none.yaml")
    bad = tmp_path / "bad.yaml"
    bad.write_text("routers: [")
    with pytest.raises(ScenarioError, match="no readable YAML"):
        load_scenario(bad)
    bad.write_text("- a list")
    with pytest.raises(ScenarioError, match="is a mapping"):
        load_scenario(bad)
    bad.write_text("name: x\nepoch: soon\nrouters: [{}]\n")
    with pytest.raises(ScenarioError, match="epoch"):
        load_scenario(bad)


def test_a_scenario_of_ones_own_includes_the_families_from_anywhere(tmp_path: Path) -> None:
    own = {
        "name": "mine",
        "include": ["families.yaml"],
        "epoch": "2022-01-01T00:00:00Z",
        "routers": [{"name": "a", "family": "s5_pak", "serial": "FGL1"}],
    }
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump(own))
    made = load_scenario(tmp_path / "mine.yaml")
    assert made.epoch == datetime(2022, 1, 1, tzinfo=UTC)
    assert made.routers[0].router.serial == "FGL1"


def test_a_generated_fleet_is_mixed_evenly_and_the_same_for_the_same_seed() -> None:
    fleet = generate(60, seed=7)
    serials = {e.router.serial for e in fleet.routers}
    assert len(serials) == 60
    assert fleet == generate(60, seed=7)
    assert serials.isdisjoint(e.router.serial for e in generate(60, seed=8).routers)
    models = [e.router.licensing.model for e in fleet.routers]
    assert {m: models.count(m) for m in models} == {
        "registered": 10,
        "slr": 20,
        "eval": 10,
        "csl": 20,
    }


def test_a_mix_gives_each_family_its_share_and_knows_its_names() -> None:
    fleet = generate(10, mix={"s1_registered": 4, "s6_rtu": 1})
    models = [e.router.licensing.model for e in fleet.routers]
    assert (models.count("registered"), models.count("csl")) == (8, 2)
    with pytest.raises(ScenarioError, match="there is no family s9; known: registered, slr"):
        generate(3, mix={"s9": 1})


def test_faults_strike_the_router_that_is_named() -> None:
    fleet = generate(12, faults=["F07@r12", "F16@r03"])
    struck = {e.name: [f.name for f in e.router.faults] for e in fleet.routers if e.router.faults}
    assert struck == {"r03": ["F16"], "r12": ["F07"]}
    more = with_faults(load_scenario("demo"), ["F10@hub-oslo"])
    assert [f.name for f in more.routers[3].router.faults] == ["F10"]
    assert load_scenario("demo").routers[3].router.faults == []
    lab = Lab.from_scenario(more, password="the-password", secrets={})
    assert lab.routers["hub-oslo"].check_login("admin", "the-password")
    for wrong in ("F07", "F07@", "X1@r1", "F07@r13"):
        with pytest.raises(ScenarioError):
            generate(12, faults=[wrong])
    with pytest.raises(ScenarioError, match="no router nobody"):
        with_faults(load_scenario("demo"), ["F10@nobody"])


def test_no_secret_and_no_value_of_one_stands_in_a_builtin_scenario() -> None:
    made = load_scenario("demo")
    assert set(made.secret_names()) == {
        "env:SLP_LAB_PASSWORD",
        "env:SLP_TOKEN",
        "env:SLP_TOKEN_EXPIRED",
        "env:SLP_LAB_API_SECRET",
    }


def test_a_mapping_without_routers_is_refused() -> None:
    with pytest.raises(ScenarioError, match="at least one router"):
        build({"name": "x", "epoch": "2022-01-01", "accounts": [], "routers": []}, where="x")
