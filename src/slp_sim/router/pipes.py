"""What follows ``|``: what is shown of an output, or the file that it goes to."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FILES = ("append", "redirect", "tee")
_KINDS = (*_FILES, "begin", "count", "exclude", "include", "section")


@dataclass(frozen=True)
class Filter:
    """One output filter; invalid where its word or its expression is none."""

    kind: str
    expression: str

    @property
    def valid(self) -> bool:
        """Tells whether the router would take it."""
        if self.kind not in _KINDS or not self.expression:
            return False
        if self.to_file:
            return " " not in self.expression
        try:
            re.compile(self.expression)
        except re.error:
            return False
        return True

    @property
    def to_file(self) -> bool:
        """Tells whether the output goes to a file, whose name is the expression."""
        return self.kind in _FILES

    def __call__(self, text: str) -> str:
        """Returns what passes."""
        lines = text.splitlines(keepends=True)
        pattern = re.compile(self.expression)
        if self.kind == "include":
            return "".join(x for x in lines if pattern.search(x))
        if self.kind == "exclude":
            return "".join(x for x in lines if not pattern.search(x))
        if self.kind == "count":
            hits = sum(1 for x in lines if pattern.search(x))
            return f"Number of lines which match regexp = {hits}\n"
        if self.kind == "begin":
            first = next((i for i, x in enumerate(lines) if pattern.search(x)), len(lines))
            return "".join(lines[first:])
        return "".join(_sections(lines, pattern))


def _sections(lines: list[str], pattern: re.Pattern[str]) -> list[str]:
    kept: list[str] = []
    depth: int | None = None
    banner = False
    for line in lines:
        if banner:  # a banner is one entry, whatever its lines look like
            kept.append(line)
            banner = "^C" not in line
            continue
        indent = len(line) - len(line.lstrip(" "))
        if depth is not None and line.strip() and indent > depth:
            kept.append(line)
            continue
        depth = None
        if pattern.search(line):
            kept.append(line)
            depth = indent
            banner = line.startswith("banner ") and line.count("^C") == 1
    return kept


def split_pipe(line: str) -> tuple[str, Filter | None]:
    """Returns the command before a pipe, and the filter behind it."""
    command, bar, tail = line.partition("|")
    if not bar:
        return line.rstrip(), None
    word, _, expression = tail.strip().partition(" ")
    hits = [kind for kind in _KINDS if kind.startswith(word.lower())] if word else []
    return command.rstrip(), Filter(hits[0] if len(hits) == 1 else word, expression.strip())
