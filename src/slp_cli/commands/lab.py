"""``slp lab``: a simulated network of routers over SSH, with the services that they reach."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from slp_cli.lab.folder import LabFolder
from slp_cli.options import command
from slp_cli.ui import Answer, Ui
from slp_core.errors import UsageError

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Starts and stops a simulated network."
)

Name = Annotated[str | None, typer.Argument(help="Name of the lab; default: the only one.")]


@app.command()
@command
def start(
    ui: Ui,
    scenario: Annotated[
        str | None, typer.Option(help="Scenario file, or the name of a built-in one.")
    ] = None,
    routers: Annotated[
        int | None, typer.Option(min=1, help="How many routers; default: all, or 6.")
    ] = None,
    speed: Annotated[
        float, typer.Option(min=0.01, help="Lab seconds for each second; 600: an hour in six.")
    ] = 1.0,
    fault: Annotated[
        list[str] | None,
        typer.Option(help="A fault and its router, such as F07@r12; repeatable."),
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Name of the lab; default: the scenario's, or lab.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option(help="Folder of the lab; default: .slp/lab/NAME.")
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Go on in the background until slp lab stop.")
    ] = False,
    while_stdin: Annotated[bool, typer.Option("--while-stdin", hidden=True)] = False,
) -> int:
    """Serves simulated routers over SSH, and CSSM and CSLU over HTTP, until Ctrl-C.

    Writes .slp/lab/NAME/inventory, which every other command takes.
    """
    from slp_cli.lab import serving

    named = name or (Path(scenario).stem if scenario else "lab")
    where = LabFolder(folder) if folder else LabFolder.named(named)
    made = serving.scenario_of(scenario, routers, fault or [])
    if detach:
        arguments = [f"--speed={speed}", f"--folder={where.root}", "--quiet"]
        arguments += [f"--scenario={scenario}"] if scenario else []
        arguments += [f"--routers={routers}"] if routers else []
        arguments += [f"--fault={f}" for f in fault or []]
        _told(ui, where, serving.detach(where, arguments), speed)
        return 0
    serving.serve_lab(
        where,
        made,
        speed,
        ready=lambda facts: _told(ui, where, facts, speed),
        while_stdin=while_stdin,
    )
    ui.say("the lab has ended")
    return 0


@app.command()
@command
def status(ui: Ui, name: Name = None) -> int:
    """Shows the labs that were started here."""
    from slp_cli.tables import Sheet

    folders = [_one(name)] if name else LabFolder.all()
    rows = [_status(f) for f in folders]
    columns = ("name", "state", "routers", "speed", "ssh", "http", "inventory")
    sheet = Sheet(columns, [tuple(str(r.get(c, "")) for c in columns) for r in rows])
    answer = Answer(
        lambda console: sheet.print(console) if rows else console.print("no lab was started here"),
        data=lambda: {"labs": rows},
        texts={"csv": sheet.csv, "markdown": sheet.markdown},
    )
    ui.answer(answer)
    return 0


@app.command()
@command
def stop(ui: Ui, name: Name = None) -> int:
    """Ends a lab and removes its secrets."""
    from slp_cli.lab import serving

    folder = _one(name)
    ran = serving.stop_lab(folder)
    ui.say(f"lab {folder.name} has ended" if ran else f"lab {folder.name} was not running")
    return 0


def _one(name: str | None) -> LabFolder:
    if name:
        folder = LabFolder(Path(name)) if "/" in name else LabFolder.named(name)
        if not folder.root.is_dir():
            raise UsageError(f"no lab named {name} was started here", remedy="see slp lab status")
        return folder
    running = [f for f in LabFolder.all() if f.held()] or LabFolder.all()
    if len(running) != 1:
        known = ", ".join(f.name for f in running)
        raise UsageError(
            "which lab?" if running else "no lab was started here",
            remedy=f"one of {known}" if running else "slp lab start",
        )
    return running[0]


def _status(folder: LabFolder) -> dict[str, Any]:
    facts = folder.facts()
    if facts is None:
        return {"name": folder.name, "state": "starting" if folder.held() else "ended"}
    clock = facts.get("clock") or {}
    return {
        "name": folder.name,
        "state": "running",
        "pid": facts["pid"],
        "routers": facts["routers"],
        "speed": clock.get("factor"),
        "ssh": f"{facts['addresses'][0]}…{facts['addresses'][-1]}:{facts['port']}",
        "http": facts["http"],
        "inventory": facts["inventory"],
    }


def _told(ui: Ui, folder: LabFolder, facts: Mapping[str, Any], speed: float) -> None:
    """Says that the lab is ready, where it is, and how to log in."""
    first, last = facts["addresses"][0], facts["addresses"][-1]
    ui.say(
        f"lab {folder.name} is ready: {facts['routers']} routers at {first} to {last}, "
        f"port {facts['port']}, {speed:g} times as fast as real"
    )
    ui.say(f"  inventory  {folder.inventory}")
    ui.say(
        f"  log in     ssh -p {facts['port']} -o UserKnownHostsFile={folder.inventory}/known_hosts "
        f"{facts['username']}@{first}"
    )
    if folder.secrets_file.exists():
        ui.say(f"  secrets    . {folder.secrets_file}   (password and tokens; removed at the end)")
    else:
        ui.say(f"  password   {facts['password']}")
    ui.say(f"  CSSM       {facts['http']}")
    ui.say(f"  try        slp assess -i {folder.inventory}")
