"""What each router will show: predictions right after the upgrade, and at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slp_core.plan import Prediction
from slp_core.planner.predict_licenses import predict_authorization, predict_licenses
from slp_core.planner.predict_throughput import predict_throughput
from slp_core.planner.predictions import Predictions, predict_boot
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.verify.observe import NEXT_PUSH

_TERMS = ("perpetual", "subscription", "enforced", "export")
BY_POLICY = "a term of the policy after the last ACK, or none where nothing is to be reported"
_TERM_FIELDS = ("first_report", "frequency", "on_change")


def predict(s: Situation, before: Mapping[str, Any]) -> tuple[Prediction, ...]:
    """Returns every expectation of a router that leaves another model for SLP.

    Args:
        before: what ``observe`` saw before, by path.
    """
    p = Predictions(before)
    _identity(s, p)
    predict_throughput(s, p)
    _transport(s, p)
    _trust(s, p)
    predict_licenses(s, p)
    predict_authorization(s, p)
    _policy(s, p)
    _reporting(s, p)
    _dlc(s, p)
    return p.values()


def _identity(s: Situation, p: Predictions) -> None:
    p.equals("model", Model.SLP.value, ("MODEL-SLP",))
    if s.goal is not None:
        p.equals(
            "release",
            s.goal.short,
            ("UP-4",),
            why="a rebuild of it will do" if not s.goal.letter else "",
        )
    because = ("UP-1",) if s.platform is not None and s.platform.virtual else ()
    p.unchanged("udi.pid", because)
    p.unchanged("udi.sn", because)
    p.unchanged("hostname", ())
    predict_boot(s, p)
    for path in ("redundancy.standby", "controller_mode", "license_level"):
        if path in p.before:
            p.unchanged(path, ())
    p.equals("authorization_status", "Not Applicable", ("MODEL-SLP",))
    p.equals("install.uncommitted", [], ("UP-4",))
    if s.model in (Model.SLR, Model.PLR):
        p.equals("reservation.enabled", True, ("MODEL-SLP",), why="reservation lines stay")


def _transport(s: Situation, p: Predictions) -> None:
    after = s.transport
    if after.kind is None:
        p.unobservable("transport.kind", ("TRANS-9",), "no rule tells what becomes of it")
    else:
        p.equals("transport.kind", after.kind, (after.rule,), why="kept" if after.kept else "")
    if after.kept:
        for name in ("url", "cslu_address", "proxy", "vrf"):
            if f"transport.{name}" in p.before:
                p.unchanged(f"transport.{name}", ("TRANS-8",))
    elif after.kind == "cslu":
        p.equals("transport.cslu_address", None, (after.rule, "MSG-1"))
        p.equals("transport.proxy", None, (after.rule,))
    set_up(s, p)


def set_up(s: Situation, p: Predictions) -> None:
    """Adds what the topology makes of the transport at the end."""
    kind, rule, topology = s.wanted_transport, s.topology.rule, s.target.topology
    if kind is None or s.transport_settles_itself:
        return
    p.equals("transport.kind", kind, (rule,), moment="end")
    if kind == "smart":
        p.equals("transport.url", s.wanted_url, (rule,), moment="end")
    elif kind == "cslu" and s.wanted_url is None and s.cuts_over:
        why = "the URL of the tenant, which SSM On-Prem shows by then"
        p.newly_issued("transport.cslu_address", (rule, "ONPREM-4"), why=why)
    elif kind == "cslu":
        p.equals("transport.cslu_address", s.wanted_url, (rule,), moment="end")
    if kind in ("smart", "cslu"):
        if topology.proxy is None:
            p.equals("transport.proxy", None, (rule,), moment="end")
        else:
            p.newly_issued("transport.proxy", (rule,), why="the proxy that the topology sets")
    else:
        p.drop("transport.proxy", "transport.cslu_address", "transport.url", moment="end")
    if topology.vrf is not None:
        p.equals("transport.vrf", topology.vrf, (rule,), moment="end")


def _trust(s: Situation, p: Predictions) -> None:
    registered = s.model is Model.REGISTERED
    if not registered:
        p.equals("trust.installed", False, (s.topology.rule,), why="none before it is asked for")
    if s.topology.trust:
        p.equals("trust.installed", True, (s.topology.rule,), moment="end")
    elif registered:
        p.unobservable(
            "trust.installed",
            (s.topology.rule,),
            "a registered router may have trust by itself before its transport is changed",
            moment="end",
        )


def _policy(s: Situation, p: Predictions) -> None:
    policy = s.rules.default_policy
    if s.model is not Model.REGISTERED:
        p.equals("policy.in_use", policy.in_use, ("POL-1",))
        p.equals("policy.ack_required", policy.ack_required, ("POL-1",))
        for kind in _TERMS:
            for field in _TERM_FIELDS:
                value = getattr(getattr(policy, kind), field)
                p.equals(f"policy.{kind}.{field}", value, ("POL-1",))
    for path in _policy_paths():
        old = policy.in_use if path == "policy.in_use" else None
        p.newly_issued(path, ("POL-1", "REP-9"), why="comes with the acknowledgement", old=old)


def _policy_paths() -> Iterator[str]:
    yield from ("policy.in_use", "policy.name", "policy.ack_required")
    for kind in _TERMS:
        for field in _TERM_FIELDS:
            yield f"policy.{kind}.{field}"


def _reporting(s: Situation, p: Predictions) -> None:
    need = s.reporting.rules[:1]
    if s.model is not Model.REGISTERED:
        p.equals("reporting.last_ack", None, ("REP-7",), why="nothing is reported yet")
        p.equals("reporting.last_report_push", None, ("REP-7",))
    p.newly_issued(
        "reporting.last_ack", ("REP-7", "REP-9"), why="the first synchronisation", renewed=True
    )
    if s.reporting.deadline_may_be_none:
        p.unobservable(
            "reporting.next_ack_deadline",
            (*need, "REP-11"),
            "the policy decides; <none> is healthy where it needs no report",
            moment="end",
        )
    else:
        p.newly_issued("reporting.next_ack_deadline", need)
    p.equals("reporting.deadline_by_policy", True, (*need, "REP-11"), moment="end", why=BY_POLICY)
    p.newly_issued("reporting.push_interval_days", (*need, "REP-11"))
    told_next(p)
    pushed(s, p)


def told_next(p: Predictions) -> None:
    """Adds that nobody foretells when the router reports next: it is told (REP-12)."""
    for moment in ("upgrade", "end"):
        p.unobservable(NEXT_PUSH, ("REP-12",), "the router's own timetable", moment=moment)


def pushed(s: Situation, p: Predictions, *, by_itself: bool = False) -> None:
    """Adds whether the router itself pushes a report.

    Args:
        by_itself: it does so once before its topology changes (REP-8).
    """
    path, rule = "reporting.last_report_push", (s.topology.rule,)
    if s.topology.report in ("sync", "sync-person"):
        if _unanswered(s):
            why = "the answer to the report sent last may come before another is sent"
            p.newly_issued(path, rule, why=why)
        else:
            p.newly_issued(path, rule, renewed=True)
    elif s.topology.report == "files":
        if s.model is Model.REGISTERED:
            p.unobservable(
                path, rule, "a registered router may push before its transport is off", moment="end"
            )
        elif by_itself or p.before.get(path) is not None:
            why = "what it reported by itself before its transport was off"
            p.unobservable(path, rule, why, moment="end")
        else:
            p.equals(path, None, rule, moment="end", why="reports are carried as files")
    else:
        p.unobservable(path, rule, "the collector fetches reports", moment="end")


def _unanswered(s: Situation) -> bool:
    """Tells whether a report has left and its acknowledgement is not here yet (REP-9)."""
    reporting = s.state.licensing.reporting if s.state.licensing else None
    if reporting is None or reporting.last_report_push is None:
        return False
    return reporting.last_ack is None or reporting.last_ack < reporting.last_report_push


def _dlc(s: Situation, p: Predictions) -> None:
    p.equals("conversion.status", "Not started", ("DLC-3" if s.dlc else "DLC-1",))
    if not s.dlc:
        return
    # Nothing for the upgrade: a router that is looked at an hour late has collected already.
    p.equals("dlc.process", "Completed", ("DLC-4",), moment="end")
    p.equals("dlc.conversion", "SUCCESS", ("DLC-4",), moment="end")
    features = sorted(
        o.csl.feature for o in s.licences if o.fate == "migrated" and o.csl is not None
    )
    p.equals("dlc.features", features, ("DLC-1", "LIC-3", "LIC-4"))
    p.equals("conversion.status", "Successful", ("DLC-4", "DLC-6"), moment="end")
