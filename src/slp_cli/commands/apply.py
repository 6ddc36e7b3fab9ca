"""``slp apply``: carries exactly one saved plan out, in waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from slp_cli.options import command
from slp_cli.ui import Ui

if TYPE_CHECKING:
    from slp_core.plan import Plan
    from slp_fleet.model import RunOptions


@command
def apply(
    ui: Ui,
    plan: Annotated[
        str,
        typer.Argument(help="A plan: its hash, latest, or the file of one.", metavar="PLAN"),
    ],
    canary: Annotated[
        int, typer.Option(min=0, help="Routers that go first and must be proven.")
    ] = 1,
    wave_size: Annotated[
        str, typer.Option(help="Routers a wave, or a share such as 25%.", metavar="N|P%")
    ] = "25%",
    max_failures: Annotated[
        str, typer.Option(help="Failures after which no router is started.", metavar="N|P%")
    ] = "1",
    per_group: Annotated[
        list[str] | None,
        typer.Option(
            help="At most so many of a group out of service at once; repeatable.",
            metavar="KEY=N",
        ),
    ] = None,
    window: Annotated[
        str | None, typer.Option(help="When routers may be started, such as 22:00-04:00.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, help="Routers that are worked on at the same time.")
    ] = 50,
    allow: Annotated[
        list[str] | None,
        typer.Option(help="Override a blocker: RULE=reason; repeatable.", metavar="RULE=REASON"),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show every line that would be sent, and send none."),
    ] = False,
) -> int:
    """Carries a saved plan out as a run: canary, then waves, within a failure budget.

    Ctrl-C ends safely; slp resume goes on. A router with a blocker is skipped and reported.
    """
    from nornir_slp.documents import load_plan
    from nornir_slp.kept import find_plan
    from nornir_slp.store import open_fleet
    from slp_cli.approval import approved, changed_targets
    from slp_cli.run_options import run_options
    from slp_cli.running import NOTHING_DONE, begin

    file = find_plan(ui, plan)
    loaded = _limited(ui, load_plan(file))
    options = run_options(
        canary=canary,
        wave_size=wave_size,
        max_failures=max_failures,
        per_group=per_group or (),
        window=window,
        workers=workers,
        allow=allow or (),
        dry_run=dry_run,
    )
    if not _anything(loaded, options):
        ui.warn("nothing is done: every router of the plan is blocked; slp plan shows why")
        return NOTHING_DONE
    notes = changed_targets(ui, loaded)
    if not approved(ui, loaded, options, yes=yes, notes=notes):
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
