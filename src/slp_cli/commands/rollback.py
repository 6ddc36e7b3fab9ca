"""``slp rollback``: takes an upgrade back that is not committed, or did not boot."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from slp_cli.run_options import How, job_command
from slp_cli.ui import Ui
from slp_core.errors import UsageError


@job_command
def rollback(
    ui: Ui,
    how: How,
    routers: Annotated[
        list[str] | None, typer.Argument(help="Routers, as --limit names them.")
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(help="Release to go back to; by default what is committed or booted before."),
    ] = None,
    boot: Annotated[
        list[str] | None,
        typer.Option(help="Bundle mode: file that booted before; repeatable, in boot order."),
    ] = None,
) -> int:
    """Rolls back an upgrade: by install abort (in service: install abort issu) or boot variable.

    A committed release stays: to leave it, upgrade to the old release.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.rollback import RollbackJob

    named = ",".join(routers or ())
    if named and ui.limit:
        raise UsageError("routers are named twice", remedy="name them, or give --limit")
    if not named and not ui.limit:
        raise UsageError(
            "no router is named to roll back", remedy="name routers, or give --limit EXPR"
        )
    chosen = replace(ui, limit=named or ui.limit)
    return run_job(chosen, how, RollbackJob.asked(release=release, boot=boot or ()))
