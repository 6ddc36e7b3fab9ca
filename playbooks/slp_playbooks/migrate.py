"""Migrate: carry out a plan on each router of an inventory, in this process, without the engine.

For a handful of routers and for reading how a migration goes. It keeps nothing: where it may be
interrupted, or for fleets, `slp apply` carries out the same steps durably.

    nornir = load_nornir(Path("inventory"))
    states = assess(nornir)
    plans = {n: make_plan(s, target_of(nornir.inventory.hosts[n])) for n, s in states.items()}
    nornir.run(task=migrate, plans=plans, files=Path("files"))
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from nornir.core.inventory import Host
from nornir.core.task import Result, Task

from slp_core.errors import InventoryError
from slp_core.folders import folder_name
from slp_core.plan import RouterPlan, StepSpec
from slp_core.private_files import private_folder
from slp_core.targets import Target, load_target
from slp_tasks.host_data import host_settings, host_target
from slp_tasks.registry import behaviour_of
from slp_tasks.task import carry_out

__all__ = ["Person", "migrate", "target_of", "wait_for_files"]

Person = Callable[[RouterPlan, StepSpec, Path], None]
"""Called at a step for a person, with the router's folder; returns when the person is done."""


def migrate(
    task: Task,
    plans: Mapping[str, RouterPlan],
    files: Path,
    person: Person | None = None,
    options: dict[str, Any] | None = None,
) -> Result:
    """Nornir task: every step of the host's plan, in order; stops at the first that fails.

    Args:
        plans: by host; a host without one, or with a blocker, is left alone.
        files: ``<files>/<host>/{in,out,backup,evidence}``.
        person: does what a person must do; by default the files are waited for.
        options: for every step: ``clock``, ``sleep`` …
    """
    plan = plans.get(task.host.name)
    if plan is None or plan.blockers:
        why = plan.blockers[0].text if plan else "there is no plan for it"
        return Result(host=task.host, result=f"left alone: {why}", changed=False)
    folder = files / folder_name(task.host.name)
    earlier: dict[str, dict[str, Any]] = {}
    for step in plan.steps:
        if step.waits_for_person:
            (person or wait_for_files)(plan, step, folder)
        done = task.run(
            task=one_step,
            name=step.id,
            plan=plan,
            step=step,
            folder=folder,
            earlier=earlier,
            options=options or {},
        )
        earlier[step.id] = done[0].result["notes"]
    changed = bool(task.results.changed)
    return Result(host=task.host, result=f"{len(plan.steps)} steps done", changed=changed)


def one_step(
    task: Task,
    plan: RouterPlan,
    step: StepSpec,
    folder: Path,
    earlier: Mapping[str, Mapping[str, Any]],
    options: dict[str, Any],
) -> Result:
    """Nornir task: one step of a plan, from probe to confirm."""
    return carry_out(
        task,
        behaviour_of(step.kind, task.host.name),
        plan=plan,
        spec=step,
        files=folder,
        earlier=earlier,
        confirmed=step.waits_for_person,
        **options,
    )


def wait_for_files(plan: RouterPlan, step: StepSpec, folder: Path) -> None:
    """Waits until the files that the step asks for lie in ``in/``, or ``in/<step>.done`` does."""
    del plan
    wanted = [folder / "in" / name for name in step.params.asks_for()]
    wanted = wanted or [folder / "in" / f"{step.id}.done"]
    private_folder(folder / "in")
    while not all(path.is_file() for path in wanted):
        time.sleep(5)


def target_of(host: Host) -> Target:
    """Returns where the inventory wants a host to go (``data.slp.target``).

    Raises:
        InventoryError: the host has no target.
    """
    given = host_target(host)
    if given is None:
        raise InventoryError("it has no data.slp.target", where=host.name)
    return load_target(given, where=host.name, base=host_settings(host).folder)
