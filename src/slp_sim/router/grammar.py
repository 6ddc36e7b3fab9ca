"""Command words: abbreviated, ambiguous, incomplete, invalid, and what ``?`` lists.

Patterns are written as ``license smart sync {local|all}``, ``terminal length <number>``,
``copy <source> <target> [vrf <vrf>]``; choices may hold choices. ``<name:type>`` takes what
``terms`` reads as that type, ``<1-365>`` a number of that range, ``<rest...>`` the whole rest;
``{a <x>|b}*`` stands for any number of the choices, in any order, ``+`` for at least one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from slp_sim.router.patterns import Bag, Element, variants
from slp_sim.router.terms import Term, Word, term_of

Available = Callable[[Any], bool]


@dataclass
class _Leaf:
    handler: Callable[..., Any]
    available: Available | None


@dataclass(eq=False)
class _Node:
    words: dict[str, _Node] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    params: dict[tuple[str, str], tuple[Term, _Node]] = field(default_factory=dict)
    rest: tuple[str, _Leaf] | None = None
    leaves: list[_Leaf] = field(default_factory=list)
    also: list[_Node] = field(default_factory=list)
    always: bool = False
    """A command below here exists for everybody."""

    def open_to(self, who: Any, visited: frozenset[int] = frozenset()) -> bool:
        """Tells whether any command below here exists for ``who``."""
        if self.always:
            return True
        if id(self) in visited:
            return False
        visited = visited | {id(self)}
        below = [*self.words.values(), *(node for _, node in self.params.values()), *self.also]
        return (
            any(_is_open(leaf, who) for leaf in self.leaves)
            or (self.rest is not None and _is_open(self.rest[1], who))
            or any(node.open_to(who, visited) for node in below)
        )


def _is_open(leaf: _Leaf, who: Any) -> bool:
    return leaf.available is None or leaf.available(who)


_State = tuple[_Node, ...]


@dataclass(frozen=True)
class Match:
    """A command that was understood.

    Attributes:
        text: the line as a router writes it: keywords in full, names in their own form.
        exact: no keyword was abbreviated.
    """

    handler: Callable[..., Any]
    args: dict[str, str]
    words: tuple[str, ...]
    text: str = ""
    exact: bool = True


@dataclass(frozen=True)
class Reject:
    """A command that was not: ``invalid`` (with the column), ``incomplete`` or ``ambiguous``.

    Attributes:
        text: of an incomplete one, what it says so far.
        values: only values could follow what it says so far, no keyword.
    """

    kind: str
    column: int = 0
    text: str = ""
    values: bool = False


@dataclass(frozen=True)
class Listing:
    """What may follow the words of ``path``; parameters stand as ``<name>``.

    Attributes:
        ends: the line may end here.
        meanings: of values that stand otherwise than by their name, what they are.
    """

    path: tuple[str, ...]
    words: list[str]
    ends: bool
    meanings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Step:
    """What one or more words of a line led to."""

    state: _State
    text: str
    taken: int = 1
    keyword: bool = True
    name: str = ""


class Grammar:
    """All commands of one mode."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(
        self, pattern: str, handler: Callable[..., Any], available: Available | None = None
    ) -> None:
        """Adds a command; ``available`` decides by router and line whether it exists."""
        leaf = _Leaf(handler, available)
        for elements in variants(pattern):
            self._insert(elements, leaf)

    def _insert(self, elements: tuple[Element, ...], leaf: _Leaf) -> None:
        node = self._root
        for element in elements:
            node.always = node.always or leaf.available is None
            if isinstance(element, Bag):
                node = self._bag(node, element, leaf)
            elif element.endswith("...>"):
                node.rest = (element[1:-4], leaf)
                return
            else:
                node = _below(node, element)
        node.always = node.always or leaf.available is None
        node.leaves.append(leaf)

    @staticmethod
    def _bag(node: _Node, bag: Bag, leaf: _Leaf) -> _Node:
        """Hangs the choices below a node of their own, to which the last word of each returns."""
        inside = _Node(always=leaf.available is None)
        node.also.append(inside)
        for choice in bag.choices:
            last = inside
            for element in choice:
                assert isinstance(element, str)
                last = _below(last, element)
                last.always = last.always or leaf.available is None
            last.also.append(inside)
        return inside

    def match(self, line: str, who: Any) -> Match | Reject:
        """Understands a line or says why not."""
        state: _State = (self._root,)
        args: dict[str, str] = {}
        path: list[str] = []
        said: list[str] = []
        exact = True
        tokens = [(found.group(), found.start()) for found in re.finditer(r"\S+", line)]
        at = 0
        while at < len(tokens):
            step = self._step(state, tokens, at, who)
            if isinstance(step, Reject):
                rest = _rest(state, who)
                if rest is not None and step.kind == "invalid":
                    args[rest[0]] = line[tokens[at][1] :].rstrip()
                    text = " ".join([*said, args[rest[0]]])
                    return Match(rest[1].handler, args, tuple(path), text, exact)
                return step
            said.append(step.text)
            if step.keyword:
                exact = exact and step.text.lower() == tokens[at][0].lower()
                path.append(step.text.lower())
            else:
                args[step.name] = step.text
            state, at = step.state, at + step.taken
        leaf = _leaf(state, who)
        if leaf is None:
            values = not any(n.words for n in _closure(state))
            return Reject("incomplete", text=" ".join(said), values=values)
        return Match(leaf.handler, args, tuple(path), " ".join(said), exact)

    def _step(
        self, state: _State, tokens: list[tuple[str, int]], at: int, who: Any
    ) -> _Step | Reject:
        word, column = tokens[at]
        keywords = _keywords(state, who)
        hits = _fitting(keywords, word)
        if len(hits) == 1:
            shown, nodes = keywords[hits[0]]
            return _Step(nodes, shown)
        furthest = max((_common(word, key) for key in keywords), default=0)
        for name, term, nodes in _terms(state, who):
            taken = term.read(tokens, at, who)
            if isinstance(taken, int):
                furthest = max(furthest, taken)
                continue
            return _Step(nodes, taken.text, taken.words, keyword=False, name=name)
        if hits:
            return Reject("ambiguous", column)
        return Reject("invalid", column + furthest)

    def listing(self, line: str, who: Any) -> Listing | Reject:
        """Returns what may follow, as ``?`` lists it."""
        head, partial = (line, "") if line[-1:].isspace() or not line else _last_word(line)
        state: _State = (self._root,)
        path: list[str] = []
        tokens = [(found.group(), found.start()) for found in re.finditer(r"\S+", head)]
        at = 0
        while at < len(tokens):
            step = self._step(state, tokens, at, who)
            if isinstance(step, Reject):
                rest = _rest(state, who)
                if step.kind == "invalid" and rest is not None:
                    return Listing(tuple(path), [f"<{rest[0]}>"], ends=True)
                return step
            path.append(step.text.lower() if step.keyword else f"<{step.name}>")
            state, at = step.state, at + step.taken
        keywords = _keywords(state, who)
        words = [keywords[key][0] for key in sorted(keywords) if key.startswith(partial.lower())]
        meanings: dict[str, str] = {}
        if not partial:
            terms = _terms(state, who)
            words += [term.shown or f"<{name}>" for name, term, _ in terms]
            meanings = {term.shown: term.meaning for _, term, _ in terms if term.shown}
            rest = _rest(state, who)
            words += [f"<{rest[0]}>"] if rest is not None else []
        ends = not partial and _leaf(state, who) is not None
        return Listing(tuple(path), list(dict.fromkeys(words)), ends, meanings)

    def phrases(self) -> Iterator[tuple[str, ...]]:
        """Yields each sequence of keywords and ``<>`` that leads to a command or into one."""
        yield from _phrases(self._root, (), frozenset())


