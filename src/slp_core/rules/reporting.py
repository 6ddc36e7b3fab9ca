"""What must be reported after the migration, and when (REP, POL)."""

from __future__ import annotations

from dataclasses import dataclass

from slp_core.release import Release
from slp_core.rules.licenses import outcomes
from slp_core.rules.model import CSL_MODELS, Kind, Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState

_STRICTEST = ("REP-1", "REP-2", "REP-6", "REP-4", "REP-3", "REP-5")


@dataclass(frozen=True)
class ReportingNeed:
    """What reporting a router's licences ask for; several kinds: the strictest counts (REP-7).

    Attributes:
        rules: every rule that applies, the strictest first.
        deadline_may_be_none: whether ``Next ACK deadline: <none>`` is healthy (REP-11).
    """

    rules: tuple[str, ...]
    deadline_may_be_none: bool


def reporting_need(state: RouterState, model: Model, rules: RuleData) -> ReportingNeed:
    """Returns what the licences that the router has ask for. Source: REP-1 to REP-7, REP-11."""
    found: set[str] = set()
    if model is Model.REGISTERED:
        found.add("REP-2")
    elif model is Model.SLR:
        found.add("REP-3")
    elif model is Model.PLR:
        found.add("REP-5")
    elif model is Model.EVAL:
        found.add("REP-6")
    elif model in CSL_MODELS:
        found = _of_csl(state, model, rules)
    ordered = tuple(r for r in _STRICTEST if r in found)
    lax = bool(found) and found <= {"REP-1", "REP-5"}
    return ReportingNeed(ordered, lax)


def _of_csl(state: RouterState, model: Model, rules: RuleData) -> set[str]:
    found: set[str] = set()
    for outcome in outcomes(state, model, rules):
        if outcome.fate != "migrated" or outcome.csl is None:
            continue
        of_kind = kinds(outcome.csl, rules)
        if Kind.RTU in of_kind:
            found.add("REP-1")
        if Kind.PAK in of_kind:
            found.add("REP-4")
        if of_kind == {Kind.EVALUATION}:
            found.add("REP-6")
    return found or {"REP-5"}


def crosses_rum_change(before: Release | None, after: Release | None, rules: RuleData) -> bool:
    """Tells whether an upgrade or downgrade changes how usage reports are stored (REP-8).

    17.7.1 counts like 17.7.1a: the guide names the rebuild because that is what was released.
    """
    if before is None or after is None:
        return False
    edge = rules.rum_storage_change.key[:3]
    return (before.key[:3] < edge) != (after.key[:3] < edge)
