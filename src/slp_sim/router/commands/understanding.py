"""What a line typed in configuration mode means, in which of the modes around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from slp_sim.router.commands.config_modes import config_grammar, mode_of
from slp_sim.router.configuration import one_line
from slp_sim.router.grammar import Grammar, Match, Reject
from slp_sim.router.nvgen import slot
from slp_sim.router.vty import Vty

Path = tuple[str, ...]

_ALL_OF_THEM = re.compile(
    r"boot system|config-register"
    r"|ip name-server( vrf \S+)?|snmp-server|ip host \S+|access-list \d+|\d+"
    r"|description|ip route( vrf \S+)? [\d.]+ [\d.]+|channel-group|ip helper-address|neighbor \S+"
    r"|alias exec \S+"
)
"""Lines whose ``no`` without the rest takes back every one of them."""


@dataclass(frozen=True)
class Typed:
    """A line that was understood.

    Attributes:
        paths: the sections that it belongs to; none: global configuration.
        text: as the router writes it, without the ``no`` before it.
    """

    paths: tuple[Path, ...]
    text: str
    negated: bool = False
    args: dict[str, str] = field(default_factory=dict)


def understood(line: Vty, raw: str) -> Typed | Reject:
    """Understands a line in the innermost mode that knows it, or says where it is wrong."""
    found = re.match(r"\s*(no|default)\s+(?=\S)", raw, re.IGNORECASE)
    body, negated = raw, False
    if found is not None and not re.match(r"\s*default\s+inter", raw, re.IGNORECASE):
        body, negated = " " * found.end() + raw[found.end() :], True
    rejects: list[Reject] = []
    short: Typed | None = None
    for paths, grammar in _around(line):
        answer = grammar.match(body, line)
        if isinstance(answer, Match):
            typed = Typed(paths, one_line(answer.text), negated, answer.args)
            if answer.exact:
                return typed
            short = short or typed  # a mode further out may have a word that is typed in full
            continue
        if negated and (whole := _taken_back(line, paths, body, answer)) is not None:
            return Typed(paths, whole, negated)
        rejects.append(answer)
    if short is not None:
        return short
    return max(rejects, key=lambda reject: (reject.kind != "invalid", reject.column))


def _around(line: Vty) -> Iterator[tuple[tuple[Path, ...], Grammar]]:
    """Yields the mode that the line is in and those around it, down to global configuration."""
    paths = tuple(line.config_paths or ())
    while paths:
        mode = mode_of(paths[0][-1], *paths[0][:-1])
        if mode is not None:
            yield paths, mode.grammar
        paths = tuple(path for path in dict.fromkeys(path[:-1] for path in paths) if path)
    yield (), config_grammar()


def _taken_back(line: Vty, paths: tuple[Path, ...], body: str, reject: Reject) -> str | None:
    """Returns the line that a ``no`` takes back though it does not say all of it."""
    text = one_line(body)
    where = paths[0] if paths else None
    if reject.kind == "incomplete":
        alone = slot(f"{reject.text} x", top=not paths) == reject.text.lower()
        if alone or _ALL_OF_THEM.fullmatch(reject.text):
            return reject.text
    elif text in line.router.running.section(where) or (
        not paths and line.router.running.has(text)
    ):
        return text  # a line of a capture that nobody could have typed here
    return None


def _kept(line: Vty, where: Path | None) -> list[str]:
    config = line.router.running
    return config.section(where) if where else [head for head, _ in config.sections()]
