"""``plan_step``: the plan of one thing to do to one router, by the pieces of full plans.

A full plan asks what a router lacks; here an operator asks for one thing. What the rules have
against that one thing stands in the plan as in any other, and so does what will be seen after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from pydantic import ValidationError

from slp_core.forms import WEB_URL
from slp_core.plan import RouterPlan, StepSpec
from slp_core.planner.changes import changes_of
from slp_core.planner.make import identity, untypeable_plan
from slp_core.planner.notices import as_notices
from slp_core.planner.single_check import check_step
from slp_core.planner.single_predict import predict_step
from slp_core.planner.single_steps import single_steps
from slp_core.planner.situation import Situation, situation
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import RuleData
from slp_core.rules.slac import SlacNeed
from slp_core.rules.topology import row_of, wanted_transport
from slp_core.state import RouterState
from slp_core.targets import Target, Topology
from slp_core.verify.observe import observe


class Job(StrEnum):
    """One thing that an operator may ask of a router; its parameters stand beside it.

    Every job that speaks to one or all members also takes ``scope``: ``local`` or ``all``; left
    out, all members of a router that has some.
    """

    UPGRADE = "upgrade"  # {}: the target's release and image
    TOPOLOGY = "topology"  # {}: the target's topology
    TRUST = "trust"  # {force}: the token of the target's topology
    SLAC = "slac"  # {by_file, mode: add|replace}: HSECK9, asked for or from a file
    SLAC_REQUEST = "slac-request"  # {}: the request for a SLAC leaves as a file
    SLAC_RETURN = "slac-return"  # {how: online|offline}
    SLR = "slr"  # {}: an updated reservation code, before SLP
    SLR_REQUEST = "slr-request"  # {scope: local|all|universal}: a request code, before SLP
    SLR_RETURN = "slr-return"  # {}: the reservation goes back, before SLP
    USAGE_SAVE = "usage-save"  # {what: unreported|all|days|rum-id, number, by: rest}
    USAGE_IMPORT = "usage-import"  # {kind: ack|policy, by: rest}
    USAGE_SYNC = "usage-sync"  # {}
    THROUGHPUT = "throughput"  # {reload: bool}: the target's throughput and boot level
    SAVE = "save"  # {}
    CALL_HOME = "call-home"  # {}: the target's topology, before SLP
    REGISTER = "register"  # {force}: the token of the target's topology
    RENEW = "renew"  # {what: [auth, id]}
    DEREGISTER = "deregister"  # {}
    MODE = "mode"  # {mode: smart|no-license}
    ROLLBACK = "rollback"  # {release, boot: [files]}: what is not committed, or the boot variable


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


def plan_step(
    state: RouterState,
    job: Job,
    params: Mapping[str, Any] | None = None,
    *,
    target: Target | None = None,
    group: Mapping[str, Any] | None = None,
    rules: RuleData | None = None,
) -> RouterPlan:
    """Returns the plan of one job: its steps, what stands against it, and what will be seen.

    A router on which the job is done already has a plan without steps. Nothing here raises for
    what a router shows: what cannot be done is a blocker.

    Args:
        params: of the job, see ``Job``.
        target: where the job leads; what it names beside that is left alone. Left out: the
            router reports as it does now.
        group: inventory data that the fleet orders by, such as ``site``.
        rules: rule data; the built-in data where left out.
    """
    data, given = rules or builtin_rules(), dict(params or {})
    wished = aim(job, given, target or present_target(state))
    if job not in (Job.UPGRADE, Job.TOPOLOGY, Job.CALL_HOME, Job.ROLLBACK):
        topology = as_reported(state, wished.topology, data)
        wished = wished.model_copy(update={"topology": topology})
    s = _asked(situation(state, wished, data), job, given)
    before = {path: o.value for path, o in observe(state, data).items()}
    try:
        steps: tuple[StepSpec, ...] = single_steps(s, job, given)
    except ValidationError as error:
        return untypeable_plan(s, before, error, group)
    predictions = predict_step(s, job, before, given) if steps else ()
    return RouterPlan(
        router=state.name,
        model=s.model.value,
        target=wished,
        steps=steps,
        predictions=predictions,
        notices=as_notices(s, check_step(s, job, given) if steps or job == Job.ROLLBACK else ()),
        before=before,
        changes=changes_of(s, before, predictions) if job == Job.UPGRADE else (),
        group=dict(group or {}),
        **identity(s),
    )


def aim(job: Job, params: Mapping[str, Any], target: Target) -> Target:
    """Returns the target with nothing in it that the job does not lead to."""
    fields: dict[str, Any] = {"topology": target.topology, "allow": target.allow}
    if job == Job.UPGRADE:
        for name in (
            "release",
            "image",
            "hseck9",
            "auto_abort_minutes",
            "boot",
            "install",
            "reload",
            "rollback",
        ):
            if target.known(name):
                fields[name] = getattr(target, name)
    if job in (Job.SLAC, Job.SLAC_REQUEST):
        fields["hseck9"] = "add-after"
        if target.known("hseck9_balance"):
            fields["hseck9_balance"] = target.hseck9_balance
    if job == Job.SLR:
        fields["hseck9"] = "add-before"
        if target.known("hseck9_balance"):
            fields["hseck9_balance"] = target.hseck9_balance
    if job == Job.THROUGHPUT:
        for name in ("throughput", "platform_level", "boot_level"):
            fields[name] = getattr(target, name)
    if job in (Job.REGISTER, Job.RENEW, Job.DEREGISTER):
        fields["classic"] = job.value
    if job == Job.MODE:
        fields["classic"] = params.get("mode", "smart")
    return Target(**fields)


def _asked(s: Situation, job: Job, params: Mapping[str, Any]) -> Situation:
    """Returns the situation with what the operator asked for, where rules would not ask for it."""
    if job == Job.TRUST and params.get("force") and s.state.licensing is not None:
        # Asked for as if it were not there: so that all that trust needs is looked at.
        licensing = s.state.licensing.model_copy(update={"trust": None})
        return replace(s, state=s.state.model_copy(update={"licensing": licensing}))
    if job == Job.SLAC and params.get("by_file") and s.slac.need == "request":
        return replace(s, slac=SlacNeed(s.slac.rule, "file", "from a file, as asked for"))
    return s
