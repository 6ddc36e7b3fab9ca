"""Rules, faults, error codes and system messages by name, for ``slp explain``."""

from __future__ import annotations

import difflib
import inspect
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import yaml

from slp_core import errors
from slp_core.errors import SlpError, UsageError

if TYPE_CHECKING:
    from slp_core.rules.schema import MessageRow


@dataclass(frozen=True)
class Explanation:
    """What is known of one name.

    Attributes:
        kind: ``rule``, ``fault``, ``error`` or ``message``.
        answer: what slp does about it (faults).
        source: where it comes from.
        scope: where a rule counts; ``unverified``: it rests on memory, on no source that was read.
    """

    id: str
    kind: str
    title: str
    text: str = ""
    answer: str = ""
    source: str = ""
    exit_code: int | None = None
    overridable: bool | None = None
    scope: str = ""
    unverified: bool | None = None

    def to_json(self) -> dict[str, Any]:
        """Returns what is set."""
        return {k: v for k, v in asdict(self).items() if v not in ("", None)}


def look_up(name: str) -> Explanation:
    """Returns the entry of this name; case and leading zeros of faults do not matter.

    Raises:
        UsageError: there is none; the nearest names are named.
    """
    entries = {e.id: e for e in everything()}
    wanted = name.strip().upper()
    if wanted[:1] == "F" and wanted[1:].isdigit():
        wanted = f"F{int(wanted[1:]):02d}"
    if wanted in entries:
        return entries[wanted]
    message = _message_named(wanted)
    if message is not None:
        return message
    near = difflib.get_close_matches(wanted, entries, n=4, cutoff=0.5)
    family = [i for i in entries if i.startswith(f"{wanted}-")]
    hint = ", ".join(family[:12] or near)
    raise UsageError(
        f"nothing is known by the name {name!r}",
        remedy=f"did you mean {hint}?" if hint else "slp explain lists all names",
    )


def everything() -> list[Explanation]:
    """Returns all entries: rules, faults, errors, system messages, in this order."""
    return [*_rules(), *_faults(), *_errors(), *_messages()]


def _rules() -> list[Explanation]:
    from slp_core.rules import all_rules

    return [
        Explanation(
            r.id,
            "rule",
            r.title,
            text=r.text,
            source=r.source,
            overridable=r.overridable or None,
            scope=r.scope,
            unverified=r.basis == "memory" or None,
        )
        for r in all_rules()
    ]


@cache
def _faults() -> tuple[Explanation, ...]:
    page = resources.files("nornir_slp").joinpath("data/faults.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, str]] = yaml.safe_load(page)
    return tuple(Explanation(i, "fault", d["fault"], answer=d["answer"]) for i, d in loaded.items())


def _errors() -> list[Explanation]:
    found: dict[str, type[SlpError]] = {}
    for _, kind in inspect.getmembers(errors, inspect.isclass):
        if issubclass(kind, SlpError):
            found[kind.code] = kind
    return [
        Explanation(code, "error", inspect.getdoc(kind) or "", exit_code=kind.exit_code)
        if kind is not SlpError
        else Explanation(code, "error", "Something that has no code of its own.", exit_code=1)
        for code, kind in sorted(found.items())
    ]


_MEANINGS = {
    "good": "It is good news.",
    "notice": "It is a notice: nothing is wrong by it.",
    "bad": "It is bad news.",
}


def _messages() -> list[Explanation]:
    from slp_core.rules import builtin_rules

    return [_message(row, row.id) for row in builtin_rules().messages]


def _message(row: MessageRow, name: str) -> Explanation:
    return Explanation(
        name,
        "message",
        row.says,
        text=f"{_MEANINGS[row.meaning]} To do: {row.do}",
        source=row.source,
        unverified=row.basis == "memory" or None,
    )


def _message_named(name: str) -> Explanation | None:
    """Returns what is known of a system message; of one in no table, what its severity says."""
    from slp_core.rules.messages import LEVELS, NAME, row_of

    match = NAME.match(name.rstrip(":"))
    if match is None:
        return None
    level = int(match["severity"]) if match["severity"] else None
    row = row_of(match["facility"], level, match["mnemonic"])
    if row is not None:
        shown = f"{row.facility}-{row.severity if level is None else level}-{match['mnemonic']}"
        return _message(row, shown)
    if level is None:
        return None
    return Explanation(
        name.lstrip("%").rstrip(":"),
        "message",
        "A system message that is in no table of slp.",
        text=f"By its severity ({level}) it is {LEVELS[level]}. What it means for licensing is not "
        "known: read its text, and the vendor's guide to system messages.",
    )
