"""``verify``: predictions held against what a router shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from slp_core.errors import ReleaseError
from slp_core.plan import Finding, Prediction, RouterPlan, StepKind
from slp_core.release import Release
from slp_core.rules.data import RuleData
from slp_core.rules.licenses import FEATURE
from slp_core.rules.throughput import same_level
from slp_core.state import RouterState, same_tag
from slp_core.verify.observe import Observed, observe

Moment = Literal["upgrade", "end", "captured"]
"""``upgrade``: right after the new release came up; ``end``: when every step is done;
``captured``: saved outputs whose moments are not known, each command judged by the moment that
it fits best (a command shows one moment, but a folder of captures may hold several)."""

_REPLACED: dict[StepKind, tuple[str, ...]] = {
    StepKind.TOPOLOGY: ("license smart ", "ip http client source-interface "),
    StepKind.BOOT_VARIABLE: ("boot system ",),
    StepKind.INSTALL_ACTIVATE: ("boot system ",),
    StepKind.THROUGHPUT: ("platform hardware throughput ",),
}
_KEYED = re.compile(r"^(?P<list>licenses|authorization\.licenses)\[(?P<key>.*)\]\.(?P<field>\w+)$")
_SENTINEL = {"licenses": "status", "authorization.licenses": "count"}
"""The one field of a list's licence that says for all of them that it is gone or new."""


def expected(plan: RouterPlan, moment: Literal["upgrade", "end"]) -> dict[str, Prediction]:
    """Returns the one prediction that counts for each path at a moment.

    What is predicted for the upgrade holds on to the end, unless the end has its own prediction.
    """
    found = {p.path: p for p in plan.predictions if p.moment == "upgrade"}
    if moment == "end":
        found |= {p.path: p for p in plan.predictions if p.moment == "end"}
    return found


def verify(
    plan: RouterPlan,
    state: RouterState,
    *,
    moment: Moment = "end",
    rules: RuleData | None = None,
) -> tuple[Finding, ...]:
    """Returns every expectation held against the router, and what nobody foresaw.

    Args:
        moment: see ``Moment``.

    Source: UP-4 for the release, LIC-11 for licences matched by tag or feature.
    """
    shown = Shown(observe(state, rules), state, plan.predictions)
    early: dict[str, list[str]] = {}
    if moment == "captured":
        predictions, early = _best_of_each_command(plan, shown)
    else:
        predictions = expected(plan, moment)
    findings = [f for f in (_judge(p, shown) for p in predictions.values()) if f is not None]
    findings += _unforeseen(predictions, plan, shown)
    findings += [_note_early(command, paths) for command, paths in early.items()]
    return tuple(findings)


def fitting(plan: RouterPlan, state: RouterState) -> dict[str, Prediction]:
    """Returns, for each path, the prediction that saved outputs are held against.

    Each command counts for the moment that it fits best.
    """
    return _best_of_each_command(plan, Shown(observe(state), state, plan.predictions))[0]


class Shown:
    """What a router shows, found by the paths of predictions."""

    def __init__(
        self,
        observed: Mapping[str, Observed],
        state: RouterState,
        predictions: Iterable[Prediction] = (),
    ) -> None:
        self.observed = observed
        self._tags = _tags_by_feature(predictions)
        self._lists: dict[str, dict[str, str | None]] = {
            "licenses": {},
            "authorization.licenses": {},
        }
        for path in observed:
            match = _KEYED.match(path)
            if match:
                self._lists[match["list"]].setdefault(match["key"], None)
        for key in self._lists["licenses"]:
            self._lists["licenses"][key] = self._feature(key)
        licensing = state.licensing
        self.read = {
            "licenses": licensing is not None and licensing.licenses is not None,
            "authorization.licenses": licensing is not None
            and licensing.authorization is not None
            and licensing.authorization.licenses is not None,
        }

    def resolve(self, path: str) -> str | None:
        """Returns the observed path that a predicted path means; ``None`` where there is none."""
        if path in self.observed:
            return path
        match = _KEYED.match(path)
        if match is None:
            return None
        key = self.key(match["list"], match["key"])
        found = f"{match['list']}[{key}].{match['field']}"
        return found if key is not None and found in self.observed else None

    def key(self, of: str, wanted: str) -> str | None:
        """Returns the tag of the licence that ``wanted`` names, by tag or by feature."""
        if not wanted.startswith(FEATURE):
            return next((k for k in self._lists[of] if same_tag(k, wanted)), None)
        feature = wanted.removeprefix(FEATURE)
        by_name = next((k for k, f in self._lists["licenses"].items() if f == feature), None)
        for tag in (self._tags.get(feature), by_name):
            found = next((k for k in self._lists[of] if tag and same_tag(k, tag)), None)
            if found is not None:
                return found
        return None

    def _feature(self, key: str) -> str | None:
        seen = self.observed.get(f"licenses[{key}].feature_name")
        return None if seen is None else seen.value


