"""What an inventory must not pass over in silence: doubles, broken text, missing host keys."""

from __future__ import annotations

from pathlib import Path

import pytest

from slp_core.errors import InventoryError
from slp_tasks.inventory import load_nornir
from slp_tasks.known_keys import host_keys_of
from slp_tasks.settings import HostSettings

HOSTS = "r1:\n  hostname: 127.0.0.1\nr2:\n  hostname: 127.0.0.2\n"


def complaint(folder: Path, **files: str) -> InventoryError:
    for stem, text in files.items():
        (folder / f"{stem}.yaml").write_text(text)
    with pytest.raises(InventoryError) as caught:
        load_nornir(folder)
    return caught.value


@pytest.mark.parametrize(
    ("files", "what", "where"),
    [
        ({"hosts": HOSTS + "r1:\n  hostname: 127.0.0.9\n"}, "host 'r1'", "hosts.yaml:5"),
        ({"hosts": HOSTS, "groups": "a: {}\nb: {}\na: {}\n"}, "group 'a'", "groups.yaml:3"),
        ({"hosts": HOSTS, "defaults": "port: 1\nport: 2\n"}, "key 'port'", "defaults.yaml:2"),
        ({"hosts": "r1:\n  port: 1\n  data:\n    x: 1\n    x: 2\n"}, "key 'x'", "hosts.yaml:5"),
    ],
)
def test_what_stands_twice_is_named_with_both_lines(
    tmp_path: Path, files: dict[str, str], what: str, where: str
) -> None:
    error = complaint(tmp_path, **files)
    assert f"the {what} stands there twice, in lines " in error.what
    assert error.where == f"{tmp_path.resolve() / where}"


def test_a_value_that_overrides_a_merged_one_is_no_double(tmp_path: Path) -> None:
    text = "r1: &base\n  port: 1\n  hostname: 127.0.0.1\nr2:\n  <<: *base\n  port: 2\n"
    (tmp_path / "hosts.yaml").write_text(text)
    hosts = load_nornir(tmp_path).inventory.hosts
    assert (hosts["r1"].port, hosts["r2"].port) == (1, 2)
    assert hosts["r2"].hostname == "127.0.0.1"


@pytest.mark.parametrize(
    ("text", "line"),
    [("r1:\n\thostname: x\n", 2), ("r1:\n  hostname: a: b\n", 2), ("r1: [1\nr2: 3\n", 2)],
)
def test_broken_yaml_is_told_in_one_line_with_its_place_and_a_remedy(
    tmp_path: Path, text: str, line: int
) -> None:
    error = complaint(tmp_path, hosts=text)
    assert error.where == f"{tmp_path.resolve() / 'hosts.yaml'}:{line}"
    assert error.what.startswith("is no YAML")
    assert "\n" not in error.what
    assert error.remedy


def test_a_host_twice_in_json_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "hosts.json").write_text('{"r1": {}, "r1": {}}')
    with pytest.raises(InventoryError, match="'r1' stands there twice"):
        load_nornir(tmp_path)


def test_f32_a_known_hosts_that_is_named_and_missing_is_an_error_for_every_command(
    tmp_path: Path,
) -> None:
    error = complaint(tmp_path, hosts=HOSTS, defaults="data: {slp: {known_hosts: keys}}\n")
    assert error.where == str(tmp_path.resolve() / "keys")
    (tmp_path / "keys").touch()
    assert len(load_nornir(tmp_path).inventory.hosts) == 2


def test_f32_no_other_file_is_used_where_it_goes_missing_later(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="not there"):
        host_keys_of(HostSettings(known_hosts=str(tmp_path / "gone")))
    assert host_keys_of(HostSettings(known_hosts=str(tmp_path / "gone"), transport="fake"))


def test_what_is_no_data_and_no_list_of_groups_is_said_with_its_router(tmp_path: Path) -> None:
    error = complaint(tmp_path, hosts="r1: {hostname: 127.0.0.1, data: 5}\n")
    assert (error.what, error.where) == ("a mapping is expected here", "r1: data")
    error = complaint(tmp_path, hosts="r1: {hostname: 127.0.0.1, groups: mock}\n")
    assert (error.where, error.remedy) == ("r1", "write `groups: [mock]`")
