"""How a configuration is kept: which line replaces which, what stands where, which ``no`` shows."""

from __future__ import annotations

import re
from functools import lru_cache

NO_IS_SHOWN = (
    "aaa new-model",
    "ip domain lookup",
    "ip http server",
    "ip http secure-server",
    "ip address",
    "negotiation auto",
    "cdp enable",
    "cdp run",
    "ip redirects",
    "ip unreachables",
    "ip proxy-arp",
    "http secure server-identity-check",
)
"""Lines whose ``no`` stands in the configuration instead of nothing."""

_TOP = (
    r"hostname",
    r"license smart transport",
    r"license smart url cslu",
    r"license smart url smart",
    r"license smart url utility",
    r"license smart url (?=\S+$)",
    r"license smart usage interval",
    r"license smart proxy address",
    r"license smart proxy port",
    r"license smart vrf",
    r"license smart custom_id",
    r"license smart usage customer-tags tag\d",
    r"license boot level(?: (?:appxk9|uck9|securityk9))?",
    r"platform hardware throughput level",
    r"platform hardware throughput crypto",
    r"ip http client source-interface",
    r"ip http client secure-trustpoint",
    r"ip http client connection (?:timeout|retry)",
    r"ip http authentication",
    r"ip domain name",
    r"ip domain lookup source-interface",
    r"ip default-gateway",
    r"ip ssh version",
    r"ip ssh rsa keypair-name",
    r"ip ssh source-interface",
    r"ntp source",
    r"logging buffered",
    r"logging trap",
    r"logging source-interface",
    r"snmp-server location",
    r"snmp-server contact",
    r"snmp-server community \S+",
    r"username \S+",
    r"enable secret",
    r"enable password",
    r"clock timezone",
    r"banner \S+",
    r"service timestamps \S+",
)
_WITHIN = (
    r"description",
    r"ip address(?!.*\bsecondary$)",
    r"ip mtu",
    r"ip access-group \S+ in",
    r"ip nat (?=inside$|outside$)",
    r"ip unnumbered",
    r"mtu",
    r"bandwidth",
    r"delay",
    r"speed",
    r"duplex",
    r"encapsulation",
    r"vrf forwarding",
    r"ip vrf forwarding",
    r"switchport mode",
    r"switchport access vlan",
    r"tunnel \S+",
    r"load-interval",
    r"exec-timeout",
    r"session-timeout",
    r"length",
    r"width",
    r"login",
    r"password",
    r"transport \S+",
    r"access-class \S+",
    r"privilege level",
    r"stopbits",
    r"logging",
    r"mode",
    r"contact-email-addr",
    r"source-interface",
    r"http-proxy",
    r"destination transport-method",
    r"destination address \S+",
    r"enrollment",
    r"revocation-check",
    r"subject-name",
    r"serial-number",
    r"rsakeypair",
    r"rd",
    r"router-id",
    r"vrf(?! forwarding)",
)


def _pattern(lines: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{x})" + ("" if x[-1] == ")" else r"(?=\s|$)") for x in lines))


_SLOTS = {True: _pattern(_TOP), False: _pattern(_WITHIN)}


def slot(line: str, *, top: bool) -> str | None:
    """Returns what a line sets, where a second such line replaces it."""
    found = _SLOTS[top].match(line.lower().removeprefix("no "))
    return found.group().strip() if found else None


_TOP_ORDER = (
    "service|platform (?!hardware)|hostname|boot|config-register|vrf|logging (?!host)|enable|aaa|"
    "clock|ip name-server|ip domain|ip dhcp|login|ipv6 unicast-routing|subscriber|multilink|flow|"
    "crypto pki|license|memory|platform hardware|diagnostic|spanning-tree|username|redundancy|"
    "vlan|lldp|cdp|class-map|policy-map|crypto|interface|router|ip forward-protocol|ip http|"
    "ip tftp|ip route|ip ssh|ip|logging|access-list|route-map|ipv6|snmp-server|tacacs|radius|"
    "control-plane|banner|line|call-home|ntp|event|netconf-yang|restconf"
)
_WITHIN_ORDER = (
    "description|switchport|bandwidth|mtu|vrf|ip vrf|encapsulation|ip address|ip|load-interval|"
    "shutdown|speed|duplex|negotiation|media-type|cdp|ipv6|crypto|service-policy"
)
_ORDERS = {
    True: [re.compile(f"(?:{x})(?=\\W|$)" if x[-1] != ")" else x) for x in _TOP_ORDER.split("|")],
    False: [re.compile(f"(?:{x})(?=\\s|$)") for x in _WITHIN_ORDER.split("|")],
}
_TYPES = ("loopback", "port-channel", "tunnel", "virtual", "gigabit", "tengigabit", "serial")


@lru_cache(maxsize=4096)
def _rank(line: str, *, top: bool) -> tuple[int, int, tuple[int, ...]]:
    low = line.lower().removeprefix("no ")
    order = _ORDERS[top]
    # of several that fit, the most exact one: "ip route" before "ip"
    hits = [(len(found.group()), -n) for n, x in enumerate(order) if (found := x.match(low))]
    if not hits:
        return len(order), 0, ()
    first = -max(hits)[1]
    if not top or not low.startswith(("interface ", "line ")):
        return first, 0, ()
    name = low.split(" ", 1)[1]
    kinds = ("con", "aux", "vty") if low.startswith("line ") else _TYPES
    kind = next((n for n, x in enumerate(kinds) if name.startswith(x)), len(kinds))
    return first, kind, tuple(int(x) for x in re.findall(r"\d+", name)[:6])


def place(lines: list[str], line: str, *, top: bool) -> int:
    """Returns where among ``lines`` a new one is written."""
    rank = _rank(line, top=top)
    before = [n for n, old in enumerate(lines) if _rank(old, top=top) <= rank]
    return before[-1] + 1 if before else 0


def ordered(lines: list[str]) -> list[str]:
    """Returns top lines in the order of a configuration; an unknown one follows its neighbour."""
    ranks: list[tuple[int, int, tuple[int, ...]]] = []
    last = len(_ORDERS[True])
    for line in lines:
        rank = _rank(line, top=True)
        ranks.append(rank if rank[0] < last or not ranks else ranks[-1])
    return [line for _, line in sorted(zip(ranks, lines, strict=True), key=lambda x: x[0])]
