"""``slp verify``: routers, read again, held against what a plan predicted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from slp_cli.commands.assess import FromCaptures
from slp_cli.options import command
from slp_cli.ui import Answer, Ui, inert, json_text, write_text
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from nornir_slp.routers import Read, Trouble
    from slp_core.plan import Finding, Plan, RouterPlan
    from slp_core.state import RouterState
    from slp_core.verify import Moment
    from slp_fleet.sights import Sight


@command
def verify(
    ui: Ui,
    subject: Annotated[
        str,
        typer.Argument(
            help="A run, or a plan: its hash or file; default: the latest run's plan.",
            metavar="[PLAN|RUN]",
        ),
    ] = "latest",
    from_captures: FromCaptures = None,
    moment: Annotated[
        str,
        typer.Option(
            help="What to expect: upgrade, end, or captured (what each moment fits best)."
        ),
    ] = "end",
    every: Annotated[bool, typer.Option("--all", help="Also what is as predicted.")] = False,
) -> int:
    """Reads routers again and holds them against the prediction of a plan.

    --output verification.json keeps all findings, beside the table. What a run's routers show now
    is its AFTER from then on, with this moment (slp show, slp report).

    0: every router is as predicted. 1: something differs, a router could not be read, or its
    model or release was not shown.
    """
    from slp_cli.saving import json_file, show
    from slp_cli.views import findings as view

    when = _moment(moment)
    plan, run = _plan(ui, subject)
    found, errors, sights = _verify(ui, plan, from_captures, when)
    if run is not None and from_captures is None:
        _keep(ui, run, sights)
    sheet = view.sheet(found)

    def table(console: Any) -> None:
        view.show(console, found, every=every, kinds=_kinds(plan))
        for name, error in errors.items():
            console.print(f"{name}  {inert(error.what)} [{error.code}]", style="red")
        bad = sum(view.failed(f) for f in found.values())
        console.print(
            f"{len(found) - bad} of {len(found) + len(errors)} routers are as predicted"
            + (f"; {len(errors)} could not be read" if errors else "")
        )

    texts = {"csv": sheet.csv, "markdown": sheet.markdown}
    data = _data(plan, found, errors)
    path = json_file(ui)
    if path is not None:
        write_text(path, json_text(data))
        ui.say(f"saved {path}")
    show(ui, Answer(table, data=lambda: data, texts=texts))
    return 1 if errors or any(view.failed(f) for f in found.values()) else 0


def _moment(text: str) -> Moment:
    from slp_core.verify import Moment

    for known in get_args(Moment):
        if text == known:
            return cast("Moment", known)
    raise UsageError(f"there is no moment {text!r}", remedy=", ".join(get_args(Moment)))


def _plan(ui: Ui, subject: str) -> tuple[Plan, str | None]:
    """Returns the plan, and the run whose plan it is where a run was named."""
    from nornir_slp.documents import load_plan

    path = Path(subject)
    if path.exists():
        return load_plan(path), None
    if path.suffix == ".json":
        raise UsageError("there is no such plan", where=subject)
    from nornir_slp.kept import plan_named
    from nornir_slp.store import LATEST, approved_plan, find_run, open_fleet

    kept = plan_named(ui, subject) if subject not in LATEST else None
    if kept is not None:
        return load_plan(kept), None
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, subject)
        ui.say(f"held against the plan of run {run_id}")
        return approved_plan(fleet, run_id), run_id


def _keep(ui: Ui, run: str, sights: dict[str, Sight]) -> None:
    from nornir_slp.store import open_fleet

    with open_fleet(ui) as fleet:
        fleet.keep_looks(run, sights)


def _verify(
    ui: Ui, plan: Plan, from_captures: Path | None, moment: Moment
) -> tuple[dict[str, Sequence[Finding]], dict[str, Trouble], dict[str, Sight]]:
    from nornir_slp.routers import NOTHING, Trouble, read_routers

    names = [p.router for p in plan.routers]
    found: dict[str, Sequence[Finding]] = {}
    errors: dict[str, Trouble] = {}
    sights: dict[str, Sight] = {}
    for read in read_routers(ui, from_captures, only=set(names)):
        router = plan.router(read.name)
        if router is None:
            continue
        if read.state is None:
            errors[read.name] = read.error or NOTHING
        elif read.state.mixed:
            errors[read.name] = Trouble(
                "SLP-E101", read.state.mixed[0].text, read.state.mixed[0].remedy
            )
        else:
            found[read.name] = _held(router, read, moment)
            if read.state.read_at is not None:
                sights[read.name] = _sight(read.state, read.state.read_at, found[read.name], moment)
    if ui.limit is None:
        for name in names:
            if name not in found and name not in errors:
                errors[name] = Trouble("SLP-E102", "is in the plan, and was not there to be read")
    return found, errors, sights


def _sight(state: RouterState, at: datetime, findings: Sequence[Finding], moment: Moment) -> Sight:
    """Returns what a run keeps of a look; what differs only where it is held against the end."""
    from slp_core.verify import observe
    from slp_fleet.sights import Sight

    facts = {path: seen.value for path, seen in observe(state).items()}
    return Sight(at, "slp verify", facts, True, tuple(findings) if moment == "end" else ())


def _held(router: RouterPlan, read: Read, moment: Moment) -> Sequence[Finding]:
    from nornir_slp.routers import moments_of
    from slp_core import verify as core

    assert read.state is not None
    if read.capture is not None and moment != "upgrade":
        return core.verify_captured(router, moments_of(read.capture))
    return core.verify(router, read.state, moment=moment, live=read.capture is None)


def _kinds(plan: Plan) -> dict[str, dict[str, str]]:
    """Returns the kind of each expectation, by router and path."""
    return {p.router: {x.path: x.kind for x in p.predictions} for p in plan.routers}


def _data(
    plan: Plan, found: dict[str, Sequence[Finding]], errors: dict[str, Trouble]
) -> dict[str, Any]:
    from nornir_slp.documents import stamp
    from slp_cli.views.findings import failed

    routers: list[dict[str, Any]] = [
        {"router": name, "proven": not failed(f), "findings": [x.to_json() for x in f]}
        for name, f in found.items()
    ]
    routers += [
        {
            "router": name,
            "proven": False,
            "error": {"code": e.code, "what": e.what, "remedy": e.remedy},
            "findings": [],
        }
        for name, e in errors.items()
    ]
    return {
        "schema_version": 1,
        "kind": "verification",
        **stamp(),
        "plan_hash": plan.hash(),
        "routers": routers,
    }
