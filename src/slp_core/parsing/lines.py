"""From the raw text of an output to its lines: noise set aside, wrapped tags joined again.

Every line keeps the numbers (from 1) that it had in the text, so that each value can say where it
stood. Nothing is lost: system messages are kept as lines of their own kind, and what is dropped
(prompt echo, load and time preamble, rulers, blank lines) never carries a fact.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_LENGTH = 4096
"""A longer line is no line of a router's show command; it is cut here and stays unknown."""

TERMINAL = 80
"""Where a terminal wraps that nobody told to be wider."""

JOINED = 500
"""What is longer was not wrapped at the width of a terminal."""

REGID = re.compile(
    r"regid\.\d{4}-\d\d\.com\.cisco\.(?P<tag>[^\s,]+),\d+\.\d+_"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
"""An entitlement tag in full."""

_NEWLINE = re.compile(r"\r*\n|\r+")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f]")
_ODD = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|--[Mm]ore--")
_MORE = re.compile(r" ?-{2,}[Mm]ore-{2,} ?[\x08 ]*")
_CUT = re.compile(r"^<output (?:truncated|omitted)>$|^\[output truncated\]$", re.I)
_ECHO = re.compile(r"^[\w.\-/:()]+[>#]\s*(?:(?:sh|dir)\w*\b.*)?$")
_PREAMBLE = re.compile(r"^Load for five secs: |^Time source is [^,]+, .*\d:\d\d:\d\d")
_RULERS = "=-_~+!"
_RULER = re.compile(r"^[=\-_~+ ]{3,}$|^!+$")
_MESSAGE = re.compile(
    r"^(?:<\d{1,3}>)?(?:[^%]{0,80}:\s+)?%[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+){0,3}?-[0-7]-[A-Z0-9_]+: "
)
_REFUSED = re.compile(
    r"^% ?(?:Invalid (?:input|command)|Incomplete (?:command|input)|Ambiguous (?:command|input)"
    r"|Unknown command|Bad IP address or host name|Command authorization failed"
    r"|Authorization failed|This command is not authorized)|^Command authorization failed",
    re.I,
)
_OPEN = re.compile(r"\([^()]*$")
_CLOSES = re.compile(r"^[^():]*\)")


class Line(NamedTuple):
    """One logical line: where it stood, what it says, how far it was indented.

    ``wide`` is how wide the physical line was: what was wrapped filled the terminal.
    """

    numbers: tuple[int, ...]
    text: str
    indent: int
    wide: int
    underlined: bool = False


class Page(NamedTuple):
    """An output made ready for parsing."""

    lines: tuple[Line, ...]
    messages: tuple[Line, ...]
    too_long: tuple[Line, ...]
    cut: bool
    rejected: bool


def read_page(text: str) -> Page:
    """Returns the lines of ``text`` with noise set aside and wrapped tags joined."""
    lines: list[Line] = []
    messages: list[Line] = []
    too_long: list[Line] = []
    cut = paging = rejected = False
    odd = _ODD.search(text) is not None  # pagers, tabs, escapes: most outputs have none
    for number, raw in enumerate(_NEWLINE.split(text) if "\r" in text else text.split("\n"), 1):
        if len(raw) > MAX_LENGTH:
            too_long.append(Line((number,), raw[:200], 0, len(raw)))
            continue
        if odd:
            raw, pagers = _tidy(raw)
            paging = paging or pagers
        shown = raw.rstrip()
        body = shown.lstrip()
        if not body:
            continue
        first = body[0]
        if first in _RULERS and _RULER.match(body):
            if lines and first == "=":
                lines[-1] = lines[-1]._replace(underlined=True)
            continue
        line = Line((number,), body, len(shown) - len(body), len(raw))
        if "%" in body and _MESSAGE.match(body):
            messages.append(line)
        elif first in "<[" and _CUT.match(body):
            cut = True
        elif not _is_noise(body):
            rejected = rejected or (len(lines) < 2 and _REFUSED.match(body) is not None)
            paging = False
            if lines and ("(" in lines[-1].text or "regid." in lines[-1].text):
                whole = _wrapped(lines[-1], line)
                if whole is not None:
                    lines[-1] = whole
                    continue
            lines.append(line)
    return Page(tuple(lines), tuple(messages), tuple(too_long), cut or paging, rejected)


def _tidy(raw: str) -> tuple[str, bool]:
    """Takes out pagers and what moves the cursor; tabs become blanks."""
    raw, pagers = _MORE.subn("", raw)
    return _CONTROL.sub("", raw).expandtabs(4), pagers > 0


def _is_noise(body: str) -> bool:
    if body == "^":
        return True
    if body.startswith(("Load for", "Time source")):
        return _PREAMBLE.match(body) is not None
    return ("#" in body or ">" in body) and _ECHO.match(body) is not None


def _wrapped(one: Line, two: Line) -> Line | None:
    if len(one.text) > JOINED:
        return None
    at = one.text.rfind("regid.")
    if at >= 0:
        head = one.text[at:]
        part = " " not in head and REGID.match(head) is None
        if part and (REGID.match(head + two.text) or _still_part(head, two.text)):
            return _glue(one, two, "")
    if "(" in one.text and _CLOSES.match(two.text):
        opened = _OPEN.search(one.text)
        if opened is not None:
            printed = one.indent + len(one.text)
            filled = printed >= TERMINAL or "_" in opened[0]
            blank = printed == TERMINAL - 1 and one.wide == TERMINAL  # the last column was a blank
            return _glue(one, two, "" if filled and not blank else " ")
    return None


def _still_part(head: str, more: str) -> bool:
    """A tag wrapped more than once: the next piece has the letters of a tag and no others."""
    return len(head) < 200 and re.fullmatch(r"[\w.,\-]+:?", more) is not None and "_" in head + more


def _glue(one: Line, two: Line, between: str) -> Line:
    return Line(one.numbers + two.numbers, one.text + between + two.text, one.indent, two.wide)
