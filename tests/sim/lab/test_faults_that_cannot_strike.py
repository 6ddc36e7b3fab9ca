"""A fault that cannot strike its router is refused when the scenario is loaded, with the reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import slp_sim
from slp_sim.fault_list import CONDITIONS, fault_list
from slp_sim.scenario import ScenarioError, build, generate, load_scenario, with_faults

FLEET = ("s1_registered", "s2_slr", "s4_evaluation", "s5_pak", "s6_rtu")
SOURCES = "\n".join(p.read_text() for p in Path(slp_sim.__file__).parent.rglob("*.py"))


def loaded(tmp: Path, fault: Any, family: str = "s5_pak", **router: Any) -> None:
    rows = [{"name": f, "family": f, "serial": f"FDO{i:04}"} for i, f in enumerate(FLEET)]
    struck = next(r for r in rows if r["family"] == family)
    struck["router"] = router  # type: ignore[assignment]
    struck["faults"] = [fault] if not isinstance(fault, list) else fault  # type: ignore[assignment]
    file = tmp / "mine.yaml"
    file.write_text(yaml.safe_dump({"name": "mine", "include": ["families.yaml"], "routers": rows}))
    load_scenario(file)


@pytest.mark.parametrize(
    ("fault", "family", "words"),
    [
        ("F35", "s5_pak", "F35 cannot strike s5_pak: it strikes routers with a reservation"),
        ("F35", "s5_pak", "here: s2_slr"),
        ("F39", "s1_registered", "it strikes routers with PAK or right-to-use licences (CSL)"),
        ("F39", "s1_registered", "here: s5_pak, s6_rtu"),
        ("F40", "s1_registered", "routers under SLP from the start; here: none"),
        ("F11", "s1_registered", "routers with a second processor (standby); here: none"),
        ("F36", "s2_slr", "it strikes routers that reach CSSM"),
        ("F37", "s2_slr", "F37 cannot strike s2_slr"),
        ("F34-expired", "s6_rtu", "it strikes routers that reach CSSM by name"),
        ("F34", "s4_evaluation", "F34 needs a variant; known: F34-expired, F34-used-up"),
        ("F34-late", "s4_evaluation", "F34 has no variant late"),
        ("F48", "s4_evaluation", "there is no fault F48; known: F01, F02"),
        ("F19", "s4_evaluation", "F19 needs command: its beginning"),
        ({"name": "F05", "params": {"fre": 1}}, "s5_pak", "F05 takes no 'fre'; known: free"),
        ({"name": "F05", "params": {"free": "much"}}, "s5_pak", "free must be a number"),
        ({"name": "F01", "params": {"seconds": -1}}, "s5_pak", "seconds must be a number, not -1"),
        ({"name": "F41", "params": {"lines": "hostname"}}, "s5_pak", "lines must be a list"),
        (
            {"name": "F13", "params": {"moment": "noon"}},
            "s5_pak",
            "no moment 'noon'; known: always",
        ),
        ({"name": "F05", "params": {"moment": "always"}}, "s5_pak", "has a moment of its own"),
        (["F09-issu", "F09-same"], "s5_pak", "F09 is asked for twice"),
    ],
)
def test_it_is_refused_with_file_router_fault_and_reason(
    tmp_path: Path, fault: Any, family: str, words: str
) -> None:
    with pytest.raises(ScenarioError) as refused:
        loaded(tmp_path, fault, family)
    said = str(refused.value)
    assert words in said
    assert said.startswith(f"{tmp_path / 'mine.yaml'}: routers[{FLEET.index(family)}] ({family})")


def test_a_router_in_bundle_mode_has_no_install_operation_to_fail(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="routers in install mode"):
        loaded(tmp_path, "F09-issu", boot_mode="bundle")
    loaded(tmp_path, "F09-issu")


def test_throughput_cannot_fall_to_250_where_it_is_not_above(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="routers above 250 Mbit/s; here: s1_registered"):
        loaded(tmp_path, "F38", "s6_rtu", throughput_kbps=100_000)
    loaded(tmp_path, "F38", "s6_rtu", throughput_kbps=400_000)


def test_the_same_holds_for_the_option_of_the_command_line() -> None:
    with pytest.raises(ScenarioError, match=r"--fault F35@store-oslo: .* depot-berlin, depot-lyon"):
        with_faults(load_scenario("demo"), ["F35@store-oslo"])
    with pytest.raises(ScenarioError, match="F05 is asked for twice"):
        with_faults(load_scenario("demo"), ["F05@plant-madrid"])
    with pytest.raises(ScenarioError, match="F35 cannot strike r01"):
        generate(6, faults=["F35@r01"])


@pytest.mark.parametrize("number", [n for n, k in fault_list().items() if not k.client])
def test_every_fault_of_the_list_can_strike_some_router(number: str) -> None:
    kind = fault_list()[number]
    if kind.always:
        return
    spec = {
        "model": "slp" if kind.strikes == "slp" else "csl" if kind.strikes == "csl" else "slr",
        "licences": [],
    }
    params = {k: {"text": "x", "list": ["x"]}.get(p.kind, 1) for k, p in kind.params.items()}
    for name in [f"{number}-{v}" for v in kind.variants] or [number]:
        entry = {
            "name": "r1", "family": "s4_evaluation", "serial": "FDO1",
            "faults": [{"name": name, "params": params}],
            "router": {"licensing": spec, "peer_serial": "FDO2"},
        }  # fmt: skip
        build({"name": "t", "include": ["families.yaml"], "routers": [entry]}, where="t")


def test_defaults_of_the_list_are_those_of_the_code() -> None:
    found = re.findall(r'\.param\(\s*"(F\d\d)", "(\w+)", ([\d.]+)\)', SOURCES)
    assert len(found) >= 8
    for number, key, value in found:
        param = fault_list()[number].params[key]
        assert param.default == float(value), (number, key)


def test_the_code_asks_for_nothing_that_the_list_does_not_know() -> None:
    asked = set(re.findall(r'\.(?:on|strikes|param|params)\(\s*(?:udi, )?"(F\d\d)"', SOURCES))
    assert asked <= set(fault_list())
    for number, key in re.findall(r'\.param\(\s*"(F\d\d)", "(\w+)"', SOURCES):
        assert key in {*fault_list()[number].params, "variant"}, (number, key)
    for number, variant in re.findall(r'\.on\("(F\d\d)", "([\w-]+)"\)', SOURCES):
        assert variant in fault_list()[number].variants


def test_every_condition_is_used() -> None:
    used = {k.strikes for k in fault_list().values()}
    used |= {c for k in fault_list().values() for c in k.variant_strikes.values()}
    assert used - {None} == set(CONDITIONS)
