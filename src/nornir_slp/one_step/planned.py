"""From routers, read live, to the plan of one job on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from nornir_slp.documents import stamp
from nornir_slp.planning import Wishes, unread_plan
from nornir_slp.reads import Read
from nornir_slp.routers import read_routers
from nornir_slp.workspace import Workspace
from slp_core.errors import UsageError
from slp_core.plan import Plan, RouterPlan
from slp_core.steps.image import RollbackParams
from slp_core.targets import Target

if TYPE_CHECKING:
    from slp_core.planner import Job


def plan_job(space: Workspace, job: Job, params: Mapping[str, Any], wishes: Wishes) -> Plan:
    """Returns the plan of one job on every router that ``--limit`` leaves.

    A router that could not be read is in it, blocked by the error.

    Raises:
        UsageError: an option of the job holds what cannot be typed on a router.
    """
    try:
        RollbackParams(**{k: params[k] for k in ("release", "boot") if k in params})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        told = f"--{first['loc'][0]} {first['msg']}"
        raise UsageError(told, remedy="write the value on one line") from error
    plans = tuple(_plan(read, job, params, wishes) for read in read_routers(space, None))
    return Plan(schema_version=1, routers=plans, **stamp())


def _plan(read: Read, job: Job, params: Mapping[str, Any], wishes: Wishes) -> RouterPlan:
    from slp_core.planner import Job, plan_step

    target = _target(read, wishes)
    if read.state is None:
        return unread_plan(read, target)
    if job == Job.UPGRADE and target.release is None:
        raise UsageError(
            "no release is named to upgrade to",
            where=read.name,
            remedy="give --release or --image, or data.slp.target in the inventory",
        )
    if job == Job.THROUGHPUT and not (
        target.throughput or target.platform_level or target.boot_level
    ):
        raise UsageError(
            "no throughput is named", where=read.name, remedy="give LEVEL or --boot-level"
        )
    return plan_step(read.state, job, params, target=target, group=read.group)


def _target(read: Read, wishes: Wishes) -> Target:
    """Returns what options, ``--target`` and inventory say; else the router reports as it does."""
    from slp_core.planner.single import present_target
    from slp_core.state import RouterState

    now = present_target(read.state or RouterState(name=read.name)).topology.to_json()
    own = dict(wishes.data if wishes.file else read.target or {})
    own.setdefault("topology", now)
    if wishes.file:
        return replace(wishes, data=own).target(read)
    return wishes.target(replace(read, target=own))
