"""A table of text, as CSV and as Markdown; a terminal prints it too."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from nornir_slp.inert import inert

_FORMULA = ("=", "+", "-", "@", "\t")


@dataclass(frozen=True)
class Sheet:
    """Columns and rows of plain text.

    ``styled`` names the columns whose words carry a colour on a terminal; the first column is
    never cut. Without ``heads`` a terminal shows the rows alone.
    """

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    styled: tuple[str, ...] = ()
    heads: bool = True

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
