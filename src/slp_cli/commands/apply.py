"""``slp apply``: carries exactly one saved plan out, in waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from slp_cli.options import takes
from slp_cli.run_options import Pace
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from slp_core.plan import Plan
    from slp_fleet.model import RunOptions


@takes(Pace)
def apply(
    ui: Ui,
    pace: Pace,
    plan: Annotated[
        str,
        typer.Argument(help="A plan: its hash, latest, or the file of one.", metavar="PLAN"),
    ],
) -> int:
    """Carries out a saved plan as a run: canary, then waves, within a failure budget.

    Ctrl-C pauses the run safely; slp resume continues it. Routers with a blocker are skipped and
    reported.
    """
    from nornir_slp.documents import load_plan
    from nornir_slp.kept import find_plan
    from nornir_slp.store import open_fleet
    from slp_cli.approval import approved, changed_targets
    from slp_cli.running import NOTHING_DONE, begin

    file = find_plan(ui, plan)
    loaded = _limited(ui, load_plan(file))
    options = pace.options()
    if not _anything(loaded, options):
        ui.warn("nothing was done: every router of the plan is blocked; slp plan shows why")
        return NOTHING_DONE
    notes = changed_targets(ui, loaded)
    if not approved(ui, loaded, options, yes=pace.yes, notes=notes):
        return NOTHING_DONE
    with open_fleet(ui, make=True) as fleet:
        run_id = fleet.create_run(loaded, file, options)
        fleet.note(run_id, notes)
        ui.say(f"run {run_id}")
        return begin(ui, fleet, run_id)


def _limited(ui: Ui, plan: Plan) -> Plan:
    from nornir_slp.routers import Chosen
    from slp_core.plan import Plan

    if ui.limit is None:
        return plan
    chosen = Chosen(ui.limit)
    some = tuple(p for p in plan.routers if chosen(p.router, p.group))
    chosen.refuse_unmatched("of the plan")
    return Plan(**{**plan.model_dump(exclude={"routers"}, exclude_unset=True), "routers": some})


def _anything(plan: Plan, options: RunOptions) -> bool:
    return any(all(n.rule in options.allow for n in p.blockers) for p in plan.routers)
