"""What an inventory says of an address cannot become an option or a command of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from nornir.core.inventory import ConnectionOptions, Defaults, Host

from slp_core.errors import InventoryError
from slp_tasks.connection.opening import open_session
from slp_tasks.inventory import load_nornir

ODD: list[dict[str, Any]] = [
    {"hostname": "-oProxyCommand=touch x"},
    {"hostname": "-x"},
    {"hostname": "192.0.2.1 -oProxyCommand=x"},
    {"hostname": "192.0.2.1\nreload"},
    {"hostname": "a;b"},
    {"hostname": "$(x)"},
    {"hostname": "user@host"},
    {"username": "-oProxyCommand=x"},
    {"username": "lab\nreload"},
    {"username": "lab lab"},
    {"port": 0},
    {"port": 70000},
    {"port": "22 -oProxyCommand=x"},
    {"port": "-p"},
]
GOOD: list[dict[str, Any]] = [
    {"hostname": "192.0.2.1"},
    {"hostname": "2001:db8::1"},
    {"hostname": "fe80::1%eth0"},
    {"hostname": "edge_1.example.net"},
    {"hostname": "10.0.0.1", "port": 2222, "username": "net.ops@example"},
    {"hostname": "10.0.0.1", "username": "EXAMPLE\\ops"},
]


def inventory(folder: Path, **files: Any) -> Path:
    for name, data in files.items():
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(data))
    return folder


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_inventory_with_an_odd_address_is_refused(odd: dict[str, Any], tmp_path: Path) -> None:
    entry = {"hostname": "192.0.2.1", **odd}
    with pytest.raises(InventoryError) as caught:
        load_nornir(inventory(tmp_path, hosts={"edge-1": entry}))
    (key,) = odd
    assert caught.value.where == "edge-1"
    assert key in caught.value.what
    assert caught.value.remedy
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("odd", [o for o in ODD if "hostname" not in o], ids=str)
@pytest.mark.parametrize("level", ["groups", "defaults", "connection_options"])
def test_wherever_it_stands(odd: dict[str, Any], level: str, tmp_path: Path) -> None:
    host: dict[str, Any] = {"hostname": "192.0.2.1"}
    files: dict[str, Any] = {}
    if level == "groups":
        files["groups"] = {"g": odd}
        host["groups"] = ["g"]
    elif level == "defaults":
        files["defaults"] = odd
    else:
        host["connection_options"] = {"scrapli": odd}
    with pytest.raises(InventoryError):
        load_nornir(inventory(tmp_path, hosts={"edge-1": host}, **files))


@pytest.mark.parametrize("name", ["edge\n1", "edge\x1b[31m", "\u202eegde"], ids=ascii)
def test_a_name_is_one_printable_line(name: str, tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="name"):
        load_nornir(inventory(tmp_path, hosts={name: {"hostname": "192.0.2.1"}}))


@pytest.mark.parametrize("good", GOOD, ids=str)
def test_ordinary_addresses_are_taken(good: dict[str, Any], tmp_path: Path) -> None:
    nornir = load_nornir(inventory(tmp_path, hosts={"edge-1": good}))
    assert nornir.inventory.hosts["edge-1"].hostname == good["hostname"]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("transport", ["ssh", "system"])
def test_of_any_other_inventory_it_is_refused_before_anything_is_started(
    odd: dict[str, Any], transport: str
) -> None:
    """Nornir's own inventory plugins check nothing."""
    fields = {"hostname": "192.0.2.1", "port": 22, "username": "lab", **odd}
    data = {"slp": {"transport": transport}}
    for host in (
        Host(name="edge-1", defaults=Defaults(), data=data, **fields),
        Host(name="edge-1", hostname="192.0.2.1", defaults=Defaults(), data=data,
             connection_options={"scrapli": ConnectionOptions(**fields)}),
    ):  # fmt: skip
        with pytest.raises(InventoryError):
            open_session(host)


def test_a_name_that_serves_as_the_address_is_an_address() -> None:
    with pytest.raises(InventoryError):
        open_session(Host(name="-oProxyCommand=x", defaults=Defaults(), data={"slp": {}}))
