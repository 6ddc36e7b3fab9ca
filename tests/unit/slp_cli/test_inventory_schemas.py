"""The schemas for editors say what the models say, which every command reads inventories by."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from nornir_slp.inventory_schemas import FILES, schema_text
from slp_core.errors import InputError
from slp_core.targets import Target, check_target, load_target
from slp_tasks.settings import HostSettings

ROOT = Path(__file__).parents[3]
SCHEMAS = {file: json.loads(schema_text(file)) for file in FILES}


def held(file: str, value: Any) -> None:
    """Holds a value as YAML gives it against the schema of a file; times are texts in an editor."""
    jsonschema.validate(json.loads(json.dumps(value, default=datetime.isoformat)), SCHEMAS[file])


@pytest.mark.parametrize("file", FILES)
def test_the_published_schema_is_current(file: str) -> None:
    published = (ROOT / "docs" / "schemas" / f"{file}.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(file), "run `make docs`"
    jsonschema.Draft7Validator.check_schema(SCHEMAS[file])


def test_doctor_prints_the_schema_of_each_file(command: Any) -> None:
    assert command("doctor", "--schema").out == schema_text("hosts")
    for file in FILES:
        assert command("doctor", "--schema", "--of", file).out == schema_text(file)


def test_every_key_of_the_models_is_in_the_schema() -> None:
    hosts, target = SCHEMAS["hosts"]["$defs"], SCHEMAS["target"]
    assert set(hosts["HostSettings"]["properties"]) == set(HostSettings.model_fields)
    for given in (target, hosts["Target"]):
        assert set(given["properties"]) == set(Target.model_fields)


INVENTORIES = [f for name in ("fleet", "mock") for f in (ROOT / "inventory" / name).glob("*.yaml")]


@pytest.mark.parametrize(
    "path",
    [f for f in INVENTORIES if f.stem != "scenario"],
    ids=lambda f: f"{f.parent.name}-{f.stem}",
)
def test_the_example_inventories_fit_it(path: Path) -> None:
    held("defaults" if path.stem == "defaults" else "hosts", yaml.safe_load(path.read_text()))


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("tests/**/target.yaml")), ids=lambda f: f.parent.name
)
def test_the_targets_of_the_migration_guides_fit_it(path: Path) -> None:
    held("target", yaml.safe_load(path.read_text()))


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    (page.name, block, yaml.safe_load(block))
    for page in PAGES
    for block in re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.M)
]


def test_every_example_of_the_pages_fits_it() -> None:
    held_pages = []
    for page, _, value in BLOCKS:
        slp = value.get("slp") or (value.get("data") or {}).get("slp")
        if slp is not None:
            held("defaults", {"data": {"slp": slp}})
            HostSettings.of(slp)
            held_pages.append(page)
        elif "topology" in value:
            held("target", value)
            held_pages.append(page)
    assert {"services.md", "tasks.md"} <= set(held_pages)


@pytest.mark.parametrize(
    "target",
    [
        {"topology": "airgap", "stop": "isr4300-universalk9.17.09.04.SPA.bin"},
        {"topology": "airgap", "stop": {"release": "17.9.4", "image": "x.17.09.04.SPA.bin"}},
        {"topology": {"kind": "direct", "name_servers": "10.0.0.1, 10.0.0.2"}},
        {"topology": {"kind": "direct", "name_servers": ["10.0.0.1"]}},
        {"topology": {"kind": "direct", "privacy": "hostname, version"}},
        {"topology": {"kind": "airgap", "transport": False}},
        {"topology": {"kind": "airgap", "transport": "off"}},
        {"topology": {"kind": "direct", "transport": "smart"}, "throughput": 250.0},
        {"topology": "direct", "hseck9": "add after the upgrade"},
        {"topology": "direct", "hseck9": True, "image": {"name": "x.17.09.04.SPA.bin"}},
    ],
)
def test_the_schema_and_every_host_take_each_target_that_a_plan_takes(
    target: dict[str, Any],
) -> None:
    assert load_target(target, where="t", base=Path())
    assert HostSettings.of({"target": target}).target == target
    held("target", target)
    held("hosts", {"r1": {"data": {"slp": {"target": target}}}})


WRONG_TARGETS = [
    ({"topology": "direkt"}, "kind"),
    ({"topology": {"kind": "direct", "transports": "smart"}}, "'transports' is no key of it"),
    ({"topology": {"kind": "direct", "usage_interval": 366}}, "usage_interval"),
    ({"topology": {"kind": "direct", "call_home": {"mail": "x"}}}, "'mail' is no key of it"),
    ({"topology": "direct", "stop": {"releases": "17.9.4"}}, "'releases' is no key of it"),
    ({"topology": "direct", "boot": "instal"}, "boot"),
    ({"topology": "direct", "rollback": "never"}, "rollback"),
    ({"topology": "direct", "image": {"name": "x.bin", "hash": "0"}}, "'hash' is no key of it"),
    ({"topology": ["a b"]}, "topology is list"),
    ({"topology": 5}, "topology is int"),
    (5, "the target is int"),
    ("direct", "the target is str"),
]


@pytest.mark.parametrize(("target", "told"), WRONG_TARGETS)
def test_the_models_refuse_a_target_that_the_schema_refuses(target: Any, told: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        held("target", target)
    with pytest.raises(InputError) as planned:
        load_target(target, where="data.slp.target", base=Path())
    with pytest.raises(InputError) as read:
        HostSettings.of({"target": target})
    assert told in planned.value.what
    assert (read.value.what, read.value.where) == (planned.value.what, planned.value.where)


WRONG_SETTINGS = [
    ({"drvier": "scrapli"}, "did you mean driver?"),
    ({"driver": "nornir"}, "scrapli or netmiko"),
    ({"transport": "telnet"}, "ssh, system or fake"),
    ({"connect_timeout": 0}, None),
    ({"logins": -1}, None),
    ({"enable": "plain-text-1"}, "env:NAME"),
    ({"clock": {"epoch": "2021-08-02T08:00:00Z", "factor": 0, "started": 1}}, None),
    ({"fake": {"scenario": "x", "ruoter": "r1"}}, "did you mean router?"),
    ({"rest": {"port": 70000}}, None),
    ({"rest": {"verfiy": False}}, "did you mean verify?"),
    ({"cssm": {"client_secret": "plain-text-1"}}, "env:NAME"),
    ({"cssm": {"api": "v9"}}, "auto, swapi or apx"),
    ({"onprem": {"uri": "https://x"}}, "did you mean url?"),
]


@pytest.mark.parametrize(("slp", "remedy"), WRONG_SETTINGS)
def test_the_models_refuse_settings_that_the_schema_refuses(
    slp: dict[str, Any], remedy: str | None
) -> None:
    for file, value in (
        ("hosts", {"r1": {"data": {"slp": slp}}}),
        ("defaults", {"data": {"slp": slp}}),
    ):
        with pytest.raises(jsonschema.ValidationError):
            held(file, value)
    with pytest.raises(InputError) as refused:
        HostSettings.of(slp)
    assert (remedy or "slp doctor --schema") in (refused.value.remedy or "")
    assert "plain-text-1" not in str(refused.value)


def test_a_file_may_hold_a_part_of_what_a_router_needs() -> None:
    for slp in ({"target": {"release": "17.9.4"}}, {"fake": {"router": "r1"}}):
        held("hosts", {"r1": {"data": {"slp": slp}}})
    held("hosts", {"r1": None, "r2": {"data": {"slp": None, "mine": {"any": ["thing"]}}}})
    check_target({"topology": {"vrf": "Mgmt-intf"}}, where="")
    with pytest.raises(InputError, match="says no topology"):
        load_target({"release": "17.9.4"}, where="", base=Path())


def test_the_rest_interface_asks_for_tls_unless_told_otherwise() -> None:
    rest = HostSettings.of({"rest": {"port": 8443}}).rest
    assert rest is not None
    assert (rest.scheme, rest.verify, rest.prefer) == ("https", True, False)


CLOCK = {"epoch": "2021-08-02T08:00:00+00:00", "factor": 60.0, "started": 7.0, "floor": 90.0}


@pytest.mark.parametrize(
    "slp",
    [
        {
            "fake": {"scenario": "x", "router": "r1", "clock": CLOCK}
        },  # as a lab in process writes it
        {"fake": {"scenario": "x", "router": "r1"}, "clock": CLOCK},
        {
            "fake": {"scenario": "x", "router": "r1"},
            "clock": CLOCK | {"epoch": datetime(2021, 8, 2, 8, tzinfo=UTC)},  # unquoted in YAML
        },
    ],
)
def test_a_labs_clock_reaches_the_simulated_router_however_it_is_written(
    slp: dict[str, Any],
) -> None:
    held("defaults", {"data": {"slp": slp}})
    found = HostSettings.of({"transport": "fake", **slp}).fake_options()
    assert found == {"scenario": "x", "router": "r1", "clock": CLOCK}


def test_any_number_may_log_in_at_a_time() -> None:
    held("defaults", {"data": {"slp": {"logins": 0}}})
    assert HostSettings.of({"logins": 0}).logins == 0


def test_files_start_at_the_folder_of_the_inventory() -> None:
    given = {"rest": {"ca": "keys/ca.pem"}, "cssm": {"ca": "/etc/ca.pem"}, "base": "/inventory"}
    settings = HostSettings.of(given)
    assert settings.rest is not None
    assert settings.cssm is not None
    assert (settings.rest.ca, settings.cssm.ca) == ("/inventory/keys/ca.pem", "/etc/ca.pem")
