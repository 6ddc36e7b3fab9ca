"""From routers, read live, to the plan of one job on each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nornir_slp.documents import stamp
from nornir_slp.planning import Wishes, unread_plan
from nornir_slp.reads import Read
from nornir_slp.routers import read_routers
from nornir_slp.workspace import Workspace
from slp_core.plan import Plan, RouterPlan
from slp_core.targets import Target

if TYPE_CHECKING:
    from slp_core.planner.jobs.base import Job


def plan_job(space: Workspace, job: Job, wishes: Wishes) -> Plan:
    """Returns the plan of one job on every router that ``--limit`` leaves.

    A router that could not be read is in it, blocked by the error.

    Raises:
        UsageError: it is not said where the job shall lead.
    """
    plans = tuple(_plan(read, job, wishes) for read in read_routers(space, None))
    return Plan(schema_version=1, routers=plans, **stamp())


def _plan(read: Read, job: Job, wishes: Wishes) -> RouterPlan:
    from slp_core.planner import plan_step

    target = _target(read, wishes)
    if read.state is None:
        return unread_plan(read, target)
    job.check_target(target, where=read.name)
    return plan_step(read.state, job, target=target, group=read.group)


def _target(read: Read, wishes: Wishes) -> Target:
    """Returns what options, ``--target`` and inventory say; else the router reports as it does."""
    from slp_core.planner.one_step import present_target
    from slp_core.state import RouterState

    now = present_target(read.state or RouterState(name=read.name)).topology.to_json()
    own = dict(wishes.data if wishes.file else read.target or {})
    own.setdefault("topology", now)
    if wishes.file:
        return replace(wishes, data=own).target(read)
    return wishes.target(replace(read, target=own))
