"""``plan_step``: the plan of one job on one router, by the pieces of full plans.

A full plan asks what a router lacks; here an operator asks for one thing. What the rules have
against that one thing stands in the plan as in any other, and so does what will be seen after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, Final

from pydantic import ValidationError

from slp_core.forms import WEB_URL
from slp_core.plan import Prediction, RouterPlan
from slp_core.planner.changes import changes_of
from slp_core.planner.check_controller import check_controller, unsaved
from slp_core.planner.check_reload import check_reload
from slp_core.planner.jobs.base import Job
from slp_core.planner.make import identity, untypeable_plan
from slp_core.planner.notices import as_notices
from slp_core.planner.situation import situation
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import RuleData
from slp_core.rules.topology import row_of, wanted_transport
from slp_core.state import RouterState
from slp_core.targets import Target, Topology
from slp_core.verify.observe import observe

_PRESENT: Final = {
    "smart": Topology(kind="direct", transport="smart"),
    "callhome": Topology(kind="direct", transport="callhome"),
    "cslu": Topology(kind="cslu"),
    "off": Topology(kind="airgap"),
}


def present_target(state: RouterState) -> Target:
    """Returns the target of a router that stays where it is: reporting as it reports now."""
    shown = state.licensing.transport if state.licensing else None
    topology = _PRESENT.get(shown.kind if shown else "", Topology(kind="airgap"))
    address = shown.cslu_address if shown is not None and shown.kind == "cslu" else None
    if address and WEB_URL.fits(address):
        topology = Topology(kind="cslu", url=address)
    return Target(topology=topology)


def as_reported(state: RouterState, topology: Topology, rules: RuleData) -> Topology:
    """Returns the topology that a router reports by now, where it is not the one of its target.

    What a job needs is decided by how the router reports today; its token stays the target's.
    """
    shown = state.licensing.transport if state.licensing else None
    row = row_of(topology, rules)
    wanted = wanted_transport(topology, row)
    if shown is None or wanted in (None, shown.kind):
        return topology
    if row.kind == "direct" and shown.kind in ("smart", "callhome"):
        return topology
    now = present_target(state).topology
    return now.model_copy(update={"token": topology.token} if topology.token else {})


def _next_boot(predictions: Iterable[Prediction]) -> bool:
    """Tells whether the next boot is looked at afterwards."""
    return any(p.path.startswith("next_boot.") for p in predictions)


def plan_step(
    state: RouterState,
    job: Job,
    *,
    target: Target | None = None,
    group: Mapping[str, Any] | None = None,
    rules: RuleData | None = None,
) -> RouterPlan:
    """Returns the plan of one job: its steps, what stands against it, and what will be seen.

    A router on which the job is done already has a plan without steps. Nothing here raises for
    what a router shows: what cannot be done is a blocker.

    Args:
        target: where the job leads; what it names beside that is left alone. Left out: the
            router reports as it does now.
        group: inventory data that the fleet orders by, such as ``site``.
        rules: rule data; the built-in data where left out.
    """
    data, facts = rules or builtin_rules(), job.facts
    aim = job.aim(target or present_target(state))
    if facts.reports_as_now:
        topology = as_reported(state, aim.topology, data)
        aim = aim.model_copy(update={"topology": topology})
    s = job.situation(situation(state, aim, data))
    before = {path: o.value for path, o in observe(state, data).items()}
    try:
        steps = unsaved(s, job.plan_steps(s))
    except ValidationError as error:
        return untypeable_plan(s, before, error, group)
    predictions = job.predictions(s, before) if steps else ()
    concerns = job.concerns(s) if steps or facts.concerns_idle else ()
    of_steps = chain(
        check_controller(s, steps),
        check_reload(s, steps, judges=_next_boot(predictions)) if steps else (),
    )
    return RouterPlan(
        router=state.name,
        model=s.model.value,
        target=aim,
        steps=steps,
        predictions=predictions,
        notices=as_notices(s, chain(concerns, of_steps)),
        before=before,
        changes=changes_of(s, before, predictions) if facts.changes else (),
        group=dict(group or {}),
        **identity(s),
    )
