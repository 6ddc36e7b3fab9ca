"""Other people's Nornir tasks work on our inventory: same transport, same host keys, no reference
sent as a password."""

from __future__ import annotations

from pathlib import Path

import pytest
from nornir_netmiko import netmiko_send_command
from nornir_scrapli.tasks import send_command, send_configs

from kit.labs import PASSWORD, bench
from kit.routers import slp_router


@pytest.mark.parametrize("over", ["fake", "ssh"])
def test_nornir_scrapli(tmp_path: Path, over: str) -> None:
    with bench(tmp_path, slp_router(), over=over) as made:
        shown = made.nornir.run(task=send_command, command="show version | include uptime")
        assert not shown.failed, shown["r1"].exception
        assert "edge uptime is" in shown["r1"].result
        sent = made.nornir.run(task=send_configs, configs=["ip name-server 10.0.0.1"])
        assert sent["r1"].changed
        made.nornir.close_connections()
        with made.lab.lock:
            assert made.router().running.has("ip name-server 10.0.0.1")


def test_nornir_netmiko(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router(), over="ssh") as made:
        shown = made.nornir.run(task=netmiko_send_command, command_string="show privilege")
        assert not shown.failed, shown["r1"].exception
        assert "privilege level is 15" in shown["r1"].result
        made.nornir.close_connections()


def test_the_inventory_never_shows_the_password(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        made.nornir.run(task=send_command, command="show clock")
        made.nornir.close_connections()
        assert PASSWORD not in str(made.nornir.inventory.dict())
