"""Interfaces and routes as far as the configuration tells of them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from slp_sim.router.catalog import stable
from slp_sim.router.interfaces import ports_of
from slp_sim.router.router import Router

_ROUTE_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2, m - OMP
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       * - candidate default, U - per-user static route, + - replicated route

"""


@dataclass(frozen=True)
class Port:
    """One interface that the configuration names."""

    name: str
    rows: list[str]
    saved: bool

    @property
    def up(self) -> bool:
        """Tells whether nobody shut it."""
        return "shutdown" not in self.rows

    @property
    def state(self) -> str:
        """As ``show interfaces`` says it."""
        return "up" if self.up else "administratively down"

    def value(self, prefix: str) -> str | None:
        """Returns what a line of its section sets."""
        return next((r[len(prefix) :].strip() for r in self.rows if r.startswith(prefix)), None)

    @property
    def method(self) -> str:
        """Where the address comes from."""
        words = self.value("ip address ")
        if words is None:
            return "unset"
        return "DHCP" if words == "dhcp" else ("NVRAM" if self.saved else "manual")

    @property
    def address(self) -> ipaddress.IPv4Interface | None:
        """The first address, with its mask; none that DHCP has yet to give."""
        words = (self.value("ip address ") or "").split()
        if words[:1] == ["dhcp"] or len(words) < 2:
            return None
        return ipaddress.IPv4Interface(f"{words[0]}/{words[1]}")


def ports(router: Router, only: str | None = None) -> list[Port]:
    """Returns the interfaces, or the one that is named."""
    found = []
    for head, rows in router.running.sections():
        name = head.removeprefix("interface ")
        if name == head or (only is not None and name != only):
            continue
        address = next((r for r in rows if r.startswith("ip address ")), "")
        saved = router.startup is not None and address in router.startup.section(head)
        found.append(Port(name, rows, saved))
    if only is not None and not found and only in ports_of(router.pid):
        found.append(Port(only, ["no ip address", "shutdown"], saved=True))
    return found


def brief(router: Router) -> str:
    """Returns ``show ip interface brief``."""
    text = "Interface              IP-Address      OK? Method Status                Protocol\n"
    for port in ports(router):
        address = str(port.address.ip) if port.address else "unassigned"
        text += f"{port.name:<22} {address:<15} YES {port.method:<6} {port.state:<21} "
        text += "up\n" if port.up else "down\n"
    return text


def description(router: Router) -> str:
    """Returns ``show interfaces description``."""
    text = "Interface                      Status         Protocol Description\n"
    for port in ports(router):
        short = port.name.replace("GigabitEthernet", "Gi").replace("Loopback", "Lo")
        status = "up" if port.up else "admin down"
        said = port.value("description ") or ""
        text += f"{short:<30} {status:<14} {'up' if port.up else 'down':<8} {said}".rstrip() + "\n"
    return text


def interfaces(router: Router, only: str | None = None) -> str:
    """Returns ``show interfaces``."""
    return "".join(_interface(router, port) for port in ports(router, only))


def _interface(router: Router, port: Port) -> str:
    line = "up" if port.up else "down"
    text = f"{port.name} is {port.state}, line protocol is {line}\n"
    ethernet = port.name.startswith(("Gig", "Ten", "Fast", "Two", "Forty"))
    if ethernet:
        mac = f"{stable(router.serial + port.name, 2**40):010x}"
        mac = f"00{mac[:2]}.{mac[2:6]}.{mac[6:]}"
        text += f"  Hardware is {router.pid.split('/')[0]}-GE, address is {mac} (bia {mac})\n"
    else:
        text += f"  Hardware is {port.name.rstrip('0123456789/.')}\n"
    said = port.value("description ")
    text += f"  Description: {said}\n" if said else ""
    text += f"  Internet address is {port.address}\n" if port.address else ""
    mtu = port.value("mtu ") or ("1500" if ethernet else "1514")
    width = port.value("bandwidth ") or ("1000000" if ethernet else "8000000")
    text += (
        f"  MTU {mtu} bytes, BW {width} Kbit/sec, DLY {10 if ethernet else 5000} usec, \n"
        "     reliability 255/255, txload 1/255, rxload 1/255\n"
        f"  Encapsulation {'ARPA' if ethernet else 'LOOPBACK'}, loopback not set\n"
        "  Keepalive not supported \n"
    )
    if ethernet:
        text += (
            "  Full Duplex, 1000Mbps, link type is auto, media type is RJ45\n"
            "  output flow-control is on, input flow-control is on\n"
            "  ARP type: ARPA, ARP Timeout 04:00:00\n"
        )
    return text + (
        "  Last input 00:00:00, output 00:00:00, output hang never\n"
        '  Last clearing of "show interface" counters never\n'
        "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0\n"
        "  Queueing strategy: fifo\n  Output queue: 0/40 (size/max)\n"
        "  5 minute input rate 1000 bits/sec, 1 packets/sec\n"
        "  5 minute output rate 1000 bits/sec, 1 packets/sec\n"
        "     0 packets input, 0 bytes, 0 no buffer\n"
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n"
        "     0 packets output, 0 bytes, 0 underruns\n"
        "     0 output errors, 0 collisions, 0 interface resets\n"
    )


def ip_interface(router: Router, only: str | None = None) -> str:
    """Returns ``show ip interface``."""
    text = ""
    for port in ports(router, only):
        text += f"{port.name} is {port.state}, line protocol is {'up' if port.up else 'down'}\n"
        if port.address is None:
            text += "  Internet protocol processing disabled\n"
            continue
        source = "non-volatile memory" if port.saved else "setup command"
        text += (
            f"  Internet address is {port.address}\n  Broadcast address is 255.255.255.255\n"
            f"  Address determined by {source}\n  MTU is {port.value('mtu ') or '1500'} bytes\n"
            "  Helper address is not set\n  Directed broadcast forwarding is disabled\n"
            "  Outgoing access list is not set\n  Inbound  access list is not set\n"
            "  Proxy ARP is enabled\n  ICMP redirects are always sent\n"
        )
    return text


def ipv6_interface(_router: Router) -> str:
    """Returns ``show ipv6 interface``: no interface has IPv6 here."""
    return ""


def routes(router: Router) -> str:
    """Returns ``show ip route``: what is connected and what is configured."""
    rows, gateway = [], "not set"
    for words in (x.split() for x in router.running.values("ip route")):
        if len(words) < 3 or words[0] == "vrf":
            continue
        try:
            network = ipaddress.IPv4Network(f"{words[0]}/{words[1]}", strict=False)
        except ValueError:
            continue
        if network.prefixlen == 0:
            gateway = f"{words[2]} to network 0.0.0.0"
        mark = "S*" if network.prefixlen == 0 else "S "
        rows.append(f"{mark:<9}{network} [1/0] via {words[2]}\n")
    for port in ports(router):
        if port.address is not None and port.up:
            rows.append(f"{'C':<9}{port.address.network} is directly connected, {port.name}\n")
            rows.append(f"{'L':<9}{port.address.ip}/32 is directly connected, {port.name}\n")
    return f"{_ROUTE_CODES}Gateway of last resort is {gateway}\n\n{''.join(rows)}"
