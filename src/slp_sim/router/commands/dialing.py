"""``telnet`` and ``ssh`` from a router to another host, and the sessions that stay open.

A session is left with Ctrl-Shift-6 and ``x``; it is still open then, and an empty line goes back
into it. ``disconnect`` ends it.
"""

from __future__ import annotations

from dataclasses import dataclass

from slp_sim.router import routing
from slp_sim.router.dialogue import Ask, Dialogue, Remote, Wait
from slp_sim.router.grammar import Grammar, Reject
from slp_sim.router.interfaces import interface_name
from slp_sim.router.render.interfaces import ports
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_UNKNOWN = "% Unknown command or computer name, or unable to find computer address\n"
_PORTS = {"telnet": 23, "www": 80, "ssh": 22, "smtp": 25, "domain": 53}
_OPTIONS = "{/vrf <vrf>|/source-interface <interface:port>|/quiet|/ipv4|/ipv6}*"
_REFUSED = {
    "refused": "% Connection refused by remote host\n\n",
    "unreachable": "% Destination unreachable; gateway or host down\n\n",
    "silent": "% Connection timed out; remote host not responding\n\n",
}
_SECONDS = {"refused": 0.2, "unreachable": 1.0, "silent": 30.0}


@dataclass(frozen=True)
class _Call:
    host: str
    port: int = 23
    vrf: str | None = None
    source: str | None = None


def register(exec_: Grammar) -> None:
    """Adds them to EXEC."""
    exec_.add(f"telnet <host> [<port:service>] {_OPTIONS}", telnet)
    exec_.add("ssh <host>", ssh)
    exec_.add("ssh -l <name> <host>", ssh)
    exec_.add("disconnect", disconnect)
    exec_.add("disconnect <number>", disconnect)
    exec_.add("resume", resume)
    exec_.add("resume <number>", resume)
    exec_.add("show sessions", sessions)


def dials_out(line: Vty) -> bool:
    """Tells whether a word that is no command is taken for a host, as lines do by default."""
    return not any("transport preferred none" in r for r in _vty(line))


def _vty(line: Vty) -> list[str]:
    sections = line.router.running.sections()
    return [r for head, rows in sections if head.startswith("line vty") for r in rows]


def telnet(
    line: Vty,
    host: str,
    port: str = "23",
    vrf: str | None = None,
    interface: str | None = None,
) -> Dialogue:
    """Opens a session: ``telnet HOST [PORT] [/vrf NAME] [/source-interface INTERFACE]``."""
    if any(r.startswith("transport output ") and "telnet" not in r and " all" not in r
           for r in _vty(line)):  # fmt: skip
        yield "% telnet connections not permitted from this terminal\n"
        return
    router = line.router
    if vrf is not None and not routing.knows_vrf(router, vrf):
        yield f"% VRF {vrf} does not exist\n"
        return
    if interface is not None and not _has_address(router, interface):
        word = line.last_line.lower().index("/s")
        yield line.reject(Reject("invalid", line.last_line.index(" ", word) + 1), "")
        return
    number = int(port) if port.isdigit() else _PORTS[port.lower()]
    yield from _dialled(line, _Call(host, number, vrf, interface))


def _has_address(router: Router, interface: str) -> bool:
    full = interface_name(interface)
    port = next(iter(ports(router, full)), None) if full else None
    return port is not None and bool(port.address or port.method == "DHCP")


def _dialled(line: Vty, call: _Call) -> Dialogue:
    router, host = line.router, call.host
    named = not routing.is_address(host)
    if named:
        asks = routing.asks_servers(router, host, call.vrf)
        if asks:
            yield routing.translating(host, asks[:1])
        if not routing.resolves(router, host, call.vrf):
            if asks:
                yield Wait(3.0, stoppable=True)
                yield "".join(f" ({server})" for server in asks[1:]) + "\n"
            yield "% Bad IP address or host name\n" if asks else ""
            yield _UNKNOWN
            return
        yield " [OK]\n" if asks else ""
    where = f"{host} ({routing.address_of(router, host)}, {call.port})..." if named else f"{host}, "
    yield f"Trying {where} " if named else f"Trying {where}{call.port} ... "
    outcome = routing.connects(router, host, call.port, call.vrf, call.source)
    if outcome != "open":
        yield Wait(_SECONDS[outcome], stoppable=True)
        yield f"\n{_REFUSED[outcome]}"
        return
    yield "Open\n"
    yield Remote(host)


def ssh(line: Vty, host: str, name: str = "") -> Dialogue:
    """Opens a session by SSH: nobody lets a router of a lab in."""
    del name
    router = line.router
    if not routing.resolves(router, host, None):
        yield _UNKNOWN
        return
    if not routing.leads_out(router, None):
        yield Wait(30.0, stoppable=True)
        yield _REFUSED["silent"]
        return
    yield _REFUSED["refused"]


def disconnect(line: Vty, number: str = "") -> Dialogue:
    """Ends a session that was left open: by its number, else the latest."""
    host = _session(line, number)
    if host is None:
        yield "% No connections open\n" if not number else "% Not a valid connection\n"
        return
    key = yield Ask(f"Closing connection to {host} [confirm]", key=True)
    yield "\n"
    if key in ("", "\r", "\n", "y", "Y"):
        line.connections.remove(host)


def resume(line: Vty, number: str = "") -> Dialogue:
    """Goes back into a session, as an empty line does."""
    host = _session(line, number)
    if host is None:
        yield "% No connections open\n"
        return
    yield f"[Resuming connection {line.connections.index(host) + 1} to {host} ... ]\n"
    line.connections.remove(host)
    yield Remote(host)


def _session(line: Vty, number: str) -> str | None:
    at = int(number) - 1 if number.isdigit() else len(line.connections) - 1
    return line.connections[at] if 0 <= at < len(line.connections) else None


def sessions(line: Vty) -> str:
    """Returns ``show sessions``."""
    if not line.connections:
        return "% No connections open\n"
    text = "Conn Host                Address             Byte  Idle Conn Name\n"
    for n, host in enumerate(line.connections, 1):
        address = host if routing.is_address(host) else routing.address_of(line.router, host)
        mark = "*" if n == len(line.connections) else " "
        text += f"{mark}{n:>3} {host[:19]:<19} {address:<19} {0:>4} {0:>5} {host}\n"
    return text