def _judge(prediction: Prediction, shown: Shown) -> Finding | None:
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
    match = _KEYED.match(prediction.path)
    if match and shown.read[match["list"]] and shown.key(match["list"], match["key"]) is None:
        return _missing(prediction, match["list"], match["field"])
    return _finding(prediction, shown, "unobservable")


def _missing(prediction: Prediction, of: str, field: str) -> Finding | None:
    """A licence that is gone is one finding, not one for each of its fields."""
    if field != _SENTINEL[of]:
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
    severity: Literal["failure", "warning", "note"] = "failure"
    if verdict != "unmet":
        severity = "note"
    elif "TRANS-4" in prediction.rules and prediction.moment == "upgrade":
        severity = "warning"  # the guide's table and its text disagree
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


def _unforeseen(
    predictions: Mapping[str, Prediction], plan: RouterPlan, shown: Shown
) -> Iterator[Finding]:
    """Yields licences that nobody predicted and configuration lines that are gone (F41)."""
    if not plan.predictions:
        return
    yield from _lost_lines(plan, shown)
    foreseen = {shown.resolve(p) for p in predictions}
    for path, seen in shown.observed.items():
        match = _KEYED.match(path)
        sentinel = _SENTINEL.get(match["list"]) if match else None
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


def _tags_by_feature(predictions: Iterable[Prediction]) -> dict[str, str]:
    """Returns the tags that are foretold for licences known by their feature."""
    found: dict[str, str] = {}
    for p in predictions:
        match = _KEYED.match(p.path)
        if match is None or (match["list"], match["field"], p.kind) != ("licenses", "tag", "equals"):
            continue
        if match["key"].startswith(FEATURE):
            found[match["key"].removeprefix(FEATURE)] = p.value
    return found


def _note_early(command: str, paths: list[str]) -> Finding:
    return Finding(
        path="moment",
        verdict="unobservable",
        found="upgrade",
        rules=("REP-7",),
        severity="warning",
        why=(
            f"{command or 'an output'} was saved before the last steps: it was held against what "
            f"is predicted for right after the upgrade ({', '.join(sorted(paths))}); "
            "what came later cannot be seen in it"
        ),
    )


def _best_of_each_command(
    plan: RouterPlan, shown: Shown
) -> tuple[dict[str, Prediction], dict[str, list[str]]]:
    """Returns, for each path, the prediction of the moment that its command fits best.

    Also returns the commands that fit the earlier moment, with the paths that tell.
    """
    late, early = expected(plan, "end"), expected(plan, "upgrade")
    by_command: dict[str, list[str]] = {}
    for path in late:
        found = shown.resolve(path)
        evidence = shown.observed[found].evidence if found else None
        by_command.setdefault(evidence.command if evidence else "", []).append(path)
    chosen = dict(late)
    earlier: dict[str, list[str]] = {}
    for command, paths in by_command.items():
        moving = [p for p in paths if p in early and early[p] != late[p]]
        if not moving:
            continue
        if _fit(moving, early, shown) > _fit(moving, late, shown):
            chosen |= {p: early[p] for p in moving}
            earlier[command] = moving
    return chosen, earlier


def _fit(paths: Iterable[str], predictions: Mapping[str, Prediction], shown: Shown) -> int:
    """How well a moment explains an output: an exact value says more than that there is one."""
    fit = 0
    for path in paths:
        finding = _judge(predictions[path], shown)
        if finding is not None and finding.verdict == "met":
            fit += 1 if predictions[path].kind == "newly_issued" else 2
    return fit
