"""``slp parse``: what a saved output says, and which of its lines nobody understood."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nornir_slp.saved_files import json_text
from nornir_slp.view import Answer, Line, Page, Span
from slp_cli.options import command
from slp_cli.ui import Ui
from slp_core.errors import InputError, UsageError
from slp_core.reading import MAX_OUTPUT, read_bytes

if TYPE_CHECKING:
    from slp_core.parsing import Parsed

_UNUSABLE = {
    "empty": "the output is empty",
    "foreign": "this is not the output of {command}",
    "rejected": "the router refused the command",
    "cut": "the output was cut off; what stood before the cut is shown",
}


@command
def parse(
    ui: Ui,
    show_command: Annotated[
        str | None,
        typer.Argument(
            metavar="COMMAND", help="The command, may be abbreviated: 'sh lic sum', 'dir'."
        ),
    ] = None,
    file: Annotated[
        Path, typer.Argument(metavar="[FILE|-]", help="The saved output; - is standard input.")
    ] = Path("-"),
    known: Annotated[
        bool, typer.Option("--list", help="Lists the commands that have a parser.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Also show the lines that each value rests on.")
    ] = False,
) -> int:
    """Parses one saved output; prints JSON: command, status, data, unknown, messages."""
    from slp_core.parsing import known_commands
    from slp_core.parsing import parse as parse_output

    if known:
        names = known_commands()
        ui.answer(Answer(lambda: _lines(names), data=lambda: names))
        return 0
    if show_command is None:
        raise UsageError("no COMMAND given", remedy="slp parse --list shows what is known")
    parsed = parse_output(show_command, _read(file))
    data = as_json(parsed, evidence=evidence)
    ui.answer(Answer(lambda: _lines([json_text(data)]), data=lambda: data))
    if parsed.status in _UNUSABLE:
        ui.warn(_UNUSABLE[parsed.status].format(command=parsed.command))
    return 0 if parsed.status in ("ok", "cut") else 1


parse_command = parse
"""The same under a name that cannot be mistaken for the core's function."""


def as_json(parsed: Parsed, *, evidence: bool = False) -> dict[str, Any]:
    """Returns a parsed output as it is printed; what was not printed by the router is absent."""
    found: dict[str, Any] = {
        "command": parsed.command,
        "status": parsed.status,
        "data": parsed.data.to_json(),
        "unknown": [{"line": line.line, "text": line.text} for line in parsed.unknown],
        "messages": [message.to_json() for message in parsed.messages],
    }
    if evidence:
        found["evidence"] = {path: list(lines) for path, lines in parsed.evidence.items()}
    return found


def _read(file: Path) -> str:
    raw = sys.stdin.buffer.read(MAX_OUTPUT + 1) if str(file) == "-" else read_bytes(file)
    if len(raw) > MAX_OUTPUT:
        raise InputError(f"is larger than {MAX_OUTPUT >> 20} MB", where="standard input")
    return raw.decode("utf-8", errors="replace")


def _lines(lines: list[str]) -> Page:
    return (Line([Span(line)], whole=True) for line in lines)
