"""Configuration mode: which lines the router takes, and what they do at once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from slp_sim.router import accounts
from slp_sim.router.agent import reporting
from slp_sim.router.agent.core import SMART_URL
from slp_sim.router.catalog import Release
from slp_sim.router.commands import sections
from slp_sim.router.grammar import Grammar, Match, Reject
from slp_sim.router.running import exec_line
from slp_sim.router.steps import Ask, Dialogue

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal

_IP = (
    "access-list|alias|arp|as-path|audit|bgp-community|bootp|cef|classless|community-list|ddns|"
    "default-gateway|default-network|device|dhcp|dns|domain|domain-list|domain-lookup|"
    "domain-name|explicit-path|extcommunity-list|finger|flow|flow-export|forward-protocol|ftp|"
    "gratuitous-arps|host|host-routing|http|icmp|identd|igmp|inspect|irdp|local|mfib|mobile|"
    "mroute|msdp|multicast|multicast-routing|name-server|nat|nbar|nhrp|options|ospf|pgm|pim|"
    "port-map|prefix-list|radius|rcmd|reflexive-list|rip|route|routing|rsvp|rtcp|sap|scp|security|"
    "sla|source-route|spd|ssh|sticky-arp|subnet-zero|tacacs|tcp|telnet|tftp|traffic-export|"
    "verify|virtual-reassembly|vrf|wccp"
)
"""What ``ip`` in global configuration goes on with."""


def register(config: Grammar) -> None:
    """Adds the lines that global configuration mode takes."""
    for pattern in (
        "hostname <name>",
        "interface <rest...>",
        "interface range <rest...>",
        "default interface <rest...>",
        "line {con|console|aux|vty} <rest...>",
        "router <rest...>",
        "redundancy",
        "vrf definition <name>",
        "call-home",
        "service <rest...>",
        "clock timezone <rest...>",
        "ntp <rest...>",
        "enable secret <rest...>",
        "enable password <rest...>",
        "username <rest...>",
        "logging <rest...>",
        "snmp-server <rest...>",
        "aaa <rest...>",
        "banner <rest...>",
        "boot system <rest...>",
        "boot-start-marker",
        "boot-end-marker",
        "config-register <value>",
        "crypto <rest...>",
        f"ip {{{_IP}}} [<rest...>]",
        "ipv6 <rest...>",
        "access-list <rest...>",
        "netconf-yang [ssh|feature candidate-datastore]",
        "restconf",
        "file prompt quiet",
        "event <rest...>",
        "voice <rest...>",
        "spanning-tree <rest...>",
        "subscriber <rest...>",
        "multilink <rest...>",
        "license accept end user agreement",
        "license feature hseck9",
        "license boot level <rest...>",
        "platform hardware throughput level <rest...>",
        "platform hardware throughput crypto <level>",
        "platform <rest...>",
        "control-plane",
        "archive",
        "configuration mode exclusive [auto|manual]",
        "alias <rest...>",
        "{class-map|policy-map|route-map|parameter-map|zone|zone-pair|template} <rest...>",
        "{cdp|lldp|login|key|track|vlan|flow|telemetry|mpls|security|process|exception} <rest...>",
        "{tacacs|radius|tacacs-server|radius-server|monitor|kron|privilege|transport} <rest...>",
        "{dial-peer|sip-ua|telephony-service|call-manager-fallback} [<rest...>]",
        "{hw-module|diagnostic} <rest...>",
        "{memory|parser|scheduler|ethernet|bridge-domain|l2vpn|bfd|performance} <rest...>",
    ):
        config.add(pattern, apply_line)
    smart = "license smart"
    config.add(f"{smart} enable", apply_line, _smart)
    config.add(f"{smart} reservation", reservation_line, _smart)
    config.add(f"{smart} transport {{callhome|smart}}", apply_line, _smart)
    config.add(f"{smart} transport {{cslu|off|automatic}}", apply_line, _slp)
    config.add(f"{smart} url default", url_default, _smart)
    config.add(f"{smart} url smart <url>", apply_line, _slp)
    config.add(f"{smart} url cslu <url>", apply_line, _slp)
    config.add(f"{smart} url utility <url>", apply_line, _smart)
    config.add(f"{smart} url <url>", apply_line, _smart)
    config.add(f"{smart} usage interval <days>", usage_interval, _slp)
    config.add(f"{smart} usage customer-tags <rest...>", apply_line, _slp)
    config.add(f"{smart} proxy address <address>", apply_line, _slp)
    config.add(f"{smart} proxy port <port>", apply_line, _slp)
    config.add(f"{smart} privacy {{all|hostname|version}}", apply_line, _smart)
    config.add(f"{smart} custom_id <id>", apply_line, _smart)
    config.add(f"{smart} server-identity-check", apply_line, _slp)
    config.add(f"{smart} vrf <vrf>", apply_line, _vrf)
    config.add(f"{smart} utility", apply_line, _smart)


def _smart(line: Terminal) -> bool:
    return line.router.agent.model in ("smart", "slp") or line.router.platform.classic


def _slp(line: Terminal) -> bool:
    return line.router.agent.model == "slp"


def _vrf(line: Terminal) -> bool:
    return _slp(line) and line.router.release >= Release(17, 9, 1)


def config_line(line: Terminal, raw: str) -> Dialogue:
    """Carries out one line typed in configuration mode."""
    from slp_sim.router.commands import CONFIG

    text = " ".join(raw.split())
    low = text.lower()
    if low == "end":
        line.leave_config()
    elif low in ("exit", "ex", "exi"):
        sections.leave(line)
    elif low.startswith("do "):
        rest = raw.lstrip()[2:].lstrip()
        yield from exec_line(line, rest, skipped=len(raw) - len(rest))
    elif low.startswith("banner ") and len(low.split()) > 2:
        yield from _banner(line, text)
    elif line.router.faults.unknown(text):
        yield line.reject(Reject("invalid", len(raw) - len(raw.split(maxsplit=2)[-1])), raw)
    else:
        word = next((w for w in ("no ", "default ") if low.startswith(w)), "")
        if low.startswith("default interface "):
            word = ""
        body = text[len(word) :]
        match = CONFIG.match(body, line)
        taken = sections.take(line, body, negated=bool(word), known=isinstance(match, Match))
        if taken is not None:
            yield taken
            _touched(line)
        elif isinstance(match, Match):
            yield from _global(line, match, body, negated=bool(word))
        elif word and match.kind == "incomplete" and line.router.running.unset(None, body):
            _touched(line)
        else:
            at = _column(raw, text, match.column + len(word))
            yield line.reject(Reject(match.kind, at), raw)


def _column(raw: str, text: str, column: int) -> int:
    """Returns where a word of the tidied line stands in the line as it was typed."""
    starts = [found.start() for found in re.finditer(r"\S+", raw)]
    before = len(text[:column].split())
    return starts[before] if before < len(starts) else len(raw)


def _banner(line: Terminal, text: str) -> Dialogue:
    """Takes a banner: up to the delimiter that it begins with, over as many lines as it likes."""
    _, kind, rest = text.split(maxsplit=2)
    mark = rest[:2] if rest.startswith("^") else rest[0]
    body, closed, _ = rest[len(mark) :].partition(mark)
    if not closed:
        yield f"Enter TEXT message.  End with the character '{mark}'.\n"
    lines = [body]
    while not closed:
        more, closed, _ = (yield Ask("")).partition(mark)
        lines.append(more)
    router = line.router
    banner = "\n".join(lines)
    router.running.set(None, f"banner {kind} ^C{banner}^C")
    _touched(line)


def _touched(line: Terminal) -> None:
    line.router.config_changed_at = line.router.now()
    line.router.config_changed_by = line.username


def _global(line: Terminal, match: Match, body: str, *, negated: bool) -> Dialogue:
    text = sections.written_out(match, body)
    line.config_paths = []
    if negated:
        yield _negated(line, text)
        _touched(line)
        reporting.transport_changed(line.router.agent)
        yield from _after(line, text)
        return
    refusal = sections.enter(line, text)
    if refusal is not None:
        yield refusal
        _touched(line)
        return
    if text.startswith("config-register"):
        line.router.next_register = match.args["value"]
        return
    answer = match.handler(line, text, **match.args)
    if isinstance(answer, str):
        yield answer
    _touched(line)
    yield from _after(line, text)


def _negated(line: Terminal, text: str) -> str:
    """Takes a global line back; returns what the router says to it."""
    router = line.router
    if text.startswith("interface "):
        return sections.remove_interface(router, text)
    if text.startswith("enable "):
        text = " ".join(text.split()[:2])
    if text.startswith("username "):
        text = " ".join(text.split()[:2])
    if not router.running.negate(None, text) and text.startswith("license smart url"):
        router.running.unset(None, "license smart url")
    return ""


def _after(line: Terminal, text: str) -> Dialogue:
    router = line.router
    if text.startswith("platform hardware throughput level"):
        if router.platform.virtual:
            router.settled_level = router.configured_level()
        else:
            yield "% The config will take effect on next reboot\n"
    elif text.startswith("platform hardware throughput crypto"):
        yield "% These values don't take effect until the next reload.\n"
        yield "  Please save the configuration.\n"
    elif text.startswith("license boot level"):
        yield "% use 'write' command to make license boot config take effect on next boot\n"
    elif text.startswith("license smart"):
        reporting.transport_changed(router.agent)


_THROUGHPUT = "platform hardware throughput"
_REFUSED = {"level": "Throughput level", "crypto": "Crypto throughput"}


def apply_line(line: Terminal, text: str, **_args: str) -> str | None:
    """Adds a line to the running configuration."""
    router = line.router
    if router.platform.tiers and not router.agent.authorized_above_250m():
        what = next((w for w in ("level", "crypto") if text.startswith(f"{_THROUGHPUT} {w}")), None)
        if what and router.above_250m(text.removeprefix(f"{_THROUGHPUT} {what} ")):
            return f"% {_REFUSED[what]} above 250M requires hseck9 license\n"
    if text.startswith("license feature hseck9") and router.agent.model == "slp":
        router.log("SMART_LIC-6-EXPORT_CONTROLLED", _allowed_text(router.agent.hseck9_allowed()))
    router.running.set(None, accounts.kept(text, router.serial))
    return None


def _allowed_text(allowed: bool) -> str:
    word = "allowed for feature hseck9" if allowed else "not allowed"
    return f"Usage of export controlled features is {word}"


def reservation_line(line: Terminal, text: str) -> None:
    """Allows the reservation commands."""
    line.router.agent.reservation_on = True
    line.router.running.set(None, text)


def url_default(line: Terminal, _text: str) -> None:
    """Sets the URLs of the smart transport to Cisco's."""
    line.router.running.set(None, f"license smart url {SMART_URL}")
    line.router.running.set(None, f"license smart url smart {SMART_URL}")


def usage_interval(line: Terminal, text: str, days: str) -> str | None:
    """Sets how often usage is reported."""
    if not days.isdigit() or not 1 <= int(days) <= 365:
        return "% Invalid input detected at '^' marker.\n\n"
    line.router.running.set(None, text)
    reporting.interval_changed(line.router.agent, int(days))
    return None
