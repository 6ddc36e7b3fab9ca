"""A look, from the router, at the way to its licence server: by ``telnet``, which changes nothing.

``ping`` decides nothing here, because ICMP is often filtered; what the router says of a TCP
connection does: the name, the route, the port.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from slp_core.errors import DeadlineExceeded
from slp_core.way import Way
from slp_tasks.session import Session

LOOK_S: Final = 90.0
"""A router gives up by itself after some 30 seconds, and asks each name server three times."""
REMEDY: Final = (
    "put that right (name server, route, firewall, server), or accept it by "
    "`--allow READY-3='why'` of slp plan"
)

_OPEN = re.compile(r"^Trying [^\n]*\.\.\.\s*Open\b", re.MULTILINE)
_SAID = re.compile(r"^ *(%[^\n]*\S) *$", re.MULTILINE)
_NO_NAME: Final = "its name does not resolve"
_REFUSED: Final = "the connection is refused"
_REASONS: Final = (
    (re.compile(r"unable to find computer address|Bad IP address or host name"),
     _NO_NAME),
    (re.compile(r"Connection refused"), _REFUSED),
    (re.compile(r"Destination unreachable|gateway or host down|No route to host"),
     "there is no route to it"),
    (re.compile(r"Connection timed out|not responding"), "the connection times out"),
)  # fmt: skip


@dataclass(frozen=True)
class WayVerdict:
    """What a look at the way found.

    Attributes:
        kind: ``open``; ``barred`` (nothing in the plan will mend it); ``unseen`` (it could not be
            looked at, or what it lacks is set later).
        text: one sentence with router, host, port, VRF, interface, what was sent and shown.
    """

    kind: Literal["open", "barred", "unseen"]
    text: str


def look_at_way(session: Session, router: str, way: Way, *, timeout: float = LOOK_S) -> WayVerdict:
    """Tries the connection once and closes it; nothing is sent to the server.

    Raises:
        SessionLost: of our own session.
    """
    try:
        said = session.dial(way.command, timeout=timeout)
    except DeadlineExceeded:
        return _unseen(router, way, "nothing was answered in time", "nothing")
    if _OPEN.search(said):
        return WayVerdict("open", f"{router} reaches {way}")
    shown = _SAID.findall(said)
    tells = f"`{shown[-1].strip()}`" if shown else "nothing that is known"
    reason = next((why for form, why in _REASONS if form.search(said)), None)
    if reason is None:
        return _unseen(router, way, "the router does not try it", tells)
    later = _later(way, reason)
    if later:
        lines = ", ".join(f"`{line}`" for line in later)
        return _unseen(router, way, f"{reason} yet, and the plan still sets {lines}", tells)
    if way.cut_over:
        return _unseen(router, way, f"{reason}, and the server is upgraded meanwhile", tells)
    return WayVerdict("barred", f"{router} does not reach {way}: {reason} {_proof(way, tells)}")


def _later(way: Way, reason: str) -> tuple[str, ...]:
    """Returns what the plan still sets that may mend it; who refuses was reached."""
    if reason == _NO_NAME:
        return (*way.names_later, *way.ways_later)
    return () if reason == _REFUSED else way.ways_later


def _unseen(router: str, way: Way, why: str, shown: str) -> WayVerdict:
    text = f"whether {router} reaches {way} could not be seen: {why} {_proof(way, shown)}"
    return WayVerdict("unseen", text)


def _proof(way: Way, shown: str) -> str:
    return f"(sent `{way.command}`, shown {shown})"
