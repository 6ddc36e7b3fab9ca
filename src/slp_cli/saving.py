"""Answers that are also documents: shown in the format asked for, and saved for what comes next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from slp_cli.documents import save
from slp_cli.ui import Answer, Ui
from slp_core.state import Frozen


def give(ui: Ui, answer: Answer, document: Frozen, *, default: str) -> Path:
    """Shows the answer, and saves the document as JSON whatever the format; returns where.

    ``--output x.json`` names the document's file; any other ``--output`` is the file of the
    answer, and the document goes to ``default``. So ``slp plan -o fleet.json`` shows the plan on
    the terminal and saves it, and ``slp plan --json | jq`` saves ``plan.json`` as well.
    """
    path = json_file(ui) or Path(default)
    save(document, path)
    show(ui, answer)
    ui.say(f"saved {path}")
    return path


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
