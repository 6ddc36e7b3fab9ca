"""Sections of the configuration: entering them, the lines typed in them, and leaving them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.grammar import Match
from slp_sim.router.modes import (
    bad_address,
    interface_name,
    interface_range,
    mode_of,
    vty_lines,
    vty_pieces,
)

if TYPE_CHECKING:
    from slp_sim.router.router import Router
    from slp_sim.router.terminal import Terminal

_INVALID = "% Invalid input detected at '^' marker.\n\n"


def written_out(match: Match, body: str) -> str:
    """Returns a line with its abbreviated keywords written out."""
    words = body.split()
    full = list(match.words)
    return " ".join([*full, *words[len(full) :]])


def leave(line: Terminal) -> None:
    """Carries out ``exit``: one mode up."""
    if line.config_paths:
        outer = {path[:-1]: None for path in line.config_paths}
        line.config_paths = [path for path in outer if path]
    else:
        line.leave_config()


def take(line: Terminal, body: str, *, negated: bool, known: bool) -> str | None:
    """Takes a line of the section that the terminal is in, or of one around it.

    Args:
        known: global configuration would take the line too.

    Returns:
        What the router says to it; None where it is no line of a section.
    """
    paths = line.config_paths
    while paths:
        mode = mode_of(paths[0][-1])
        if mode is None or mode.grammar is None:
            text = None if known else body
        else:
            match = mode.grammar.match(body, line)
            text = written_out(match, body) if isinstance(match, Match) else None
        if text is not None:
            line.config_paths = paths
            return _within(line, text, negated=negated)
        paths = [path for path in dict.fromkeys(path[:-1] for path in paths) if path]
    return None


def _within(line: Terminal, text: str, *, negated: bool) -> str:
    config, paths = line.router.running, line.config_paths or []
    if text == "exit-address-family":
        leave(line)
        return ""
    if not negated and text.startswith("ip address") and bad_address(text):
        return "% Incomplete command.\n\n" if len(text.split()) < 4 else _INVALID
    for path in paths:
        if negated:
            config.negate(path, text)
        else:
            config.set(path, text)
    if not negated and text.startswith(_NESTED):
        line.config_paths = [(*path, text) for path in paths]
    return ""


_NESTED = ("profile ", "address-family ")


def enter(line: Terminal, text: str) -> str | None:
    """Enters the section that a global line opens.

    Returns:
        What the router says to it; None where the line opens no section.
    """
    config = line.router.running
    if text.startswith("default interface "):
        return _default(line, text)
    if text.startswith("interface "):
        names = _interfaces(text)
        if names is None:
            return _INVALID
        line.config_paths = [(f"interface {name}",) for name in names]
        line.in_range = len(names) > 1 or text.startswith("interface range")
        for (header,) in line.config_paths:
            if header not in dict(config.sections()):
                config.set(None, header)
                config.set(header, "no ip address")
        return ""
    if text.startswith("line vty"):
        return _enter_vty(line, text)
    if mode_of(text) is None:
        return None
    config.set(None, text)
    line.config_paths = [(text,)]
    return ""


def _interfaces(text: str) -> list[str] | None:
    words = text.split(maxsplit=1)[1]
    if words.startswith("range "):
        return interface_range(words.removeprefix("range "))
    name = interface_name(words)
    return [name] if name else None


def _enter_vty(line: Terminal, text: str) -> str:
    """Cuts the sections of the lines so that those named stand alone."""
    numbers = text.split()[2:]
    if not 1 <= len(numbers) <= 2 or not all(n.isdigit() and int(n) < 1000 for n in numbers):
        return _INVALID
    first, last = int(numbers[0]), int(numbers[-1])
    if first > last:
        return _INVALID
    config = line.router.running
    headers = [h for h, _ in config.sections() if h.startswith("line vty")]
    for header, pieces in vty_pieces(headers, first, last).items():
        config.rename(header, [_vty(a, b) for a, b in pieces])
    inside = [h for h, _ in config.sections() if h.startswith("line vty")]
    inside = [h for h in inside if first <= vty_lines(h)[0] and vty_lines(h)[1] <= last]
    covered = {n for h in inside for n in range(vty_lines(h)[0], vty_lines(h)[1] + 1)}
    missing = [n for n in range(first, last + 1) if n not in covered]
    if missing:
        new = _vty(missing[0], missing[-1])
        config.set(None, new)
        inside.append(new)
    line.config_paths = [(h,) for h in inside]
    line.in_range = False
    return ""


def _vty(first: int, last: int) -> str:
    return f"line vty {first} {last}" if first != last else f"line vty {first}"


def remove_interface(router: Router, text: str) -> str:
    """Carries out ``no interface``: only interfaces that somebody made can go."""
    name = interface_name(text.split(maxsplit=1)[1])
    if name is None:
        return _INVALID
    if name.startswith(("Loopback", "Tunnel", "Vlan", "Port-channel", "BDI")) or "." in name:
        router.running.unset(None, f"interface {name}")
        return ""
    return "% Removal of physical interfaces is not permitted\n"


def _default(line: Terminal, text: str) -> str:
    name = interface_name(text.split(maxsplit=2)[2])
    if name is None:
        return _INVALID
    header = f"interface {name}"
    config = line.router.running
    for row in config.section(header):
        config.unset(header, row)
    config.set(header, "no ip address")
    return f"Interface {name} set to default configuration\n"


def label(line: Terminal) -> str:
    """Returns the word that the prompt has in brackets."""
    if not line.config_paths:
        return "config"
    header = line.config_paths[0][-1]
    if header.startswith("interface ") and line.in_range:
        return "config-if-range"
    mode = mode_of(header)
    return mode.label if mode is not None else "config"
