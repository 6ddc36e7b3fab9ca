"""How commands are written down: what ``ip host [vrf <vrf>] <name> {<address>}*`` stands for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

_PIECE = re.compile(r"[{}\[\]|*]|(?<=[}\]])\+|[^\s{}\[\]|*]+")


@dataclass(frozen=True)
class Bag:
    """Choices of which any number may stand, in any order."""

    choices: tuple[tuple[Element, ...], ...]


Element: TypeAlias = "str | Bag"
_Sequences = list[tuple[Element, ...]]


def variants(pattern: str) -> Iterator[tuple[Element, ...]]:
    """Yields each sequence of words that a pattern with choices stands for."""
    pieces = _PIECE.findall(pattern)
    found, at = _choices(pieces, 0, "")
    if at != len(pieces):
        raise ValueError(f"{pattern!r}: brackets do not match")
    yield from found


def _choices(pieces: list[str], at: int, end: str) -> tuple[_Sequences, int]:
    """Reads ``a b|c`` up to a closing bracket; returns the sequences and where it stands."""
    found: _Sequences = []
    parts: list[_Sequences] = []
    while at < len(pieces) and pieces[at] != end:
        piece = pieces[at]
        at += 1
        if piece == "|":
            found += _joined(parts)
            parts = []
        elif piece in "{[":
            inside, at = _choices(pieces, at, "}" if piece == "{" else "]")
            at += 1
            if at < len(pieces) and pieces[at] in ("*", "+"):
                bag = Bag(tuple(inside))
                inside = [(bag,)] if pieces[at] == "*" else [(*one, bag) for one in inside]
                at += 1
            parts.append([(), *inside] if piece == "[" else inside)
        else:
            parts.append([(piece,)])
    return found + _joined(parts), at


def _joined(parts: list[_Sequences]) -> _Sequences:
    return [tuple(itertools.chain.from_iterable(x)) for x in itertools.product(*parts)]
