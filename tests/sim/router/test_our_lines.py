"""Every configuration line that a template or task of ours can send is one that a router takes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from kit.hand import Hand, router_of
from kit.specs import slp, small
from slp_core.release import Release
from slp_core.targets import CallHome, Topology
from slp_core.topology_lines import VRF_KEYWORD_SINCE, wanted_lines

SLP = {
    "ISR4351/K9": "17.9.4a",
    "ISR4461/K9": "17.6.5",
    "C1111-8PLTEEAWB": "17.3.4",
    "ASR1001-X": "17.9.4a",
    "C8300-1N1S-6T": "17.12.4",
    "C8000V": "17.9.4a",
}
SOURCES = {"C8000V": "GigabitEthernet2"}
KINDS = ("direct", "cslu", "cslu-pull", "cslu-offline", "onprem", "onprem-pull", "airgap",
         "controller")  # fmt: skip


def topologies(source: str) -> Iterator[tuple[Topology, str | None]]:
    """Yields every kind, bare and with everything, and the classic call-home template."""
    reach: dict[str, Any] = {
        "vrf": "mgmt",
        "source_interface": source,
        "interface_address": "192.0.2.10 255.255.255.0",
        "routes": ("0.0.0.0 0.0.0.0 192.0.2.1", f"198.51.100.0 255.255.255.0 {source} 192.0.2.1"),
        "lookup_interface": source,
        "name_servers": ("10.0.0.53", "2001:db8::53"),
        "trustpoint": "SLA-TrustPoint",
        "revocation_check": "none",
        "http_timeout": 30,
        "http_retries": 5,
        "server_identity_check": True,
        "usage_interval": 30,
        "privacy": ("all", "hostname", "version"),
        "proxy": "proxy.example.net:3128",
    }
    url = "https://cslu.example.net:8182/cslu/v1/pi/Tenant-1"
    call_home = CallHome(
        contact="noc@example.net",
        mail_servers=("mail.example.net", "192.0.2.25"),
        url="https://tools.example.net/its/service/oddce/services/DDCEService",
        server_identity_check=False,
    )
    for kind, more in itertools.product(KINDS, ({}, reach)):
        yield Topology.model_validate({"kind": kind, "url": url, **more}), None
    yield Topology.model_validate({"kind": "direct", "url": "default"}), None
    for more in ({}, reach):
        home = {"kind": "direct", "transport": "callhome", "call_home": call_home, **more}
        yield Topology.model_validate(home), None
        yield Topology.model_validate(home), "classic/call-home.j2"


def refused(hand: Hand, lines: tuple[str, ...]) -> list[str]:
    """Types lines; returns those that the router did not take."""
    hand.type("end")
    hand.type("configure terminal")
    return [f"{x}: {said}" for x in lines if "% I" in (said := hand.type(x)) or "% A" in said]


@pytest.mark.parametrize("pid", SLP)
def test_the_lines_of_every_topology_are_taken(pid: str) -> None:
    _, _, hand = router_of(slp(pid=pid, release=SLP[pid]))
    keyword = Release.parse(SLP[pid]) >= VRF_KEYWORD_SINCE
    source = SOURCES.get(pid, "GigabitEthernet0/0/0")
    for topology, template in topologies(source):
        lines = wanted_lines(topology, vrf_keyword=keyword, template=template)
        assert refused(hand, lines) == [], f"{topology.kind} {template}"
        backwards = tuple(f"no {x}" for x in lines if not x.startswith((" ", "interface", "call")))
        assert refused(hand, backwards) == [], f"no …: {topology.kind} {template}"


@pytest.mark.parametrize(
    ("pid", "release", "lines"),
    [
        ("ISR4351/K9", "16.12.4", ["license smart enable", "no license smart enable"]),
        ("ISR4351/K9", "16.12.4", ["license smart reservation", "no license smart reservation"]),
        ("ISR4351/K9", "17.9.4a", ["license feature hseck9", "license boot level securityk9"]),
        ("ISR4351/K9", "17.9.4a", ["platform hardware throughput level 400000"]),
        ("C8300-1N1S-6T", "17.9.4a", ["license boot level network-advantage addon dna-advantage"]),
        ("C8300-1N1S-6T", "17.9.4a", ["platform hardware throughput crypto T1"]),
        ("C8300-1N1S-6T", "17.9.4a", ["platform hardware throughput crypto 250M"]),
        ("C8000V", "17.9.4a", ["platform hardware throughput level MB 250"]),
        ("ASR-920-12CZ-A", "17.6.1", ["license smart enable", "license boot level metroipaccess"]),
        ("ASR-920-12CZ-A", "17.6.1", ["boot system bootflash:asr920-universalk9.17.06.01.SPA.bin"]),
        ("ISR4351/K9", "17.9.4a", ["boot system bootflash:packages.conf"]),
        ("ISR4351/K9", "17.9.4a", ["boot system flash bootflash:packages.conf"]),
        ("ISR4351/K9", "17.9.4a", ["boot system flash:packages.conf", "no boot system"]),
        ("ISR4351/K9", "17.9.4a", ["config-register 0x2102", "no config-register"]),
        ("ISR4351/K9", "17.9.4a", ["ip http client source-interface GigabitEthernet0"]),
        ("ISR4351/K9", "17.9.4a", ["ip tftp source-interface GigabitEthernet0"]),
        ("ISR4351/K9", "17.9.4a", ["ip ftp source-interface GigabitEthernet0"]),
        ("ISR4351/K9", "17.9.4a", ["ip ssh source-interface GigabitEthernet0"]),
    ],
)
def test_the_lines_of_every_task_are_taken(pid: str, release: str, lines: list[str]) -> None:
    model = "slp" if release >= "17.9" else "eval"
    spec = slp if model == "slp" else small
    licensing = {} if model == "slp" else {"licensing": {"model": "eval", "licences": []}}
    _, _, hand = router_of(spec(pid=pid, release=release, **licensing))
    assert refused(hand, tuple(lines)) == []


@pytest.mark.parametrize(
    "lines",
    [
        ["hostname edge-1", "ip domain name example.net", "no ip domain lookup", "no hostname"],
        ["username eve privilege 15 secret 0 x", "enable secret x", "no username eve"],
        ["service password-encryption", "service timestamps log datetime msec localtime",
         "no service pad", "service call-home", "clock timezone CET 1 0"],
        ["ntp server 192.0.2.123 prefer", "ntp server vrf mgmt time.example", "ntp source lo0"],
        ["logging host 192.0.2.9 vrf mgmt", "logging buffered 64000", "logging trap warnings",
         "no logging console", "logging source-interface gi0/0/0"],
        ["archive", "path bootflash:archive", "maximum 5", "write-memory", "log config",
         "logging enable", "hidekeys"],
        ["vrf definition mgmt", "rd 65000:1", "address-family ipv4", "exit-address-family"],
        ["interface gi0/0/1", "no shut", "vrf forwarding mgmt", "ip address dhcp", "no ip address",
         "ip nat inside", "ip access-group 7 in", "negotiation auto", "speed 1000", "no speed"],
        ["interface gi0/0/1.100", "encapsulation dot1q 100", "ip address 192.0.2.9 255.255.255.0"],
        ["interface Tunnel1", "tunnel source gi0/0/0", "tunnel destination 192.0.2.1",
         "tunnel mode ipsec ipv4", "tunnel protection ipsec profile P"],
        ["line vty 0 4", "exec-timeout 0", "transport input ssh", "login local",
         "access-class 7 in vrf-also", "no exec-timeout", "length 0"],
        ["line con 0", "logging synchronous", "stopbits 1", "exec-timeout 5 0"],
        ["call-home", "contact-email-addr a@example.net", "profile CiscoTAC-1", "active",
         "destination transport-method http", "no destination transport-method email",
         "reporting smart-licensing-data"],
        ["crypto pki trustpoint SLA-TrustPoint", "enrollment terminal", "revocation-check crl none",
         "crypto pki certificate chain SLA-TrustPoint"],
        ["ip route 0.0.0.0 0.0.0.0 gi0/0/0 dhcp", "ip route vrf mgmt 10.0.0.0 255.0.0.0 192.0.2.1 "
         "name out 250", "no ip route 0.0.0.0 0.0.0.0"],
        ["router bgp 65000", "neighbor 192.0.2.1 remote-as 65001", "address-family ipv4",
         "network 10.0.0.0 mask 255.0.0.0", "exit-address-family", "bgp log-neighbor-changes"],
        ["router ospf 1", "router-id 192.0.2.1", "network 10.0.0.0 0.255.255.255 area 0",
         "passive-interface default"],
        ["ip access-list extended WAN", "permit tcp any host 192.0.2.1 eq 443",
         "10 deny ip any any", "no 10", "ip access-list standard VTY",
         "permit 10.0.0.0 0.255.255.255"],
        ["snmp-server community x ro", "snmp-server host 192.0.2.9 version 2c x",
         "snmp-server location Bern", "aaa new-model", "aaa authentication login default local",
         "aaa authorization exec default local"],
        ["banner motd #keep out#", "alias exec sl show license status", "ip ssh version 2",
         "ip scp server enable", "ip http server", "no ip http secure-server", "restconf",
         "netconf-yang", "cdp run", "lldp run", "spanning-tree mode rapid-pvst"],
        ["crypto ikev2 proposal P", "encryption aes-cbc-256",
         "crypto ipsec transform-set T esp-aes", "mode tunnel", "crypto ipsec profile P",
         "set transform-set T"],
    ],
)  # fmt: skip
def test_what_people_type_every_day_is_taken(lines: list[str]) -> None:
    _, _, hand = router_of(slp(release="17.9.4a"))
    hand.type("configure terminal")
    hand.type("interface lo0")
    assert refused(hand, tuple(lines)) == []
