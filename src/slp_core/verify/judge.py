"""One prediction held against what a router shows."""

from __future__ import annotations

from typing import Any, Literal

from slp_core.errors import ReleaseError
from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.release import Release
from slp_core.rules.throughput import same_level
from slp_core.verify.observe import Observed
from slp_core.verify.shown import KEYED, SENTINEL, Shown

_PRINTED_WITH = {"authorization.legacy_status": "authorization.status"}
"""Paths that are printed beside another one if at all: what is not printed is gone (LIC-9)."""


At = Literal["stop", "upgrade", "end"]
"""``stop``: on the way (B9-3); ``upgrade``: right after the new release came up; ``end``."""


def expected(plan: RouterPlan, moment: At) -> dict[str, Prediction]:
    """Returns the one prediction that counts for each path at a moment.

    What is predicted for the upgrade holds on to the end, unless the end has its own prediction.
    """
    if moment == "stop":
        return {p.path: p for p in plan.predictions if p.moment == "stop"}
    found = {p.path: p for p in plan.predictions if p.moment == "upgrade"}
    if moment == "end":
        found |= {p.path: p for p in plan.predictions if p.moment == "end"}
    return found


def judge(prediction: Prediction, shown: Shown) -> Finding | None:
    """Returns the finding of one prediction; ``None`` where a missing licence says it already."""
    path = shown.resolve(prediction.path)
    if path is None and prediction.kind == "unobservable":
        return _finding(prediction, shown, "unobservable")
    if path is None:
        return _absent(prediction, shown)
    if _others(path, shown.observed[path]):
        return _contradicted(prediction, shown.observed[path])
    found = shown.observed[path].value
    fits = _fits(prediction, found)
    if fits is None:
        return _finding(prediction, shown, "unobservable")
    return _finding(prediction, shown, "met" if fits else "unmet")


def _fits(prediction: Prediction, found: Any) -> bool | None:
    """Tells whether a value is as predicted; ``None`` where nobody can tell."""
    if prediction.kind == "unobservable":
        return None
    if prediction.kind == "newly_issued":
        return found is not None and not (
            prediction.known("value") and same(prediction.path, prediction.value, found)
        )
    if prediction.kind == "unchanged" and not prediction.known("value"):
        return None if found is not None else False
    return same(prediction.path, prediction.value, found)


def _others(path: str, seen: Observed) -> list[Observed]:
    """Returns what other outputs of the same moment say instead."""
    return [o for o in seen.others if not same(path, seen.value, o.value)]


def _contradicted(prediction: Prediction, seen: Observed) -> Finding:
    """Outputs of one moment disagree: the one that is not as predicted is the finding."""
    said = [seen, *_others(prediction.path, seen)]
    wrong = next((o for o in said if _fits(prediction, o.value) is False), None)
    if wrong is None:
        return contradiction(prediction.path, seen, prediction.rules)
    other = next(o for o in said if o is not wrong)
    fields: dict[str, Any] = {"evidence": wrong.evidence} if wrong.evidence is not None else {}
    if prediction.known("value"):
        fields["expected"] = prediction.value
    return Finding(
        path=prediction.path,
        verdict="unmet",
        found=wrong.value,
        rules=prediction.rules,
        why=f"{_says(other)}. {prediction.why}".strip(),
        severity=_severity(prediction),
        against=other.evidence,
        **fields,
    )


def contradiction(path: str, seen: Observed, rules: tuple[str, ...] = ()) -> Finding:
    """Returns the finding of outputs of one moment that disagree on what nobody can foretell."""
    other = next(o for o in seen.others if not same(path, seen.value, o.value))
    return Finding(
        path=path,
        verdict="unforeseen",
        expected=seen.value,
        found=other.value,
        rules=rules,
        why=_says(seen),
        severity="warning",
        evidence=other.evidence,
        against=seen.evidence,
    )


def _says(seen: Observed) -> str:
    """Returns what one output says, in words, where another one says something else."""
    proof, said = seen.evidence, "nothing of it" if seen.value is None else f"{seen.value}"
    if proof is None:
        return f"another output says {said}"
    lines = ", ".join(str(n) for n in proof.lines)
    return f"{proof.command}{f', line {lines},' if lines else ''} says {said}"


def _absent(prediction: Prediction, shown: Shown) -> Finding | None:
    match = KEYED.match(prediction.path)
    beside = _PRINTED_WITH.get(prediction.path)
    if beside is not None and beside in shown.observed and prediction.kind != "newly_issued":
        return _gone(prediction, shown.observed[beside])
    if match and shown.read[match["list"]] and shown.key(match["list"], match["key"]) is None:
        return _missing(prediction, match["list"], match["field"])
    return _finding(prediction, shown, "unobservable")


def _gone(prediction: Prediction, beside: Observed) -> Finding:
    """What is printed whenever its neighbour is: it is not there."""
    proof: dict[str, Any] = {"evidence": beside.evidence} if beside.evidence is not None else {}
    return Finding(
        path=prediction.path,
        verdict="unmet",
        expected=prediction.value,
        found=None,
        rules=prediction.rules,
        why="it is no longer printed",
        **proof,
    )


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
        why=f"the licence is not there. {prediction.why}".strip(),
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
    if path == "reporting.deadline_by_policy":
        return "warning"
    if path == "trust.installed" and prediction.value is False:
        return "warning"
    return "failure"


def same(path: str, expectation: Any, found: Any) -> bool:
    """Tells whether two values of a path are the same to the router (THR-4, UP-4, LIC-11)."""
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
