"""The configuration of a topology: which lines it needs, which of them a router lacks.

Only what is missing is sent. A line of a section counts with the section that it stands in; what
will be replaced or taken away is told before it is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from slp_core.errors import InputError
from slp_core.release import Release
from slp_core.render import render_lines
from slp_core.state import RouterState
from slp_core.targets import CallHome, Topology

VRF_KEYWORD_SINCE: Final = Release(17, 9, 1)
"""`license smart vrf` is there from about here on (not documented); a router without it says so."""
CSSM_URL: Final = "https://smartreceiver.cisco.com/licservice/license"

_ONE_OF_A_KIND: Final = (
    "license smart transport ",
    "license smart url ",
    "license smart usage interval ",
    "license smart proxy address ",
    "license smart proxy port ",
    "license smart vrf ",
    "ip http client source-interface ",
    "ip http client secure-trustpoint ",
    "ip http client connection timeout ",
    "ip http client connection retry ",
    "ip http authentication ",
    "ip domain lookup source-interface ",
    "ip address ",
    "vrf forwarding ",
    "vrf ",
    "contact-email-addr ",
    "http-proxy ",
    "destination transport-method ",
    "revocation-check ",
)
"""Beginnings of lines of which a section holds one: another value is replaced by it."""
_MANY_BUT_ONE: Final = "destination address http "
"""A call-home profile would send to each of them: the others are taken away first."""
_URL_FORM = re.compile(r"^license smart url (?:(smart|cslu|default|utility)\b ?)?(.*)$")
_SERVER = re.compile(r"^(ip name-server(?: vrf \S+)?)((?: [^\s]+)+)$")

Path = tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """What stands between a router's configuration and a topology.

    Attributes:
        sends: lines to enter, in order, those of sections below their headers.
        replaces: configured lines that will be gone, with the section that they stand in.
        lacks: what is wanted and not there, with the section that it belongs to.
    """

    sends: tuple[str, ...]
    replaces: tuple[str, ...]
    lacks: tuple[str, ...] = ()


def wanted_lines(
    topology: Topology, *, vrf_keyword: bool = False, template: str | None = None
) -> tuple[str, ...]:
    """Returns the configuration of a topology, from its template.

    Args:
        template: another one than that of the topology's kind.

    Raises:
        TemplateError: the topology lacks a value that its template needs.
        InputError: the proxy has no port.
    """
    values = topology.model_dump(exclude={"token", "kind"})
    values |= {"vrf_keyword": vrf_keyword, "proxy": _proxy(topology.proxy)}
    if topology.url:
        values["required_url"] = topology.url
    if template is not None and topology.call_home is None:
        values["call_home"] = CallHome().model_dump()
    return render_lines(template or f"topology/{topology.kind}.j2", values)


def _proxy(text: str | None) -> dict[str, str] | None:
    """Takes ``address:port``, with or without a scheme."""
    if text is None:
        return None
    address, _, port = text.rpartition("://")[2].rstrip("/").rpartition(":")
    if not address or not port.isdigit():
        raise InputError("the proxy has no port", where="topology", remedy="write it as host:port")
    return {"address": address, "port": port}


def has_vrf_keyword(state: RouterState) -> bool:
    """Tells whether the router's release takes ``license smart vrf``."""
    return state.release is not None and state.release >= VRF_KEYWORD_SINCE


def difference(wanted: Iterable[str], config: Iterable[str], state: RouterState) -> Difference:
    """Returns what a router lacks of ``wanted``, and what goes when that is entered.

    Transport and URL count as there when the router shows them in force: defaults do not stand in
    a configuration, and ``url default`` is stored in another form.
    """
    paths, have = tuple(_paths(wanted)), tuple(_paths(config))
    known = {_key(p): p for p in have}
    headers = {p[:-1] for p in paths if len(p) > 1}
    sends: list[str] = []
    replaces: list[str] = []
    lacks: list[str] = []
    at: Path = ()
    for path in paths:
        gone = list(_others(path, have))
        missing = path not in headers and _key(path) not in known and not _stands(path, have, state)
        if missing:
            replaces += [_told(p) for p in _replaced(path, have)]
        if not (missing or gone):
            continue
        inside = known.get(_key(path[:-1]), path[:-1])  # as the router itself spells it
        sends += _way(at, inside)
        at = inside
        for old in gone:
            sends.append(f"{' ' * len(at)}no {old[-1]}")
            replaces.append(_told(old))
        if missing:
            sends.append(f"{' ' * len(at)}{path[-1]}")
            lacks.append(_told(path))
    return Difference(tuple(sends), tuple(dict.fromkeys(replaces)), tuple(lacks))


