"""A run in the foreground: shown, drained on Ctrl-C, and summed up in an exit code."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from nornir_slp.view import Answer, Page
from nornir_slp.views import rehearsal
from nornir_slp.views import run as view
from slp_cli.progress import Progress, progress_of
from slp_cli.ui import Ui
from slp_fleet.model import RouterRunState, Run, RunState

if TYPE_CHECKING:
    from slp_fleet.api import Fleet

INTERRUPTED = 130
CAN_GO_ON = 4
NOTHING_DONE = 3


def begin(ui: Ui, fleet: Fleet, run_id: str) -> int:
    """Carries a new run out, as ``go_on`` does; one that is refused leaves nothing behind."""
    return _carried(ui, fleet, run_id, fleet.begin)


def go_on(ui: Ui, fleet: Fleet, run_id: str, only: Iterable[str] | None = None) -> int:
    """Carries a run out until it is at rest or the operator leaves it; returns the exit code.

    Args:
        only: routers that are carried on, and none beside them; unset: all.
    """
    return _carried(ui, fleet, run_id, partial(fleet.carry_out, only=only))


def _carried(ui: Ui, fleet: Fleet, run_id: str, carry: Callable[..., RunState]) -> int:
    stop = threading.Event()
    with progress_of(ui, fleet.run(run_id)) as shown, _interrupts(stop, shown):
        carry(run_id, on_event=shown.event, stop=stop)
    run = fleet.run(run_id)
    give_run(ui, run)
    if stop.is_set() and run.state not in (RunState.FINISHED, RunState.CANCELLED):
        ui.warn(f"interrupted; slp resume {run_id} continues it")
        return INTERRUPTED
    return exit_code(run)


def give_run(ui: Ui, run: Run, *, every: bool = False) -> None:
    """Shows a run in the format asked for."""

    def page() -> Page:
        if run.options.dry_run:
            yield from rehearsal.page(run)
        yield from view.run_page(run, every=every)

    ui.answer(
        Answer(
            page, data=lambda: run.model_dump(mode="json"), sheet=lambda: view.routers_sheet(run)
        )
    )


def exit_code(run: Run) -> int:
    """Returns what a script is told of a run that is at rest.

    0: every router is proven (or was rehearsed, in a dry run). 1: one failed or was blocked.
    3: every router is blocked. 4: paused, stopped or cancelled.
    """
    if run.state is not RunState.FINISHED:
        return CAN_GO_ON
    states = {r.state for r in run.routers}
    good = {RouterRunState.PROVEN}
    if run.options.dry_run:
        good.add(RouterRunState.CANCELLED)
    if states <= good:
        return 0
    return NOTHING_DONE if states == {RouterRunState.BLOCKED} else 1


@contextmanager
def _interrupts(stop: threading.Event, shown: Progress) -> Iterator[None]:
    """The first Ctrl-C drains; the second leaves at once, as a crash would, which does no harm."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(INTERRUPTED)
        stop.set()
        shown.say("pausing: what is being sent ends first; press Ctrl-C again to leave at once")

    before = {n: signal.signal(n, interrupt) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
