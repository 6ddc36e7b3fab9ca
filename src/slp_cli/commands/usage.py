"""``slp usage save|collect|import|sync``: usage reports and their acknowledgements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from slp_cli.commands.single import File, From, Scope, To
from slp_cli.run_options import How, job_command
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from slp_core.planner.jobs.usage import UsageSaveJob

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Saves, collects, imports and synchronises usage reports.",
)


Every = Annotated[
    bool, typer.Option("--all", help="All reports, not only those without acknowledgement.")
]
Days = Annotated[
    int | None, typer.Option(min=1, help="Only reports of the last N days.", metavar="N")
]
RumId = Annotated[
    int | None,
    typer.Option("--rum-id", min=1, help="One report, by its number on the router.", metavar="ID"),
]

Rest = Annotated[
    bool,
    typer.Option("--rest", help="Use the router's REST interface (data.slp.rest), not its CLI."),
]


@app.command("save")
@job_command
def save(
    ui: Ui,
    how: How,
    every: Every = False,
    days: Days = None,
    rum_id: RumId = None,
    to: To = None,
    rest: Rest = False,
) -> int:
    """Saves usage reports to files and downloads them, byte for byte.

    They are kept in the run's folder; --to copies them elsewhere.
    """
    from slp_cli.one_step.run_job import run_job

    return run_job(ui, how, _save_job(every, days, rum_id, rest), keep_in=to)


@app.command("collect")
@job_command
def collect(
    ui: Ui,
    how: How,
    to: Annotated[
        Path,
        typer.Option(
            "--to", help="Folder that gets ROUTER/usage_report, or an archive (.zip) of all."
        ),
    ] = Path("usage"),
    every: Every = False,
    days: Days = None,
    rum_id: RumId = None,
    rest: Rest = False,
) -> int:
    """Collects the usage reports of a fleet in one folder, with SHA256SUMS of what lies there, or
    in one archive, with a manifest, for slp cssm upload on another machine.

    Nothing goes out of service, so all routers are asked at once; a failing one is reported and
    delays no other.
    """
    from slp_cli.one_step.run_job import run_job

    at_once = replace(how, canary=0, wave_size="100%", max_failures="100%")
    job = _save_job(every, days, rum_id, rest)
    if to.suffix.lower() != ".zip":
        return run_job(ui, at_once, job, keep_in=to, sums=True)
    from slp_cli.commands.bundle import pack_folder

    with TemporaryDirectory(prefix="slp-") as folder:
        kept = Path(folder)
        code = run_job(ui, at_once, job, keep_in=kept, tell_kept=False)
        if any(Path(folder).iterdir()):
            pack_folder(ui, Path(folder), to)
        return code


def _save_job(every: bool, days: int | None, rum_id: int | None, rest: bool) -> UsageSaveJob:
    from slp_core.planner.jobs.usage import UsageSaveJob

    if sum((every, days is not None, rum_id is not None)) > 1:
        raise UsageError("--all, --days and --rum-id exclude each other")
    if days is not None:
        return UsageSaveJob(what="days", number=days, by="rest" if rest else None)
    if rum_id is not None and rest:
        raise UsageError("the REST interface has no single reports", remedy="--all or --days N")
    if rum_id is not None:
        return UsageSaveJob(what="rum-id", number=rum_id)
    return UsageSaveJob(what="all" if every else "unreported", by="rest" if rest else None)


@app.command("import")
@job_command
def import_(
    ui: Ui,
    how: How,
    file: File = None,
    folder: From = None,
    policy: Annotated[
        bool, typer.Option("--policy", help="Import a policy instead of acknowledgements.")
    ] = False,
    rest: Rest = False,
) -> int:
    """Imports acknowledgements from CSSM; each must be its router's own.

    Every file is checked before the first router is touched.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.usage import UsageImportJob

    job = UsageImportJob(kind="policy" if policy else "ack", by="rest" if rest else None)
    return run_job(ui, how, job, file=file, folder=folder)


@app.command("sync")
@job_command
def sync(ui: Ui, how: How, scope: Scope = None) -> int:
    """Triggers a usage report now, and waits for the acknowledgement."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.usage import UsageSyncJob

    return run_job(ui, how, UsageSyncJob(scope=scope))
