"""``slp upgrade``, ``topology``, ``trust``, ``slac``, ``slr``, ``throughput`` and ``save``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from slp_cli.one_step.reaching import CallHome, HttpPath
from slp_cli.options import takes
from slp_cli.run_options import How, job_command
from slp_cli.ui import Ui
from slp_cli.upgrade_options import Upgrade
from slp_core.errors import UsageError

Token = Annotated[
    str | None,
    typer.Option(help="Reference to the token, such as env:SLP_TOKEN; never the token."),
]
File = Annotated[Path | None, typer.Option("--file", help="The file, for a single router.")]
From = Annotated[
    Path | None,
    typer.Option(
        "--from", help="Folder with the files: ROUTER/NAME, ROUTER.*, or known by content."
    ),
]
To = Annotated[
    Path | None, typer.Option("--to", help="Folder that gets the files, as ROUTER/NAME.")
]


Scope = Annotated[
    Literal["local", "all"] | None,
    typer.Option(help="The router itself, or all members; default: all, where there are several."),
]


@takes(Upgrade, How)
def upgrade(
    ui: Ui,
    way: Upgrade,
    how: How,
    release: Annotated[str | None, typer.Option(help="Release to reach.")] = None,
    image: Annotated[
        str | None, typer.Option(help="Image: file name on flash, path here, or URL.")
    ] = None,
) -> int:
    """Upgrades: checks, backs up, stages the image, saves, installs, activates, commits, verifies.

    In bundle mode: boot variable, save, reload. Licensing is not configured.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.upgrade import UpgradeJob

    return run_job(ui, how, UpgradeJob(), release=release, image=image, **way.wishes())


@takes(HttpPath, CallHome, How)
def topology(
    ui: Ui,
    path: HttpPath,
    call_home: CallHome,
    how: How,
    kind: Annotated[
        str | None, typer.Option("--topology", help="direct, cslu, onprem, airgap and others.")
    ] = None,
    transport: Annotated[str | None, typer.Option(help="smart or callhome.")] = None,
    url: Annotated[str | None, typer.Option(help="URL of the licensing service.")] = None,
    usage_interval: Annotated[
        int | None, typer.Option(min=1, max=365, help="Days between usage reports.")
    ] = None,
    privacy: Annotated[
        list[str] | None,
        typer.Option(help="What reports leave out: hostname, version or all; repeatable."),
    ] = None,
    server_identity_check: Annotated[
        bool, typer.Option("--server-identity-check", help="Check the server's identity.")
    ] = False,
) -> int:
    """Configures how routers report: sends only the missing lines, then saves.

    What a line replaces is shown beforehand; --dry-run shows everything.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.topology import TopologyJob

    wanted = {
        "kind": kind,
        "transport": transport,
        "url": url,
        "usage_interval": usage_interval,
        "privacy": privacy,
        "server_identity_check": server_identity_check,
        **path.wishes(),
        "call_home": call_home.wishes(),
    }
    return run_job(ui, how, TopologyJob(), topology=wanted)


@job_command
def trust(
    ui: Ui,
    how: How,
    token: Token = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also where a trust code is installed.")
    ] = False,
    scope: Scope = None,
) -> int:
    """Requests a trust code for routers that report directly to CSSM."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.trust import TrustJob

    job = TrustJob(force=force, scope=scope)
    return run_job(ui, how, job, topology={"token": token})


@job_command
def slac(
    ui: Ui,
    how: How,
    file: File = None,
    folder: From = None,
    request: Annotated[
        bool, typer.Option("--request", help="Save the request to a file instead, for CSSM.")
    ] = False,
    give_back: Annotated[
        Literal["online", "offline"] | None,
        typer.Option("--return", help="Return the authorization instead: online or offline."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace all earlier authorizations.")
    ] = False,
    scope: Scope = None,
    to: To = None,
) -> int:
    """Authorizes HSECK9: the router requests it, or a file from CSSM is imported."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.slac import SlacJob, SlacRequestJob, SlacReturnJob

    _one_of(request, give_back is not None, file is not None or folder is not None)
    if request:
        return run_job(ui, how, SlacRequestJob(scope=scope), keep_in=to)
    if give_back is not None:
        back = SlacReturnJob(how=give_back, scope=scope)
        return run_job(ui, how, back, keep_in=to)
    by_file = file is not None or folder is not None
    job = SlacJob(by_file=by_file, mode="replace" if replace else "add", scope=scope)
    return run_job(ui, how, job, file=file, folder=folder)


@job_command
def slr(
    ui: Ui,
    how: How,
    file: File = None,
    folder: From = None,
    request: Annotated[
        bool, typer.Option("--request", help="Generate a request code for CSSM instead.")
    ] = False,
    give_back: Annotated[
        bool, typer.Option("--return", help="Return the reservation instead.")
    ] = False,
    scope: Annotated[
        Literal["local", "all", "universal"] | None,
        typer.Option(help="For the router, all members, or universal (PLR)."),
    ] = None,
    to: To = None,
) -> int:
    """Installs a reservation code with HSECK9 on reserved routers, before the upgrade.

    The run then waits for the person who enters the confirmation code in CSSM (slp confirm).
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.slr import SlrJob, SlrRequestJob, SlrReturnJob

    _one_of(request, give_back, file is not None or folder is not None)
    if request:
        return run_job(ui, how, SlrRequestJob(scope=scope), keep_in=to)
    if give_back:
        return run_job(ui, how, SlrReturnJob.asked(scope=scope), keep_in=to)
    return run_job(ui, how, SlrJob(), file=file, folder=folder)


def _one_of(*asked: bool) -> None:
    if sum(asked) > 1:
        raise UsageError("--request, --return and files exclude each other")


@job_command
def throughput(
    ui: Ui,
    how: How,
    level: Annotated[
        str | None, typer.Argument(help="As the platform takes it: 1000000, 1g, MB 500, T2.")
    ] = None,
    platform_level: Annotated[
        str | None, typer.Option(help="On hardware: the platform's level beside it, in kb/s.")
    ] = None,
    boot_level: Annotated[
        str | None, typer.Option(help="Such as 'network-advantage addon dna-advantage'.")
    ] = None,
    reload: Annotated[
        bool, typer.Option("--reload", help="Save and reload, so that everything takes effect.")
    ] = False,
) -> int:
    """Sets the throughput that export control counts: platform level, or crypto on hardware.

    In the order that the platform needs: boot level, license feature hseck9 where required, level,
    crypto. Without --reload, what needs a reload waits for the next one.
    """
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.throughput import ThroughputJob

    return run_job(
        ui,
        how,
        ThroughputJob(reload=reload),
        throughput=level,
        platform_level=platform_level,
        boot_level=boot_level,
    )


@job_command
def save(ui: Ui, how: How) -> int:
    """Saves unsaved configurations, and does nothing else."""
    from slp_cli.one_step.run_job import run_job
    from slp_core.planner.jobs.save import SaveJob

    return run_job(ui, how, SaveJob())
