"""A table of text: for the terminal, as CSV and as Markdown."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from slp_cli.ui import inert

_NARROW = 6
"""Characters a column below which a table cannot be read."""
_FORMULA = ("=", "+", "-", "@", "\t")

STYLES = {
    "proven": "green", "done": "green", "met": "green", "finished": "green",
    "failed": "bold red", "blocked": "red", "unmet": "bold red", "blocker": "red",
    "stopped": "bold red", "unforeseen": "bold red",
    "person": "magenta", "waiting": "cyan", "running": "blue", "paused": "yellow",
    "warning": "yellow", "cancelled": "dim", "queued": "dim", "skipped": "dim",
    "unobservable": "dim", "created": "dim",
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """Columns and rows of plain text.

    ``styled`` names the columns whose words carry a colour on a terminal; the first column is
    never cut.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    styled: tuple[str, ...] = ()

    def print(self, console: Console) -> None:
        """Shows the table on a terminal; nothing in a cell is obeyed (F33).

        Where the terminal is too narrow for columns, each row is a block of lines.
        """
        if console.width < _NARROW * len(self.columns):
            self._blocks(console)
            return
        page = Table(box=None, pad_edge=False, header_style="bold", collapse_padding=True)
        for i, column in enumerate(self.columns):
            page.add_column(column, no_wrap=i == 0, overflow="fold")
        for row in self.rows:
            page.add_row(
                *(
                    Text(inert(cell), style=STYLES.get(cell, "") if name in self.styled else "")
                    for name, cell in zip(self.columns, row, strict=True)
                )
            )
        console.print(page)

    def _blocks(self, console: Console) -> None:
        for row in self.rows:
            for i, (name, cell) in enumerate(zip(self.columns, row, strict=True)):
                if not cell:
                    continue
                style = STYLES.get(cell, "") if name in self.styled else ""
                head = "" if not i else f"  {name}: "
                text = Text(inert(cell), style=style or ("" if i else "bold"))
                room = max(console.width - len(head), 12)
                for n, line in enumerate(text.wrap(console, room)):
                    line.rstrip()
                    indent = head if not n else " " * min(len(head), 4)
                    console.print(Text(indent) + line, soft_wrap=True)

    def csv(self) -> str:
        """Returns the table as CSV; no cell is taken for a formula by a spreadsheet."""
        page = io.StringIO()
        writer = csv.writer(page, lineterminator="\n")
        writer.writerow(self.columns)
        for row in self.rows:
            writer.writerow([_no_formula(inert(cell)) for cell in row])
        return page.getvalue()

    def markdown(self) -> str:
        """Returns the table as Markdown; cells are text, whatever they hold."""
        lines = ["| " + " | ".join(self.columns) + " |", "|" + " --- |" * len(self.columns)]
        lines += ["| " + " | ".join(md(cell) for cell in row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and len(cell) > 1 else cell


def md(cell: str) -> str:
    """Returns text that Markdown shows as it is."""
    text = inert(cell).replace("\\", "\\\\").replace("\n", " ").replace("&", "&amp;")
    for sign in "|`*_[]#~$!":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("<", "&lt;").replace(">", "&gt;")
