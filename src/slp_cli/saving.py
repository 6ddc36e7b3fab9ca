"""Answers that are also documents: shown in the format asked for, and saved for what comes next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nornir_slp.view import Answer
from slp_cli.ui import Ui


def json_file(ui: Ui) -> Path | None:
    """Returns the file that ``--output`` names for JSON, if it does."""
    named = ui.output is not None and ui.output.suffix.lower() == ".json"
    return ui.output if named else None


def show(ui: Ui, answer: Answer) -> None:
    """Shows the answer on the terminal although ``--output`` takes the JSON."""
    if json_file(ui) is None:
        ui.answer(answer)
    elif ui.format != "json":
        replace(ui, output=None, format=ui.format or "table").answer(answer)
