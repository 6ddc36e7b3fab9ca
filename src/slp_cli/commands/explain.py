"""``slp explain``: what a rule, a fault, an error code or a system message means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.sheet import Sheet
from nornir_slp.view import Answer, Line, Page
from slp_cli.options import command
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from nornir_slp.glossary import Explanation

_OVERRIDABLE = "Its blocker may be overridden: --allow RULE='your reason'."


@command
def explain(
    ui: Ui,
    name: Annotated[
        str | None,
        typer.Argument(
            help="Such as TRANS-3, F07, SLP-E203, SMART_LIC-3-COMM_FAILED; without it, all."
        ),
    ] = None,
) -> int:
    """Explains a rule, fault, error code or system message, and names its source."""
    from nornir_slp.glossary import everything, look_up

    entries = everything() if name is None else [look_up(name)]

    data = [e.to_json() for e in entries]
    ui.answer(
        Answer(
            lambda: _list(entries) if name is None else _one(entries[0]),
            data=lambda: data if name is None else data[0],
        )
    )
    return 0


def _list(entries: list[Explanation]) -> Page:
    rows = [(e.id, e.kind, e.title) for e in entries]
    yield Sheet(("name", "kind", "title"), rows, heads=False)


def _one(entry: Explanation) -> Page:
    yield Line.of(f"{entry.id} ({entry.kind})", "bold")
    for label, text in (
        ("", entry.title),
        ("", entry.text),
        ("What slp does: ", entry.answer),
        ("Counts for: ", entry.scope),
        ("Source: ", entry.source),
        ("", "Not verified: it rests on memory." if entry.unverified else ""),
        ("Exit code: ", entry.exit_code),
        ("", _OVERRIDABLE if entry.overridable else ""),
    ):
        if text not in ("", None):
            yield Line.of(f"  {label}{text}")
