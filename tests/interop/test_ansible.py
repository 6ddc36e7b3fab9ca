"""Ansible's `cisco.ios` over `network_cli`: facts, commands, configuration, a second run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from interop.network import Network, Router

PLAYBOOKS = Path(__file__).resolve().parent / "ansible"
SSH_TYPES = ("libssh", "paramiko")


class Ansible:
    """`ansible-playbook` of this environment, with everything that it keeps in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def play(
        self, playbook: str, *routers: Router, ssh_type: str = "libssh", **variables: Any
    ) -> dict[str, dict[str, Any]]:
        """Runs a playbook; returns what each task said of the one router, by the task's name."""
        hosts = {router.name: _host(router, ssh_type) for router in routers}
        (self._folder / "hosts.yml").write_text(
            yaml.safe_dump({"routers": {"hosts": hosts, "vars": variables}}), "utf-8"
        )
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("ansible-playbook")),
                "-i",
                str(self._folder / "hosts.yml"),
                str(PLAYBOOKS / f"{playbook}.yml"),
            ],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=150,
            check=False,
            stdin=subprocess.DEVNULL,
            env=_environment(self._folder),
        )
        assert done.returncode in (0, 2), f"{done.stdout}\n{done.stderr}"
        (play,) = json.loads(done.stdout[done.stdout.index("{") :])["plays"]
        return {task["task"]["name"]: task["hosts"][routers[0].name] for task in play["tasks"]}


def _host(router: Router, ssh_type: str) -> dict[str, Any]:
    host = {
        "ansible_host": router.address,
        "ansible_port": router.port,
        "ansible_user": router.username,
        "ansible_password": router.password,
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": ssh_type,
        "ansible_command_timeout": 30,
    }
    if "enable_secret" in router.spec:
        host |= {
            "ansible_become": True,
            "ansible_become_method": "enable",
            "ansible_become_password": router.spec["enable_secret"],
        }
    return host


def _environment(folder: Path) -> Mapping[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ANSIBLE_")}
    return kept | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "ANSIBLE_HOME": str(folder / "ansible"),
        "ANSIBLE_LOCAL_TEMP": str(folder / "tmp"),
        "ANSIBLE_PERSISTENT_CONTROL_PATH_DIR": str(folder / "pc"),
        "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
        "ANSIBLE_HOST_KEY_CHECKING": "False",  # libssh reads the user's own known_hosts only
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_DEPRECATION_WARNINGS": "False",
        "ANSIBLE_PERSISTENT_CONNECT_TIMEOUT": "20",
        "LC_ALL": "C.UTF-8",
    }


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    return Ansible(tmp_path)


@pytest.mark.parametrize("ssh_type", SSH_TYPES)
def test_gathers_facts(ansible: Ansible, network: Network, ssh_type: str) -> None:
    router = network.routers["slp173"]
    said = ansible.play("facts", router, ssh_type=ssh_type, subsets=["min"])["facts"]
    assert not said.get("failed"), said
    facts = said["ansible_facts"]
    padded = ".".join(f"{int(n):02}" for n in router.spec["release"].split("."))
    assert facts["ansible_net_version"] == padded  # it reads the first line, IOS XE's own
    assert facts["ansible_net_hostname"] == router.hostname
    assert facts["ansible_net_serialnum"] == router.spec["serial"]
    assert facts["ansible_net_model"] == router.spec["pid"]
    assert facts["ansible_net_image"] == "bootflash:packages.conf"


def test_gathers_the_hardware(ansible: Ansible, network: Network) -> None:
    router = network.routers["slp173"]
    said = ansible.play("facts", router, subsets=["hardware"])["facts"]
    assert not said.get("failed"), said
    facts = said["ansible_facts"]
    flash = facts["ansible_net_filesystems_info"]["bootflash:"]
    assert flash["spacetotal_kb"] == router.spec["flash"]["total"] / 1024
    assert "warnings" not in said
    assert facts["ansible_net_memtotal_mb"] > 0
    assert facts["ansible_net_cpu_utilization"]["core"]["five_minutes"] >= 0


def test_gathers_the_interfaces(ansible: Ansible, network: Network) -> None:
    router = network.routers["slp173"]
    said = ansible.play("facts", router, subsets=["interfaces"])["facts"]
    assert not said.get("failed"), said
    facts = said["ansible_facts"]
    uplink = facts["ansible_net_interfaces"]["GigabitEthernet0/0/0"]
    assert uplink["description"] == "uplink"
    assert uplink["ipv4"] == [{"address": "192.0.2.10", "subnet": "24"}]
    assert "192.0.2.10" in facts["ansible_net_all_ipv4_addresses"]


def test_gathers_the_configuration(ansible: Ansible, network: Network) -> None:
    router = network.routers["slp173"]
    resources = ["interfaces", "l3_interfaces", "hostname", "ntp_global"]
    said = ansible.play("facts", router, subsets=["config"], resources=resources)["facts"]
    assert not said.get("failed"), said
    facts = said["ansible_facts"]
    assert f"hostname {router.hostname}" in facts["ansible_net_config"]
    found = facts["ansible_network_resources"]
    assert found["hostname"] == {"hostname": router.hostname}
    (uplink,) = [i for i in found["interfaces"] if i["name"] == "GigabitEthernet0/0/0"]
    assert uplink["description"] == "uplink"
    assert uplink["enabled"] is True
    (layer3,) = [i for i in found["l3_interfaces"] if i["name"] == "GigabitEthernet0/0/0"]
    assert layer3["ipv4"] == [{"address": "192.0.2.10/24"}]


@pytest.mark.parametrize("ssh_type", SSH_TYPES)
def test_runs_commands(ansible: Ansible, network: Network, ssh_type: str) -> None:
    router = network.routers["registered"]
    serial = router.spec["serial"]
    said = ansible.play("commands", router, ssh_type=ssh_type, serial=serial)
    udi, uptime = said["shows"]["stdout"]
    assert udi == f"UDI: PID:{router.spec['pid']},SN:{serial}"
    assert uptime.startswith(f"{router.hostname} uptime is 3 days, ")
    assert not said["waits"].get("failed"), said["waits"]
    assert "[OK]" in said["asks"]["stdout"][0]
    assert said["rejects"]["failed"]
    assert "Invalid input" in said["rejects"]["msg"]


def test_enables_with_become(ansible: Ansible, network: Network) -> None:
    router = network.routers["humble"]
    said = ansible.play("facts", router, subsets=["config"])["facts"]
    assert not said.get("failed"), said
    assert f"hostname {router.hostname}" in said["ansible_facts"]["ansible_net_config"]


@pytest.mark.timeout(400)
def test_pushes_configuration_once(ansible: Ansible, network: Network) -> None:
    """The second run changes nothing: what was pushed is read back as it was meant."""
    router = network.routers["slp179"]
    first = ansible.play("configure", router, hostname=router.hostname)
    assert {n: t.get("msg") for n, t in first.items() if t.get("failed")} == {}
    assert {n for n, t in first.items() if t["changed"]} >= {"lines", "interfaces", "banner"}
    second = ansible.play("configure", router, hostname=router.hostname)
    again = {n: t.get("updates") or t.get("commands") for n, t in second.items() if t["changed"]}
    assert again == {}
    assert any("configuration saved" in line for line in network.log(router.name))