def still_missing(
    wanted: Iterable[str], config: Iterable[str], state: RouterState
) -> tuple[str, ...]:
    """Returns what was entered and does not show.

    An interval may be a default, which is not kept; nor is a ``no`` that only says the default.
    """
    reporting = state.licensing.reporting if state.licensing else None
    days = reporting.push_interval_days if reporting else None
    kept = {f"license smart usage interval {days}"}
    found = difference(wanted, config, state).lacks
    return tuple(x for x in found if x not in kept and not x.rpartition(" / ")[2].startswith("no "))


def readdressed(wanted: Iterable[str], config: Iterable[str]) -> str | None:
    """Returns the interface whose own address or VRF would change, which may cut the router off."""
    have = tuple(_paths(config))
    known = {_key(p) for p in have}
    for path in _paths(wanted):
        if len(path) != 2 or not path[0].startswith("interface ") or _key(path) in known:
            continue
        inside = [p[1] for p in have if len(p) == 2 and _key(p[:1]) == _key(path[:1])]
        if any(line.startswith("ip address ") for line in inside):
            return path[0].removeprefix("interface ")
    return None


# --- lines and the sections that they stand in ----------------------------------------------------


def _paths(lines: Iterable[str]) -> Iterator[Path]:
    """Yields each line with the headers above it, by indentation."""
    open_: list[tuple[int, str]] = []
    for raw in lines:
        line = _plain(raw)
        if not line or line.startswith("!"):
            continue
        indent = len(raw) - len(raw.lstrip(" "))
        while open_ and open_[-1][0] >= indent:
            open_.pop()
        yield (*(header for _, header in open_), line)
        open_.append((indent, line))


def _plain(line: str) -> str:
    return " ".join(line.split())


def _key(path: Path) -> Path:
    """Returns a path by which two are compared: names of profiles stand in quotes, in any case."""
    return tuple(
        x.replace('"', "").lower() if x.startswith(("profile ", "interface ", "http-proxy ")) else x
        for x in path
    )


def _told(path: Path) -> str:
    return " / ".join(path)


def _way(at: Path, to: Path) -> list[str]:
    """Returns what leads from one section to another: out of the one, into the other."""
    shared = next((n for n, (a, b) in enumerate(zip(at, to, strict=False)) if a != b), None)
    depth = min(len(at), len(to)) if shared is None else shared
    out = [f"{' ' * (n - 1)}exit" for n in range(len(at), depth, -1)]
    return [*out, *(f"{' ' * n}{to[n]}" for n in range(depth, len(to)))]


def _others(path: Path, have: Sequence[Path]) -> Iterator[Path]:
    """Yields configured destinations of the same profile that are not the wanted one."""
    if not path[-1].startswith(_MANY_BUT_ONE):
        return
    for old in have:
        same = len(old) == len(path) and _key(old[:-1]) == _key(path[:-1])
        if same and old[-1].startswith(_MANY_BUT_ONE) and old[-1] != path[-1]:
            yield old


def _replaced(path: Path, have: Sequence[Path]) -> Iterator[Path]:
    new = path[-1]
    start = next((s for s in _ONE_OF_A_KIND if new.startswith(s)), None)
    if start == "license smart url ":
        start = "license smart url cslu " if " cslu " in new else start
    opposite = new.removeprefix("no ") if new.startswith("no ") else None
    for old in have:
        if len(old) != len(path) or _key(old[:-1]) != _key(path[:-1]) or old[-1] == new:
            continue
        if (start and old[-1].startswith(start)) or old[-1] == opposite:
            yield old


def _stands(path: Path, have: Sequence[Path], state: RouterState) -> bool:
    """Tells whether the router has a top line in another form than it is wanted in."""
    if len(path) != 1:
        return False
    server = _SERVER.match(path[0])
    if server is not None:  # newer releases write several servers in one line
        wanted = server[2].split()[-1]
        forms = (_SERVER.match(old[0]) for old in have if len(old) == 1)
        return any(m is not None and m[1] == server[1] and wanted in m[2].split() for m in forms)
    return _in_force(path[0], state)


def _in_force(line: str, state: RouterState) -> bool:
    licensing = state.licensing
    shown = licensing.transport if licensing else None
    if licensing is None or shown is None or not licensing.slp:
        return False
    if line.startswith("license smart transport "):
        return shown.kind == line.split()[-1]
    match = _URL_FORM.match(line)
    if match is None:
        return False
    form, url = match[1] or "smart", match[2]
    if form == "cslu":
        return shown.cslu_address == url
    return shown.kind == "smart" and shown.url == (CSSM_URL if form == "default" else url)
