"""``slp classic call-home|register|renew|deregister|mode``: before SLP, and the ASR 900."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from slp_cli.commands.single import Token
from slp_cli.one_step.reaching import OwnCallHome, Path
from slp_cli.options import takes
from slp_cli.run_options import How, job_command
from slp_cli.ui import Ui

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Classic Smart Licensing: call-home, register, renew, deregister, mode.",
)


@app.command("call-home")
@takes(Path, OwnCallHome, How)
def call_home(
    ui: Ui,
    path: Path,
    calls: OwnCallHome,
    how: How,
) -> int:
    """Sets up call-home, over the management interface or a network port, then saves.

    Only the lines that are missing are sent; an interface that has another address is not touched
    unless --allow B9-10='the second way in'.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.classic import CallHomeJob

    wanted = {**path.wishes(), "kind": "direct"}
    if calls.wishes():
        wanted["call_home"] = calls.wishes()
    return run_job(ui, how, CallHomeJob(), topology=wanted)


@app.command("register")
@job_command
def register(
    ui: Ui,
    how: How,
    token: Token = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where the router is registered.")
    ] = False,
) -> int:
    """Registers routers with CSSM; each answers later, in its own status."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.classic import RegisterJob

    return run_job(ui, how, RegisterJob(force=force), topology={"token": token})


@app.command("renew")
@job_command
def renew(
    ui: Ui,
    how: How,
    what: Annotated[
        Literal["auth", "id", "both"], typer.Argument(help="Authorization, identity, or both.")
    ] = "both",
) -> int:
    """Renews the authorization or identity of registered routers."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.classic import RenewJob

    return run_job(ui, how, RenewJob(what=("auth", "id") if what == "both" else (what,)))


@app.command("deregister")
@job_command
def deregister(ui: Ui, how: How) -> int:
    """Deregisters routers: 30 days of evaluation begin."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.classic import DeregisterJob

    return run_job(ui, how, DeregisterJob())


@app.command("mode")
@job_command
def mode(
    ui: Ui,
    how: How,
    wanted: Annotated[
        Literal["smart", "no-license"],
        typer.Argument(help="The mode to switch to.", metavar="MODE"),
    ],
) -> int:
    """Switches the licensing mode: configures, saves, reloads.

    Disabling Smart Licensing shuts ports: --allow B9-15='the second way in' or it is not done.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.classic import ModeJob

    return run_job(ui, how, ModeJob(mode=wanted))
