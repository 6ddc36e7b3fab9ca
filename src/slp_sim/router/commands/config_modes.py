"""The modes of configuration: which line opens which, and the lines that each takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from slp_sim.router.catalog import Release
from slp_sim.router.grammar import Available, Grammar
from slp_sim.router.vty import Vty

GLOBAL = "config"
_SUFFIX = ".txt"


@dataclass(frozen=True)
class ConfigMode:
    """One sub-mode: its prompt, and what can be typed in it."""

    label: str
    grammar: Grammar


_OPENED_BY: tuple[tuple[str, str, str], ...] = (
    (r"interface range ", "config-if-range", "config-if"),
    (r"interface .*\.\d+$", "config-subif", "config-if"),
    (r"interface ", "config-if", "config-if"),
    (r"line ", "config-line", "config-line"),
    (r"call-home$", "cfg-call-home", "cfg-call-home"),
    (r"profile ", "cfg-call-home-profile", "cfg-call-home-profile"),
    (r"router ", "config-router", "config-router"),
    (r"crypto pki trustpoint ", "ca-trustpoint", "ca-trustpoint"),
    (r"crypto pki certificate chain ", "config-cert-chain", "config-cert-chain"),
    (r"redundancy$", "config-red", "config-red"),
    (r"(vrf definition|ip vrf) ", "config-vrf", "config-vrf"),
    (r"aaa group server ", "config-sg", "config-sg"),
    (r"(radius|tacacs) server ", "config-server", "config-server"),
    (r"ip access-list standard ", "config-std-nacl", "config-std-nacl"),
    (r"ip access-list extended ", "config-ext-nacl", "config-ext-nacl"),
    (r"ipv6 access-list ", "config-ipv6-acl", "ipv6-acl"),
    (r"crypto isakmp policy ", "config-isakmp", "config-isakmp"),
    (r"crypto ikev2 (proposal|policy|keyring|profile) ", "config-ikev2", "config-ikev2"),
    (r"crypto map \S+ \d+ ipsec", "config-crypto-map", "config-crypto"),
    (r"crypto ipsec transform-set ", "cfg-crypto-trans", "config-crypto"),
    (r"crypto ipsec profile ", "ipsec-profile", "config-crypto"),
    (r"class-map ", "config-cmap", "config-cmap"),
    (r"policy-map ", "config-pmap", "config-pmap"),
    (r"route-map ", "config-route-map", "config-route-map"),
    (r"ip dhcp pool ", "dhcp-config", "dhcp-config"),
    (r"event manager applet ", "config-applet", "config-applet"),
    (r"archive$", "config-archive", "config-archive"),
    (r"log config$", "config-archive-log-cfg", "config-archive-log-cfg"),
    (r"control-plane", "config-cp", "config-cp"),
    (r"key chain ", "config-keychain", "config-keychain"),
    (r"ip sla \d+$", "config-ip-sla", "config-ip-sla"),
    (r"track \d+ ", "config-track", "config-track"),
    (r"flow (record|exporter|monitor) ", "config-flow", "config-flow"),
    (r"vlan \d+$", "config-vlan", "config-vlan"),
)
"""Which line opens which mode: its prompt, and the table of its lines."""
NESTED = ("profile ", "address-family ", "log config", "class ")
"""Lines of a sub-mode that open one of their own."""


@cache
def _heads() -> tuple[tuple[re.Pattern[str], ConfigMode], ...]:
    grammars = _grammars()
    return tuple(
        (re.compile(head, re.I), ConfigMode(label, grammars[table]))
        for head, label, table in _OPENED_BY
    )


def mode_of(header: str, *above: str) -> ConfigMode | None:
    """Returns the sub-mode that a line opens below others; None where it opens none."""
    grammars = _grammars()
    if header.startswith("address-family "):
        vrf = above[:1] and above[0].startswith("vrf ")
        return (
            ConfigMode("config-vrf-af", grammars["config-vrf-af"])
            if vrf
            else ConfigMode("config-router-af", grammars["config-router-af"])
        )
    if header.startswith("class ") and above:
        return ConfigMode("config-pmap-c", grammars["config-pmap"])
    return next((mode for head, mode in _heads() if head.match(header)), None)


# --- the tables -----------------------------------------------------------------------------------


@cache
def _grammars() -> dict[str, Grammar]:
    """Returns the lines of each mode, from the files in ``data/modes``."""
    grammars: dict[str, Grammar] = {}
    folder = resources.files("slp_sim.data") / "modes"
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if file.name.endswith(_SUFFIX):
            for mode, conditions, pattern in _rows(file.read_text("utf-8")):
                grammar = grammars.setdefault(mode, Grammar())
                grammar.add(pattern, bool, _available(conditions))
    return grammars


def config_grammar() -> Grammar:
    """Returns the lines of global configuration."""
    return _grammars()[GLOBAL]


def _rows(text: str) -> Iterator[tuple[str, tuple[str, ...], str]]:
    mode = GLOBAL
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]") and " " not in line:
            mode = line[1:-1]
            continue
        words = line.split()
        conditions = [w for w in words if w.startswith("@")]
        yield mode, tuple(c[1:] for c in conditions), " ".join(words[len(conditions) :])


def _available(conditions: tuple[str, ...]) -> Available | None:
    if not conditions:
        return None
    tests = [_condition(text) for text in conditions]
    return lambda who: all(test(who) for test in tests)


def _condition(text: str) -> Callable[[Vty], bool]:
    if text.startswith(">="):
        since = Release.parse(text[2:])
        return lambda who: who.router.release >= since
    if text == "slp":
        return lambda who: who.router.agent.model == "slp"
    if text == "smart":
        return lambda who: who.router.agent.model in ("smart", "slp") or who.router.platform.classic
    families = frozenset(text.split(","))
    return lambda who: who.router.platform.family in families


# --- lines for terminals --------------------------------------------------------------------------


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
