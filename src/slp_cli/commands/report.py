"""``slp report``: a run, a plan or an assessment as a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.view import Answer
from slp_cli.options import command, refuse_limit
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from nornir_slp.report.model import Report


@command
def report(
    ui: Ui,
    subject: Annotated[
        str,
        typer.Argument(
            help="A run, a plan by its hash, or the file of a plan, assessment or report.",
            metavar="RUN|PLAN|ASSESSMENT",
        ),
    ] = "latest",
) -> int:
    """Writes a report: the fleet at a glance, each router before and after, steps, findings.

    --output report.html is one file that needs nothing else; .json, .csv and .md work alike.
    """
    refuse_limit(ui)
    made = report_of(ui, subject)
    ui.answer(answer_of(made))
    return 0


def report_of(ui: Ui, subject: str) -> Report:
    """Returns the report of a run, or of the document in a file.

    Raises:
        UsageError: there is no such run or file.
    """
    from nornir_slp.report import build

    path = Path(subject)
    if path.is_file():
        return _of_file(path)
    if path.suffix == ".json":
        raise UsageError("there is no such file", where=subject)
    from nornir_slp.kept import plan_named
    from nornir_slp.store import LATEST, approved_plan, find_run, open_fleet

    kept = plan_named(ui, subject) if subject not in LATEST else None
    if kept is not None:
        return _of_file(kept)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, subject)
        return build.of_run(fleet.run(run_id), approved_plan(fleet, run_id))


def _of_file(path: Path) -> Report:
    from nornir_slp.documents import Assessment, load_any
    from nornir_slp.report import build
    from nornir_slp.report.model import Report
    from slp_core.plan import Plan

    document = load_any(path)
    if isinstance(document, Assessment):
        return build.of_assessment(document)
    if isinstance(document, Plan):
        return build.of_plan(document)
    assert isinstance(document, Report)
    return document


def answer_of(made: Report) -> Answer:
    """Returns a report in all formats."""
    from nornir_slp.report.html import page
    from nornir_slp.views import report as view

    return Answer(
        lambda: view.page(made),
        data=made.to_json,
        sheet=lambda: view.sheet(made),
        texts={
            "markdown": lambda: view.markdown(made),
            "html": lambda: page(made),
        },
    )
