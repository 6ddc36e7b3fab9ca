"""Configurations: lines in sections, with the router's idea of which line replaces which."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SINGLE = (
    r"hostname",
    r"license smart transport",
    r"license smart url cslu",
    r"license smart url smart",
    r"license smart url utility",
    r"license smart url (?=\S+$)",
    r"license smart usage interval",
    r"license smart proxy address",
    r"license smart proxy port",
    r"license smart vrf",
    r"license smart custom_id",
    r"license smart usage customer-tags tag\d",
    r"license boot level",
    r"platform hardware throughput level",
    r"platform hardware throughput crypto",
    r"ip http client source-interface",
    r"ip http client secure-trustpoint",
    r"ip domain name",
    r"ip domain lookup source-interface",
    r"enable secret",
    r"clock timezone",
    r"banner motd",
    r"banner exec",
)
_SINGLE_RE = tuple(re.compile(rf"{p}(?:\s|$)" if p[-1] != ")" else p, re.I) for p in _SINGLE)


def _slot(line: str) -> str | None:
    """Returns what a line sets, where a second such line replaces it."""
    for pattern in _SINGLE_RE:
        found = pattern.match(line)
        if found:
            return found.group().strip().lower()
    return None


class Configuration:
    """One configuration: header lines in order, each with its section's lines."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._top: dict[str, list[str]] = {}
        header = ""
        for raw in lines:
            line = raw.rstrip()
            if not line or line.lstrip().startswith("!"):
                continue
            if line[0] == " " and header:
                self.set(header, line.strip())
            else:
                header = line
                self.set(None, line)

    def copy(self) -> Configuration:
        """Returns an independent copy."""
        new = Configuration()
        new._top = {key: list(value) for key, value in self._top.items()}
        return new

    def set(self, section: str | None, line: str) -> None:
        """Adds a line, replacing the one that sets the same thing."""
        line = " ".join(line.split())
        if section is not None:
            children = self._top.setdefault(section, [])
            if line not in children:
                children.append(line)
            return
        if line in self._top:
            return
        slot = _slot(line)
        if slot is not None:
            for old in [x for x in self._top if _slot(x) == slot]:
                del self._top[old]
        self._top[line] = []

    def unset(self, section: str | None, line: str) -> bool:
        """Removes a line, or every line that begins with it; tells whether one did."""
        line = " ".join(line.split())
        if section is not None:
            children = self._top.get(section, [])
            hits = [x for x in children if _begins(x, line)]
            self._top[section] = [x for x in children if x not in hits]
            return bool(hits)
        hits = [x for x in self._top if _begins(x, line)]
        for hit in hits:
            del self._top[hit]
        return bool(hits)

    def value(self, prefix: str) -> str | None:
        """Returns what follows ``prefix`` in the last line that begins with it."""
        found = None
        for line in self._top:
            if _begins(line, prefix):
                found = line[len(prefix) :].strip()
        return found

    def values(self, prefix: str) -> list[str]:
        """Returns what follows ``prefix`` in every line that begins with it, in order."""
        return [x[len(prefix) :].strip() for x in self._top if _begins(x, prefix)]

    def has(self, line: str) -> bool:
        """Tells whether a top line stands there exactly."""
        return line.lower() in (x.lower() for x in self._top)

    def section(self, header: str) -> list[str]:
        """Returns the lines of one section; none where there is no such section."""
        return self._top.get(header, [])

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yields each header line with its section."""
        yield from self._top.items()

    def lines(self) -> list[str]:
        """Returns every line, those of sections indented by one blank."""
        return [x for head, rows in self._top.items() for x in (head, *(f" {r}" for r in rows))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Configuration) and self._top == other._top

    __hash__ = None  # type: ignore[assignment]  # a changing thing is no key


def _begins(line: str, prefix: str) -> bool:
    low, head = line.lower(), prefix.lower()
    return low == head or low.startswith(head + " ")
