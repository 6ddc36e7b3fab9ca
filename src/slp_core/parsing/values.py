"""The forms in which routers print values: dates, durations, counts, yes and no, identities."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any, get_args

from slp_core.parsing.printed import Printed
from slp_core.state import Udi

NONE = frozenset({"<none>", "<empty>", "<not set>"})
"""What a router prints where there is nothing; read as ``None``."""

# What these names mean on routers all over the world; they may be written in lower case. Others
# (CST is four zones, `clock timezone pacific -8` is anything) leave a date without a zone.
_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "met": 1, "west": 1, "cest": 2,
    "mest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9,
    "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip
_ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}

_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: 1 + number for number, name in enumerate(_NAMES.split())}
_TIME = r"(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d)(?:\.\d+)?"
_OFFSET = r"(?P<offset>[+-]\d\d:?\d\d)"
# Jan 15 02:15:40 2021 UTC · Tue Oct 26 20:45:26 2021 · Jan 19 2021 07:26:57 +00:00
_DATE = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w* )?(?P<month>[A-Z][a-z]{2})\w* +(?P<day>\d{1,2}),?"
    rf" (?:(?P<y1>\d{{4}}) )?{_TIME}(?: (?P<y2>\d{{4}}))?"
    rf"(?: (?:{_OFFSET}|(?P<zone>[A-Za-z][\w+\-/]*)))?"
)
_CLOCK = re.compile(  # *09:15:22.123 UTC Thu Oct 1 2020
    rf"[*.]?{_TIME}(?: (?P<zone>[A-Za-z][\w+\-/]*))? (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*"
    r" (?P<month>[A-Z][a-z]{2})\w* +(?P<day>\d{1,2}) (?P<y1>\d{4})"
)
_ISO = re.compile(  # 2021-10-30 04:32:38.266 UTC
    rf"(?P<y1>\d{{4}})-(?P<number>\d\d)-(?P<day>\d\d)[ T]{_TIME}"
    rf"(?: ?(?:{_OFFSET}|(?P<zone>[A-Za-z][\w+\-/]*)))?"
)
_STAMPED = re.compile(r"^(?P<text>.*?),? (?:[Oo]n|[Aa]s of) (?P<at>.*\d.*)$")
_UNITS = {
    "second": 1, "sec": 1, "s": 1, "minute": 60, "min": 60, "m": 60, "hour": 3600, "hr": 3600,
    "h": 3600, "day": 86400, "d": 86400, "week": 604800, "w": 604800, "year": 31536000,
    "y": 31536000,
}  # fmt: skip
_SPAN = re.compile(r"(\d+)\s*([A-Za-z]+)")
_UDI = re.compile(r"^(?:PID|P):\s*(?P<pid>[^,\s]+)\s*,\s*(?:SN|S):\s*(?P<sn>[^,\s]+)$")
_TRUE = frozenset({"yes", "true", "enabled", "on", "1", "configured"})
_FALSE = frozenset({"no", "false", "disabled", "off", "0", "not configured"})


class Stamped(Printed):
    """A state, a date, or both: ``AUTHORIZED on Jan 15 02:37:24 2021 UTC``."""

    text: str | None = None
    at: datetime | None = None


@lru_cache(1024)
def when(text: str) -> datetime:
    """Returns the date that ``text`` is; aware where the zone is known.

    Raises:
        ValueError: ``text`` is no date.
    """
    match = _DATE.fullmatch(text) or _CLOCK.fullmatch(text) or _ISO.fullmatch(text)
    if match is None:
        raise ValueError(text)
    parts = match.groupdict()
    year = parts.get("y1") or parts.get("y2")
    month = _MONTHS.get((parts.get("month") or "").lower()) or int(parts.get("number") or 0)
    if year is None or not month:
        raise ValueError(text)
    clock = (int(parts["h"]), int(parts["m"]), int(parts["s"]))
    zone = _zone(parts.get("offset"), parts.get("zone"))
    return datetime(int(year), month, int(parts["day"]), *clock, tzinfo=zone)


def _zone(offset: str | None, name: str | None) -> timezone | None:
    if offset:
        hours, minutes = int(offset[1:3]), int(offset[-2:])
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(-span if offset[0] == "-" else span)
    return _ZONES.get(name.lower()) if name else None


def stamped(text: str) -> Stamped:
    """Returns a state with its date apart; a text without a date is all state."""
    words = " ".join(text.split()) if "  " in text else text
    match = _STAMPED.match(words)
    if match is not None:
        try:
            return Stamped(text=match["text"], at=when(match["at"]))
        except ValueError:
            pass
    try:
        return Stamped(at=when(text))
    except ValueError:
        return Stamped(text=text)


def seconds(text: str) -> int:
    """Returns a duration such as ``89 days, 23 hours, 57 minutes, 0 seconds`` in seconds."""
    spans = _SPAN.findall(text)
    if not spans:
        raise ValueError(text)
    total = 0
    for number, unit in spans:
        word = unit.lower()
        factor = _UNITS.get(word) or _UNITS.get(word.removesuffix("s"))
        if factor is None:
            raise ValueError(text)
        total += int(number) * factor
    return total


def days(text: str) -> int:
    """Returns the first number of ``30  days State(4) InPolicy(90)`` or ``0 (no reporting)``."""
    match = re.match(r"\d{1,9}\b", text)
    if match is None:
        raise ValueError(text)
    return int(match[0])


def level(text: str) -> int | str:
    """Returns a throughput in kb/s, or the word that stands instead of a number."""
    match = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?) ?(kb/s|kbps|Mbps|Gbps|[MGK])?", text)
    if match is None:
        return text
    unit = (match[2] or "k")[0].upper()
    return round(float(match[1]) * {"K": 1, "M": 1000, "G": 1_000_000}[unit])


def number(text: str) -> int:
    """Returns a whole number; thousands may be parted by commas."""
    digits = text.replace(",", "")
    if not digits.isdecimal() or len(digits) > 18:
        raise ValueError(text)
    return int(digits)


def truth(text: str) -> bool:
    """Returns yes or no, in any of the words that routers use for them."""
    word = text.lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def udi(text: str) -> Udi:
    """Returns the identity in ``PID:ISR4461/K9,SN:FDO222815Y4``."""
    match = _UDI.match(text)
    if match is None:
        raise ValueError(text)
    return Udi(pid=match["pid"], sn=match["sn"])


def plain(text: str) -> str:
    """Returns the text itself."""
    return text


READERS: dict[Any, Callable[[str], Any]] = {
    str: plain, int: number, bool: truth, datetime: when, Stamped: stamped, Udi: udi,
}  # fmt: skip


def reader_of(annotation: Any) -> Callable[[str], Any]:
    """Returns what reads a value of this type; ``X | None`` and ``tuple[X, ...]`` read as ``X``."""
    kinds = [kind for kind in get_args(annotation) if kind not in (type(None), ...)]
    if annotation in READERS:
        return READERS[annotation]
    if len(kinds) == 1:
        return reader_of(kinds[0])
    return plain
