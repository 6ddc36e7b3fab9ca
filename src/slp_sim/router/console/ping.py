"""``ping``: with names, VRFs and source interfaces, and the questions of its long form."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from slp_sim.router import routing
from slp_sim.router.dialogue import Ask, Dialogue, Step, Wait
from slp_sim.router.grammar import Grammar
from slp_sim.router.interfaces import interface_name
from slp_sim.router.render.interfaces import ports
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_OPTIONS = (
    "{repeat <repeat:1-2147483647>|size <size:36-18024>|timeout <timeout:0-3600>"
    "|source <source>|df-bit|validate|data <data>|tos <tos:0-255>|verbose}*"
)
_UNKNOWN = "% Unrecognized host or address, or protocol not running.\n"


@dataclass(frozen=True)
class Echoes:
    """What is sent."""

    count: int = 5
    size: int = 100
    seconds: int = 2
    source: str | None = None


def register(exec_: Grammar) -> None:
    """Adds it to EXEC."""
    exec_.add("ping", ask)
    exec_.add(f"ping [ip|vrf <vrf>] <target> {_OPTIONS}", ping)


def ask(line: Vty) -> Dialogue:
    """Asks for everything; an empty answer is the one in brackets."""
    protocol = (yield Ask("Protocol [ip]: ")).strip() or "ip"
    if not "ip".startswith(protocol.lower()):
        yield "% Unknown protocol\n"
        return
    target = (yield Ask("Target IP address: ")).strip()
    if not target:
        yield "% Bad IP address\n"
        return
    count = yield from _number("Repeat count", 5)
    size = yield from _number("Datagram size", 100)
    seconds = yield from _number("Timeout in seconds", 2)
    source = None
    if ((yield Ask("Extended commands [n]: ")).strip().lower() or "n").startswith("y"):
        source = (yield Ask("Source address or interface: ")).strip() or None
        for question in (
            "Type of service [0]: ",
            "Set DF bit in IP header? [no]: ",
            "Validate reply data? [no]: ",
            "Data pattern [0x0000ABCD]: ",
            "Loose, Strict, Record, Timestamp, Verbose[none]: ",
        ):
            yield Ask(question)
    yield Ask("Sweep range of sizes [n]: ")
    yield from _sent(line, target, None, Echoes(count, size, seconds, source))


def _number(question: str, usual: int) -> Generator[Step, str, int]:
    while True:
        answer = (yield Ask(f"{question} [{usual}]: ")).strip()
        if not answer:
            return usual
        if answer.isdigit() and 0 < int(answer) <= 18024:
            return int(answer)
        yield "% A decimal number between 1 and 18024.\n"


def ping(line: Vty, target: str, vrf: str | None = None, **given: str) -> Dialogue:
    """Sends echoes; they come back where the scenario's routes lead."""
    count, size, seconds = (
        int(given.get(key, usual))
        for key, usual in (("repeat", "5"), ("size", "100"), ("timeout", "2"))
    )
    yield from _sent(
        line, target, vrf, Echoes(min(count, 18024), size, seconds, given.get("source"))
    )


def _sent(line: Vty, target: str, vrf: str | None, echoes: Echoes) -> Dialogue:
    router = line.router
    if vrf is not None and not routing.knows_vrf(router, vrf):
        yield f"% VRF {vrf} does not exist\n"
        return
    source, inside = _source(router, echoes.source)
    if source == "":
        yield "% Invalid source interface - Interface does not exist or has no address\n"
        return
    vrf = vrf or inside
    if not routing.resolves(router, target, vrf):
        asked = routing.asks_servers(router, target, vrf)
        yield f"{routing.translating(target, asked)}\n" if asked else ""
        yield Wait(3.0, stoppable=True)
        yield _UNKNOWN
        return
    address = target if routing.is_address(target) else routing.address_of(router, target)
    yield f"Type escape sequence to abort.\nSending {echoes.count}, {echoes.size}-byte ICMP Echos "
    yield f"to {address}, timeout is {echoes.seconds} seconds:\n"
    if source:
        yield f"Packet sent with a source address of {source} \n"
    if _own(router, address) or routing.leads_out(router, vrf):
        yield f"{'!' * echoes.count}\nSuccess rate is 100 percent ({echoes.count}/{echoes.count}), "
        yield "round-trip min/avg/max = 1/1/2 ms\n"
        return
    for _ in range(echoes.count):
        yield Wait(float(echoes.seconds), stoppable=True)
        yield "."
    yield f"\nSuccess rate is 0 percent (0/{echoes.count})\n"


def _source(router: Router, name: str | None) -> tuple[str | None, str | None]:
    """Returns the address and VRF of a source; an empty address where it is none."""
    if name is None:
        return None, None
    if routing.is_address(name):
        return name if _own(router, name) else "", None
    full = interface_name(name)
    port = next(iter(ports(router, full)), None) if full else None
    if port is None or not (port.address or port.method == "DHCP"):
        return "", None
    return (str(port.address.ip) if port.address else None), routing.vrf_of(router, port.name)


def _own(router: Router, address: str) -> bool:
    return any(p.up and p.address and str(p.address.ip) == address for p in ports(router))
