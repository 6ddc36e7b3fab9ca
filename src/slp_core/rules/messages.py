"""System messages by name: what each means for a migration, and what to do (C12)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from slp_core.rules.concern import Concern
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import Meaning, MessageRow
from slp_core.state import BadNews, RouterState

NAME = re.compile(
    r"^%?(?P<facility>[A-Z][A-Z0-9_-]*?)(?:-(?P<severity>[0-7]))?-(?P<mnemonic>\D\S*)$"
)
LEVELS = (
    *("the system cannot be used", "something must be done at once", "critical", "an error"),
    *("a warning", "normal, and worth a look", "information", "debugging"),
)
"""What the severities 0 to 7 stand for."""
_TEXT_COUNTS_BELOW = 5


def row_of(facility: str, severity: int | None, mnemonic: str) -> MessageRow | None:
    """Returns the row of a message; without a severity the first of its name."""
    return next(
        (
            row
            for row in _rows(facility)
            if fnmatchcase(mnemonic, row.mnemonic)
            and (not row.severity_counts or severity in (None, row.severity))
        ),
        None,
    )


def meaning_of(facility: str, severity: int, mnemonic: str, text: str) -> Meaning | None:
    """Returns what a message means; ``None`` where it is in no table.

    Severity 5 and more are never judged by a word of the text (C12).
    """
    row = row_of(facility, severity, mnemonic)
    if row is None:
        return None
    if severity < _TEXT_COUNTS_BELOW:
        for meaning, pattern in row.texts.items():
            if re.search(pattern, text, re.IGNORECASE):
                return meaning
    return row.meaning


def bad_news(state: RouterState) -> Iterator[tuple[BadNews, MessageRow]]:
    """Yields the messages of trouble among a router's outputs, each with what it means.

    Failures to reach a server that is not yet named are expected (MSG-1).
    """
    transport = state.licensing.transport if state.licensing is not None else None
    named = transport is not None and (transport.url or transport.cslu_address) is not None
    for news in state.messages:
        row = row_of(news.facility, news.severity, news.mnemonic)
        if row is not None and (named or news.mnemonic != "COMM_FAILED"):
            yield news, row


def check_messages(state: RouterState) -> Iterator[Concern]:
    """Yields what the messages among a router's outputs say of trouble (MSG-5)."""
    for news, row in bad_news(state):
        yield Concern(
            "MSG-5",
            "warning",
            f"{news.command} shows %{news.facility}-{news.severity}-{news.mnemonic}: {row.says}",
            row.do,
            source=row.source,
            basis=row.basis,
        )


@cache
def _rows(facility: str) -> tuple[MessageRow, ...]:
    return tuple(row for row in builtin_rules().messages if row.facility == facility)
