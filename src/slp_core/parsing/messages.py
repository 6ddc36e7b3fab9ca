"""System messages (``%FACILITY-SEVERITY-MNEMONIC: text``) as typed events."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from slp_core.parsing.lines import Line
from slp_core.parsing.values import when
from slp_core.rules.messages import meaning_of
from slp_core.state import Frozen

Meaning = Literal["good", "notice", "bad", "unclassified"]

_FORM = re.compile(
    r"^(?:<\d{1,3}>)?(?P<head>[^%]{0,80}?)%(?P<facility>[A-Z][A-Z0-9_]*(?:-[A-Z0-9_]+)*?)"
    r"-(?P<severity>[0-7])-(?P<mnemonic>[A-Z0-9_]+): ?(?P<text>.*)$"
)


class Message(Frozen):
    """One system message; ``meaning`` is what it means for a migration, not its severity."""

    line: int
    facility: str
    severity: int
    mnemonic: str
    text: str
    at: datetime | None = None
    meaning: Meaning = "unclassified"


def read_message(line: Line) -> Message:
    """Returns the event that ``line``, known to be a system message, tells of."""
    match = _FORM.match(line.text)
    if match is None:
        return Message(line=line.numbers[0], facility="", severity=7, mnemonic="", text=line.text)
    facility, severity, mnemonic = match["facility"], int(match["severity"]), match["mnemonic"]
    found = Message(
        line=line.numbers[0],
        facility=facility,
        severity=severity,
        mnemonic=mnemonic,
        text=match["text"],
        meaning=meaning_of(facility, severity, mnemonic, match["text"]) or "unclassified",
    )
    at = _stamp(match["head"])
    return found if at is None else found.model_copy(update={"at": at})


def _stamp(head: str) -> datetime | None:
    body = head.strip().rstrip(":").lstrip("*.")
    try:
        return when(body)
    except ValueError:
        return None  # no year, or only the uptime: when it was cannot be told
