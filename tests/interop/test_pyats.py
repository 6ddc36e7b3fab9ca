"""pyATS with unicon's plugin for IOS-XE: connect, run, configure, copy, reload."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pyats.topology import loader
from unicon.core.errors import CredentialsExhaustedError, SubCommandFailure

from interop.network import Network, Router

RELOAD_WAIT_S = 10  # the lab's routers boot in three seconds: five minutes would be for real ones


def described(network: Network, router: Router, folder: Path, **credentials: Any) -> Any:
    """Returns a testbed as a file would describe it, with the one router."""
    options = f"-F none -o UserKnownHostsFile={network.known_hosts} -o StrictHostKeyChecking=yes"
    known = {
        "default": {"username": router.username, "password": router.password},
        "enable": {"password": router.spec.get("enable_secret", "")},
    }
    return loader.load(
        {
            "testbed": {"name": "interop"},
            "devices": {
                router.hostname: {
                    "os": "iosxe",
                    "type": "router",
                    "credentials": known | credentials,
                    "connections": {
                        "cli": {
                            "protocol": "ssh",
                            "ip": router.address,
                            "port": router.port,
                            "ssh_options": options,
                            "settings": {
                                "RELOAD_WAIT": RELOAD_WAIT_S,
                                "RELOAD_RECONNECT_ATTEMPTS": 3,
                                "POST_DISCONNECT_WAIT_SEC": 0,
                                "GRACEFUL_DISCONNECT_WAIT_SEC": 0.2,
                            },
                            "arguments": {"log_stdout": False},
                        }
                    },
                }
            },
        }
    )


@contextmanager
def connected(
    network: Network, router: Router, folder: Path, *, init: bool = True, **credentials: Any
) -> Iterator[Any]:
    device = described(network, router, folder, **credentials).devices[router.hostname]
    silent = {} if init else {"init_config_commands": [], "init_exec_commands": []}
    device.connect(
        logfile=str(folder / "unicon.log"), log_stdout=False, connection_timeout=20, **silent
    )
    try:
        yield device
    finally:
        device.disconnect()


def test_connects_and_shows_the_version(network: Network, tmp_path: Path) -> None:
    router = network.routers["slp173"]
    with connected(network, router, tmp_path) as device:
        assert device.is_connected()
        assert device.state_machine.current_state == "enable"
        shown = device.execute("show version")
        parsed = device.parse("show version", output=shown)["version"]
    assert parsed["version"] == router.spec["release"]
    assert parsed["hostname"] == router.hostname


def test_a_login_below_15_enables(network: Network, tmp_path: Path) -> None:
    router = network.routers["humble"]
    with connected(network, router, tmp_path) as device:
        assert device.state_machine.current_state == "enable"
        assert router.hostname in device.execute("show running-config | include hostname")


def test_a_wrong_enable_secret_is_found_out(network: Network, tmp_path: Path) -> None:
    router = network.routers["humble"]
    with (
        pytest.raises(CredentialsExhaustedError),
        connected(network, router, tmp_path, enable={"password": "wrong"}),
    ):
        pass


def test_configures_and_the_router_has_it(network: Network, tmp_path: Path) -> None:
    router = network.routers["slp173"]
    with connected(network, router, tmp_path) as device:
        device.configure(["interface Loopback5", "description set by unicon"])
        shown = device.execute("show running-config | section interface Loopback5")
    assert shown.replace("\r", "").split("\n")[:2] == [
        "interface Loopback5",
        " description set by unicon",
    ]


def test_a_rejected_line_fails(network: Network, tmp_path: Path) -> None:
    with (
        connected(network, network.routers["slp173"], tmp_path) as device,
        pytest.raises(SubCommandFailure, match="Invalid input"),
    ):
        device.configure("license smart nonsense")


def test_a_rejected_command_fails(network: Network, tmp_path: Path) -> None:
    with (
        connected(network, network.routers["slp173"], tmp_path) as device,
        pytest.raises(SubCommandFailure, match="Invalid input"),
    ):
        device.execute("show license nonsense")


def test_copies_the_configuration(network: Network, tmp_path: Path) -> None:
    router = network.routers["slp179"]
    with connected(network, router, tmp_path) as device:
        said = device.copy(source="running-config", dest="startup-config")
    assert "[OK]" in said or "bytes copied" in said
    assert any("configuration saved" in line for line in network.log("slp179"))


@pytest.mark.parametrize("answer", ["no", "yes"])
def test_reloads_and_comes_back(network: Network, tmp_path: Path, answer: str) -> None:
    """The reload service answers the questions, is cut off, and connects to the new boot."""
    router = network.routers["evaluation"]
    boots = network.boots(router.name)
    line = f"ntp server 192.0.2.{len(answer)}"
    with connected(network, router, tmp_path) as device:
        device.configure(line)
        from unicon.eal.dialogs import Dialog, Statement

        save = Statement(r"Save\? \[yes/no\]:", action=f"sendline({answer})", loop_continue=True)
        result = device.reload(timeout=60, reply=Dialog([save]), return_output=True)
        assert result.result
        shown = device.execute("show running-config | include ntp server")
        uptime = device.parse("show version")["version"]["uptime"]
    assert (line in shown) is (answer == "yes")
    assert "minute" in uptime
    assert "day" not in uptime
    assert network.boots(router.name) == boots + 1


def test_every_word_of_the_log_came_from_the_router(network: Network, tmp_path: Path) -> None:
    """unicon's own log holds no password."""
    router = network.routers["slp173"]
    with connected(network, router, tmp_path) as device:
        device.execute("show clock")
    assert router.password not in (tmp_path / "unicon.log").read_text("utf-8")
    assert shlex.quote(router.hostname) in (tmp_path / "unicon.log").read_text("utf-8")
