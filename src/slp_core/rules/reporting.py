"""What must be reported after the migration, and when (REP, POL)."""

from __future__ import annotations

from dataclasses import dataclass

from slp_core.release import Release
from slp_core.rules.licenses import outcomes
from slp_core.rules.model import CSL_MODELS, Kind, Model, kinds
from slp_core.rules.schema import RuleData
from slp_core.state import Licensing, RouterState

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


_TERMS = ("perpetual", "subscription", "enforced", "export")
_DAY = 86_400.0
_LAG_S = 300.0


def deadline_follows_policy(state: RouterState) -> bool | None:
    """Tells whether the next ACK deadline is one that the router's own policy allows.

    It lies one of the policy's terms after the last ACK; there is none where nothing is pushed or
    a kind of licence has no frequency. Which term counts depends on the licences, and no source
    says how: hence any. ``None`` where the router does not show enough: before the first ACK it
    does not show from when it counts.

    Source: REP-1, REP-2, REP-11; inferred from every output of the guide.
    """
    licensing = state.licensing
    reporting, policy = (licensing.reporting, licensing.policy) if licensing else (None, None)
    if reporting is None or policy is None or reporting.last_ack is None:
        return None
    kinds = [k for k in (getattr(policy, name) for name in _TERMS) if k is not None]
    if not reporting.known("next_ack_deadline") or len(kinds) < len(_TERMS):
        return None
    if reporting.next_ack_deadline is None:
        return reporting.push_interval_days in (0, None) or any(k.frequency == 0 for k in kinds)
    after = (reporting.next_ack_deadline - reporting.last_ack).total_seconds()
    days = {d for k in kinds for d in (k.first_report, k.frequency, k.on_change) if d}
    return any(abs(after - d * _DAY) <= _LAG_S for d in days)


def synchronised(state: RouterState) -> bool:
    """Tells whether everything that happened to the licences has been acknowledged.

    That is: the last ACK is newer than this boot, the trust code, the authorizations and the
    report sent last, and no conversion is outstanding (DLC-5).
    """
    licensing = state.licensing
    reporting = licensing.reporting if licensing else None
    last = reporting.last_ack if reporting else None
    if last is None or licensing is None or conversion_unsent(licensing):
        return False
    trust = licensing.trust
    members = licensing.authorization.members or () if licensing.authorization else ()
    since = [
        state.boot.restarted_at if state.boot else None,
        trust.installed_on if trust else None,
        reporting.last_report_push if reporting else None,
        *(m.installed_on for m in members),
    ]
    return all(last >= at for at in since if at is not None)


def conversion_unsent(licensing: Licensing) -> bool:
    """Tells whether conversion data is collected and no report has carried it yet."""
    collected = licensing.dlc and (licensing.dlc.process_status or "").lower() == "completed"
    return bool(collected) and (licensing.conversion_status or "").lower() == "not started"


def crosses_rum_change(before: Release | None, after: Release | None, rules: RuleData) -> bool:
    """Tells whether an upgrade or downgrade changes how usage reports are stored (REP-8).

    17.7.1 counts like 17.7.1a: the guide names the rebuild because that is what was released.
    """
    if before is None or after is None:
        return False
    edge = rules.rum_storage_change.key[:3]
    return (before.key[:3] < edge) != (after.key[:3] < edge)
