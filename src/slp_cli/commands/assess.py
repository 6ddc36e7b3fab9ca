"""``slp assess``: what each router is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.view import Answer
from slp_cli.options import command
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from nornir_slp.documents import Assessment

FromCaptures = Annotated[
    Path | None,
    typer.Option(
        "--from-captures",
        help="Saved outputs instead of routers: DIR/<router>/<command-slug>.txt.",
        metavar="DIR",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        help="Routers to read at the same time; default: the inventory's runner, or 50.",
    ),
]


@command
def assess(
    ui: Ui,
    from_captures: FromCaptures = None,
    workers: Workers = None,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save-captures",
            help="Keep what routers print, masked of secrets, for --from-captures.",
            metavar="DIR",
        ),
    ] = None,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Also show the lines that each value rests on.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file that --output names.")
    ] = False,
) -> int:
    """Reads routers and shows how each is licensed: model, licences, transport, trust, reporting.

    The assessment is kept in the store, and in the file that --output x.json names; slp plan
    --from-assessment latest reads it from there.

    Exit code 1: a router could not be read or a saved output is unusable.
    """
    from nornir_slp.assessing import assess_routers, unusable
    from nornir_slp.documents import save as save_document
    from nornir_slp.kept import keep_assessment, refuse_overwriting
    from nornir_slp.views import assessment as view
    from slp_cli.saving import json_file, show

    path = json_file(ui)
    refuse_overwriting(path, force=force)
    found = assess_routers(replace(ui, workers=workers), from_captures, save=save)
    answer = Answer(
        lambda: view.page(found, evidence=evidence),
        data=found.to_json,
        sheet=lambda: view.assessment_table(found),
        texts={"html": lambda: _html(found)},
    )
    kept = keep_assessment(ui, found)
    if path is not None:
        save_document(found, path)
        ui.say(f"saved {path}")
    show(ui, answer)
    ui.say(f"kept as assessment {kept}")
    bad = unusable(found) if from_captures else []
    for line in bad:
        ui.warn(line)
    return 1 if bad or any(r.state is None for r in found.routers) else 0


def _html(found: Assessment) -> str:
    from nornir_slp.report.build import of_assessment
    from nornir_slp.report.html import page

    return page(of_assessment(found))
