"""Rules, faults and error codes by name, for ``slp explain``."""

from __future__ import annotations

import difflib
import inspect
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from slp_core import errors
from slp_core.errors import SlpError, UsageError


@dataclass(frozen=True)
class Explanation:
    """What is known of one name.

    Attributes:
        kind: ``rule``, ``fault`` or ``error``.
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
    near = difflib.get_close_matches(wanted, entries, n=4, cutoff=0.5)
    family = [i for i in entries if i.startswith(f"{wanted}-")]
    hint = ", ".join(family[:12] or near)
    raise UsageError(
        f"nothing is known by the name {name!r}",
        remedy=f"did you mean {hint}?" if hint else "slp explain lists all names",
    )


def everything() -> list[Explanation]:
    """Returns all entries: rules, faults, errors, in this order."""
    return [*_rules(), *_faults(), *_errors()]


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
