"""``verify``: predictions held against what a router shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import RuleData
from slp_core.state import Evidence, RouterState
from slp_core.verify.captured import across, early, fit, merged
from slp_core.verify.judge import contradiction, expected, judge
from slp_core.verify.lost import lost_lines
from slp_core.verify.observe import observe
from slp_core.verify.shown import KEYED, SENTINEL, Shown

Moment = Literal["stop", "upgrade", "end", "captured"]
"""``stop``: at the stop on the way (B9-3); ``upgrade``: right after the new release came up;
``end``: when every step is done;
``captured``: saved outputs of one moment that is not known: the one that they fit best."""

_MUST_BE_SEEN = ("model", "release")
"""Without these nothing is proven, however little contradicts the plan (UP-4)."""

_COMES_BACK = ("next_boot.image", "next_boot.register", "next_boot.unsaved")
"""Without these nobody knows that a router comes back: one that is read itself shows them."""

_SAID_BY = {
    "classic.mode": ("license_type",),
    "authorization.udi": ("udi.sn", "udi.pid"),
    "authorization.installed_on": ("authorization.status",),
    "reporting.deadline_by_policy": ("reporting.next_ack_deadline",),
}
"""Paths whose lines show another fact as well: one wrong line is one finding."""


def verify(
    plan: RouterPlan,
    state: RouterState,
    *,
    moment: Moment = "end",
    rules: RuleData | None = None,
    live: bool = False,
) -> tuple[Finding, ...]:
    """Returns every expectation held against the router, and what nobody foresaw.

    Args:
        moment: see ``Moment``. A state without a time of reading is of saved outputs: at the
            ``end`` it is judged as ``captured``.
        live: all outputs were asked of the router itself, so what is missing it did not show.

    Source: UP-4 for the release, LIC-11 for licences matched by tag or feature.
    """
    if moment == "captured" or (moment == "end" and state.read_at is None):
        return verify_captured(plan, {"": state}, rules=rules)
    shown = Shown(observe(state, rules), state, plan.predictions)
    predictions = expected(plan, moment)
    findings = [f for f in (judge(p, shown) for p in predictions.values()) if f is not None]
    if moment == "upgrade":
        later = expected(plan, "end")
        findings = [_further(f, later.get(f.path), shown) for f in findings]
    if state.read_at is not None or not any(f.verdict == "met" for f in findings):
        findings = [_unproven(f, shown, live=live) for f in findings]
    return (*_once(findings), *_unforeseen(plan, shown, rules))


def verify_captured(
    plan: RouterPlan, moments: Mapping[str, RouterState], *, rules: RuleData | None = None
) -> tuple[Finding, ...]:
    """Returns every expectation held against saved outputs, and what nobody foresaw.

    What was saved at one moment is held as a whole against the stage of the plan that it fits
    best; outputs of one moment that say different things are a finding.

    Args:
        moments: the state that the outputs of each moment show (``__variant``), by its name; of
            outputs alone, since what an operator says proves nothing of a router.
    """
    fitted = [fit(plan, state, rules) for state in moments.values()]
    findings = list(merged(fitted))
    if not any(f.verdict == "met" for f in findings):
        findings = [_unproven(f, one.shown) for one in fitted for f in one.findings]
    told = {f.path for f in findings if f.verdict in ("unmet", "unforeseen")}
    new = [*across(fitted), *(f for one in fitted for f in _unforeseen(plan, one.shown, rules))]
    for finding in new:
        if finding.path not in told:
            told.add(finding.path)
            findings = [*(f for f in findings if f.path != finding.path), finding]
    return (*_once(findings), *early(fitted))


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Returns the findings without those that say of the same lines what another one says."""
    wrong = {f.path: f for f in findings if f.verdict == "unmet" and f.evidence is not None}
    return [
        f
        for f in findings
        if not any(
            f.verdict == "unmet" and other in wrong and wrong[other].evidence == f.evidence
            for other in _SAID_BY.get(f.path, ())
        )
    ]


def _further(finding: Finding, later: Prediction | None, shown: Shown) -> Finding:
    """Returns the finding of the end where that is met already.

    A plan that is applied again, after a cancelled run, finds its router beyond the upgrade.
    """
    if finding.verdict != "unmet" or later is None:
        return finding
    ahead = judge(later, shown)
    return ahead if ahead is not None and ahead.verdict == "met" else finding


def _unproven(finding: Finding, shown: Shown, *, live: bool = False) -> Finding:
    """Makes a failure of what must be seen and was not; saved outputs may be a part only."""
    needed = finding.path in _MUST_BE_SEEN and finding.known("expected")
    if finding.path in _COMES_BACK and live:
        needed = True  # though nobody saw it before either
    if not needed or finding.verdict != "unobservable":
        return finding
    if shown.resolve(finding.path) is not None:
        return finding
    silent = {"verdict": "unmet", "severity": "failure", "why": "the router did not show it"}
    return finding.model_copy(update=silent)


def _unforeseen(plan: RouterPlan, shown: Shown, rules: RuleData | None) -> Iterator[Finding]:
    """Yields licences that nobody predicted and configuration lines that are gone (F41)."""
    if not plan.predictions:
        return
    yield from lost_lines(plan, shown, rules or builtin_rules())
    for news, row in shown.bad_news:
        yield Finding(
            path=f"messages[{news.facility}-{news.severity}-{news.mnemonic}]",
            verdict="unforeseen",
            found=news.text,
            rules=("MSG-5",),
            why=f"{row.says} {row.do}",
            severity="warning",
            evidence=Evidence(command=news.command, lines=(news.line,)),
        )
    foreseen = {shown.resolve(p.path) for p in plan.predictions}
    for path, seen in shown.observed.items():
        if path not in foreseen and seen.others:
            yield contradiction(path, seen)
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
