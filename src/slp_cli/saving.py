"""Answers that are also documents: shown in the format asked for, and saved for what comes next."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from slp_cli.ui import Answer, Ui, replacing


def json_file(ui: Ui) -> Path | None:
    """Returns the file that ``--output`` names for JSON, if it does."""
    named = ui.output is not None and ui.output.suffix.lower() == ".json"
    return ui.output if named else None


def copy_file(source: Path, target: Path) -> None:
    """Copies a document, whole or not at all.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    with source.open("rb") as page, replacing(target) as copy:
        shutil.copyfileobj(page, copy)


def show(ui: Ui, answer: Answer) -> None:
    """Shows the answer on the terminal although ``--output`` takes the JSON."""
    if json_file(ui) is None:
        ui.answer(answer)
    elif ui.format != "json":
        replace(ui, output=None, format=ui.format or "table").answer(answer)
