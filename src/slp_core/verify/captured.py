"""Saved outputs of several moments: each group is held against the moment that it fits best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState
from slp_core.verify.judge import contradiction, expected, judge, same
from slp_core.verify.observe import Observed, observe
from slp_core.verify.shown import Shown

_RENEWED = ("reporting.", "policy.")
_MET, _THERE = 2, 1
"""How much a fact speaks for a moment: an exact value says more than that there is one."""


@dataclass(frozen=True)
class Fitted:
    """The outputs of one moment, and the stage of the plan that they fit best.

    Attributes:
        stage: how many of the steps that change something are done in it.
        moving: the paths seen here that are expected to be different at the end.
    """

    shown: Shown
    stage: int
    predictions: Mapping[str, Prediction]
    findings: tuple[Finding, ...]
    moving: tuple[str, ...]


def stages(plan: RouterPlan) -> list[dict[str, Prediction]]:
    """Returns what is expected at each moment that a router passes: upgraded, then step by step.

    What changes without a step of ours (MSG-2) is there from the second moment on.
    """
    early, late = expected(plan, "upgrade"), expected(plan, "end")
    moving = [path for path in late if early.get(path) != late[path]]
    brought: list[set[str]] = []
    for step in plan.steps:
        starts = step.facts.brings
        mine = {path for path in moving if starts and path.startswith(starts)}
        mine -= {path for one in brought for path in one}
        if mine:
            brought.append(mine)
    by_itself = set(moving) - {path for one in brought for path in one}
    found, done = [early], set[str]()
    for one in ([by_itself] if by_itself else []) + brought:
        done |= one
        found.append({**early, **{path: late[path] for path in late if path in done}})
    return found


def fit(plan: RouterPlan, state: RouterState, rules: RuleData | None = None) -> Fitted:
    """Returns the outputs of one moment with the stage that explains them best.

    That is the upgrade or the end; one in between only where it explains more than one fact that
    neither of them does: a single one is rather wrong than early. At equal fit the end counts.
    """
    shown = Shown(observe(state, rules), state, plan.predictions)
    all_stages = stages(plan)
    told = {id(p): judge(p, shown) for s in all_stages for p in s.values()}
    judged = [[f for p in s.values() if (f := told[id(p)])] for s in all_stages]
    scores = [sum(_weight(f, s) for f in fs) for fs, s in zip(judged, all_stages, strict=True)]
    best = max(range(len(scores)), key=lambda i: (scores[i], i))
    ends = max((0, len(scores) - 1), key=lambda i: (scores[i], i))
    if scores[best] - scores[ends] <= _MET:
        best = ends
    last = all_stages[-1]
    moving = [p for p in last if all_stages[best].get(p) != last[p] and shown.resolve(p)]
    return Fitted(shown, best, all_stages[best], tuple(judged[best]), tuple(moving))


def _weight(finding: Finding, predictions: Mapping[str, Prediction]) -> int:
    if finding.verdict != "met":
        return 0
    return _THERE if predictions[finding.path].kind == "newly_issued" else _MET


def merged(fitted: Sequence[Fitted]) -> Iterator[Finding]:
    """Yields one finding for each path: what is wrong at any moment, else what the latest shows."""
    order = {"unmet": 3, "unforeseen": 2, "met": 1, "unobservable": 0}
    found: dict[str, tuple[tuple[int, int], Finding]] = {}
    for one in fitted:
        for finding in one.findings:
            rank = (order[finding.verdict], one.stage)
            if finding.path not in found or rank >= found[finding.path][0]:
                found[finding.path] = rank, finding
    yield from (finding for _, finding in found.values())


def across(fitted: Sequence[Fitted]) -> Iterator[Finding]:
    """Yields what stays the same between two moments and is shown differently in them.

    Reports, acknowledgements and policies come anew at any time; the tags that an authorization
    derives grow with it.
    """
    first: dict[str, tuple[Fitted, Observed]] = {}
    for one in fitted:
        for path in one.predictions:
            found = one.shown.resolve(path)
            if found is None or path.startswith(_RENEWED):
                continue
            seen = one.shown.observed[found]
            known, before = first.setdefault(path, (one, seen))
            grows = path == "authorization.derived_tags" and known.stage != one.stage
            if grows or known.predictions.get(path) != one.predictions[path]:
                continue
            if not same(path, before.value, seen.value):
                yield contradiction(path, replace(before, others=(seen,)))


def early(fitted: Sequence[Fitted]) -> Iterator[Finding]:
    """Yields a word on what was saved before the last steps only, and never afterwards."""
    last = {
        path
        for one in fitted
        for path in one.predictions
        if one.shown.resolve(path) and path not in one.moving
    }
    paths = sorted({path for one in fitted for path in one.moving} - last)
    if paths:
        yield Finding(
            path="moment",
            verdict="unobservable",
            found="earlier",
            rules=("REP-7",),
            severity="warning",
            why=(
                "these were saved before the last steps, and were held against what is predicted "
                f"for then: {', '.join(paths)}; what came later cannot be seen in it"
            ),
        )
