"""``slp explain``: what a rule, a fault or an error code means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.inert import inert
from slp_cli.options import command
from slp_cli.ui import Answer, Ui

if TYPE_CHECKING:
    from rich.console import Console

    from nornir_slp.glossary import Entry

_OVERRIDABLE = "Its blocker may be overridden: --allow RULE='your reason'."


@command
def explain(
    ui: Ui,
    name: Annotated[
        str | None, typer.Argument(help="Such as TRANS-3, F07 or SLP-E203; nothing lists all.")
    ] = None,
) -> int:
    """Says what a rule, fault or error code means, and where it comes from."""
    from nornir_slp.glossary import everything, look_up

    found = everything() if name is None else [look_up(name)]

    def table(console: Console) -> None:
        if name is None:
            _list(console, found)
        else:
            _one(console, found[0])

    data = [e.to_json() for e in found]
    ui.answer(Answer(table, data=lambda: data if name is None else data[0]))
    return 0


def _list(console: Console, entries: list[Entry]) -> None:
    from rich.table import Table

    page = Table(box=None, pad_edge=False, show_header=False)
    page.add_column(no_wrap=True, style="bold")
    page.add_column(no_wrap=True, style="dim")
    page.add_column(overflow="fold")
    for entry in entries:
        page.add_row(entry.id, entry.kind, inert(entry.title))
    console.print(page)


def _one(console: Console, entry: Entry) -> None:
    console.print(f"{entry.id} ({entry.kind})", style="bold")
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
            console.print(f"  {label}{inert(text)}")
