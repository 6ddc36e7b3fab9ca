"""Outputs with one line altered, and what each output shows."""

from __future__ import annotations

import re

from slp_core.state import RouterState
from slp_core.verify import observe

WORDS = (  # what a router prints, and what it prints of another state
    ("NOT ENFORCED", "EXPORT RESTRICTED"), ("EXPORT RESTRICTED", "NOT ENFORCED"),
    ("RESTRICTED - ALLOWED", "RESTRICTED - NOT ALLOWED"),
    ("NOT RESTRICTED", "RESTRICTED - ALLOWED"), ("IN USE", "NOT IN USE"),
    ("ENABLED", "DISABLED"), ("DISABLED", "ENABLED"), ("SPECIFIC INSTALLED", "NOT INSTALLED"),
    ("SMART AUTHORIZATION INSTALLED", "NOT INSTALLED"), ("NOT INSTALLED", "SPECIFIC INSTALLED"),
    ("Not Complete", "Completed"), ("Completed", "Not Complete"), ("SUCCESS", "FAILURE"),
    ("Successful", "Not started"), ("Not started", "Successful"), (": cslu", ": Smart"),
    (": Smart", ": cslu"), (": Callhome", ": Smart"), (": Transport Off", ": Smart"),
    ("Status:PAK", "Status:none"),
)  # fmt: skip
_DATE = re.compile(r"[A-Z][a-z]{2} \d{2} (\d{4}) \d\d:\d\d:\d\d \w+")
_NUMBER = re.compile(r"(\d+)(?=\D*$)")


def other(line: str) -> str | None:
    """Returns the line as a router in another state would print it; ``None``: no value in it."""
    for old, new in WORDS:
        if old in line:
            return line.replace(old, new, 1)
    dated = _DATE.search(line)
    if dated:
        return line.replace(f" {dated[1]} ", " 2031 ", 1)
    label, colon, value = line.partition(": ")
    if not colon:
        found = _NUMBER.search(line)
        return None if found is None else _raised(line, found)
    found = _NUMBER.search(value)
    if found is not None:
        return f"{label}: {_raised(value, found)}"
    if value.strip() == "<none>" and re.search("ACK|push|Trust|Installed", label):
        return f"{label}: Jan 01 2031 10:00:00 UTC"
    return f"{label}: altered" if value.strip() else None


def _raised(text: str, number: re.Match[str]) -> str:
    return f"{text[: number.start()]}{int(number[1]) + 7}{text[number.end() :]}"


def shown(state: RouterState) -> dict[str, object]:
    return {k: (v.value, [o.value for o in v.others]) for k, v in observe(state).items()}
