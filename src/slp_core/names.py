"""Names that a person typed: what is unknown is refused, with the known ones that come near."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from slp_core.errors import UsageError

_FEW = 5


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Returns the few known names that come nearest to one that is none of them."""
    names = sorted(set(known))
    by_case = {n.lower(): n for n in names}
    close = get_close_matches(name.lower().strip("*?"), list(by_case), n=3, cutoff=0.6)
    return [by_case[n] for n in close] or (names if len(names) <= _FEW else [])


def refuse_unknown(names: Iterable[str], known: Iterable[str], what: str, remedy: str) -> None:
    """Refuses router names of which one is none of those known.

    Args:
        what: who does not know it, as the beginning of the sentence: ``run 7 has``.

    Raises:
        UsageError: one is unknown; the nearest names are named.
    """
    there = set(known)
    for name in names:
        if name not in there:
            near = ", ".join(nearest(name, there))
            raise UsageError(
                f"{what} no router {name!r}", remedy=f"nearest: {near}" if near else remedy
            )
