"""``slp usage save|import|sync``: usage reports and their acknowledgements, one job at a time."""

from __future__ import annotations

from typing import Annotated

import typer

from slp_cli.commands.single import File, From, To
from slp_cli.one_step.options import How, job_command
from slp_cli.ui import Ui

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Saves, imports and synchronises usage reports.",
)


@app.command("save")
@job_command
def save(
    ui: Ui,
    how: How,
    every: Annotated[
        bool, typer.Option("--all", help="All reports, not only those without acknowledgement.")
    ] = False,
    to: To = None,
) -> int:
    """Saves usage reports to files and brings them here, byte for byte."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    what = {"what": "all" if every else "unreported"}
    return carry(ui, how, Job.USAGE_SAVE, what, keep_in=to)


@app.command("import")
@job_command
def import_(ui: Ui, how: How, file: File = None, folder: From = None) -> int:
    """Imports acknowledgements of CSSM; each must be its router's own."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    return carry(ui, how, Job.USAGE_IMPORT, file=file, folder=folder)


@app.command("sync")
@job_command
def sync(ui: Ui, how: How) -> int:
    """Has routers report usage now, and waits for the acknowledgement."""
    from slp_cli.one_step.carry import carry
    from slp_core.planner import Job

    return carry(ui, how, Job.USAGE_SYNC)
