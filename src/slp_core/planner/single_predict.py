"""What will be seen after one job: what it changes, and that nothing else changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slp_core.plan import Prediction
from slp_core.planner.classic_predict import predict_classic
from slp_core.planner.make import steps_and_predictions
from slp_core.planner.predict import pushed, set_up
from slp_core.planner.predictions import Predictions
from slp_core.planner.settled import authorized
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.rules.rollback import way_back

_KEPT = ("model", "release", "udi.", "hostname", "boot.mode", "controller_mode", "classic.mode")
_LICENCES = ("licenses[", "csl[")
_CODES = ("slac-return", "slr", "slr-request", "slr-return")
_MOVES = (*_CODES, "slac", "throughput", "register", "renew", "deregister", "mode")
"""Jobs after which licences, their status or the throughput may show otherwise."""


def predict_step(
    s: Situation, job: str, before: Mapping[str, Any], params: Mapping[str, Any] | None = None
) -> tuple[Prediction, ...]:
    """Returns the expectations of one job (``Job``) with its parameters."""
    if job == "upgrade":
        found = steps_and_predictions(s, before)[1]
        return tuple(p for p in found if p.moment == "upgrade")
    if job == "rollback":
        return _went_back(before, params or {}, s)
    if s.model is Model.CLASSIC:
        return (*_classic(s, job, before, params or {}),)
    p = Predictions(before)
    _kept(job, p)
    _changed(s, job, p, params or {})
    return p.found()


def _classic(
    s: Situation, job: str, before: Mapping[str, Any], params: Mapping[str, Any]
) -> Iterator[Prediction]:
    """What any classic router shows; a boot level that is set counts from the next boot on."""
    path, level = "license_level", s.target.boot_level
    moved = job == "throughput" and level is not None
    yield from (p for p in predict_classic(s, before) if not (moved and p.path == path))
    if moved and params.get("reload"):
        yield Prediction(path=path, kind="equals", value=level, rules=("B9-1",))
    elif moved:
        why = "a boot level counts from the next boot on"
        yield Prediction(path=path, kind="unobservable", why=why, rules=("B9-1",))


def _went_back(
    before: Mapping[str, Any], params: Mapping[str, Any], s: Situation
) -> tuple[Prediction, ...]:
    """Of the licensing nobody knows beforehand: it is what the release of before makes of it."""
    p = Predictions(before)
    boot = tuple(params.get("boot") or ())
    way = way_back(s.state, release=params.get("release"), boot=boot)
    for path in ("udi.pid", "udi.sn", "hostname"):
        p.unchanged(path, ("UP-4",))
    if way is not None and way.release is not None:
        p.equals("release", way.release, ("UP-4",))
    return p.found()


def _kept(job: str, p: Predictions) -> None:
    kept: tuple[str, ...] = _KEPT
    if job not in _MOVES:
        kept += (*_LICENCES, "throughput.", "cerm.")
    if job != "topology":
        kept += ("transport.",)
    for path in p.before:
        if path.startswith(kept):
            p.unchanged(path, ("TRANS-8",) if path.startswith("transport.") else ())


def _changed(s: Situation, job: str, p: Predictions, params: Mapping[str, Any]) -> None:
    if job == "topology":
        set_up(s, p)
    elif job == "trust":
        p.equals("trust.installed", True, (s.topology.rule, "TOKEN-1"), moment="end")
    elif job == "slac":
        for path in p.before:
            if path.startswith(_LICENCES):
                p.unchanged(path, ("LIC-8",))
        authorized(s, p)
    elif job == "usage-import" and params.get("kind") == "policy":
        p.unobservable("policy.name", ("POL-1",), "what the policy says stands in the file alone")
    elif job in ("usage-sync", "usage-import"):
        p.newly_issued("reporting.last_ack", ("REP-7", "REP-9"), renewed=True)
        if job == "usage-sync":
            pushed(s, p)
    elif job == "throughput":
        path = "throughput.level" if s.platform and s.platform.virtual else "throughput.crypto"
        p.unobservable(path, ("THR-1",), "some platforms take it with the next reload only")
    elif job == "register":
        p.equals("registration.status", "REGISTERED", ("B9-6",), moment="end")
    elif job == "renew":
        p.unchanged("registration.status", ("B9-13",))
    elif job == "deregister":
        p.equals("registration.status", "UNREGISTERED", ("B9-18",), moment="end")
