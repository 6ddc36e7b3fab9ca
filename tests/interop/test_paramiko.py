"""paramiko and the `scp` package on top of it."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import paramiko
import pytest
from scp import SCPClient, SCPException

from interop.network import Network, Router


@contextmanager
def connected(network: Network, router: Router) -> Iterator[paramiko.SSHClient]:
    client = paramiko.SSHClient()
    client.load_host_keys(str(network.known_hosts))
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(
        router.address,
        port=router.port,
        username=router.username,
        password=router.password,
        allow_agent=False,
        look_for_keys=False,
        timeout=10,
    )
    try:
        yield client
    finally:
        client.close()


def read_until(channel: paramiko.Channel, end: str, seconds: float = 10) -> str:
    """Returns what came up to ``end``; fails where it does not come."""
    until, said = time.monotonic() + seconds, ""
    channel.settimeout(0.5)
    while not said.endswith(end):
        assert time.monotonic() < until, f"no {end!r} after {said!r}"
        try:
            said += channel.recv(65536).decode()
        except TimeoutError:
            continue
    return said


def test_one_command_has_output_and_status(network: Network) -> None:
    router = network.routers["reserved"]
    with connected(network, router) as client:
        _, out, err = client.exec_command("show license udi", timeout=10)
        assert out.channel.recv_exit_status() == 0
        said = out.read().decode()
        assert err.read() == b""
    assert said.strip() == f"UDI: PID:{router.spec['pid']},SN:{router.spec['serial']}"


def test_a_shell_echoes_and_prompts(network: Network) -> None:
    router = network.routers["reserved"]
    with connected(network, router) as client:
        channel = client.invoke_shell(width=511, height=0)
        assert read_until(channel, f"{router.hostname}#").lstrip() == f"{router.hostname}#"
        channel.send(b"show license udi\n")
        said = read_until(channel, f"\r\n{router.hostname}#")
        channel.send(b"exit\n")
        read_until(channel, "exit\r\n")
        assert channel.recv(1) == b""
    assert said.startswith("show license udi\r\n")
    assert "\n" not in said.replace("\r\n", "")


def test_scp_carries_a_file_both_ways(network: Network, tmp_path: Path) -> None:
    content = os.urandom(150_000)
    with connected(network, network.routers["slp176"]) as client:
        with SCPClient(client.get_transport()) as scp:
            scp.putfo(io.BytesIO(content), "bootflash:paramiko.bin")
        with SCPClient(client.get_transport()) as scp:
            scp.get("bootflash:paramiko.bin", str(tmp_path / "back.bin"))
    assert (tmp_path / "back.bin").read_bytes() == content


def test_scp_says_when_there_is_no_such_file(network: Network, tmp_path: Path) -> None:
    with (
        connected(network, network.routers["slp176"]) as client,
        SCPClient(client.get_transport()) as scp,
        pytest.raises(SCPException, match="No such file"),
    ):
        scp.get("bootflash:nowhere.bin", str(tmp_path / "x"))


def test_running_config_can_be_fetched_by_scp(network: Network, tmp_path: Path) -> None:
    router = network.routers["reserved"]
    with connected(network, router) as client, SCPClient(client.get_transport()) as scp:
        scp.get("system:running-config", str(tmp_path / "running.txt"))
    assert f"hostname {router.hostname}" in (tmp_path / "running.txt").read_text("utf-8")


def test_a_second_session_on_one_connection(network: Network) -> None:
    router = network.routers["reserved"]
    with connected(network, router) as client:
        channel = client.invoke_shell()
        read_until(channel, "#")
        _, out, _ = client.exec_command("show clock", timeout=10)
        assert "UTC" in out.read().decode()
        channel.send(b"show clock\n")
        assert "UTC" in read_until(channel, f"\r\n{router.hostname}#")


def test_there_is_no_sftp(network: Network) -> None:
    with (
        connected(network, network.routers["reserved"]) as client,
        pytest.raises(paramiko.SSHException, match=r"Channel closed|subsystem"),
    ):
        client.open_sftp()
