"""Collects values by dotted path, the first one standing, each with the lines that prove it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from slp_core.parsing.command import Parsed
from slp_core.parsing.printed import Printed
from slp_core.release import Release
from slp_core.state import Contradiction, Evidence

Change = Callable[[Any], Any]


class Take(NamedTuple):
    """One value: where it goes in the state, where it stands in the output, how it is changed."""

    target: str
    source: str
    change: Change | None = None


class Missing(Exception):
    """A value was not printed."""


def value_at(data: Printed, path: str) -> Any:
    """Returns the value at a dotted path of a parser's model.

    Raises:
        Missing: it was not printed; ``None`` is returned where ``<none>`` was printed.
    """
    value: Any = data
    for name in path.split("."):
        if not isinstance(value, Printed) or name not in value.printed:
            raise Missing(path)
        value = getattr(value, name)
    return value


class Builder:
    """The state under construction."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.evidence: dict[str, Evidence] = {}
        self.also: dict[str, list[Contradiction]] = {}

    def put(self, target: str, value: Any, command: str, lines: tuple[int, ...]) -> None:
        """Keeps a value unless there is one already, which it may contradict."""
        if target not in self.values:
            self.values[target] = value
            self.evidence[target] = Evidence(command=command, lines=lines)
        else:
            self.differs(target, self.values[target], value, Evidence(command=command, lines=lines))

    def fill(self, target: str, value: Any, command: str, lines: tuple[int, ...]) -> None:
        """Keeps a value unless there is one already, which it does not contradict."""
        if target not in self.values:
            self.put(target, value, command, lines)

    def differs(self, target: str, kept: Any, value: Any, evidence: Evidence) -> None:
        """Notes what an output says of a value that is kept, where it says something else."""
        if not _same(kept, value):
            other = Contradiction(value=_plain(value), evidence=evidence)
            self.also.setdefault(target, []).append(other)

    def take(self, parsed: Parsed, takes: tuple[Take, ...], *, inside: str = "") -> None:
        """Keeps what ``parsed`` says of the values in ``takes``."""
        for one in takes:
            try:
                value = value_at(parsed.data, one.source)
                if one.change is not None and value is not None:
                    value = one.change(value)
            except Missing:
                continue
            self.put(inside + one.target, value, parsed.command, lines_of(parsed, one.source))

    def nested(self) -> dict[str, Any]:
        """Returns the values as nested dictionaries."""
        root: dict[str, Any] = {}
        for path, value in self.values.items():
            node = root
            *heads, last = path.split(".")
            for head in heads:
                node = node.setdefault(head, {})
            node[last] = value
        return root


def _same(one: Any, other: Any) -> bool:
    """Tells whether two outputs say the same; columns cut by ``...`` say it in part."""
    if one == other:
        return True
    if isinstance(one, Release) and isinstance(other, Release):
        return one.satisfies(other) or other.satisfies(one)
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    cut = [x for x in (one, other) if x.endswith("...")]
    stems = [x.removesuffix("...") for x in (one, other)]
    return bool(cut) and (stems[0].startswith(stems[1]) or stems[1].startswith(stems[0]))


def _plain(value: Any) -> Any:
    """Returns a value as the state's JSON holds it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.short if isinstance(value, Release) else value


def lines_of(parsed: Parsed, path: str) -> tuple[int, ...]:
    """Returns the lines of a value, of all items of a list, or of the section around it."""
    evidence: Mapping[str, tuple[int, ...]] = parsed.evidence
    if path not in evidence:
        items = [lines for name, lines in evidence.items() if name.startswith(f"{path}[")]
        if items:
            return tuple(sorted({line for lines in items for line in lines}))
    while path:
        if path in evidence:
            return evidence[path]
        path = path.rpartition(".")[0]
    return ()


def items_of(parsed: Parsed, path: str, key: str) -> list[tuple[str, Any]]:
    """Returns the items of a list with the dotted path by which evidence names each."""
    try:
        items = value_at(parsed.data, path) or ()
    except Missing:
        return []
    seen: dict[str, int] = {}
    named = []
    for index, item in enumerate(items):
        mark = getattr(item, key, None) if key else None
        name = f"{path}[{index if mark is None else mark}]"
        seen[name] = count = seen.get(name, 0) + 1
        named.append((name if count == 1 else f"{name[:-1]}#{count}]", item))
    return named
