"""Ports of a configuration, shut or not (B9-17)."""

from __future__ import annotations

from slp_core.parsing import assemble
from slp_core.parsing.ports import shut_ports

CONFIG = """\
Building configuration...

Current configuration : 400 bytes
!
version 17.8
hostname metro
!
interface GigabitEthernet0/0/0
 ip address dhcp
!
interface TenGigabitEthernet0/0/12
 no ip address
 shutdown
!
interface TenGigabitEthernet0/0/13
 shutdown
 negotiation auto
 service instance 1 ethernet
  shutdown
interface Loopback0
 shutdown
!
router bgp 65000
 shutdown
end
"""


def test_b9_17_physical_ports_are_told_by_whether_the_configuration_shuts_them() -> None:
    ports = assemble("metro", {"show running-config": CONFIG}).ports
    assert ports is not None
    assert ports.up == ("GigabitEthernet0/0/0",)
    assert ports.shut == ("TenGigabitEthernet0/0/12", "TenGigabitEthernet0/0/13")
    state = assemble("metro", {"show running-config": CONFIG})
    assert state.evidence["ports"].lines == (13, 16)
    assert shut_ports(CONFIG.splitlines()) == set(ports.shut)


def test_b9_17_a_shut_service_instance_shuts_no_port() -> None:
    lines = ["interface GigabitEthernet0/0/1", " service instance 1 ethernet", "  shutdown"]
    assert shut_ports(lines) == set()


def test_b9_17_without_a_configuration_no_port_is_known() -> None:
    assert (
        assemble("metro", {"show version": "Cisco IOS XE Software, Version 17.08.01"}).ports is None
    )
