"""One prediction held against what a router shows."""

from __future__ import annotations

from typing import Any, Literal

from slp_core.errors import ReleaseError
from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.release import Release
from slp_core.rules.throughput import same_level
from slp_core.verify.shown import KEYED, SENTINEL, Shown


def expected(plan: RouterPlan, moment: Literal["upgrade", "end"]) -> dict[str, Prediction]:
    """Returns the one prediction that counts for each path at a moment.

    What is predicted for the upgrade holds on to the end, unless the end has its own prediction.
    """
    found = {p.path: p for p in plan.predictions if p.moment == "upgrade"}
    if moment == "end":
        found |= {p.path: p for p in plan.predictions if p.moment == "end"}
    return found


def judge(prediction: Prediction, shown: Shown) -> Finding | None:
    """Returns the finding of one prediction; ``None`` where a missing licence says it already."""
    if prediction.kind == "unobservable":
        return _finding(prediction, shown, "unobservable")
    path = shown.resolve(prediction.path)
    if path is None:
        return _absent(prediction, shown)
    found = shown.observed[path].value
    if prediction.kind == "newly_issued":
        new = found is not None and not (
            prediction.known("value") and _same(prediction.path, prediction.value, found)
        )
        return _finding(prediction, shown, "met" if new else "unmet")
    if prediction.kind == "unchanged" and not prediction.known("value"):
        return _finding(prediction, shown, "unobservable" if found is not None else "unmet")
    met = _same(prediction.path, prediction.value, found)
    return _finding(prediction, shown, "met" if met else "unmet")


def _absent(prediction: Prediction, shown: Shown) -> Finding | None:
    match = KEYED.match(prediction.path)
    if match and shown.read[match["list"]] and shown.key(match["list"], match["key"]) is None:
        return _missing(prediction, match["list"], match["field"])
    return _finding(prediction, shown, "unobservable")


def _missing(prediction: Prediction, of: str, field: str) -> Finding | None:
    """A licence that is gone is one finding, not one for each of its fields."""
    if field != SENTINEL[of]:
        return None
    return Finding(
        path=prediction.path,
        verdict="unmet",
        expected=prediction.value,
        found=None,
        rules=prediction.rules,
        why=f"the licence is gone. {prediction.why}".strip(),
    )


def _finding(
    prediction: Prediction,
    shown: Shown,
    verdict: Literal["met", "unmet", "unobservable"],
) -> Finding:
    path = shown.resolve(prediction.path)
    seen = shown.observed[path] if path is not None else None
    severity = "note" if verdict != "unmet" else _severity(prediction)
    fields: dict[str, Any] = {}
    if prediction.known("value"):
        fields["expected"] = prediction.value
    if seen is not None:
        fields["found"] = seen.value
        if seen.evidence is not None:
            fields["evidence"] = seen.evidence
    return Finding(
        path=prediction.path,
        verdict=verdict,
        rules=prediction.rules,
        why=prediction.why,
        severity=severity,
        **fields,
    )


def _severity(prediction: Prediction) -> Literal["failure", "warning"]:
    """How much it matters that an expectation is not met.

    A warning where the sources disagree (TRANS-4), where the account decides (a policy of its own
    comes with the acknowledgement only if it has one, REP-11 for deadlines), and for a trust code
    that is there without being needed.
    """
    path = prediction.path
    if "TRANS-4" in prediction.rules and prediction.moment == "upgrade":
        return "warning"
    if prediction.kind == "newly_issued" and path.startswith(
        ("policy.", "reporting.next_", "reporting.push_")
    ):
        return "warning"
    if path == "trust.installed" and prediction.value is False:
        return "warning"
    return "failure"


def _same(path: str, expectation: Any, found: Any) -> bool:
    if expectation == found:
        return True
    if path.startswith("throughput."):
        return same_level(expectation, found)
    if path == "release" and isinstance(expectation, str) and isinstance(found, str):
        try:
            return Release.parse(found).satisfies(Release.parse(expectation))
        except ReleaseError:
            return False
    if path.endswith(".tag") and isinstance(expectation, str) and isinstance(found, str):
        return found.startswith(expectation) or expectation.startswith(found)
    return False
