"""Which physical ports a configuration shuts, for the ASR 900 family (B9-17)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from slp_core.parsing.builder import Builder

_HEAD = re.compile(r"interface (\S*(?:Ethernet|GigE)\d[\d/]*)\s*$")
_COMMAND = "show running-config"


def ports_of(lines: Iterable[str]) -> Iterator[tuple[str, int | None]]:
    """Yields each port that a configuration names, and the number of the line that shuts it."""
    name: str | None = None
    shut: int | None = None
    for number, line in enumerate(lines, 1):
        if line.startswith(" "):
            if name is not None and line.rstrip() == " shutdown":
                shut = number
            continue
        if name is not None:
            yield name, shut
        head = _HEAD.match(line)
        name, shut = (head[1] if head else None), None
    if name is not None:
        yield name, shut


def shut_ports(lines: Iterable[str]) -> set[str]:
    """Returns the ports that a configuration shuts."""
    return {name for name, shut in ports_of(lines) if shut is not None}


def take_ports(state: Builder, text: str) -> None:
    """Keeps which ports are up and which are shut; nothing where no port is configured."""
    seen = list(ports_of(text.splitlines()))
    if not seen:
        return
    up = tuple(name for name, line in seen if line is None)
    shut = tuple(name for name, line in seen if line is not None)
    evidence = tuple(line for _, line in seen if line is not None)
    state.put("ports", {"up": up, "shut": shut}, _COMMAND, evidence)
