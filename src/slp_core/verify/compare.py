"""``verify``: predictions held against what a router shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from slp_core.plan import Finding, Prediction, RouterPlan, StepKind
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState
from slp_core.verify.captured import best_of_each_command, note_early
from slp_core.verify.judge import expected, judge
from slp_core.verify.observe import observe
from slp_core.verify.shown import KEYED, SENTINEL, Shown

Moment = Literal["upgrade", "end", "captured"]
"""``upgrade``: right after the new release came up; ``end``: when every step is done;
``captured``: saved outputs whose moments are not known, each command judged by the moment that
it fits best (a command shows one moment, but a folder of captures may hold several)."""

_MUST_BE_SEEN = ("model", "release")
"""Without these nothing is proven, however little contradicts the plan (UP-4)."""

_REPLACED: dict[StepKind, tuple[str, ...]] = {
    StepKind.TOPOLOGY: ("license smart ", "ip http client source-interface "),
    StepKind.BOOT_VARIABLE: ("boot system ",),
    StepKind.INSTALL_ACTIVATE: ("boot system ",),
    StepKind.THROUGHPUT: ("platform hardware throughput ",),
}


def verify(
    plan: RouterPlan,
    state: RouterState,
    *,
    moment: Moment = "end",
    rules: RuleData | None = None,
) -> tuple[Finding, ...]:
    """Returns every expectation held against the router, and what nobody foresaw.

    Args:
        moment: see ``Moment``. A state without a time of reading is of saved outputs: at the
            ``end`` it is judged as ``captured``, since a folder may hold several moments.

    Source: UP-4 for the release, LIC-11 for licences matched by tag or feature.
    """
    shown = Shown(observe(state, rules), state, plan.predictions)
    early: dict[str, list[str]] = {}
    if moment == "captured" or (moment == "end" and state.read_at is None):
        predictions, early = best_of_each_command(plan, shown)
    else:
        predictions = expected(plan, moment)
    findings = [f for f in (judge(p, shown) for p in predictions.values()) if f is not None]
    if moment == "upgrade":
        later = expected(plan, "end")
        findings = [_further(f, later.get(f.path), shown) for f in findings]
    if state.read_at is not None or not any(f.verdict == "met" for f in findings):
        findings = [_unproven(f, shown) for f in findings]
    findings += _unforeseen(plan, shown)
    findings += [note_early(command, paths) for command, paths in early.items()]
    return tuple(findings)


def _further(finding: Finding, later: Prediction | None, shown: Shown) -> Finding:
    """Returns the finding of the end where that is met already.

    A plan that is applied again, after a cancelled run, finds its router beyond the upgrade.
    """
    if finding.verdict != "unmet" or later is None:
        return finding
    ahead = judge(later, shown)
    return ahead if ahead is not None and ahead.verdict == "met" else finding


def _unproven(finding: Finding, shown: Shown) -> Finding:
    """Makes a failure of what must be seen and was not; saved outputs may be a part only."""
    if finding.path not in _MUST_BE_SEEN or finding.verdict != "unobservable":
        return finding
    if not finding.known("expected") or shown.resolve(finding.path) is not None:
        return finding
    silent = {"verdict": "unmet", "severity": "failure", "why": "the router did not show it"}
    return finding.model_copy(update=silent)


def fitting(plan: RouterPlan, state: RouterState) -> dict[str, Prediction]:
    """Returns, for each path, the prediction that saved outputs are held against.

    Each command counts for the moment that it fits best.
    """
    return best_of_each_command(plan, Shown(observe(state), state, plan.predictions))[0]


def _unforeseen(plan: RouterPlan, shown: Shown) -> Iterator[Finding]:
    """Yields licences that nobody predicted and configuration lines that are gone (F41)."""
    if not plan.predictions:
        return
    yield from _lost_lines(plan, shown)
    foreseen = {shown.resolve(p.path) for p in plan.predictions}
    for path, seen in shown.observed.items():
        match = KEYED.match(path)
        sentinel = SENTINEL.get(match["list"]) if match else None
        if match and match["field"] == sentinel and path not in foreseen:
            yield Finding(
                path=path,
                verdict="unforeseen",
                found=seen.value,
                why="no rule foresaw this licence",
                severity="warning",
                evidence=seen.evidence,
            )


def _lost_lines(plan: RouterPlan, shown: Shown) -> Iterator[Finding]:
    before, now = plan.before.get("config"), shown.observed.get("config")
    if before is None or now is None:
        return
    replaced = tuple(
        start for step in plan.steps for start in _REPLACED.get(step.kind, ())
    )  # what a step itself writes anew is not lost
    kept = set(now.value)
    lost = [line for line in before if line not in kept and not line.startswith(replaced)]
    if lost:
        yield Finding(
            path="config",
            verdict="unforeseen",
            expected=lost,
            found=[],
            why="these lines are gone from the running configuration",
            severity="warning",
            evidence=now.evidence,
        )
