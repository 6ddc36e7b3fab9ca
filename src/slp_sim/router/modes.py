"""The sub-modes of configuration: which line opens which, and the lines that each takes."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache

from slp_sim.router.grammar import Grammar

_INTERFACE = """
access-session|arp|backup|bandwidth|bfd|carrier-delay|channel-group|delay|dialer|
dialer-group|dot1q|duplex|encapsulation|flow-sampler|flowcontrol|glbp|hold-queue|isis|keepalive|
l2protocol-tunnel|lacp|load-interval|mac-address|mdix|media-type|mode|mop|mpls|mtu|
negotiation|ospfv3|peer|performance|plim|power|ppp|pppoe|qos|service-policy|
shutdown|snmp|spanning-tree|speed|standby|storm-control|switchport|transmit-interface|trust|tunnel|
tx-ring-limit|udld|vlan-id|vrrp|xconnect|zone-member
"""
_INTERFACE_IP = """
access-group|accounting|authentication|bandwidth-percent|bgp|broadcast-address|cef|dhcp|
directed-broadcast|dns|dvmrp|flow|flowspec|hello-interval|helper-address|hold-time|icmp|igmp|
information-reply|inspect|irdp|load-sharing|local-proxy-arp|mask-reply|mfib|mobile|mroute-cache|
mtu|multicast|nat|nbar|next-hop-self|nhrp|ospf|pgm|pim|policy|proxy-arp|rarp-server|redirects|
rip|route-cache|router|rsvp|rtp|security|split-horizon|sticky-arp|summary-address|tcp|
traffic-export|unnumbered|unreachables|verify|virtual-reassembly|vrf|wccp
"""
_LINE = """
absolute-timeout|access-class|accounting|activation-character|authorization|autocommand|
autohangup|autoselect|data-character-bits|databits|escape-character|exec|exec-timeout|
flowcontrol|full-help|history|international|length|location|login|logout-warning|
modem|monitor|motd-banner|no-banner|notify|padding|parity|password|privilege|refuse-message|rotary|
rxspeed|session-limit|session-timeout|special-character-bits|speed|start-character|stop-character|
stopbits|telnet|terminal-type|timeout|timestamp|transport|txspeed|vacant-message|width
"""
_CALL_HOME = """
aaa-authorization|alert-group|alert-group-config|anonymous-reporting-only|contact-email-addr|
contract-id|copy-profile|customer-id|data-privacy|destination|http|http-proxy|mail-server|
phone-number|rate-limit|reporting|sender|site-id|source-interface|source-ip-address|
street-address|subscribe-to-alert-group|syslog-throttling|vrf
"""
_REDUNDANCY = "mode|main-cpu|maintenance-mode|policy|timers"
_PROFILE = "active|anonymous-reporting-only|destination|reporting|subscribe-to-alert-group"
_BOTH = (
    "cdp enable",
    "crypto {map|ipsec} <rest...>",
    "lldp {transmit|receive|med} [<rest...>]",
    "logging {event|synchronous} [<rest...>]",
    "ntp {broadcast|disable|multicast} [<rest...>]",
    "service instance <rest...>",
    "vrf forwarding [<name>]",
    "ip address [<rest...>]",
    "ipv6 {address|enable|mtu|nd|ospf|traffic-filter|dhcp|verify|unreachables} [<rest...>]",
    "description [<rest...>]",
)
_ROUTER = """
address-family|aggregate-address|area|auto-cost|auto-summary|bgp|bfd|default-information|
default-metric|distance|distribute-list|eigrp|exit-address-family|log-adjacency-changes|
maximum-paths|max-metric|metric|neighbor|net|network|nsf|offset-list|passive-interface|
redistribute|router-id|summary-address|synchronization|template|timers|variance|version|is-type
"""
_TRUSTPOINT = """
auto-enroll|chain-validation|crl|default|eku|enrollment|fingerprint|fqdn|hash|ip-address|
password|primary|regenerate|revocation-check|root|rsakeypair|serial-number|source|
storage|subject-alt-name|subject-name|usage|vrf|usage-keyring
"""


@dataclass(frozen=True)
class Mode:
    """One sub-mode: its prompt, and what can be typed in it; ``None``: whatever is typed."""

    label: str
    grammar: Grammar | None


def _first_words(words: str, *more: str) -> Grammar:
    grammar = Grammar()
    for word in words.replace("\n", "").split("|"):
        grammar.add(f"{word} [<rest...>]", bool)
    for pattern in more:
        grammar.add(pattern, bool)
    return grammar


def _interface() -> Grammar:
    ip = "".join(_INTERFACE_IP.split())
    rows = [f"ip {word} [<rest...>]" for word in ip.split("|")]
    return _first_words(_INTERFACE, *rows, *_BOTH)


@cache
def _modes() -> tuple[tuple[re.Pattern[str], Mode], ...]:
    interface = _interface()
    rows: tuple[tuple[str, str, Grammar | None], ...] = (
        (r"interface range ", "config-if-range", interface),
        (r"interface .*\.\d+$", "config-subif", interface),
        (r"interface ", "config-if", interface),
        (r"line ", "config-line", _first_words(_LINE, "logging synchronous [<rest...>]")),
        (r"call-home$", "cfg-call-home", _first_words(_CALL_HOME, "profile <name>")),
        (r"profile ", "cfg-call-home-profile", _first_words(_PROFILE)),
        (r"router ", "config-router", _first_words(_ROUTER)),
        (r"address-family ", "config-router-af", _first_words(_ROUTER)),
        (r"crypto pki trustpoint ", "ca-trustpoint", _first_words(_TRUSTPOINT)),
        (r"redundancy$", "config-red", _first_words(_REDUNDANCY)),
        (r"vrf definition ", "config-vrf", _first_words("rd|route-target|description|vnet",
                                                        "address-family <rest...>")),
        (r"aaa group server ", "config-sg", _first_words(
            "server|server-private|ip|deadtime|load-balance|key|attribute|authorization")),
        (r"ip access-list standard ", "config-std-nacl", _first_words("permit|deny|remark",
                                                                      "<n> <rest...>")),
        (r"ip access-list extended ", "config-ext-nacl", _first_words("permit|deny|remark",
                                                                      "<n> <rest...>")),
        (r"crypto isakmp policy ", "config-isakmp", None),
        (r"crypto ikev2 ", "config-ikev2", None),
        (r"crypto map \S+ \d+ ipsec", "config-crypto-map", None),
        (r"crypto pki certificate chain ", "config-cert-chain", None),
        (r"(class-map|policy-map) ", "config-cmap", None),
        (r"route-map ", "config-route-map", None),
        (r"ip dhcp pool ", "dhcp-config", None),
        (r"event manager applet ", "config-applet", None),
        (r"archive$", "config-archive", _first_words(
            "path|maximum|write-memory|time-period|log|rollback")),
        (r"control-plane$", "config-cp", _first_words("service-policy")),
    )  # fmt: skip
    return tuple((re.compile(head, re.I), Mode(label, words)) for head, label, words in rows)


def mode_of(header: str) -> Mode | None:
    """Returns the sub-mode that a line opens; None where it opens none."""
    return next((mode for head, mode in _modes() if head.match(header)), None)


_NAMES = (
    "GigabitEthernet",
    "TenGigabitEthernet",
    "TwoGigabitEthernet",
    "FortyGigabitEthernet",
    "HundredGigE",
    "FastEthernet",
    "Loopback",
    "Tunnel",
    "Vlan",
    "Serial",
    "Port-channel",
    "Dialer",
    "BDI",
    "Cellular",
    "VirtualPortGroup",
    "Virtual-Template",
    "ucse",
)


def interface_name(text: str) -> str | None:
    """Returns an interface's name written out (``GigabitEthernet0/0/0``); None for no name."""
    found = re.match(r"([a-z-]+)\s*(\d[\d/.:]*)$", text.strip(), re.IGNORECASE)
    if found is None:
        return None
    name = next((n for n in _NAMES if n.lower().startswith(found[1].lower())), None)
    return f"{name}{found[2]}" if name else None


