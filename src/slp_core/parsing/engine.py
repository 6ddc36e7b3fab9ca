"""Reads a page by a grammar: sections by name, never by indentation.

Where a line belongs is told by what it says: it is looked up in the innermost open section, then
in the ones around it. Within one section the first value stands and a second one is reported as
unknown, so that a peer's line never overwrites the router's own.

Indentation is used for one thing only: what stands deeper than an unknown heading belongs to it,
unless the open section waits for just that line.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from slp_core.parsing.grammar import Blocks, Grammar, Heading, Label, Prose, Slot, normal
from slp_core.parsing.lines import Line
from slp_core.parsing.nodes import Node, build
from slp_core.parsing.printed import Printed
from slp_core.parsing.values import NONE

WRAPPED_AT = 72
"""A line at least this wide may have been wrapped; a shorter one ends where it ends."""

LINES = 8
"""No value is wrapped over more lines than this."""

HELD = 4
"""A name may be wrapped over this many lines before its tag stands."""


class Tail(NamedTuple):
    """The value that a next bare line may go on with."""

    node: Node
    slot: Slot
    open: bool


class Reading(NamedTuple):
    """What came out: the filled model, its evidence, the lines that nobody understood."""

    data: Printed
    evidence: dict[str, tuple[int, ...]]
    unknown: list[Line]
    facts: int


def read(
    grammar: Grammar,
    lines: tuple[Line, ...],
    prose: Prose | None = None,
    separator: str = ":",
) -> Reading:
    """Returns what ``lines`` say by ``grammar``; never raises on them."""
    scan = _Scan(grammar, prose, separator)
    for line in lines:
        scan.take(line)
    scan.release()
    evidence = {path: tuple(lines) for path, lines in scan.evidence.items()}
    return Reading(build(scan.root), evidence, scan.unknown, scan.facts)


class _Scan:
    """The state between two lines."""

    def __init__(self, grammar: Grammar, prose: Prose | None, separator: str) -> None:
        self.root = Node(grammar, "")
        self.stack = [self.root]
        self.prose = prose
        self.separator = separator
        self.evidence: dict[str, list[int]] = {}
        self.unknown: list[Line] = []
        self.facts = 0
        self.keys: dict[str, int] = {}
        self.held: list[Line] = []
        self.pending: tuple[Node, Slot] | None = None
        self.tail: Tail | None = None
        self.foreign_indent: int | None = None

    def take(self, line: Line) -> None:
        if self.foreign_indent is not None:
            if line.indent > self.foreign_indent and not self._awaited(line):
                self.unknown.append(line)
                return
            self.foreign_indent = None
        waiting = self.pending, self.tail
        self.pending = self.tail = None
        if self._known(line) or (self.prose is not None and line.text in self.prose):
            return
        self.pending, self.tail = waiting
        label, parted, value = self._parts(line.text)
        if not parted or label in ("http", "https"):
            self._bare(line)
            return
        self.unknown.append(line)
        if not value and label:
            self.foreign_indent = line.indent
        else:
            self.pending = self.tail = None
            self.release()

    def release(self) -> None:
        """Gives up the bare lines that were held as the beginning of something."""
        if self.held:
            self.unknown.extend(self.held)
            self.held.clear()

    def _parts(self, text: str) -> tuple[str, bool, str]:
        """Parts label and value; a heading ends in a colon also where values follow ``=``."""
        label, parted, value = text.partition(self.separator)
        if not parted and self.separator != ":" and text.endswith(":"):
            return normal(text[:-1]), True, ""
        return (normal(label) if len(label) < 100 else ""), bool(parted), value.strip()

    def _bare(self, line: Line) -> None:
        """A line without a label: it goes on with the one before, or begins a wrapped name."""
        pending, tail = self.pending, self.tail
        self.pending = self.tail = None
        if pending is not None and self._value_below(line, *pending):
            return
        path = tail.node.at(tail.slot.name) if tail is not None and tail.open else ""
        if tail is not None and path and len(self.evidence[path]) < LINES:
            tail.node.values[tail.slot.name] += f" {line.text}"
            self.evidence[path].extend(line.numbers)
            self.tail = Tail(tail.node, tail.slot, _goes_on(line))
            return
        self.held.append(line)
        if len(self.held) > HELD:
            self.unknown.append(self.held.pop(0))

    def _value_below(self, line: Line, node: Node, slot: Slot) -> bool:
        before = () if slot.many else tuple(self.evidence[node.at(slot.name)])
        empty = None if slot.many else node.values.pop(slot.name)
        if not self._put(node, slot, line.text, before + line.numbers):
            node.values[slot.name] = empty
            return False
        self.tail = self._tail(node, slot, line)
        if isinstance(slot.mark, Label) and slot.mark.lines:
            self.pending = (node, slot)
        return True

    def _tail(self, node: Node, slot: Slot, line: Line) -> Tail | None:
        if not slot.textual or slot.many or not isinstance(node.values[slot.name], str):
            return None
        return Tail(node, slot, _goes_on(line))

    def _awaited(self, line: Line) -> bool:
        """Tells whether a line below an unknown heading is one that an open section waits for."""
        label, parted, value = self._parts(line.text)
        for depth in range(len(self.stack) - 1, -1, -1):
            node = self.stack[depth]
            if any(begins(line.text) for begins in node.grammar.begins):
                return True
            slot = node.grammar.labels.get(label)
            if slot is None or not (parted or _is_title(slot)):
                continue
            if slot.heading:
                assert isinstance(slot.mark, Heading)
                return not value or slot.mark.inline is not None
            if depth == len(self.stack) - 1 and (slot.many or slot.name not in node.values):
                return True
            if label in self.root.grammar.unique and not slot.many:
                return slot.name not in node.values
        return False

    def _known(self, line: Line) -> bool:
        label, parted, value = self._parts(line.text)
        for depth in range(len(self.stack) - 1, -1, -1):
            node = self.stack[depth]
            grammar = node.grammar
            if grammar.blocks and self._block(grammar.blocks, node, line, depth):
                return True
            if grammar.patterns and self._pattern(node, line):
                return True
            slot = grammar.labels.get(label)
            if slot is not None and (parted or _is_title(slot)):
                if slot.heading:
                    if self._open(node, slot, value, line, depth):
                        return True
                elif self._set(node, slot, value, line):
                    self.release()
                    del self.stack[depth + 1 :]
                    return True
            if grammar.loose and self._block(grammar.loose, node, line, depth):
                return True
        return False

    def _block(self, blocks: list[tuple[Slot, Blocks]], node: Node, line: Line, depth: int) -> bool:
        for slot, mark in blocks:
            if mark.hint and mark.hint not in line.text:
                continue
            match = mark.match(line.text)
            if match is None:
                continue
            groups = match.groupdict()
            numbers = line.numbers
            if self.held and "name" in groups and self._name_begun(groups["name"] or ""):
                numbers = tuple(n for held in self.held for n in held.numbers) + numbers
                parts = [held.text for held in self.held] + [groups["name"] or ""]
                groups["name"] = " ".join(part for part in parts if part)
                self.held.clear()
            self.release()
            del self.stack[depth + 1 :]
            item = self._item(node, slot, groups.get(mark.key) if mark.key else None)
            for name, text in groups.items():
                if text is not None:
                    self._put(item, item.grammar.slots[name], text.strip() or None, numbers)
            self.stack.append(item)
            return True
        return False

    def _name_begun(self, name: str) -> bool:
        """Tells whether the held lines are the beginning of a name that was wrapped."""
        return not name or self.held[-1].text.endswith(",")

    def _item(self, node: Node, slot: Slot, key: str | None) -> Node:
        assert slot.grammar is not None
        items = node.list_of(slot.name)
        path = f"{node.at(slot.name)}[{key if key is not None else len(items)}]"
        seen = self.keys[path] = self.keys.get(path, 0) + 1
        item = Node(slot.grammar, path if seen == 1 else f"{path[:-1]}#{seen}]")
        items.append(item)
        return item

    def _pattern(self, node: Node, line: Line) -> bool:
        found = False
        for slot, mark in node.grammar.patterns:
            if mark.hint and mark.hint not in line.text:
                continue
            match = mark.match(line.text)
            if match is None:
                continue
            if mark.value is not ...:
                found = self._put(node, slot, mark.value, line.numbers) or found
                continue
            groups = match.groupdict() or {slot.name: match[1]}
            for name, text in groups.items():
                target = slot if name == slot.name else node.grammar.slots[name]
                if text is not None:
                    found = self._put(node, target, text.strip(), line.numbers) or found
        if found:
            self.release()
        return found

    def _open(self, node: Node, slot: Slot, value: str, line: Line, depth: int) -> bool:
        mark = slot.mark
        assert isinstance(mark, Heading)
        assert slot.grammar is not None
        if value and mark.inline is None:
            return False
        section = node.values.get(slot.name)
        if section is None:
            section = node.values[slot.name] = Node(slot.grammar, node.at(slot.name))
            self.evidence[section.path] = list(line.numbers)
        self.release()
        del self.stack[depth + 1 :]
        self.stack.append(section)
        if value and mark.inline is not None:
            inline = section.grammar.slots[mark.inline]
            if not self._put(section, inline, value, line.numbers):
                # `Trust Code Installed:    Trust Code Type: CSSM`: a field behind the heading
                rest = line._replace(text=value)
                if self._parts(value)[0] in section.grammar.labels and self._known(rest):
                    return True
                self.unknown.append(line)
        return True

    def _set(self, node: Node, slot: Slot, value: str, line: Line) -> bool:
        if value:
            done = self._put(node, slot, value, line.numbers)
            if done and _goes_on(line):
                self.tail = self._tail(node, slot, line)
            return done
        if slot.many:
            node.values.setdefault(slot.name, None)  # a list once a value stands below
        elif slot.name in node.values:
            return False
        else:
            node.values[slot.name] = "" if slot.textual else None
        self._prove(node, slot, line.numbers)
        self.pending = (node, slot)
        return True

    def _put(self, node: Node, slot: Slot, value: Any, numbers: tuple[int, ...]) -> bool:
        """Reads and keeps a value; the first one stands, and one that cannot be read is refused."""
        if slot.name in node.values and not slot.many:
            return False
        if isinstance(value, str):
            try:
                value = None if value[:1] == "<" and value.lower() in NONE else slot.read(value)
            except (ValueError, OverflowError):
                return False
        if not slot.many:
            node.values[slot.name] = value
        else:
            items = node.list_of(slot.name)
            if value is not None:
                items.append(value)
        self._prove(node, slot, numbers)
        return True

    def _prove(self, node: Node, slot: Slot, numbers: tuple[int, ...]) -> None:
        path = node.at(slot.name)
        if slot.many and path in self.evidence:
            self.evidence[path].extend(numbers)
        else:
            self.evidence[path] = list(numbers)
        self.facts += 1


def _goes_on(line: Line) -> bool:
    """Tells whether a line may have been wrapped: it ends in a comma or filled the terminal."""
    return line.wide >= WRAPPED_AT or line.text[-1] == ","


def _is_title(slot: Slot) -> bool:
    return isinstance(slot.mark, Heading) and slot.mark.inline is None
