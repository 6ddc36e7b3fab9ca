"""Words of a line as terms read them, and what a term took of them."""

from __future__ import annotations

from dataclasses import dataclass

Tokens = list[tuple[str, int]]


@dataclass(frozen=True)
class Taken:
    """A value as the router writes it, and the number of words that it stood in."""

    text: str
    words: int = 1