def interface_range(text: str) -> list[str] | None:
    """Returns the interfaces of ``interface range gi0/0/0 - 3 , gi0/0/5``; None for no range."""
    names: list[str] = []
    for part in text.split(","):
        found = re.match(r"\s*([a-z-]+\s*[\d/]*?)(\d+)\s*(?:-\s*(\d+)\s*)?$", part, re.IGNORECASE)
        if found is None:
            return None
        first, last = int(found[2]), int(found[3] or found[2])
        if not first <= last <= first + 255:
            return None
        for number in range(first, last + 1):
            name = interface_name(f"{found[1]}{number}")
            if name is None:
                return None
            names.append(name)
    return names


def vty_pieces(headers: list[str], first: int, last: int) -> dict[str, list[tuple[int, int]]]:
    """Returns how ``line vty`` sections must be cut so that ``first`` to ``last`` stand alone."""
    cuts: dict[str, list[tuple[int, int]]] = {}
    for header in headers:
        low, high = vty_lines(header)
        pieces = [
            (low, min(high, first - 1)),
            (max(low, first), min(high, last)),
            (max(low, last + 1), high),
        ]
        pieces = [(a, b) for a, b in pieces if a <= b]
        if len(pieces) > 1:
            cuts[header] = pieces
    return cuts


def vty_lines(header: str) -> tuple[int, int]:
    """Returns the first and the last number of a header such as ``line vty 0 4``."""
    numbers = [int(x) for x in re.findall(r"\d+", header)]
    return numbers[0], numbers[-1]


def bad_address(line: str) -> bool:
    """Tells whether ``ip address …`` names no address."""
    words = line.split()[2:]
    if not words or words[0] in ("dhcp", "negotiated", "pool"):
        return False
    try:
        ipaddress.IPv4Interface("/".join(words[:2]))
    except ValueError:
        return True
    return len(words) < 2
