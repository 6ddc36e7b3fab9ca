"""``slp plan``: what will be done to each router, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from nornir_slp.view import Answer
from slp_cli.commands.assess import FromCaptures, Workers
from slp_cli.options import takes
from slp_cli.ui import Ui
from slp_cli.upgrade_options import Upgrade

_TARGET = "Target (overrides --target and the inventory)"


@takes(Upgrade)
def plan(
    ui: Ui,
    upgrade: Upgrade,
    from_captures: FromCaptures = None,
    workers: Workers = None,
    from_assessment: Annotated[
        Path | None,
        typer.Option(
            "--from-assessment", help="A file of slp assess, or latest, instead of routers."
        ),
    ] = None,
    target: Annotated[
        Path | None, typer.Option("--target", help="YAML file with the target of the routers.")
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="Release to reach.", rich_help_panel=_TARGET)
    ] = None,
    image: Annotated[
        str | None, typer.Option(help="Image: file name, path or URL.", rich_help_panel=_TARGET)
    ] = None,
    stop_image: Annotated[
        str | None,
        typer.Option(
            help="Image to stop at on the way: of 17.8 to 17.10, where PAK licences are recorded, "
            "or of 16.3.3, which brings ROMMON to an ISR 4400 on 3.x.",
            rich_help_panel=_TARGET,
        ),
    ] = None,
    topology: Annotated[
        str | None,
        typer.Option(help="direct, cslu, onprem, airgap and others.", rich_help_panel=_TARGET),
    ] = None,
    transport: Annotated[
        str | None, typer.Option(help="smart or callhome.", rich_help_panel=_TARGET)
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="URL of the licensing service.", rich_help_panel=_TARGET)
    ] = None,
    vrf: Annotated[str | None, typer.Option(help="VRF to it.", rich_help_panel=_TARGET)] = None,
    source_interface: Annotated[
        str | None, typer.Option(help="Source interface to it.", rich_help_panel=_TARGET)
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(help="Proxy to it, host:port.", rich_help_panel=_TARGET)
    ] = None,
    name_server: Annotated[
        list[str] | None, typer.Option(help="Name server; repeatable.", rich_help_panel=_TARGET)
    ] = None,
    token: Annotated[
        str | None,
        typer.Option(
            help="Reference to the trust token, such as env:SLP_TOKEN; never the token.",
            rich_help_panel=_TARGET,
        ),
    ] = None,
    hseck9: Annotated[
        str | None,
        typer.Option(help="keep, none, add, add-before, add-after.", rich_help_panel=_TARGET),
    ] = None,
    throughput: Annotated[
        str | None, typer.Option(help="Throughput level.", rich_help_panel=_TARGET)
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="Override a blocker: RULE=reason; repeatable.", metavar="RULE=REASON"),
    ] = None,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="Your own rule data (YAML), merged over the built-in rules."),
    ] = None,
    balances: Annotated[
        str | None,
        typer.Option(
            "--balances",
            help="Free licences: a file of slp cssm balances --json, or cssm to ask now.",
            metavar="FILE|cssm",
        ),
    ] = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="Let each router test the path to its licence server; changes nothing.",
        ),
    ] = False,
    each: Annotated[
        bool, typer.Option("--each", help="One block per router, even where plans are alike.")
    ] = False,
    predictions: Annotated[
        bool, typer.Option("--predictions", help="Also show every value predicted exactly.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite the file that --output names.")
    ] = False,
) -> int:
    """Plans, per router: the steps and the rules that require them, the predicted end state,
    warnings and blockers. Nothing is changed on any router.

    The plan is kept in the store, and in the file that --output x.json names; slp apply latest
    carries out exactly that. slp plans lists what is kept.
    """
    from nornir_slp.kept import assessment_named, keep_plans, refuse_overwriting
    from nornir_slp.plan_file import plans_in
    from nornir_slp.planning import Wishes, make_plans
    from nornir_slp.saved_files import copy_file
    from nornir_slp.views import plan as view
    from slp_cli.saving import json_file, show

    wishes = Wishes.of(
        target,
        allow or [],
        release=release,
        image=image,
        stop=stop_image,
        hseck9=hseck9,
        throughput=throughput,
        **upgrade.wishes(),
        topology={
            "kind": topology,
            "transport": transport,
            "url": url,
            "vrf": vrf,
            "source_interface": source_interface,
            "proxy": proxy,
            "name_servers": name_server,
            "token": token,
        },
    )
    copy = json_file(ui)
    refuse_overwriting(copy, force=force)
    plans = make_plans(
        replace(ui, workers=workers),
        wishes,
        from_captures=from_captures,
        from_assessment=assessment_named(ui, from_assessment),
        rules=rules,
        balances=balances,
        probe=probe,
    )
    path, made = keep_plans(ui, plans)
    answer = Answer(
        lambda: view.page_of_file(path, made, each=each or None, predictions=predictions),
        saved=path,
        sheet=lambda: view.sheet(plans_in(path)),
        texts={"html": lambda: _html(path)},
    )
    if copy is not None:
        copy_file(path, copy)
        ui.say(f"saved {copy}")
    show(ui, answer)
    short = path.stem[:12]
    runnable = made.blocked < made.routers
    ui.say(f"kept as {short}" + (f"; slp apply {short} carries it out" if runnable else ""))
    return exit_code(made.blocked, made.routers)


def exit_code(blocked: int, routers: int) -> int:
    """Returns 0 where no router is blocked, 3 where every router is, else 1."""
    if not blocked:
        return 0
    return 3 if blocked == routers else 1


def _html(path: Path) -> str:
    """Returns the report of the saved plan; a page holds all routers, and so does memory."""
    from nornir_slp.documents import load_plan
    from nornir_slp.report.build import of_plan
    from nornir_slp.report.html import page

    return page(of_plan(load_plan(path)))
