"""``slp demo``: the main job on a simulated fleet over real SSH."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from slp_cli.options import command
from slp_cli.ui import Ui


@command
def demo(
    ui: Ui,
    routers: Annotated[
        int | None, typer.Option(min=1, help="Fewer routers than the demo's 24.")
    ] = None,
    speed: Annotated[float, typer.Option(min=1, help="Lab seconds for each second.")] = 300.0,
    folder: Annotated[Path, typer.Option(help="Where lab, plan, runs and report are kept.")] = Path(
        ".slp/demo"
    ),
    keep: Annotated[
        bool, typer.Option("--keep", help="Let the lab run on, for a look around.")
    ] = False,
) -> int:
    """Assesses, plans, migrates, verifies and reports a simulated fleet, with an operator who
    carries files to CSSM.

    Exit code 0: every sound router is proven, each troubled one is reported for its true reason.
    """
    from slp_lab.demo.flow import Wanted, run_demo

    return run_demo(ui, Wanted(folder=folder, routers=routers, speed=speed, keep=keep))
