"""The way from a router to its licence server: where it leads, and what is yet to be set on it.

Host and port are those of the target, or of the proxy before it. VRF and source interface are the
target's; what it leaves open is as the router is configured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from slp_core.errors import SlpError
from slp_core.plan import RouterPlan
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import RuleData
from slp_core.rules.topology import row_of, wanted_transport, wanted_url
from slp_core.rules.upgrade import server_is_old
from slp_core.state import RouterState
from slp_core.targets import Topology
from slp_core.topology_lines import difference, wanted_lines

RULE: Final = "READY-3"

_CALLHOME_URL = "https://tools.cisco.com/its/service/oddce/services/DDCEService"
_OF_NAMES = ("ip name-server ", "ip domain lookup source-interface ")
_OF_INTERFACES = (" / ip address ", " / vrf forwarding ")


@dataclass(frozen=True)
class Way:
    """One TCP connection that the router will need.

    Attributes:
        proxy: the host is the proxy before the server.
        names_later, ways_later: configuration that the plan itself sets after the reload, on which
            the look-up of the name hangs, or the way of packets.
        cut_over: the server itself is upgraded with its routers, and may be down now.
    """

    host: str
    port: int
    vrf: str | None = None
    source: str | None = None
    proxy: bool = False
    names_later: tuple[str, ...] = ()
    ways_later: tuple[str, ...] = ()
    cut_over: bool = False

    @property
    def command(self) -> str:
        """The exec command that tries it and changes nothing."""
        vrf = f" /vrf {self.vrf}" if self.vrf else ""
        source = f" /source-interface {self.source}" if self.source else ""
        return f"telnet {self.host} {self.port}{vrf}{source}"

    def __str__(self) -> str:
        by = [f"in VRF {self.vrf}"] if self.vrf else []
        by += [f"from {self.source}"] if self.source else []
        what = "the proxy " if self.proxy else ""
        return f"{what}{self.host} port {self.port}" + (f" ({', '.join(by)})" if by else "")


def way_before_reload(
    plan: RouterPlan, state: RouterState, rules: RuleData | None = None
) -> Way | None:
    """Returns the way that a plan which reloads will need; None where it needs none.

    Args:
        state: with the router's configuration; without it nothing is known of VRF and interface.
    """
    server = {step.facts.server for step in plan.steps} - {None}
    if not server or not any(step.facts.reloads for step in plan.steps):
        return None
    data = rules or builtin_rules()
    topology = plan.target.topology
    row = row_of(topology, data)
    if row.report not in ("sync", "sync-person"):
        return None
    config = tuple(state.config or ())
    transport = wanted_transport(topology, row)
    sets_up = "sets up" in server
    if row.kind == "direct" and not sets_up:
        transport = _value(config, "license smart transport") or _usual(plan.model)
    proxy = _proxy(topology, config, transport)
    url = _url(topology, config, transport, wanted_url(topology, row, data), data)
    place = _place(f"http://{proxy}" if proxy else url)
    if place is None:
        return None
    source = topology.source_interface or _source(config, transport)
    vrf = topology.vrf or _vrf(config, transport, source)
    if source and topology.vrf and not topology.source_interface and vrf != _vrf_of(config, source):
        source = None
    later = _later(topology, state) if sets_up else ()
    old = server_is_old(topology.server_version, row.min_server) if row.min_server else None
    return Way(
        *place,
        vrf=vrf,
        source=source.replace(" ", "") if source else None,
        proxy=proxy is not None,
        names_later=tuple(x for x in later if x.startswith(_OF_NAMES)),
        ways_later=tuple(x for x in later if _leads(x)),
        cut_over=old is True,
    )


def _usual(model: str) -> str:
    return "smart" if model == "slp" else "callhome"


def _url(
    topology: Topology,
    config: tuple[str, ...],
    transport: str | None,
    wanted: str | None,
    rules: RuleData,
) -> str:
    if transport == "callhome":
        given = topology.call_home.url if topology.call_home else None
        return given or _value(config, "destination address http") or _CALLHOME_URL
    if transport == "cslu":
        return wanted or f"http://cslu-local:{rules.urls.cslu_port}"
    return wanted or rules.urls.smart


def _place(url: str) -> tuple[str, int] | None:
    try:
        where = urlsplit(url)
        port = where.port or (80 if where.scheme == "http" else 443)
    except ValueError:
        return None
    return (where.hostname, port) if where.hostname else None


def _proxy(topology: Topology, config: tuple[str, ...], transport: str | None) -> str | None:
    """Returns ``host:port`` of the proxy that the target or the configuration names."""
    if topology.proxy:
        return topology.proxy.rpartition("://")[2].rstrip("/")
    if transport == "callhome":
        found = re.search(r'^http-proxy "?([^\s"]+)"? port (\d+)', "\n".join(_flat(config)), re.M)
        return f"{found[1]}:{found[2]}" if found else None
    address = _value(config, "license smart proxy address")
    port = _value(config, "license smart proxy port")
    return f"{address}:{port or 80}" if address else None


def _source(config: tuple[str, ...], transport: str | None) -> str | None:
    own = _within(config, "call-home", "source-interface") if transport == "callhome" else None
    return own or _value(config, "ip http client source-interface")


def _vrf(config: tuple[str, ...], transport: str | None, source: str | None) -> str | None:
    inside = _vrf_of(config, source) if source else None
    if inside is not None:
        return inside
    if transport == "callhome":
        return _within(config, "call-home", "vrf")
    return _value(config, "license smart vrf")


def _vrf_of(config: tuple[str, ...], interface: str) -> str | None:
    head = f"interface {interface}"
    return _within(config, head, "vrf forwarding") or _within(config, head, "ip vrf forwarding")


def _flat(config: Iterable[str]) -> list[str]:
    return [line.strip() for line in config]


def _value(config: Iterable[str], start: str) -> str | None:
    rows = (x.removeprefix(f"{start} ") for x in _flat(config) if x.startswith(f"{start} "))
    return next(rows, None)


def _within(config: Iterable[str], head: str, start: str) -> str | None:
    """Returns what a line of one section sets."""
    wanted, inside = head.replace(" ", "").lower(), False
    for line in config:
        if not line.startswith(" "):
            inside = line.replace(" ", "").lower() == wanted
        elif inside and line.strip().startswith(f"{start} "):
            return line.strip().removeprefix(f"{start} ")
    return None


def _later(topology: Topology, state: RouterState) -> tuple[str, ...]:
    """Returns the lines of the target that the router lacks."""
    try:
        wanted = wanted_lines(topology)
    except SlpError:  # whoever plans or sends them says what is wrong
        return ()
    return difference(wanted, state.config or (), state).lacks


def _leads(line: str) -> bool:
    return line.startswith("ip route ") or any(part in line for part in _OF_INTERFACES)
