"""From a step to an ordinary Nornir task: probe, act, confirm in the foreground.

``nr.run(task=trust, token="env:SLP_TOKEN")`` works in anybody's playbook, without a plan, a run or
a store. Waiting happens here, in the runner's thread; the durable engine never comes this way.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypedDict

from nornir.core.task import Result, Task
from pydantic import ValidationError

from slp_core.clock import Clock
from slp_core.errors import (
    DeadlineExceeded,
    InputError,
    SessionLost,
    SlpError,
    StepFailed,
)
from slp_core.losses import (
    MISS_WAIT_S,
    OUT_OF_REACH,
    SINCE,
    is_spent,
    loss_notes,
    spent_sentence,
    wait_after_miss,
)
from slp_core.plan import RouterPlan, StepSpec
from slp_core.steps.base import StepParams
from slp_core.targets import Target, Topology
from slp_tasks import lost, others
from slp_tasks.connection.opening import open_session
from slp_tasks.connection.router_session import RouterSession
from slp_tasks.host_data import host_clock, secret_store
from slp_tasks.service_tokens import with_service_tokens
from slp_tasks.step import Acted, Confirm, Probe, RouterFiles, Step, StepContext

_LONGEST_NAP_S = 60.0

Sleep = Callable[[float], None]


class CommonOptions(TypedDict, total=False):
    """What every task takes by keyword, beside what its own signature names.

    Attributes:
        deadline_s: seconds until the step counts as failed; that of its kind by default.
        spec: the step of a plan; else it stands alone.
        earlier: notes of the router's earlier steps, by step id.
        confirmed: whether a person has confirmed.
        dry_run: look, and show what would be sent; Nornir's own setting by default.
        clock: by which waits and deadlines are judged; the inventory's by default.
        sleep: waits for so many machine seconds.
    """

    deadline_s: float | None
    spec: StepSpec | None
    earlier: Mapping[str, Mapping[str, Any]] | None
    confirmed: bool
    dry_run: bool | None
    clock: Clock | None
    sleep: Sleep


class PlannedOptions(CommonOptions, total=False):
    """``CommonOptions`` of a task whose files are its own parameter.

    Attributes:
        plan: where the step belongs to one.
    """

    plan: RouterPlan | None


class FiledOptions(CommonOptions, total=False):
    """``CommonOptions`` of a task whose plan is its own parameter.

    Attributes:
        files: the router's folder; without one nothing is kept after the task returns.
    """

    files: Path | None


class TaskOptions(PlannedOptions, FiledOptions, total=False):
    """``CommonOptions``, with the plan and the folder of the router."""


class StepResult(TypedDict):
    """``Result.result`` of a step's task.

    Attributes:
        detail: one sentence: what was done, or why nothing was to do.
        notes: what the step recorded of the router; small JSON without secrets.
        step: the step's id.
    """

    detail: str
    notes: dict[str, Any]
    step: str


def carry_out(
    task: Task,
    step: Step,
    params: Mapping[str, Any] | None = None,
    *,
    deadline_s: float | None = None,
    plan: RouterPlan | None = None,
    spec: StepSpec | None = None,
    files: Path | None = None,
    earlier: Mapping[str, Mapping[str, Any]] | None = None,
    confirmed: bool = False,
    dry_run: bool | None = None,
    clock: Clock | None = None,
    sleep: Sleep = time.sleep,
) -> Result:
    """Returns the result of one step on the task's host.

    Args:
        params: of the step, see the class that its behaviour names.
        deadline_s: that of the kind of step by default.
        plan: where the step belongs to one; else it stands alone.
        files: the router's folder (``in``, ``out``, ``backup``, ``evidence``). Without one,
            nothing that the step fetched or wrote here is kept after it returns.
        earlier: notes of the router's earlier steps, by step id.
        clock: by which waits and deadlines are judged; the inventory's by default.
        sleep: waits for so many machine seconds.

    Raises:
        SlpError: the step is blocked, failed, or did not end in time; Nornir marks the host failed.
    """
    host = task.host
    spec = spec or _spec(host.name, step.params, dict(params or {}), deadline_s)
    with (
        _folder(files) as folder,
        open_session(host, config=task.nornir.config) as session,
    ):
        context = StepContext(
            session=session,
            plan=plan or _lone_plan(host.name, spec),
            step=spec,
            clock=clock or host_clock(host),
            secrets=with_service_tokens(host, secret_store(host), clock),
            files=RouterFiles(folder),
            earlier=earlier or {},
            confirmed=confirmed,
            dry_run=task.is_dry_run(dry_run),
        )
        return _Foreground(step, context, sleep, session).result(task)


@contextmanager
def _folder(named: Path | None) -> Iterator[Path]:
    """Yields the folder that the caller named, or one that is gone afterwards, with its secrets."""
    if named is not None:
        yield named
        return
    with TemporaryDirectory(prefix="slp-") as folder:
        yield Path(folder)


def _spec(
    router: str, kind: type[StepParams], params: dict[str, Any], deadline_s: float | None
) -> StepSpec:
    try:
        told = kind.model_validate(params)
        name = kind.facts.kind
        return StepSpec(
            id=f"00-{name.replace('_', '-')}",
            kind=name,
            title=name.replace("_", " "),
            params=told,
            deadline_s=deadline_s or told.deadline_s(),
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(("params", *map(str, first["loc"]))) + ": "
        raise InputError(
            f"{place}{first['msg']}", where=router, remedy="correct the task's argument"
        ) from error


def _lone_plan(name: str, spec: StepSpec) -> RouterPlan:
    return RouterPlan(
        router=name,
        model="unknown",
        target=Target(topology=Topology(kind="controller")),
        steps=(spec,),
    )


class _Foreground:
    """Carries one step to its end, sleeping between looks."""

    def __init__(
        self, step: Step, context: StepContext, sleep: Sleep, session: RouterSession
    ) -> None:
        self._step = step
        self._context = context
        self._sleep = sleep
        self._session = session
        self._notes: dict[str, Any] = dict(context.notes)
        clock = context.clock
        allowed = clock.patience(context.step.deadline_s) / clock.real_seconds(1.0)
        self._deadline = clock.now() + timedelta(seconds=allowed)

    def result(self, task: Task) -> Result:
        probe = self._until_ready()
        if probe.state == "done":
            return self._result(task, changed=False, detail=probe.detail)
        if self._context.dry_run:
            return self._result(task, changed=False, detail=f"would act: {probe.detail}")
        acted = self._acted()
        if isinstance(acted, Probe):
            return self._result(task, changed=True, detail=acted.detail)
        self._notes.update(acted.noted)
        confirm = self._until_confirmed()
        return self._result(task, changed=acted.changed, detail=confirm.detail or acted.detail)

    def _acted(self) -> Acted | Probe:
        """Returns what the act said, or the look that found it done though its session was lost.

        Whether it was done is for the router to say: look, then act again, or be done, or stop.
        """
        while True:
            began = self._context.clock.now()
            try:
                return self._step.act(self._now())
            except OUT_OF_REACH as error:
                self._notes.update(loss_notes(self._notes, error.what, began))
            again = self._once_settled()
            if again.state == "done":
                return again
            if is_spent(self._notes):
                what, remedy = spent_sentence(self._notes)
                raise SessionLost(what, where=self._context.plan.router, remedy=remedy)

    def _once_settled(self) -> Probe:
        """Looks until the work shows as done, or long enough to know that nothing was taken."""
        clock = self._context.clock
        settled = clock.now() + timedelta(seconds=self._context.step.facts.settle_s)
        while True:
            probe = self._until_ready(patient=True)
            if probe.state == "done" or clock.now() >= settled:
                return probe
            self._nap(MISS_WAIT_S, None, probe.detail)

    def _until_ready(self, *, patient: bool = False) -> Probe:
        """Probes until the step may act; a router that never answered is given up soon."""
        misses = 0
        while True:
            try:
                probe = others.yielding(self._now(), lost.probe(self._step, self._now()))
            except OUT_OF_REACH as error:
                misses += 1
                wait_s = MISS_WAIT_S if patient else wait_after_miss(misses)
                if wait_s is None:
                    raise
                self._nap(wait_s, error)
                continue
            self._notes.update(probe.seen)
            if probe.state == "blocked":
                raise self._failed(probe)
            if probe.state != "waiting":
                return probe
            self._nap(probe.retry_in, None, probe.detail)

    def _until_confirmed(self) -> Confirm:
        while True:
            try:
                confirm = lost.confirm(self._step, self._now())
            except OUT_OF_REACH as error:
                self._notes.setdefault(SINCE, self._context.clock.now().isoformat())
                self._nap(MISS_WAIT_S, error)
                continue
            self._notes.update(confirm.seen)
            if confirm.state == "failed":
                raise self._failed(confirm)
            if confirm.state == "confirmed":
                return confirm
            self._nap(confirm.retry_in, None, confirm.detail)

    def _nap(self, seconds: float, error: SlpError | None, detail: str = "") -> None:
        """Waits a while with no session open, or gives up at the deadline."""
        clock = self._context.clock
        left = (self._deadline - clock.now()).total_seconds()
        if left <= 0:
            if error is not None:
                raise error
            raise DeadlineExceeded(
                f"not done in time ({detail})" if detail else "not done in time",
                where=self._context.plan.router,
            )
        self._session.close()
        self._sleep(max(min(clock.real_seconds(min(seconds, left)), _LONGEST_NAP_S), 0.05))

    def _now(self) -> StepContext:
        return replace(self._context, notes=self._notes)

    def _failed(self, found: Probe | Confirm) -> StepFailed:
        said = f"{found.detail} [{found.code}]" if found.code else found.detail
        return StepFailed(said, where=self._context.plan.router, remedy=found.remedy)

    def _result(self, task: Task, *, changed: bool, detail: str) -> Result:
        data = StepResult(detail=detail, notes=self._notes, step=self._context.step.id)
        return Result(host=task.host, result=data, changed=changed)
