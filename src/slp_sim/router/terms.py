"""Values that commands take: numbers, addresses, names, interfaces, URLs, files.

A term says how many words it took, or at which letter of the first one it gave up: there a
router puts its mark.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from slp_sim.router.interfaces import interface_at
from slp_sim.router.tokens import Taken, Tokens


class Term:
    """A value that a command takes; ``shown`` is what ``?`` lists."""

    shown: str = ""
    meaning: str = ""

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        """Returns the value at a word, or the letter at which it is none."""
        raise NotImplementedError


class Word(Term):
    """Any word."""

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        return Taken(tokens[at][0])


@dataclass(frozen=True, kw_only=True)
class Form(Term):
    """A word of a form; ``start`` is what it may begin with, letter by letter."""

    whole: re.Pattern[str]
    start: re.Pattern[str]
    shown: str
    meaning: str

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        word = tokens[at][0]
        if self.whole.fullmatch(word):
            return Taken(word)
        found = self.start.match(word)
        return found.end() % len(word) if found else 0


@dataclass(frozen=True)
class Number(Term):
    """A number from ``low`` to ``high``."""

    low: int
    high: int
    shown: str

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        word = tokens[at][0]
        digits = re.match(r"-?\d*" if self.low < 0 else r"\d*", word, re.ASCII)
        length = digits.end() if digits else 0
        if length < len(word) or not word[-1:].isdigit():
            return min(length, len(word) - 1)
        return Taken(word) if self.low <= int(word[:20]) <= self.high else 0


@dataclass(frozen=True)
class Address(Term):
    """An IPv4 address; with ``mask``, one whose ones stand together."""

    mask: bool = False
    shown: str = "A.B.C.D"
    meaning: str = "IP address"

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        word = tokens[at][0]
        parts = word.split(".")
        for number, part in enumerate(parts):
            wrong = re.match(r"\d*", part, re.ASCII)
            good = wrong.end() if wrong else 0
            column = sum(len(x) + 1 for x in parts[:number])
            if number > 3 or good < len(part) or not part:
                return min(column + good, len(word) - 1)
            if int(part[:9]) > 255:
                return column
        if len(parts) < 4:
            return len(word) - 1
        if self.mask:
            bits = f"{int(ipaddress.IPv4Address('.'.join(str(int(x)) for x in parts))):032b}"
            if "01" in bits:
                return 0
        return Taken(".".join(str(int(x)) for x in parts))


class Address6(Term):
    """An IPv6 address or prefix."""

    shown = "X:X:X:X::X"
    meaning = "IPv6 address"

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        word = tokens[at][0]
        try:
            ipaddress.IPv6Interface(word)
        except ValueError:
            found = re.match(r"[0-9a-f:/]*", word, re.IGNORECASE)
            return min(found.end() if found else 0, len(word) - 1)
        return Taken(word.upper())


class Quoted(Term):
    """A word, or several in quotation marks."""

    shown = "WORD"

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        if not tokens[at][0].startswith('"'):
            return Taken(tokens[at][0])
        for end in range(at, len(tokens)):
            word = tokens[end][0]
            if word.endswith('"') and (end > at or len(word) > 1):
                return Taken(" ".join(t for t, _ in tokens[at : end + 1]), end + 1 - at)
        return 0


@dataclass(frozen=True)
class Interface(Term):
    """An interface that the router has, or may make; with ``there``, only one that it has."""

    there: bool = False
    shown: str = "INTERFACE"
    meaning: str = "Interface type and number"

    def read(self, tokens: Tokens, at: int, _who: Any) -> Taken | int:
        return interface_at(tokens, at, _who.router, there=self.there)


def _form(shown: str, meaning: str, whole: str, start: str) -> Form:
    return Form(
        whole=re.compile(whole, re.IGNORECASE),
        start=re.compile(start, re.IGNORECASE),
        shown=shown,
        meaning=meaning,
    )


_FILE = r"(?:bootflash|flash|harddisk|usb\d|nvram|tftp|ftp|scp|sftp|https?|stby-\w+):\S*"
_TERMS: dict[str, Term] = {
    "address": Address(),
    "wildcard": Address(),
    "mask": Address(mask=True),
    "address6": Address6(),
    "host": _form(
        "Hostname or A.B.C.D", "IP address or hostname", r"[a-z0-9]([\w.:-]*\w)?", r"[\w.:-]*"
    ),
    "hostname": _form("WORD", "This system's network name", r"[a-z][\w.-]{0,62}", r"[\w.-]*"),
    "url": _form("LINE", "URL", r"https?://[^\s/]+(/\S*)?", r"https?:?/{0,2}"),
    "mail": _form("WORD", "Email address", r"[^\s@]+@[^\s@]+", r"[^\s@]*@?"),
    "register": _form(
        "<0x0-0xFFFF>", "Config register number", r"0x[0-9a-f]{1,4}", r"0(x[0-9a-f]{0,4})?"
    ),
    "file": _form("WORD", "File or URL", rf"{_FILE}|[\w./-]+", r"[\w./-]*"),
    "device": _form("WORD", "File or URL", rf"{_FILE}", r"[a-z]*"),
    "service": _form(
        "<0-65535>",
        "Port number",
        r"[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5]"
        r"|telnet|www|ssh|smtp|domain",
        r"",
    ),
    "interface": Interface(),
    "port": Interface(there=True),
    "clock": _form("hh:mm:ss", "Current time", r"([01]?\d|2[0-3]):[0-5]\d:[0-5]\d", r"[\d:]*"),
    "daytime": _form("hh:mm", "Time to reload", r"([01]?\d|2[0-3]):[0-5]\d", r"[\d:]*"),
    "delay": _form(
        "Delay before reload (mmm or hhh:mm)", "", r"[0-2]?\d{1,4}|\d{1,3}:[0-5]?\d", r"[\d:]*"
    ),
    "month": _form(
        "MONTH",
        "Month of the year",
        r"jan(u(a(ry?)?)?)?|feb(r(u(a(ry?)?)?)?)?|mar(ch?)?|apr(il?)?|may|june?|july?"
        r"|aug(u(st?)?)?|sep(t(e(m(b(er?)?)?)?)?)?|oct(o(b(er?)?)?)?|nov(e(m(b(er?)?)?)?)?"
        r"|dec(e(m(b(er?)?)?)?)?",
        r"",
    ),
    "quoted": Quoted(),
    "zone": _form("WORD", "name of time zone", r"[a-z]\w{0,9}", r"\w*"),
    "rd": _form("ASN:nn or IP-address:nn", "VPN Route Distinguisher", r"[\d.]+:\d+", r"[\d.]+:?"),
}


@cache
def term_of(kind: str) -> Term:
    """Returns the term of a name, a range such as ``1-365``, or any word."""
    limits = re.fullmatch(r"(-?\d+)-(\d+)", kind)
    if limits is not None:
        return Number(int(limits[1]), int(limits[2]), f"<{kind}>")
    return _TERMS.get(kind, _WORD)


_WORD = Word()
