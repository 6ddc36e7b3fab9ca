"""Whether a router reaches its licence server: address, names, routes, in the right VRF (READY-3).

Names and routes count only in the VRF that licence traffic takes (C09).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from slp_core.planner.situation import Situation
from slp_core.rules.concern import Concern
from slp_core.rules.model import Model
from slp_core.rules.urls import misfit
from slp_core.topology_lines import VRF_KEYWORD_SINCE

_GLOBAL = ""
_SOURCE = re.compile(r"ip http client source-interface (\S+)$")
_NAMES = re.compile(r"ip (?:name-server|host)(?: vrf (\S+))? ")
_ROUTES = re.compile(
    r"(?:ip route|ipv6 route|router \S+(?: \S+)?|ip address dhcp)(?: vrf (\S+))?(?: |$)"
)
_GATEWAY = "ip default-gateway"


def check_reach(s: Situation) -> Iterator[Concern]:
    """Yields what is missing or does not fit; a running transport proves itself."""
    yield from _address(s)
    config = s.state.config
    if config is None or s.model is Model.REGISTERED:
        return
    lines = [line.strip() for line in config]
    vrf = licence_vrf(s, lines)
    yield from _vrf(s, vrf)
    server = s.wanted_url or ("cslu-local" if s.topology.kind.startswith("cslu") else None)
    if server is not None and _is_named(server) and not s.target.topology.name_servers:
        if "no ip domain lookup" in lines or "no ip domain-lookup" in lines:
            yield Concern(
                "READY-3",
                "warning",
                f"the lookup of names is off (no ip domain lookup), {server} is a name",
                "ip domain lookup, or an address instead of the name",
            )
        yield from _where(
            vrf,
            _vrfs(_NAMES, lines),
            what="name server",
            nowhere=f"no name server is configured, {server} is a name",
            remedy="give topology.name_servers",
            severity="warning",
        )
    routes = _vrfs(_ROUTES, lines) | ({_GLOBAL} if _has(lines, _GATEWAY) else set())
    if s.target.topology.routes:
        return
    yield from _where(
        vrf,
        routes,
        what="route",
        nowhere="no route beyond the connected networks is configured",
        remedy="make sure that the router reaches its licence server",
        severity="note",
    )


def licence_vrf(s: Situation, lines: list[str]) -> str:
    """Returns the VRF that licence traffic takes; empty: the global routing table.

    The topology names it; else it is that of the source interface, named or configured.
    """
    topology = s.target.topology
    if topology.vrf is not None:
        return topology.vrf
    configured = next((m[1] for line in lines if (m := _SOURCE.match(line))), None)
    interface = topology.source_interface or configured
    return (s.state.interface_vrfs or {}).get(interface or "", _GLOBAL)


def _address(s: Situation) -> Iterator[Concern]:
    topology = s.target.topology
    if s.topology.kind in ("cslu", "cslu-offline") and s.wanted_url is None:
        yield Concern(
            "TOPO-CSLU",
            "warning",
            "no address of CSLU is given: the router looks it up by name",
            "give topology.url: http://<host>:8182/cslu/v1/pi",
        )
    if s.topology.kind == "onprem" and s.wanted_url is None and not s.cuts_over:
        yield Concern(
            "TOPO-ONPREM",
            "blocker",
            "the URL of SSM On-Prem is not given, and it is never made up",
            "copy it from On-Prem's workspace and give it as topology.url",
        )
    if topology.url is None or topology.url == "default":
        return
    wrong = misfit(s.topology.kind, topology.transport, topology.url)
    if wrong is not None:
        yield Concern(
            "TOPO-URL",
            wrong.severity,
            wrong.text,
            wrong.remedy,
            overridable=wrong.severity == "blocker" or None,
        )


def _vrf(s: Situation, vrf: str) -> Iterator[Concern]:
    """Yields that a named VRF does not reach the smart agent of the release (C09)."""
    topology, goal = s.target.topology, s.goal
    if topology.vrf is None or topology.source_interface or goal is None:
        return
    if goal < VRF_KEYWORD_SINCE:
        yield Concern(
            "READY-3",
            "warning",
            f"{goal} has no `license smart vrf`: licence traffic goes by the source interface of "
            f"the HTTP client, and none in VRF {vrf} is named",
            f"give topology.source_interface, an interface in VRF {vrf}",
        )


def _where(
    vrf: str, there: set[str], *, what: str, nowhere: str, remedy: str, severity: str
) -> Iterator[Concern]:
    if vrf in there:
        return
    others = sorted(there - {vrf})
    if not others:
        yield Concern("READY-3", "warning" if severity == "warning" else "note", nowhere, remedy)
        return
    named = ", ".join(f"VRF {name}" if name else "the global routing table" for name in others)
    here = f"VRF {vrf}" if vrf else "the global routing table"
    goes = others[0]
    change = f"set topology.vrf: {goes}" if goes else "leave topology.vrf out"
    yield Concern(
        "READY-3",
        "warning",
        f"a {what} stands in {named} only, licence traffic goes by {here}",
        f"{change}, or configure a {what} in {here}",
    )


def _vrfs(pattern: re.Pattern[str], lines: list[str]) -> set[str]:
    found = (pattern.match(line) for line in lines)
    return {match[1] or _GLOBAL for match in found if match is not None}


def _has(lines: list[str], start: str) -> bool:
    return any(line.startswith(start) for line in lines)


def _is_named(server: str) -> bool:
    host = (urlsplit(server).hostname or "") if "://" in server else server
    return ":" not in host and re.search(r"[a-zA-Z]", host) is not None
