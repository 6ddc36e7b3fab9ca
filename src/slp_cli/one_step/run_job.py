"""Carries one job out: read, plan, show, ask, run; with the machinery of ``slp apply``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.documents import save
from nornir_slp.one_step.brought import copy_out, write_sums
from nornir_slp.one_step.handed import find_files, hand_over, refuse_wrong_files
from nornir_slp.one_step.planned import plan_job
from nornir_slp.planning import Wishes
from slp_cli.run_options import How
from slp_cli.ui import Ui
from slp_core.plan import Plan
from slp_core.private_files import private_folder

if TYPE_CHECKING:
    from slp_core.planner.jobs.base import Job


def run_job(
    ui: Ui,
    how: How,
    job: Job,
    *,
    file: Path | None = None,
    folder: Path | None = None,
    keep_in: Path | None = None,
    sums: bool = False,
    tell_kept: bool = True,
    **wishes: Any,
) -> int:
    """Returns the exit code of one job on the routers that ``--limit`` leaves.

    Args:
        file, folder: what the job asks a person for (``find_files``).
        keep_in: folder that gets what came off the routers, as ``ROUTER/NAME``.
        sums: it also gets their hashes, for ``sha256sum -c``.
        tell_kept: says what was put there.
        wishes: where the routers should go, as ``Wishes.of`` takes it.
    """
    from nornir_slp.store import open_fleet
    from nornir_slp.views import plan as view
    from slp_cli.approval import approved
    from slp_cli.running import NOTHING_DONE, begin
    from slp_cli.tables import print_page

    wishes.setdefault("topology", {})
    made = plan_job(ui, job, Wishes.of(how.target, how.allow or (), **wishes))
    options = how.options()
    if not ui.quiet:
        print_page(ui.err, view.page(made, total=how.dry_run))
    if all(p.blockers for p in made.routers):
        ui.warn("nothing was done: every router is blocked")
        return NOTHING_DONE
    files = find_files(made, file, folder)
    refuse_wrong_files(made, files)
    if not any(p.steps and not p.blockers for p in made.routers):
        return _nothing_to_do(ui, made)
    made = _to_be_done(made)
    if not how.dry_run and not approved(ui, made, options, yes=how.yes):
        return NOTHING_DONE
    with open_fleet(ui, make=True) as fleet:
        run_id = fleet.create_run(made, _kept(ui, made, job.facts.name), options)
        if not how.dry_run:
            hand_over(fleet, run_id, made, files)
        ui.say(f"run {run_id}")
        code = begin(ui, fleet, run_id)
        if keep_in is not None and not how.dry_run:
            kept = copy_out(fleet, run_id, made, keep_in)
            for path in kept if tell_kept else ():
                ui.say(f"wrote {path}")
            if sums:
                ui.say(f"wrote {write_sums(keep_in)}")
        return code


def _to_be_done(plan: Plan) -> Plan:
    """Returns the plan without the routers on which the job is done: no run needs to hold them."""
    some = tuple(p for p in plan.routers if p.steps or p.blockers)
    return Plan(schema_version=1, routers=some, created=plan.created, made_by=plan.made_by)


def _nothing_to_do(ui: Ui, plan: Plan) -> int:
    from nornir_slp.view import Answer, Line

    blocked = any(p.blockers for p in plan.routers)
    ui.answer(Answer(lambda: [Line.of("nothing to do")], data=plan.to_json))
    return 1 if blocked else 0


def _kept(ui: Ui, plan: Plan, job: str) -> Path:
    """Keeps the plan beside the runs, so that a resumed run is held against it (F47)."""
    folder = private_folder(ui.store_path / "plans")
    path = folder / f"{job}-{plan.hash()[:12]}.json"
    save(plan, path)
    return path
