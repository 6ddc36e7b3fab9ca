"""Command words: abbreviated, ambiguous, incomplete, invalid, and what ``?`` lists.

Patterns are written as ``license smart sync {all|local}``, ``terminal length <n>``,
``license smart trust idtoken <token> {local|all} [force]``; ``<rest...>`` takes the whole rest.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Available = Callable[[Any], bool]


@dataclass
class _Leaf:
    handler: Callable[..., Any]
    available: Available | None


@dataclass
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    param: tuple[str, _Node] | None = None
    rest: tuple[str, _Leaf] | None = None
    leaves: list[_Leaf] = field(default_factory=list)

    def open_to(self, who: Any) -> bool:
        """Tells whether any command below here exists for ``who``."""
        return (
            any(_is_open(leaf, who) for leaf in self.leaves)
            or (self.rest is not None and _is_open(self.rest[1], who))
            or (self.param is not None and self.param[1].open_to(who))
            or any(node.open_to(who) for node in self.words.values())
        )

    def leaf_for(self, who: Any) -> _Leaf | None:
        return next((leaf for leaf in self.leaves if _is_open(leaf, who)), None)


def _is_open(leaf: _Leaf, who: Any) -> bool:
    return leaf.available is None or leaf.available(who)


@dataclass(frozen=True)
class Match:
    """A command that was understood."""

    handler: Callable[..., Any]
    args: dict[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Reject:
    """A command that was not: ``invalid`` (with the column), ``incomplete`` or ``ambiguous``."""

    kind: str
    column: int = 0


@dataclass(frozen=True)
class Listing:
    """What may follow the words of ``path``; parameters stand as ``<name>``.

    Attributes:
        ends: the line may end here.
    """

    path: tuple[str, ...]
    words: list[str]
    ends: bool


class Grammar:
    """All commands of one mode."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(
        self, pattern: str, handler: Callable[..., Any], available: Available | None = None
    ) -> None:
        """Adds a command; ``available`` decides by router and line whether it exists."""
        leaf = _Leaf(handler, available)
        for variant in _variants(pattern):
            self._insert(variant, leaf)

    def _insert(self, words: Iterable[str], leaf: _Leaf) -> None:
        node = self._root
        for word in words:
            if word.startswith("<") and word.endswith("...>"):
                node.rest = (word[1:-4], leaf)
                return
            if word.startswith("<"):
                if node.param is None:
                    node.param = (word[1:-1], _Node())
                node = node.param[1]
            else:
                key = word.lower()
                node.shown.setdefault(key, word)
                node = node.words.setdefault(key, _Node())
        node.leaves.append(leaf)

    def match(self, line: str, who: Any) -> Match | Reject:
        """Understands a line or says why not."""
        node = self._root
        args: dict[str, str] = {}
        path: list[str] = []
        for found in re.finditer(r"\S+", line):
            word, column = found.group(), found.start()
            hit = self._step(node, word, who)
            if isinstance(hit, Reject):
                return Reject(hit.kind, column)
            if hit is None:
                if node.rest is not None and _is_open(node.rest[1], who):
                    args[node.rest[0]] = line[column:].rstrip()
                    return Match(node.rest[1].handler, args, tuple(path))
                return Reject("invalid", column)
            name, node = hit
            if name.startswith("<"):
                args[name[1:]] = word
            else:
                path.append(name)
        leaf = node.leaf_for(who)
        if leaf is None:
            return Reject("incomplete")
        return Match(leaf.handler, args, tuple(path))

    def _step(self, node: _Node, word: str, who: Any) -> tuple[str, _Node] | Reject | None:
        lower = word.lower()
        exact = node.words.get(lower)
        if exact is not None and exact.open_to(who):
            return lower, exact
        hits = [(w, n) for w, n in node.words.items() if w.startswith(lower) and n.open_to(who)]
        if len(hits) == 1:
            return hits[0]
        if len(hits) > 1 and node.param is None:
            return Reject("ambiguous")
        if node.param is not None and node.param[1].open_to(who):
            return f"<{node.param[0]}", node.param[1]
        return None

    def listing(self, line: str, who: Any) -> Listing | Reject:
        """Returns what may follow, as ``?`` lists it."""
        head, partial = (line, "") if line[-1:].isspace() or not line else _last_word(line)
        node = self._root
        path: list[str] = []
        for found in re.finditer(r"\S+", head):
            hit = self._step(node, found.group(), who)
            if hit is None and node.rest is not None and _is_open(node.rest[1], who):
                return Listing(tuple(path), [f"<{node.rest[0]}>"], ends=True)
            if not isinstance(hit, tuple):
                return hit or Reject("invalid", found.start())
            path.append(hit[0])
            node = hit[1]
        words = [
            node.shown[w]
            for w, n in sorted(node.words.items())
            if w.startswith(partial.lower()) and n.open_to(who)
        ]
        if not partial:
            if node.param is not None and node.param[1].open_to(who):
                words.append(f"<{node.param[0]}>")
            if node.rest is not None and _is_open(node.rest[1], who):
                words.append(f"<{node.rest[0]}>")
        return Listing(tuple(path), words, ends=not partial and node.leaf_for(who) is not None)


def _last_word(line: str) -> tuple[str, str]:
    cut = max(line.rfind(" "), line.rfind("\t")) + 1
    return line[:cut], line[cut:]


def _variants(pattern: str) -> Iterator[tuple[str, ...]]:
    """Yields each sequence of words that a pattern with ``{a|b}`` and ``[c]`` stands for."""
    choices: list[list[tuple[str, ...]]] = []
    for part in re.findall(r"\{[^}]*\}|\[[^\]]*\]|\S+", pattern):
        if part[0] == "{":
            choices.append([tuple(option.split()) for option in part[1:-1].split("|")])
        elif part[0] == "[":
            options = [tuple(option.split()) for option in part[1:-1].split("|")]
            choices.append([(), *options])
        else:
            choices.append([(part,)])
    for combination in itertools.product(*choices):
        yield tuple(itertools.chain.from_iterable(combination))
