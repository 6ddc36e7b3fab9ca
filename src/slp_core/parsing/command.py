"""What a parser is: a command, the model of its output, and how its output is recognised."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from slp_core.parsing.engine import read
from slp_core.parsing.grammar import Prose, grammar_of
from slp_core.parsing.lines import Line, read_page
from slp_core.parsing.messages import Message, read_message
from slp_core.parsing.printed import Printed
from slp_core.state import UnknownLine

Status = Literal["ok", "empty", "foreign", "rejected", "cut"]


class Parsed(NamedTuple):
    """What an output says.

    Attributes:
        command: the command in full.
        status: ``ok``; ``cut`` (facts up to the cut are there); ``empty``, ``rejected`` and
            ``foreign`` (no facts are taken).
        data: the command's own model; what was not printed is unset, ``<none>`` is ``None``.
        unknown: lines that no parser understood, with their numbers.
        evidence: dotted path of a value → the lines (from 1) on which it stood.
        messages: system messages that stood between the lines.
    """

    command: str
    status: Status
    data: Printed
    unknown: tuple[UnknownLine, ...]
    evidence: Mapping[str, tuple[int, ...]]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Command:
    """One parser.

    Attributes:
        name: the command in full; a word in capitals stands for an argument (``dir FILESYSTEM``).
        model: what the output says.
        signature: a line of every such output matches it; else the output is foreign.
        alien: a line that matches it proves another command's output.
        complete: a whole output has a line that matches it; else it was cut.
        prose: text that is always printed and says nothing.
        separator: what parts a label from its value.
        scoped: the output holds much that is none of our business (a configuration); lines that
            the parser does not look for are not reported as unknown.
    """

    name: str
    model: type[Printed]
    signature: str
    alien: str = ""
    complete: str = ""
    prose: Prose | None = None
    separator: str = ":"
    scoped: bool = False

    @cached_property
    def _signature(self) -> re.Pattern[str]:
        return _any_line(self.signature)

    @cached_property
    def _alien(self) -> re.Pattern[str]:
        return _any_line(self.alien)

    @cached_property
    def _complete(self) -> re.Pattern[str]:
        return _any_line(self.complete)

    def parse(self, text: str, asked: str | None = None) -> Parsed:
        """Returns what ``text`` says as the output of this command (``asked`` in full)."""
        command = asked or self.name
        page = read_page(text)
        messages = tuple(read_message(line) for line in page.messages)
        status = self._status(page.lines, page.cut, page.rejected)
        if status in ("empty", "rejected", "foreign"):
            unknown = _unknown(command, [*page.lines, *page.too_long])
            return Parsed(command, status, self.model(), unknown, {}, messages)
        reading = read(grammar_of(self.model), page.lines, self.prose, self.separator)
        if not reading.evidence and reading.unknown:
            status = "foreign"
        strange = [] if self.scoped else reading.unknown
        unknown = _unknown(command, [*strange, *page.too_long])
        return Parsed(command, status, reading.data, unknown, reading.evidence, messages)

    def _status(self, lines: tuple[Line, ...], cut: bool, rejected: bool) -> Status:
        if rejected:
            return "rejected"
        if not lines:
            return "cut" if cut else "empty"
        text = "\n".join([line.text for line in lines])
        if not self._signature.search(text) or (self.alien and self._alien.search(text)):
            return "foreign"
        return "cut" if cut or (self.complete and not self._complete.search(text)) else "ok"


def _any_line(regex: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:{regex})", re.IGNORECASE | re.MULTILINE)


def _unknown(command: str, lines: list[Line]) -> tuple[UnknownLine, ...]:
    found = [
        UnknownLine.model_construct(command=command, line=line.numbers[0], text=line.text)
        for line in lines
    ]
    return tuple(sorted(found, key=lambda line: line.line))
