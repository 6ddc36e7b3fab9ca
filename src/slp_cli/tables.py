"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nornir_slp.inert import inert
from nornir_slp.sheet import Sheet

_NARROW = 6
"""Characters a column below which a table cannot be read."""

STYLES = {
    "proven": "green", "done": "green", "met": "green", "finished": "green",
    "failed": "bold red", "blocked": "red", "unmet": "bold red", "blocker": "red",
    "stopped": "bold red", "unforeseen": "bold red",
    "person": "magenta", "waiting": "cyan", "running": "blue", "paused": "yellow",
    "warning": "yellow", "cancelled": "dim", "queued": "dim", "skipped": "dim",
    "unobservable": "dim", "created": "dim",
}  # fmt: skip


def printer(sheet: Sheet) -> Callable[[Console], None]:
    """Returns what prints the table, for an ``Answer``."""
    return lambda console: print_sheet(console, sheet)


def print_sheet(console: Console, sheet: Sheet) -> None:
    """Shows the table on a terminal; nothing in a cell is obeyed (F33).

    Where the terminal is too narrow for columns, each row is a block of lines.
    """
    if console.width < _NARROW * len(sheet.columns):
        _blocks(console, sheet)
        return
    page = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=True)
    for i, column in enumerate(sheet.columns):
        page.add_column(column, no_wrap=i == 0, overflow="fold")
    for row in sheet.rows:
        page.add_row(
            *(
                Text(inert(cell), style=STYLES.get(cell, "") if name in sheet.styled else "")
                for name, cell in zip(sheet.columns, row, strict=True)
            )
        )
    console.print(page)


def _blocks(console: Console, sheet: Sheet) -> None:
    for row in sheet.rows:
        for i, (name, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            if not cell:
                continue
            style = STYLES.get(cell, "") if name in sheet.styled else ""
            head = "" if not i else f"  {name}: "
            text = Text(inert(cell), style=style or ("" if i else "bold"))
            room = max(console.width - len(head), 12)
            for n, line in enumerate(text.wrap(console, room)):
                line.rstrip()
                indent = head if not n else " " * min(len(head), 4)
                console.print(Text(indent) + line, soft_wrap=True)
