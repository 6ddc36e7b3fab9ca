"""``slp lab``: a simulated network of routers over SSH, with the services that they reach."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from nornir_slp.view import Answer, Line
from slp_cli.options import command
from slp_cli.ui import Ui
from slp_core.errors import UsageError
from slp_lab.folder import LabFolder

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
    mix: Annotated[
        str | None,
        typer.Option(help="Shares of a generated fleet, such as registered=3,slr=1."),
    ] = None,
    from_captures: Annotated[
        Path | None,
        typer.Option(help="Folder of saved outputs: a lab of your own routers."),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(help="Where all captured routers should go; default: each one's target.yaml."),
    ] = None,
    anonymous: Annotated[
        bool,
        typer.Option(
            "--anonymous",
            help="Replace captured names, serial numbers and addresses by made-up ones.",
        ),
    ] = False,
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
        bool, typer.Option("--detach", help="Run in the background until slp lab stop.")
    ] = False,
    while_stdin: Annotated[bool, typer.Option("--while-stdin", hidden=True)] = False,
) -> int:
    """Serves simulated routers over SSH, and CSSM and CSLU over HTTP, until Ctrl-C.

    Writes .slp/lab/NAME/inventory, which every other command takes.
    """
    from slp_lab import serving

    _agree(scenario, from_captures, mix, target, anonymous=anonymous)
    named = name or _named(scenario, from_captures, anonymous=anonymous)
    where = LabFolder(folder) if folder else LabFolder.named(named)
    if from_captures:
        scenario = _rehearsal(ui, where, from_captures, target, anonymous=anonymous)
    made = serving.scenario_of(scenario, routers, fault or [], mix=mix)
    if detach:
        arguments = [f"--speed={speed}", f"--folder={where.root}", "--quiet"]
        arguments += [f"--scenario={scenario}"] if scenario else []
        arguments += [f"--routers={routers}"] if routers else []
        arguments += [f"--mix={mix}"] if mix else []
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
    """Shows the labs started from this folder."""
    from nornir_slp.sheet import Sheet

    folders = [_one(name)] if name else LabFolder.all()
    rows = [_status(f) for f in folders]
    columns = ("name", "state", "routers", "speed", "ssh", "http", "inventory")
    sheet = Sheet(columns, [tuple(str(r.get(c, "")) for c in columns) for r in rows])
    answer = Answer(
        sheet if rows else lambda: [Line.of("no lab was started here")],
        data=lambda: {"labs": rows},
    )
    ui.answer(answer)
    return 0


@app.command()
@command
def stop(ui: Ui, name: Name = None) -> int:
    """Ends a lab and removes its secrets."""
    from slp_lab import serving

    folder = _one(name)
    ran = serving.stop_lab(folder)
    ui.say(f"lab {folder.name} has ended" if ran else f"lab {folder.name} was not running")
    return 0


def _agree(
    scenario: str | None,
    from_captures: Path | None,
    mix: str | None,
    target: Path | None,
    *,
    anonymous: bool,
) -> None:
    """Refuses options that contradict each other."""
    if from_captures and scenario:
        raise UsageError("--from-captures and --scenario exclude each other")
    if mix and (from_captures or scenario):
        raise UsageError("--mix is for a generated fleet: leave --scenario, --from-captures out")
    if (target or anonymous) and not from_captures:
        raise UsageError("--target and --anonymous go with --from-captures")


def _named(scenario: str | None, from_captures: Path | None, *, anonymous: bool) -> str:
    if scenario:
        return Path(scenario).stem
    if from_captures is None or anonymous:
        return "captures" if from_captures else "lab"
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", from_captures.resolve().name).strip("-._")
    return plain or "captures"


def _rehearsal(
    ui: Ui, where: LabFolder, captures: Path, target: Path | None, *, anonymous: bool
) -> str:
    """Returns the scenario file that was made of captures; says what could not be taken over."""
    from slp_lab.from_captures import rehearse, write_scenario

    if where.held():
        raise UsageError(
            f"a lab named {where.name} runs already", remedy=f"slp lab stop {where.name}"
        )
    found = rehearse(ui, captures, target=target, anonymous=anonymous)
    path = write_scenario(found.scenario, where.root)
    for name, reason in found.left_out.items():
        ui.say(f"left out: {name}: {reason}")
    if found.without_target:
        ui.say(f"without a target: {', '.join(found.without_target)} (--target FILE gives one)")
    ui.say(f"scenario   {path}")
    return str(path)


def _one(name: str | None) -> LabFolder:
    if name:
        folder = LabFolder(Path(name)) if "/" in name else LabFolder.named(name)
        if not folder.root.is_dir():
            raise UsageError(
                f"no lab named {name} was started here",
                remedy="see slp lab status; one with a --folder is named by it: slp lab stop ./LAB",
            )
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
