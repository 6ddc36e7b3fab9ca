"""Serving a run: does by API what a run asks a person to do with usage files in CSSM.

Only what is asked for by this command, and only what the API takes: reports up, acknowledgements
down. Everything else stays a person's.
"""

from __future__ import annotations

import getpass
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nornir_slp.services.sources import Load
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError
from slp_core.plan import RouterPlan, StepSpec
from slp_core.private_files import write_private
from slp_core.steps.around import PersonParams
from slp_core.steps.usage import UsageImportParams, UsageSaveParams

if TYPE_CHECKING:
    from nornir_slp.services.courier import Brought, Courier
    from slp_fleet.api import Fleet

_SLICE_S = 300.0
_OVER = ("finished", "cancelled")
_RESTS = (*_OVER, "paused", "stopped", "created")


@dataclass(frozen=True)
class Asked:
    """A step that waits for an acknowledgement.

    Attributes:
        report: the router's usage file.
        wants: name under which the step asks for the answer.
    """

    router: str
    step: StepSpec
    report: Path
    wants: str
    plan: RouterPlan = field(repr=False)


def serve(
    space: Workspace,
    fleet: Fleet,
    run_id: str,
    courier: Courier,
    *,
    within: timedelta,
    follow: bool,
    pause: Callable[[float], object],
) -> int:
    """Uploads what a run waits with and hands it the answers; returns the exit code.

    Args:
        follow: go on until the run is at rest.
        pause: waits so many seconds of CSSM's clock.
    """
    served = _Serving(space, fleet, run_id, courier)
    until = courier.now() + within
    while True:
        served.round(min(_SLICE_S, (until - courier.now()).total_seconds()))
        late = courier.now() >= until and not follow
        state = fleet.run(run_id, ()).state.value
        if late or (served.idle and (not follow or state in _RESTS)):
            return served.end(state)
        if served.idle:
            pause(30.0)


class _Serving:
    """Serves one run, round by round."""

    def __init__(self, space: Workspace, fleet: Fleet, run_id: str, courier: Courier) -> None:
        self._space = space
        self._fleet = fleet
        self._run = run_id
        self._courier = courier
        self._troubles: dict[str, str] = {}
        self._count = 0

    @property
    def idle(self) -> bool:
        """Whether CSSM owes no answer."""
        return not list(self._courier.book.open_rows())

    def round(self, seconds: float) -> None:
        """Hands over what waits, and fetches what is there within so many seconds."""
        asked = {a.router: a for a in waiting(self._fleet, self._run)}
        loads = [got for a in asked.values() if (got := self._load(a)) is not None]
        rows = list(self._courier.hand_over(loads))
        for row in rows:
            if row.state in ("refused", "sending"):
                self._troubles[row.router] = row.error or "CSSM does not take it"
        for brought in self._courier.collect(max(seconds, 0.0)):
            self._take(asked.get(brought.row.router), brought)

    def end(self, state: str) -> int:
        """Says what is left; returns the exit code."""
        self._space.say(f"{self._count} acknowledgements handed to run {self._run}")
        others = list(_others(self._fleet, self._run))
        for router, title in others:
            self._space.say(f"{router}: still waits for a person: {title}")
        if state in ("paused", "stopped", "created") and self._count:
            self._space.say(f"slp resume {self._run} continues it")
        for router, why in self._troubles.items():
            self._space.warn(f"{router}: {why}")
        if self._troubles:
            return 1
        return 0 if self.idle else 4

    def _load(self, asked: Asked) -> Load | None:
        from slp_exchange.reports import read_usage

        if asked.router in self._troubles:
            return None
        try:
            data = asked.report.read_bytes()
            reports = read_usage(data, where=str(asked.report))
        except (OSError, SlpError) as error:
            self._troubles[asked.router] = str(error)
            return None
        return Load(asked.router, asked.report.name, data, reports, asked.wants)

    def _take(self, asked: Asked | None, brought: Brought) -> None:
        row = brought.row
        if brought.data is None:
            if not brought.pending:
                self._troubles[row.router] = brought.error or "no answer"
            return
        if asked is None:  # a person was quicker
            self._courier.book.close_row(row)
            return
        try:
            self._confirm(asked, brought.data)
        except SlpError as error:
            self._troubles[row.router] = str(error)
            self._courier.book.close_row(row, str(error))
            return
        self._count += 1
        self._courier.book.close_row(row)

    def _confirm(self, asked: Asked, data: bytes) -> None:
        from nornir_slp.one_step.handed import refuse_wrong_file

        by = f"{getpass.getuser()}, by CSSM's API"
        with tempfile.TemporaryDirectory(prefix="slp-") as folder:
            file = write_private(Path(folder) / asked.wants, data)
            refuse_wrong_file(asked.plan, asked.step.id, file)
            self._fleet.confirm(self._run, asked.router, asked.step.id, by=by, file=file)


def waiting(fleet: Fleet, run_id: str) -> Iterator[Asked]:
    """Yields each step that waits for the acknowledgement of a report that its router saved."""
    for router in fleet.run(run_id).routers:
        for record in router.steps:
            if record.state.value != "person":
                continue
            plan = fleet.plan_of(run_id, router.router)
            step = next(s for s in plan.steps if s.id == record.step)
            files = carried(plan, step)
            if files is not None:
                report = fleet.router_folder(run_id, router.router) / "out" / files[0]
                yield Asked(router.router, step, report, files[1], plan)


def carried(plan: RouterPlan, step: StepSpec) -> tuple[str, str] | None:
    """Returns report and acknowledgement that a person is asked to carry; None: it is not that."""
    asked = step.params
    if not isinstance(asked, PersonParams) or len(asked.needs) != 1 or len(asked.provides) != 1:
        return None
    needs, provides = asked.needs, asked.provides
    saved = any(
        isinstance(s.params, UsageSaveParams) and s.params.file == needs[0] for s in plan.steps
    )
    imported = any(
        isinstance(s.params, UsageImportParams) and s.params.file == provides[0] for s in plan.steps
    )
    return (needs[0], provides[0]) if saved and imported else None


def _others(fleet: Fleet, run_id: str) -> Iterator[tuple[str, str]]:
    mine = {(a.router, a.step.id) for a in waiting(fleet, run_id)}
    for router in fleet.run(run_id).routers:
        for record in router.steps:
            if record.state.value == "person" and (router.router, record.step) not in mine:
                yield router.router, record.title
