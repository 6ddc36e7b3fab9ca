"""Saved outputs of mixed moments: each command is held against the moment that it fits best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from slp_core.plan import Finding, Prediction, RouterPlan
from slp_core.verify.judge import expected, judge
from slp_core.verify.shown import Shown


def note_early(command: str, paths: list[str]) -> Finding:
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


def best_of_each_command(
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
        finding = judge(predictions[path], shown)
        if finding is not None and finding.verdict == "met":
            fit += 1 if predictions[path].kind == "newly_issued" else 2
    return fit
