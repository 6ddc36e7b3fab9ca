"""Limit expressions: which hosts of an inventory are meant.

``r1,r7`` · ``edge-*`` · ``group:isr4k`` · ``site=bern`` · ``slp.transport=fake``. A comma means
*or*, ``&`` means *and*, ``!`` means *not*: ``site=bern&!edge-*,group:lab``.
A term that fits no router is an error: it was mistyped, and the rest is not what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from nornir.core.inventory import Host

from slp_core.errors import UsageError
from slp_core.names import nearest
from slp_tasks.host_data import slp_data


@dataclass
class Part:
    """One condition of a term.

    Attributes:
        values: what a host has that the pattern is held against.
        head: what stands before the pattern.
        known: what hosts had so far, to name what comes near a pattern that fits none.
        hit: whether some host met it.
    """

    pattern: str
    negated: bool
    values: Callable[[Host], Sequence[str]]
    head: str = ""
    known: dict[str, None] = field(default_factory=dict)
    hit: bool = False

    def fits(self, host: Host) -> bool:
        """Tells whether the host meets the condition."""
        values = self.values(host)
        self.known.update(dict.fromkeys(values))
        met = any(fnmatchcase(v, self.pattern) for v in values) != self.negated
        self.hit = self.hit or met
        return met


class Limit:
    """Tells the meant hosts from the others, and remembers which terms fitted none."""

    def __init__(self, expression: str) -> None:
        self._terms = [t for t in expression.replace(" ", ",").split(",") if t]
        if not self._terms:
            raise UsageError("the limit is empty", remedy="give a name, group:NAME or key=value")
        self._parts = [[_part(p.strip(), expression) for p in t.split("&")] for t in self._terms]
        self._unmet = set(range(len(self._terms)))

    def __call__(self, host: Host) -> bool:
        met = [
            n for n, parts in enumerate(self._parts) if False not in [p.fits(host) for p in parts]
        ]
        self._unmet.difference_update(met)
        return bool(met)

    def refuse_unmatched(self, of: str = "") -> None:
        """Refuses the limit if a term of it fitted none of the hosts that were held against it.

        Args:
            of: whose routers these were, such as ``of the plan``.

        Raises:
            UsageError: one did; it is named, with what comes near it.
        """
        if not self._unmet:
            return
        number = min(self._unmet)
        near = _near(next((p for p in self._parts[number] if not p.hit), None))
        whose = f"no router {of}".rstrip()
        raise UsageError(
            f"{whose} matches {self._terms[number]!r}",
            where="--limit",
            remedy=f"nearest: {near}" if near else "nothing comes near; look into the inventory",
        )


def parse_limit(expression: str) -> Limit:
    """Returns what tells the meant hosts from the others.

    Raises:
        UsageError: a term is empty.
    """
    return Limit(expression)


def _near(part: Part | None) -> str:
    if part is None:  # each condition is met by some router, and all by none
        return ""
    return ", ".join(part.head + n for n in nearest(part.pattern, part.known))


def _part(part: str, expression: str) -> Part:
    negated, part = part.startswith("!"), part.removeprefix("!")
    if not part:
        raise UsageError(f"{expression!r} has an empty term", remedy="remove the extra sign")
    if part.startswith("group:"):
        return Part(part.removeprefix("group:"), negated, _groups, "group:")
    if "=" in part:
        key, _, wanted = part.partition("=")
        return Part(wanted, negated, lambda host: _values(host, key), f"{key}=")
    return Part(part, negated, lambda host: (host.name,))


def _groups(host: Host) -> Sequence[str]:
    return [group.name for group in host.extended_groups()]


def _values(host: Host, key: str) -> Sequence[str]:
    """Returns what the data of a host hold at the dotted key, of ``slp`` too (lists, each)."""
    values: list[str] = []
    for path in (key, f"slp.{key}"):
        value = _at(host, path)
        several = value if isinstance(value, list | tuple) else [value]
        values += [_text(v) for v in several if v is not None]
    return values


def _at(host: Host, path: str) -> Any:
    head, _, rest = path.partition(".")
    if head in ("hostname", "port", "platform", "username") and not rest:
        return getattr(host, head)
    value: Any = slp_data(host) if head == "slp" else host.get(head)
    for key in rest.split(".") if rest else ():
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
