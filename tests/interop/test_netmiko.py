"""netmiko (device type cisco_xe): commands, configuration, saving, SCP, enable."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from netmiko import file_transfer
from netmiko.exceptions import NetmikoAuthenticationException

from interop.by_netmiko import connected
from interop.network import Network, Router


def test_a_command_gives_its_output_without_echo_and_prompt(network: Network) -> None:
    router = network.routers["registered"]
    with connected(router) as handler:
        assert handler.base_prompt == router.hostname
        said = handler.send_command("show license udi")
    assert said.strip() == f"UDI: PID:{router.spec['pid']},SN:{router.spec['serial']}"


def test_textfsm_of_ntc_templates_reads_the_version(network: Network) -> None:
    router = network.routers["slp176"]
    with connected(router) as handler:
        (row,) = handler.send_command("show version", use_textfsm=True)
    assert row["hostname"] == router.hostname
    assert row["version"] == router.spec["release"]
    assert row["serial"] == [router.spec["serial"]]
    assert row["config_register"] == "0x2102"


def test_configuration_is_taken_shown_and_saved(network: Network) -> None:
    router = network.routers["slp179"]
    lines = ["interface Loopback77", "description set by netmiko", "exit", "ntp server 192.0.2.77"]
    with connected(router) as handler:
        said = handler.send_config_set(lines, error_pattern=r"% (?:Invalid|Incomplete|Ambiguous)")
        assert f"{router.hostname}(config-if)#" in said
        section = handler.send_command("show running-config | section interface Loopback77")
        assert section.split("\n")[:2] == ["interface Loopback77", " description set by netmiko"]
        assert "[OK]" in handler.save_config()
        assert "ntp server 192.0.2.77" in handler.send_command("show startup-config")
    assert any("configuration saved" in line for line in network.log("slp179"))


def test_a_line_that_it_does_not_know_is_marked(network: Network) -> None:
    with connected(network.routers["slp179"]) as handler:
        said = handler.send_config_set(["license smart nonsense"])
    prompt_and_line, marker, text = _rejection(said)
    assert text == "% Invalid input detected at '^' marker."
    assert marker.index("^") == prompt_and_line.index("nonsense")


def _rejection(said: str) -> tuple[str, str, str]:
    lines = said.splitlines()
    at = next(n for n, line in enumerate(lines) if line.strip() == "^")
    return lines[at - 1], lines[at], lines[at + 1]


def test_enable_asks_for_the_secret(network: Network) -> None:
    router = network.routers["humble"]
    with connected(router, secret=router.spec["enable_secret"]) as handler:
        assert not handler.check_enable_mode()
        assert "Invalid input" in handler.send_command("show running-config")
        handler.enable()
        assert handler.check_enable_mode()
        assert f"hostname {router.hostname}" in handler.send_command("show running-config")
        handler.exit_enable_mode()
        assert not handler.check_enable_mode()


def test_a_wrong_password_is_an_authentication_error(network: Network) -> None:
    router = network.routers["humble"]
    wrong = Router(**{**vars(router), "password": "wrong"})
    with pytest.raises(NetmikoAuthenticationException), connected(wrong):
        pass


@pytest.mark.parametrize("name", ["registered", "slp173"])
def test_file_transfer_carries_a_file_both_ways(
    network: Network, tmp_path: Path, name: str
) -> None:
    sent, back = tmp_path / "netmiko.bin", tmp_path / "back.bin"
    sent.write_bytes(os.urandom(200_000))
    with connected(network.routers[name]) as handler:
        put = file_transfer(handler, source_file=str(sent), dest_file="netmiko.bin")
        assert put == {"file_exists": True, "file_transferred": True, "file_verified": True}
        again = file_transfer(handler, source_file=str(sent), dest_file="netmiko.bin")
        assert again == {"file_exists": True, "file_transferred": False, "file_verified": True}
        got = file_transfer(
            handler, source_file="netmiko.bin", dest_file=str(back), direction="get"
        )
        assert got["file_verified"]
        listed = handler.send_command("dir bootflash:netmiko.bin")
    assert " 200000 " in listed
    assert hashlib.md5(back.read_bytes()).digest() == hashlib.md5(sent.read_bytes()).digest()


def test_paging_is_off_and_a_long_output_comes_whole(network: Network) -> None:
    with connected(network.routers["registered"]) as handler:
        said = handler.send_command("show running-config")
    assert "--More--" not in said
    assert said.rstrip().endswith("end")


def test_a_line_of_a_section_stays_in_its_section(network: Network) -> None:
    """Lines that begin with a word of global configuration, too."""
    address = "ip address 198.51.100.78 255.255.255.255"
    lines = ["interface Loopback78", address, "description after"]
    with connected(network.routers["slp1712"]) as handler:
        said = handler.send_config_set(lines)
        shown = handler.send_command("show running-config | section interface Loopback78")
    assert said.count("(config-if)#") == 3
    assert f" {address}" in shown.splitlines()


def test_a_second_address_replaces_the_first(network: Network) -> None:
    with connected(network.routers["slp173"]) as handler:
        shown = handler.send_command("show running-config | section interface GigabitEthernet0/0/0")
    addresses = [line for line in shown.splitlines() if line.startswith(" ip address")]
    assert addresses == [" ip address 192.0.2.10 255.255.255.0"]


def test_nonsense_in_a_section_is_rejected(network: Network) -> None:
    with connected(network.routers["slp1712"]) as handler:
        said = handler.send_config_set(["interface Loopback79", "license smart nonsense"])
    assert "% Invalid input detected at '^' marker." in said


def test_a_banner_of_several_lines(network: Network) -> None:
    lines = ["banner motd @", "first line", "second line@"]
    with connected(network.routers["slp1712"]) as handler:
        said = handler.send_config_set(lines, cmd_verify=False)
        shown = handler.send_command("show running-config | section banner")
    assert "Invalid" not in said
    assert "first line" in shown


def test_a_word_that_is_configured_replaces_its_no(network: Network) -> None:
    with connected(network.routers["slp1712"]) as handler:
        handler.send_config_set(["aaa new-model"])
        shown = handler.send_command("show running-config | include aaa new-model")
    assert shown.splitlines() == ["aaa new-model"]


def test_one_interface_of_the_configuration(network: Network) -> None:
    with connected(network.routers["slp173"]) as handler:
        shown = handler.send_command("show running-config interface GigabitEthernet0/0/0")
    assert "interface GigabitEthernet0/0/0" in shown.splitlines()
    assert " description uplink" in shown.splitlines()


def test_a_password_is_not_shown_as_it_was_typed(network: Network) -> None:
    with connected(network.routers["slp1712"]) as handler:
        handler.send_config_set(["username second privilege 15 secret as-it-was-typed"])
        shown = handler.send_command("show running-config | include username second")
    assert shown.startswith("username second privilege 15 secret ")
    assert "as-it-was-typed" not in shown
