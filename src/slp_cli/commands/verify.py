"""``slp verify``: routers, read again, held against what a plan predicted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from nornir_slp.saved_files import json_text, write_text
from nornir_slp.view import Answer, Line, Page
from slp_cli.commands.assess import FromCaptures, Workers
from slp_cli.options import command
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from nornir_slp.verifying import Verification
    from slp_core.plan import Plan
    from slp_core.verify import Moment


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
    workers: Workers = None,
    moment: Annotated[
        str,
        typer.Option(
            help="What to expect: upgrade, end, or captured (what each moment fits best)."
        ),
    ] = "end",
    every: Annotated[bool, typer.Option("--all", help="Also show what is as predicted.")] = False,
) -> int:
    """Reads routers again and verifies them against the prediction of a plan.

    --output verification.json keeps all findings, beside the table. For a run, what its routers
    show now becomes its AFTER, for this moment (slp show, slp report).

    Exit code 0: every router is as predicted. 1: something differs, a router could not be read, or
    its model or release was not shown.
    """
    from nornir_slp.verifying import verify_routers
    from nornir_slp.views import findings as view
    from slp_cli.saving import json_file, show

    when = _moment(moment)
    plan, run = _plan(ui, subject)
    space = replace(ui, workers=workers)
    result = verify_routers(space, plan, moment=when, from_captures=from_captures)
    if run is not None and from_captures is None:
        _keep(ui, run, result)

    def page() -> Page:
        yield from view.page(result.findings, every=every, kinds=_kinds(plan))
        for name, error in result.errors.items():
            remedy = f" ({error.remedy})" if error.remedy else ""
            yield Line.of(f"{name}  {error.what} [{error.code}]{remedy}", "red")
        yield Line.of(
            f"{len(result.proven)} of {len(result.findings) + len(result.errors)} routers are as"
            " predicted" + (f"; {len(result.errors)} could not be read" if result.errors else "")
        )

    data = result.to_json()
    path = json_file(ui)
    if path is not None:
        write_text(path, json_text(data))
        ui.say(f"saved {path}")
    show(ui, Answer(page, data=lambda: data, sheet=lambda: view.sheet(result.findings)))
    return 0 if result.all_proven else 1


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
        ui.say(f"verified against the plan of run {run_id}")
        return approved_plan(fleet, run_id), run_id


def _keep(ui: Ui, run: str, result: Verification) -> None:
    from nornir_slp.store import open_fleet

    with open_fleet(ui) as fleet:
        fleet.keep_looks(run, dict(result.sights))


def _kinds(plan: Plan) -> dict[str, dict[str, str]]:
    """Returns the kind of each expectation, by router and path."""
    return {p.router: {x.path: x.kind for x in p.predictions} for p in plan.routers}
