"""Where a router's own packets go: VRF, source interface, names."""

from __future__ import annotations

import ipaddress

from slp_sim.ports import Connected
from slp_sim.router.catalog import stable
from slp_sim.router.device import Device
from slp_sim.router.interfaces import interface_name

SOURCES = {
    "http": "ip http client source-interface",
    "https": "ip http client source-interface",
    "tftp": "ip tftp source-interface",
    "ftp": "ip ftp source-interface",
    "scp": "ip ssh source-interface",
    "sftp": "ip ssh source-interface",
}
"""The line that gives each client its source interface."""


def vrf_of(device: Device, interface: str | None) -> str | None:
    """Returns the VRF that an interface is in; None: the global routing table."""
    if interface is None:
        return None
    name = interface.replace(" ", "").lower()
    for head, rows in device.running.sections():
        if head.lower().removeprefix("interface ").replace(" ", "") == name:
            found = (r for r in rows if r.startswith(("vrf forwarding ", "ip vrf forwarding ")))
            return next((r.split()[-1] for r in found), None)
    return None


def vrf_of_client(device: Device, client: str) -> str | None:
    """Returns the VRF of the interface that a client's packets come from."""
    return vrf_of(device, device.running.value(SOURCES[client]))


def vrf_of_licensing(device: Device, transport: str) -> str | None:
    """Returns the VRF that the licensing agent's requests go out in."""
    if transport == "callhome":
        rows = device.running.section("call-home")
        named = next((r.split()[-1] for r in rows if r.startswith("vrf ")), None)
        source = next((r.split(" ", 1)[1] for r in rows if r.startswith("source-interface ")), None)
        return named or vrf_of(device, source) or vrf_of_client(device, "http")
    return device.running.value("license smart vrf") or vrf_of_client(device, "http")


def knows_vrf(device: Device, vrf: str) -> bool:
    """Tells whether a VRF is defined."""
    heads = {head.lower() for head, _ in device.running.sections()}
    return f"vrf definition {vrf.lower()}" in heads


def leads_out(device: Device, vrf: str | None) -> bool:
    """Tells whether packets in this VRF reach anything beyond the router and come back."""
    right = device.spec.vrf
    return device.spec.reachable and (right is None or (vrf or "global").lower() == right.lower())


def name_servers(device: Device, vrf: str | None) -> list[str]:
    """Returns the name servers that are asked in a VRF; the broadcast address where none is set."""
    found: list[str] = []
    for words in (row.split() for row in device.running.values("ip name-server")):
        inside = words[1] if words[:1] == ["vrf"] else None
        if (inside or "global").lower() == (vrf or "global").lower():
            found += words[2:] if inside else words
    return found or ["255.255.255.255"]


def is_address(host: str) -> bool:
    """Tells whether a host is named by its address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolves(device: Device, host: str, vrf: str | None) -> bool:
    """Tells whether the router finds a host's address: it asks in the same VRF."""
    if is_address(host):
        return True
    if any(
        row.split()[:1] == [host]
        for row in (*device.running.values("ip host"), *device.running.values(f"ip host vrf {vrf}"))
    ):
        return True
    config = device.running
    off = config.has("no ip domain lookup") or config.has("no ip domain-lookup")
    if off or not leads_out(device, vrf) or device.faults.on("F34", "dns"):
        return False
    return device.network.resolves(device.pid, device.serial, host)


def address_of(device: Device, host: str) -> str:
    """Returns the address of a host: what the configuration gives, else always the same one."""
    if is_address(host):
        return host
    rows = (row.split() for row in device.running.values("ip host"))
    given = next((r[1] for r in rows if r[:1] == [host] and len(r) > 1), None)
    return given or f"198.51.100.{stable(host.lower(), 250) + 1}"


def asks_servers(device: Device, host: str, vrf: str | None) -> list[str]:
    """Returns the name servers that a name is looked up at; none where the router asks none."""
    config = device.running
    if config.has("no ip domain lookup") or config.has("no ip domain-lookup"):
        return []
    if any(row.split()[:1] == [host] for row in config.values("ip host")):
        return []
    return name_servers(device, vrf)


def translating(host: str, servers: list[str]) -> str:
    """Returns what is printed while a name is looked up at these servers, one after another."""
    return f'Translating "{host}"...domain server {" ".join(f"({x})" for x in servers)}'


def connects(
    device: Device, host: str, port: int, vrf: str | None, source: str | None
) -> Connected:
    """Returns what becomes of a TCP connection to a host that is known."""
    full = _interface(device, source)
    if source is not None and (full is None or vrf_of(device, full) != vrf):
        return "unreachable"
    if not leads_out(device, vrf):
        return "silent"
    return device.network.connects(device.pid, device.serial, host, port)


def _interface(device: Device, name: str | None) -> str | None:
    """Returns the interface of this name if it is up."""
    full = interface_name(name) if name else None
    for head, rows in device.running.sections():
        if full and head == f"interface {full}":
            return None if "shutdown" in rows else full
    return None
