"""Configurations: lines in sections, with the router's idea of which line replaces which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from slp_sim.router.nvgen import NO_IS_SHOWN, ordered, place, slot

Where: TypeAlias = str | tuple[str, ...] | None
Tree: TypeAlias = dict[str, "Tree"]


class Configuration:
    """One configuration: header lines in order, each with its section's lines.

    ``Where`` is a section: its header, the headers that lead to it, or None for the top.
    """

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._top: Tree = {}
        self._ordered = False  # lines that come as a whole stay in their order
        self.merge(lines)
        self._ordered = True

    def merge(self, lines: Iterable[str]) -> None:
        """Takes lines as a file holds them, those of sections indented."""
        open_: list[tuple[int, str]] = []
        rest = iter(lines)
        for raw in rest:
            line = raw.strip()
            if not line or line.startswith("!"):
                continue
            if line.startswith("banner ") and line.count("^C") == 1:
                for more in rest:
                    line += f"\n{more}"
                    if "^C" in more:
                        break
            indent = len(raw) - len(raw.lstrip(" "))
            while open_ and open_[-1][0] >= indent:
                open_.pop()
            self.set(tuple(header for _, header in open_) or None, line)
            open_.append((indent, one_line(line)))

    def take_in(self, lines: Iterable[str]) -> None:
        """Merges many lines; top lines are then where a router writes them."""
        self._ordered = False
        self.merge(lines)
        self._ordered = True
        self._top = {line: self._top[line] for line in ordered(list(self._top))}

    def copy(self) -> Configuration:
        """Returns an independent copy."""
        new = Configuration()
        new._top = _copied(self._top)
        return new

    def _lines_of(self, where: Where, *, create: bool = False) -> Tree:
        tree = self._top
        for header in (where,) if isinstance(where, str) else where or ():
            if create and header not in tree:
                self._put(tree, header, top=tree is self._top)
            tree = tree.get(header, {})
        return tree

    def set(self, where: Where, line: str) -> None:
        """Adds a line, replacing the one that sets the same thing."""
        line = one_line(line)
        tree = self._lines_of(where, create=True)
        if line in tree:
            return
        top = where is None
        name = slot(line, top=top)
        opposite = line[3:] if line.startswith("no ") else f"no {line}"
        for old in [x for x in tree if x == opposite or (name and slot(x, top=top) == name)]:
            del tree[old]
        self._put(tree, line, top=top)

    def _put(self, tree: Tree, line: str, *, top: bool) -> None:
        if not self._ordered:
            tree[line] = {}
            return
        rows = list(tree.items())
        rows.insert(place(list(tree), line, top=top), (line, {}))
        tree.clear()
        tree.update(rows)

    def unset(self, where: Where, line: str) -> bool:
        """Removes a line, or every line that begins with it; tells whether one did."""
        tree = self._lines_of(where)
        line = one_line(line)
        hits = [x for x in tree if _begins(x, line)]
        for hit in hits:
            del tree[hit]
        return bool(hits)

    def negate(self, where: Where, line: str) -> bool:
        """Carries out ``no`` before a line; a ``no`` that a router shows is kept."""
        line = one_line(line)
        done = self.unset(where, line)
        whole = "ip address" if _begins(line, "ip address") else line.lower()
        if whole not in NO_IS_SHOWN or any(_begins(x, whole) for x in self._lines_of(where)):
            return done
        self.set(where, f"no {whole}")
        return True

    def rename(self, header: str, names: Iterable[str]) -> None:
        """Puts sections of other names in the place of one, each with all of its lines."""
        rows: list[tuple[str, Tree]] = []
        for old, tree in self._top.items():
            rows += [(name, _copied(tree)) for name in names] if old == header else [(old, tree)]
        self._top = dict(rows)

    def value(self, prefix: str) -> str | None:
        """Returns what follows ``prefix`` in the last line that begins with it."""
        found = self.values(prefix)
        return found[-1] if found else None

    def values(self, prefix: str) -> list[str]:
        """Returns what follows ``prefix`` in every line that begins with it, in order."""
        head = prefix.lower()
        hits = (x for x in self._top if x[: len(head)].lower() == head)
        return [x[len(head) :].strip() for x in hits if x[len(head) :][:1] in ("", " ")]

    def has(self, line: str) -> bool:
        """Tells whether a top line stands there exactly."""
        return line.lower() in (x.lower() for x in self._top)

    def section(self, where: Where) -> list[str]:
        """Returns the lines of one section; none where there is no such section."""
        return list(_flat(self._lines_of(where)))

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yields each header line with its section; deeper lines are indented in it."""
        for head, tree in self._top.items():
            yield head, list(_flat(tree))

    def lines(self) -> list[str]:
        """Returns every line, those of sections indented by one blank."""
        return [x for head, rows in self.sections() for x in (head, *(f" {r}" for r in rows))]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Configuration) and self._top == other._top

    __hash__ = None  # type: ignore[assignment]  # a changing thing is no key


def one_line(text: str) -> str:
    """Returns a line with one blank between its words; banners stay as they were typed."""
    return text if text.startswith("banner ") else " ".join(text.split())


def _copied(tree: Tree) -> Tree:
    return {line: _copied(below) for line, below in tree.items()}


def _flat(tree: Tree) -> Iterator[str]:
    for line, below in tree.items():
        yield line
        yield from (f" {x}" for x in _flat(below))


def _begins(line: str, prefix: str) -> bool:
    low, head = line.lower(), prefix.lower()
    return low == head or low.startswith(head + " ")