def _below(node: _Node, element: str) -> _Node:
    if not element.startswith("<"):
        key = element.lower()
        node.shown.setdefault(key, element)
        return node.words.setdefault(key, _Node())
    name, _, kind = element[1:-1].partition(":")
    key_ = (name, kind)
    if key_ not in node.params:
        node.params[key_] = (term_of(kind or name), _Node())
    return node.params[key_][1]


def _closure(state: _State) -> list[_Node]:
    """Returns the nodes of a state with those whose words may follow there too."""
    nodes = list(state)
    for node in nodes:
        nodes += [more for more in node.also if more not in nodes]
    return nodes


def _keywords(state: _State, who: Any) -> dict[str, tuple[str, _State]]:
    found: dict[str, tuple[str, _State]] = {}
    for node in _closure(state):
        for key, below in node.words.items():
            if below.open_to(who):
                shown, others = found.get(key, (node.shown[key], ()))
                found[key] = (shown, (*others, below))
    return found


def _fitting(keywords: dict[str, tuple[str, _State]], word: str) -> list[str]:
    low = word.lower()
    return [low] if low in keywords else [key for key in keywords if key.startswith(low)]


def _terms(state: _State, who: Any) -> list[tuple[str, Term, _State]]:
    """Returns the parameters that may follow, the most exact ones first."""
    found: dict[tuple[str, str], tuple[Term, _State]] = {}
    for node in _closure(state):
        for key, (term, below) in node.params.items():
            if below.open_to(who):
                _, others = found.get(key, (term, ()))
                found[key] = (term, (*others, below))
    rows = [(name, term, nodes) for (name, _), (term, nodes) in found.items()]
    return sorted(rows, key=lambda row: isinstance(row[1], Word))


def _rest(state: _State, who: Any) -> tuple[str, _Leaf] | None:
    found = (node.rest for node in _closure(state) if node.rest is not None)
    return next((rest for rest in found if _is_open(rest[1], who)), None)


def _leaf(state: _State, who: Any) -> _Leaf | None:
    leaves = (leaf for node in _closure(state) for leaf in node.leaves)
    return next((leaf for leaf in leaves if _is_open(leaf, who)), None)


def _common(word: str, key: str) -> int:
    """Returns how many letters of a word a keyword begins with."""
    pairs = zip(word.lower(), key, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(word), len(key)))


def _phrases(
    node: _Node, words: tuple[str, ...], above: frozenset[int]
) -> Iterator[tuple[str, ...]]:
    yield words
    above = above | {id(node)}
    if node.rest is not None:
        yield (*words, "<>")
    for key, below in node.words.items():
        yield from _phrases(below, (*words, key), above)
    for _, below in node.params.values():
        yield from _phrases(below, (*words, "<>"), above)
    for below in node.also:
        if id(below) not in above:
            yield from _phrases(below, words, above)


def _last_word(line: str) -> tuple[str, str]:
    cut = max(line.rfind(" "), line.rfind("\t")) + 1
    return line[:cut], line[cut:]
