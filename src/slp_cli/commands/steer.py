"""``slp pause``, ``resume``, ``cancel``, ``retry`` and ``confirm``: what a person asks of a run."""

from __future__ import annotations

import getpass
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from slp_cli.commands.runs import RunName
from slp_cli.options import command, refuse_limit
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from slp_fleet.api import Fleet

_AT_REST = ("created", "paused", "stopped")


@command
def pause(ui: Ui, run: RunName = "latest") -> int:
    """Pauses a run: started steps end safely, nothing new starts."""
    from nornir_slp.store import find_run, open_fleet

    refuse_limit(ui)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        state = fleet.run(run_id, ()).state
        if state in _AT_REST or (state == "running" and not _carried_out(fleet)):
            # nothing to ask for: a pause that is written down would end the next resume at once
            how = "was interrupted" if state == "running" else f"is {state.value}"
            ui.say(f"run {run_id} is not running: it {how}; slp resume {run_id} continues it")
            return 0
        fleet.pause(run_id)
    ui.say(f"run {run_id} pauses as soon as its started steps have ended")
    return 0


@command
def resume(
    ui: Ui,
    run: RunName = "latest",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask, even where too many routers failed.")
    ] = False,
) -> int:
    """Resumes a run that was interrupted, paused or stopped.

    Where more routers failed than allowed, it asks first; their failures then no longer count.
    Every step checks its router first, so nothing lasting is done twice.
    """
    from nornir_slp.store import find_run, open_fleet
    from slp_cli.running import NOTHING_DONE, go_on

    refuse_limit(ui)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        state = fleet.run(run_id, ()).state
        spent = fleet.spent_budget(run_id) if state not in ("finished", "cancelled") else None
        if spent is not None:
            if not _goes_beyond(ui, run_id, spent, yes=yes):
                return NOTHING_DONE
            fleet.resume(run_id)
        return go_on(ui, fleet, run_id)


def _goes_beyond(ui: Ui, run_id: str, spent: str, *, yes: bool) -> bool:
    """Returns whether the operator wants routers started although too many failed."""
    ui.say(f"run {run_id}: {spent}")
    if yes:
        return True
    if not ui.interactive:
        ui.warn("nothing was done: there is nobody to ask; give --yes to start further routers")
        return False
    return typer.confirm("Start further routers all the same?", default=False, err=True)


@command
def cancel(ui: Ui, run: RunName = "latest") -> int:
    """Cancels a run: started steps end safely, routers not yet started stay as they are."""
    from nornir_slp.store import find_run, open_fleet

    refuse_limit(ui)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        fleet.cancel(run_id)
    ui.say(f"run {run_id} is cancelled")
    return 0


@command
def retry(
    ui: Ui,
    run: RunName,
    routers: Annotated[
        list[str] | None, typer.Argument(help="Failed routers; default: all of them.")
    ] = None,
    later: Annotated[
        bool, typer.Option("--later", help="Only queue them; slp resume starts them.")
    ] = False,
) -> int:
    """Repeats the failed step of failed routers, and continues no other router.

    slp resume continues the rest of the run.
    """
    from nornir_slp.store import find_run, open_fleet
    from slp_cli.running import go_on

    refuse_limit(ui)
    with open_fleet(ui) as fleet:
        run_id = find_run(fleet, run)
        names = fleet.retry(run_id, routers or [])
        ui.say(f"retrying: {', '.join(names)}")
        return 0 if later else go_on(ui, fleet, run_id, names)


@command
def confirm(
    ui: Ui,
    run: RunName,
    router: Annotated[str, typer.Argument(help="The router.")],
    step: Annotated[
        str | None, typer.Argument(help="The step; default: the one that waits.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option(help="A file that the step asks for, such as an acknowledgement."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(help="An address that the step asks for, as SSM On-Prem shows it."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Who confirms; recorded with it.")] = None,
) -> int:
    """Confirms that a person did what a step waits for, and passes on the file it asks for."""
    from nornir_slp.one_step.handed import refuse_missing_files, refuse_wrong_file
    from nornir_slp.store import find_run, open_fleet

    refuse_limit(ui)
    if url is not None and file is not None:
        raise UsageError("--url and --file exclude each other")
    with open_fleet(ui) as fleet, ExitStack() as kept:
        if url is not None:
            file = Path(kept.enter_context(TemporaryDirectory())) / "tenant_url.txt"
            file.write_text(f"{url.strip()}\n", encoding="utf-8")
        run_id = find_run(fleet, run)
        wanted = step or _waiting_step(fleet, run_id, router)
        plan = fleet.plan_of(run_id, router)
        if file is not None:
            refuse_wrong_file(plan, wanted, file)
        else:
            refuse_missing_files(plan, wanted, fleet.router_folder(run_id, router))
        fleet.confirm(run_id, router, wanted, by=by or getpass.getuser(), file=file)
    ui.say(f"{router}: {wanted} is confirmed")
    return 0


def _carried_out(fleet: Fleet) -> bool:
    """Tells whether some process carries out the runs of this store just now."""
    from slp_fleet.lock import Lock

    lock = Lock(fleet.store.root)
    free = lock.take()
    if free:
        lock.release()
    return not free


def _waiting_step(fleet: Fleet, run_id: str, router: str) -> str:
    from slp_core.names import refuse_unknown

    routers = {r.router: r for r in fleet.run(run_id).routers}
    refuse_unknown([router], routers, f"run {run_id} has", f"see slp show {run_id}")
    found = routers[router]
    waiting = [s.step for s in found.steps if s.state.value == "person"]
    if len(waiting) != 1:
        raise UsageError(
            f"{router} is not waiting for a person", remedy=f"see slp show {run_id} {router}"
        )
    return waiting[0]
