"""Times as routers print them here and there, for comparing two of one router."""

from __future__ import annotations

import re
from datetime import datetime

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"\b({'|'.join(_MONTHS)}) +(\d{{1,2}})\b")
_CLOCK = re.compile(r"\b(\d\d):(\d\d):(\d\d)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


def printed_time(text: str) -> datetime | None:
    """Returns the time in a text, in whatever order it is printed; its zone is passed over."""
    day, clock, year = _DAY.search(text), _CLOCK.search(text), _YEAR.search(text)
    if day is None or clock is None or year is None:
        return None
    try:
        month, hour, minute, second = _MONTHS.index(day[1]) + 1, *map(int, clock.groups())
        return datetime(int(year[1]), month, int(day[2]), hour, minute, second)
    except ValueError:
        return None
