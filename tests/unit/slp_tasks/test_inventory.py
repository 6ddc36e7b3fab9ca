"""The inventory: Nornir's files, merged data, references kept until a connection opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nornir.core.plugins.inventory import InventoryPluginRegister

from slp_core.clock import ScaledClock, SystemClock
from slp_core.errors import InventoryError, UsageError
from slp_tasks.host_data import host_clock, host_target, slp_data
from slp_tasks.inventory import SlpInventory, load_nornir

HOSTS = """
r1:
  hostname: 127.0.0.1
  port: 2201
  groups: [lab]
  data:
    site: bern
    slp: {target: {release: 17.9.4a, topology: {kind: airgap}}, fake: {router: r1}}
r2:
  hostname: 127.0.0.2
"""
GROUPS = """
lab:
  username: admin
  data: {slp: {transport: fake, fake: {scenario: lab.yaml}}}
"""
DEFAULTS = """
username: nobody
password: env:LAB_PASSWORD
data: {slp: {known_hosts: keys/known_hosts, transport: ssh}}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "known_hosts").touch()
    return folder


def test_data_of_defaults_groups_and_host_are_merged_key_by_key(tmp_path: Path) -> None:
    folder = write(tmp_path, hosts=HOSTS, groups=GROUPS, defaults=DEFAULTS)
    hosts = load_nornir(folder).inventory.hosts
    slp = slp_data(hosts["r1"])
    assert slp["transport"] == "fake"
    assert slp["fake"] == {"scenario": str(tmp_path / "lab.yaml"), "router": "r1"}
    assert slp["known_hosts"] == str(tmp_path / "keys" / "known_hosts")
    assert slp_data(hosts["r2"])["transport"] == "ssh"
    assert (hosts["r1"].username, hosts["r2"].username) == ("admin", "nobody")
    assert host_target(hosts["r1"]) == {"release": "17.9.4a", "topology": {"kind": "airgap"}}
    assert host_target(hosts["r2"]) is None


def test_f31_passwords_stay_references(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_PASSWORD", "plain-text-1")
    folder = write(tmp_path, hosts=HOSTS, groups=GROUPS, defaults=DEFAULTS)
    nornir = load_nornir(folder)
    assert nornir.inventory.hosts["r2"].password == "env:LAB_PASSWORD"
    assert "plain-text-1" not in str(nornir.inventory.dict())


def test_json_is_read_as_well(tmp_path: Path) -> None:
    (tmp_path / "hosts.json").write_text(json.dumps({"r9": {"hostname": "10.9.9.9"}}))
    assert load_nornir(tmp_path).inventory.hosts["r9"].hostname == "10.9.9.9"


def test_a_limit_that_leaves_no_host_is_an_error(tmp_path: Path) -> None:
    folder = write(tmp_path, hosts=HOSTS, groups=GROUPS)
    assert list(load_nornir(folder, limit="site=bern").inventory.hosts) == ["r1"]
    for limit in ("r3", "r1,r3"):
        with pytest.raises(UsageError, match="no router matches 'r3'") as refused:
            load_nornir(folder, limit=limit)
        assert "slp " not in (refused.value.remedy or ""), "no hint may log in to every router"


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"groups": GROUPS}, "no hosts.yaml"),
        ({"hosts": HOSTS}, "'lab' is not defined"),
        ({"hosts": "r1: {hostnam: x}"}, "'hostnam' is no field"),
        ({"hosts": "r1: [1"}, "is no YAML"),
        ({"hosts": "r1: text"}, "mapping is expected"),
    ],
)
def test_a_wrong_inventory_is_said_with_its_place(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(InventoryError, match=message):
        load_nornir(write(tmp_path, **files))


def test_nornirs_own_configuration_file_serves_too(tmp_path: Path) -> None:
    write(tmp_path, hosts=HOSTS, groups=GROUPS)
    config = {"inventory": {"plugin": "SlpInventory", "options": {"folder": str(tmp_path)}}}
    file = tmp_path / "config.yaml"
    file.write_text(json.dumps(config))
    InventoryPluginRegister.register("SlpInventory", SlpInventory)
    assert set(load_nornir(file).inventory.hosts) == {"r1", "r2"}


def test_the_clock_is_the_labs_where_the_inventory_has_one(tmp_path: Path) -> None:
    clock = "{epoch: 2021-08-02T08:00:00Z, factor: 60, started: 1000}"
    folder = write(tmp_path, hosts=f"a: {{data: {{slp: {{clock: {clock}}}}}}}\nb: {{}}")
    hosts = load_nornir(folder).inventory.hosts
    assert isinstance(host_clock(hosts["a"]), ScaledClock)
    assert isinstance(host_clock(hosts["b"]), SystemClock)
