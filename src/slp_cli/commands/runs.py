"""``slp runs``, ``slp show`` and ``slp watch``: what is and was going on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from nornir_slp.view import Answer
from slp_cli.options import command, refuse_limit
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from slp_fleet.api import Fleet
    from slp_fleet.model import Run

_LOOK_S = 0.5

RunName = Annotated[
    str, typer.Argument(help="A run's id, its beginning, or latest.", metavar="RUN")
]


@command
def runs(ui: Ui) -> int:
    """Lists the runs of this inventory, the latest first."""
    from nornir_slp.store import open_fleet
    from nornir_slp.views import run as view

    refuse_limit(ui)

    with open_fleet(ui) as fleet:
        found = fleet.runs()

    sheet = view.runs_sheet(found)
    ui.answer(
        Answer(
            sheet,
            data=lambda: {"runs": [r.model_dump(mode="json", exclude={"routers"}) for r in found]},
        )
    )
    return 0


@command
def show(
    ui: Ui,
    run: RunName = "latest",
    router: Annotated[
        str | None, typer.Argument(help="One router, in full.", metavar="[ROUTER]")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every router, also of many.")] = False,
) -> int:
    """Shows where a run stands, what waits for a person, or one router of it in full."""
    from nornir_slp.store import find_run, open_fleet
    from slp_cli.running import give_run

    refuse_limit(ui)

    with open_fleet(ui) as fleet:
        found = fleet.run(find_run(fleet, run))
        if router is None:
            give_run(ui, found, every=every)
        else:
            _show_router(ui, fleet, found, router)
    return 0


def _show_router(ui: Ui, fleet: Fleet, run: Run, name: str) -> None:
    from nornir_slp.views import findings
    from nornir_slp.views import run as view
    from slp_core.names import refuse_unknown

    routers = {r.router: r for r in run.routers}
    refuse_unknown([name], routers, f"run {run.id} has", f"see slp show {run.id}")
    one = routers[name]
    folder = fleet.router_folder(run.id, name)
    data = {"run": run.id, "folder": str(folder), **one.model_dump(mode="json")}
    ui.answer(
        Answer(
            lambda: view.router_page(run, one, str(folder)),
            data=lambda: data,
            sheet=lambda: findings.sheet({name: one.findings}),
        )
    )


@command
def watch(ui: Ui, run: RunName = "latest") -> int:
    """Follows a run that another process carries out, until it ends or pauses."""
    from nornir_slp.store import find_run, open_fleet
    from slp_cli.progress import progress_of
    from slp_cli.running import exit_code, give_run
    from slp_fleet.model import RunState

    refuse_limit(ui)

    going = (RunState.CREATED, RunState.RUNNING)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        seen = 0
        with progress_of(ui, fleet.run(run_id)) as shown:
            while True:
                events = fleet.events(run_id, after=seen)
                for event in events:
                    seen = event.id
                    shown.event(event)
                if events:
                    continue
                if _state(fleet, run_id) not in going:
                    break
                time.sleep(_LOOK_S)
        found = fleet.run(run_id)
    give_run(ui, found)
    return exit_code(found)


def _state(fleet: Fleet, run_id: str) -> str:
    return next(r.state for r in fleet.runs() if r.id == run_id)
