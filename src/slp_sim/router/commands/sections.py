"""Sections of the configuration: entering them, the lines typed in them, and leaving them."""

from __future__ import annotations

from slp_sim.router.commands.config_modes import NESTED, mode_of, vty_lines, vty_pieces
from slp_sim.router.grammar import Reject
from slp_sim.router.interfaces import interface_range, made
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty


def leave(line: Vty) -> None:
    """Carries out ``exit``: one mode up."""
    if line.config_paths:
        outer = {path[:-1]: None for path in line.config_paths}
        line.config_paths = [path for path in outer if path]
    else:
        line.leave_config()


def within(line: Vty, text: str, *, negated: bool) -> str:
    """Takes a line of the sections that the terminal is in; returns what the router says to it."""
    config, paths = line.router.running, line.config_paths or []
    if text == "exit-address-family":
        leave(line)
        return ""
    for path in paths:
        if negated:
            config.negate(path, text)
        else:
            config.set(path, text)
    if not negated and text.startswith(NESTED):
        line.config_paths = [(*path, text) for path in paths]
    return ""


def enter(line: Vty, text: str, raw: str) -> str | Reject | None:
    """Enters the section that a global line opens.

    Returns:
        What the router says to it; None where the line opens no section.
    """
    config = line.router.running
    if text.startswith("default interface "):
        return _default(line, text)
    if text.startswith("interface "):
        return _enter_interfaces(line, text, raw)
    if text.startswith("line vty"):
        return _enter_vty(line, text, raw)
    if text.startswith("line console"):
        text = text.replace("console", "con")
    if mode_of(text) is None:
        return None
    config.set(None, text)
    line.config_paths = [(text,)]
    return ""


def _enter_interfaces(line: Vty, text: str, raw: str) -> str | Reject:
    config = line.router.running
    names = [text.split(maxsplit=1)[1]]
    several = text.startswith("interface range ")
    if several:
        typed = raw.split(maxsplit=2)[2]
        answer = interface_range(typed, line.router)
        if isinstance(answer, int):
            return Reject("invalid", raw.rindex(typed) + answer)
        names = answer
    line.config_paths = [(f"interface {name}",) for name in names]
    line.in_range = several
    for (header,) in line.config_paths:
        if header not in dict(config.sections()):
            config.set(None, header)
            config.set(header, "no ip address")
    return ""


def _enter_vty(line: Vty, text: str, raw: str) -> str | Reject:
    """Cuts the sections of the lines so that those named stand alone."""
    numbers = text.split()[2:]
    first, last = int(numbers[0]), int(numbers[-1])
    if first > last:
        return Reject("invalid", len(raw.rstrip()) - len(numbers[-1]))
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
    name = text.split(maxsplit=1)[1]
    if made(name):
        router.running.unset(None, f"interface {name}")
        return ""
    return "% Removal of physical interfaces is not permitted\n"


def _default(line: Vty, text: str) -> str:
    name = text.split(maxsplit=2)[2]
    header = f"interface {name}"
    config = line.router.running
    for row in config.section(header):
        config.unset(header, row)
    config.set(header, "no ip address")
    return f"Interface {name} set to default configuration\n"


def label(line: Vty) -> str:
    """Returns the word that the prompt has in brackets."""
    if not line.config_paths:
        return "config"
    *above, header = line.config_paths[0]
    if header.startswith("interface ") and line.in_range:
        return "config-if-range"
    mode = mode_of(header, *above)
    return mode.label if mode is not None else "config"
