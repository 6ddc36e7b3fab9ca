"""Predictions of a router that runs SLP already: what stays, and what its steps change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from slp_core.plan import Prediction, StepSpec
from slp_core.planner.predict import BY_POLICY, pushed, set_up, told_next
from slp_core.planner.predict_licenses import predict_licenses
from slp_core.planner.predict_throughput import predict_wanted, returns
from slp_core.planner.predictions import Predictions, predict_boot
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.rules.slac import BROUGHT
from slp_core.steps.throughput import ThroughputParams
from slp_core.steps.usage import DlcDoneParams, UsageImportParams, UsageSyncParams
from slp_core.steps.way import TopologyParams
from slp_core.verify.observe import NEXT_PUSH

_MOVING = ("reporting.", "policy.")


def predict_staged(before: Mapping[str, Any]) -> tuple[Prediction, ...]:
    """Returns the expectations of a router on which an image is only laid ready."""
    p = Predictions(before)
    for path in before:
        if path != "config" and not path.startswith((*_MOVING, "install.")):
            p.unchanged(path, ("UP-3",))
    return p.values()


def predict_settled(
    s: Situation, before: Mapping[str, Any], steps: Sequence[StepSpec]
) -> tuple[Prediction, ...]:
    """Returns the expectations of a router that keeps SLP.

    Without steps everything stays; with steps, what they change is expected at the end.
    """
    p = Predictions(before)
    did = {type(step.params) for step in steps}
    for path in before:
        if path not in ("config", NEXT_PUSH) and not (steps and path.startswith(_MOVING)):
            p.unchanged(path, ("TRANS-8",))
    told_next(p)
    if not steps:
        return p.values()
    if s.goal is not None:
        p.equals("release", s.goal.short, ("UP-4",))
    predict_boot(s, p)
    if TopologyParams in did:
        set_up(s, p)
    if s.topology.trust:
        p.equals("trust.installed", True, (s.topology.rule,), moment="end")
    if s.slac.need in BROUGHT:
        authorized(s, p)
        returns(s, p)
    if ThroughputParams in did:
        predict_wanted(s, p)
    if did & {UsageSyncParams, UsageImportParams}:
        p.newly_issued("reporting.last_ack", ("REP-7", "REP-9"), renewed=True)
        p.equals("reporting.deadline_by_policy", True, ("REP-11",), moment="end", why=BY_POLICY)
        pushed(s, p, by_itself=UsageSyncParams in did)
    if DlcDoneParams in did:
        p.equals("dlc.process", "Completed", ("DLC-4",), moment="end")
        p.equals("dlc.conversion", "SUCCESS", ("DLC-4",), moment="end")
        p.equals("conversion.status", "Successful", ("DLC-6",), moment="end")
    return p.values()


def authorized(s: Situation, p: Predictions) -> None:
    """Adds the SLAC that is installed at the end, and the licence that it allows."""
    predict_licenses(s, p)
    p.equals("authorization.status", "SMART AUTHORIZATION INSTALLED", (s.slac.rule,), moment="end")
    p.newly_issued("authorization.confirmation_code", (s.slac.rule,), renewed=True)
    p.newly_issued("authorization.installed_on", (s.slac.rule,), renewed=True)
    p.drop("authorization.derived_tags", moment="upgrade")


def predict_before_slp(s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
    """Returns what can be said of a router that goes back before SLP: nothing of its licences.

    Whether it is registered can be said of one that was delivered with SLP alone.

    Source: DOWN-1, DOWN-2, DOWN-4; A198-208.
    """
    p = Predictions(before)
    if s.goal is not None:
        p.equals("release", s.goal.short, ("UP-4",))
    for path in ("udi.pid", "udi.sn", "hostname"):
        p.unchanged(path, ("DOWN-4",))
    predict_boot(s, p)
    if s.target.delivered_with == "slp":
        _delivered_with_slp(s, p)
    else:
        p.unobservable("model", ("DOWN-1", "DOWN-2", "DOWN-4"), "no source says for sure")
    return p.values()


def _delivered_with_slp(s: Situation, p: Predictions) -> None:
    """Registered in the end: by the renewal of its trust, or anew out of its evaluation."""
    rule = ("DOWN-1",) if s.trusted else ("DOWN-2",)
    if s.trusted:
        why = "unregistered until its trust is renewed"
        p.unobservable("model", rule, why)
    else:
        p.equals("model", Model.EVAL.value, rule)
    p.equals("model", Model.REGISTERED.value, rule, moment="end")
