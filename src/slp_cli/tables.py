"""Lines and tables on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nornir_slp.inert import inert
from nornir_slp.sheet import Sheet
from nornir_slp.states import TABLE
from nornir_slp.view import Line, Page

_NARROW = 6
"""Characters a column below which a table cannot be read."""

_TONES = {"ok": "green", "bad": "bold red", "wait": "magenta", "run": "blue", "warn": "yellow"}
STYLES = {state.name: _TONES.get(state.tone, "dim") for state in TABLE}


def print_page(console: Console, page: Page) -> None:
    """Shows lines and tables on a terminal, one after the other."""
    for block in page:
        if isinstance(block, Sheet):
            print_sheet(console, block)
        elif block.sign is None:
            console.print(_text(block), soft_wrap=block.whole)
        else:
            _hang(console, block.sign, _text(block))


def _text(line: Line) -> Text:
    text = Text()
    for span in line.spans:
        text.append(inert(span.text), STYLES.get(span.style, span.style))
    return text


def _hang(console: Console, sign: str, text: Text) -> None:
    """Shows ``text`` behind ``sign``; what does not fit into a line stands below its begin."""
    room = max(console.width - len(sign), 12)
    for number, line in enumerate(text.wrap(console, room)):
        line.rstrip()
        console.print(Text(sign if not number else " " * len(sign), end="") + line, soft_wrap=True)


def print_sheet(console: Console, sheet: Sheet) -> None:
    """Shows the table on a terminal; nothing in a cell is obeyed (F33).

    Where the terminal is too narrow for columns, each row is a block of lines.
    """
    if console.width < _NARROW * len(sheet.columns):
        _blocks(console, sheet)
        return
    page = Table(
        box=None,
        pad_edge=False,
        header_style="bold",
        collapse_padding=sheet.heads,
        show_header=sheet.heads,
    )
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
