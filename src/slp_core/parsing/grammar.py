"""How an output is described: a model whose fields say which lines they come from.

A parser is a model (``Printed``) with four kinds of marks on its fields:

- ``Label("Last ACK received")``: the line ``Last ACK received: VALUE``; the field's type says how
  the value is read. A ``tuple`` collects each such line.
- ``Heading("Usage Reporting")``: a section, whose own model says what stands in it.
- ``Blocks(regex)``: each line that matches begins an item; its groups are fields of the item, and
  the item's model says which lines belong to it. A table's rows are blocks without such lines.
- ``Pattern(regex)``: a line anywhere in the section; its groups are fields (or the one group is).

``Prose`` names lines that are known and carry no fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Annotated, Any, get_args, get_origin

from slp_core.parsing.printed import Printed
from slp_core.parsing.values import plain, reader_of

Reader = Callable[[str], Any]

MANY_WORDS = 7
LONG_WORD = 8


class Label:
    """``Label: value``; several spellings may be given. ``lines``: each line below is a value."""

    def __init__(self, *names: str, read: Reader | None = None, lines: bool = False) -> None:
        self.names = names
        self.read = read
        self.lines = lines


class Heading:
    """``Heading:``, or a title of its own line; ``inline`` names a field for what follows."""

    def __init__(self, *names: str, inline: str | None = None) -> None:
        self.names = names
        self.inline = inline


class Blocks:
    """A line that begins an item; ``key`` is the field by which evidence names the item.

    ``hint`` must occur in the line: it spares the regex. ``loose``: nearly any line matches, so
    that it is tried last, and a match says nothing of where the line belongs.
    """

    def __init__(
        self, regex: str, *, key: str | None = None, hint: str = "", loose: bool = False
    ) -> None:
        self.loose = loose
        self.match = re.compile(regex).match
        self.key = key
        self.hint = hint


class Pattern:
    """A line that fills this field (and others that its groups name).

    ``hint`` must occur in the line: it spares the regex. ``value`` stands for a line that says it
    all. ``search`` looks anywhere in the line. ``whole``: one line gives the whole ``tuple``.
    """

    def __init__(
        self,
        regex: str,
        *,
        hint: str = "",
        value: Any = ...,
        read: Reader | None = None,
        search: bool = False,
        whole: bool = False,
    ) -> None:
        compiled = re.compile(regex)
        self.match = compiled.search if search else compiled.match
        self.hint = hint
        self.value = value
        self.read = read
        self.whole = whole


class Prose:
    """Text that a router prints always; a line that is part of it carries no fact."""

    def __init__(self, text: str) -> None:
        words = text.lower().split()
        self.text = " ".join(words)
        self.vocabulary = frozenset(words)

    def __contains__(self, line: str) -> bool:
        words = line.lower().split()
        if len(words) == 1:  # the end of a paragraph
            return len(line) > LONG_WORD and words[0] in self.vocabulary
        if " ".join(words) in self.text:
            return True
        # the same sentence reworded by another release: nearly all of its words, and many of them
        return len(words) >= MANY_WORDS and sum(w not in self.vocabulary for w in words) <= 1


@dataclass(frozen=True)
class Slot:
    """One field of a model, ready for use."""

    name: str
    read: Reader
    many: bool
    textual: bool
    grammar: Grammar | None = None
    mark: Label | Heading | Blocks | Pattern | None = None
    heading: bool = False


@dataclass
class Grammar:
    """A model's marks, compiled."""

    model: type[Printed]
    slots: dict[str, Slot] = field(default_factory=dict)
    labels: dict[str, Slot] = field(default_factory=dict)
    blocks: list[tuple[Slot, Blocks]] = field(default_factory=list)
    loose: list[tuple[Slot, Blocks]] = field(default_factory=list)
    patterns: list[tuple[Slot, Pattern]] = field(default_factory=list)

    @cached_property
    def begins(self) -> tuple[Callable[[str], object], ...]:
        """What tells whether a line begins an item."""
        return tuple(mark.match for _, mark in self.blocks)

    @cached_property
    def unique(self) -> frozenset[str]:
        """The labels that stand in one place only of the whole output."""
        seen: dict[str, int] = {}
        for grammar in _within(self, set()):
            for label in grammar.labels:
                seen[label] = seen.get(label, 0) + 1
        return frozenset(label for label, times in seen.items() if times == 1)


def _within(grammar: Grammar, done: set[int]) -> Iterator[Grammar]:
    if id(grammar) in done:
        return
    done.add(id(grammar))
    yield grammar
    for slot in grammar.slots.values():
        if slot.grammar is not None:
            yield from _within(slot.grammar, done)


@lru_cache(4096)
def normal(label: str) -> str:
    """Returns a label as it is looked up: case and blanks do not count."""
    return " ".join(label.lower().split())


_COMPILED: dict[type[Printed], Grammar] = {}


def grammar_of(model: type[Printed]) -> Grammar:
    """Returns the compiled marks of ``model``."""
    if model not in _COMPILED:
        _COMPILED[model] = _compile(model)
    return _COMPILED[model]


def _compile(model: type[Printed]) -> Grammar:
    grammar = Grammar(model)
    for name, hint in model.field_types().items():
        annotation, *given = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        marks = [x for x in given if isinstance(x, Label | Heading | Blocks | Pattern)]
        inner = _model_in(annotation)
        read = reader_of(annotation)
        many = "tuple[" in str(annotation)
        for mark in marks or (None,):
            own = mark.read if isinstance(mark, Label | Pattern) and mark.read else read
            nested = grammar_of(inner) if inner and isinstance(mark, Heading | Blocks) else None
            each = many and not (isinstance(mark, Pattern) and mark.whole)
            slot = Slot(name, own, each, own is plain, nested, mark, isinstance(mark, Heading))
            grammar.slots.setdefault(name, slot)
            if isinstance(mark, Label | Heading):
                grammar.labels.update({normal(label): slot for label in mark.names})
            elif isinstance(mark, Blocks):
                (grammar.loose if mark.loose else grammar.blocks).append((slot, mark))
            elif isinstance(mark, Pattern):
                grammar.patterns.append((slot, mark))
    return grammar


def _model_in(annotation: Any) -> type[Printed] | None:
    if isinstance(annotation, type) and issubclass(annotation, Printed):
        return annotation
    for kind in get_args(annotation):
        found = _model_in(kind)
        if found is not None:
            return found
    return None
