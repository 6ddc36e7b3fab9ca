"""What was observed before and after, beside what was predicted: one row a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slp_cli.report.model import ReportFact
from slp_core.plan import Finding, Prediction

_GROUPS = (
    (
        "Router",
        ("udi", "hostname", "release", "boot", "install", "clock", "platform", "redundancy"),
    ),
    ("Licensing", ("model", "slp", "smart_licensing", "registration", "evaluation", "conversion")),
    ("Licences", ("licenses", "license")),
    ("Authorization", ("authorization", "reservation")),
    ("Reporting", ("transport", "trust", "policy", "reporting", "account")),
    ("Conversion", ("dlc",)),
    ("Throughput", ("throughput", "cerm")),
)
_OTHER = "Other"
_HEAD = re.compile(r"^[a-z_]+")
_RANK = {name: i for i, (name, _) in enumerate(_GROUPS)}


def group_of(path: str) -> str:
    """Returns the part of the router that a path belongs to."""
    match = _HEAD.match(path)
    head = match[0] if match else path
    return next((name for name, heads in _GROUPS if head in heads), _OTHER)


def facts_of(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    predictions: Iterable[Prediction],
    findings: Sequence[Finding],
) -> tuple[ReportFact, ...]:
    """Returns a row for every path that was seen, predicted or found, in reading order."""
    expected = {p.path: p for p in predictions if p.moment == "end"}
    found = {f.path: f for f in findings}
    paths = dict.fromkeys((*before, *after, *expected, *found))
    rows = [_fact(p, before, after, expected.get(p), found.get(p)) for p in paths]
    return tuple(sorted(rows, key=lambda r: (_RANK.get(r.group, len(_RANK)), r.path)))


def _fact(
    path: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    prediction: Prediction | None,
    finding: Finding | None,
) -> ReportFact:
    now = after.get(path, finding.found if finding else None)
    rules = finding.rules if finding else prediction.rules if prediction else ()
    compared = path in after and (path in before or prediction is not None)
    planned = not after and prediction is not None and prediction.kind == "equals"
    changed = (compared and before.get(path) != now) or (
        planned and prediction is not None and before.get(path) != prediction.value
    )
    return ReportFact(
        path=path,
        group=group_of(path),
        label=path.replace("_", " "),
        before=before.get(path),
        after=now,
        expected=prediction.value if prediction else None,
        expectation=prediction.kind if prediction else None,
        verdict=finding.verdict if finding else None,
        rules=rules,
        changed=changed,
    )


def in_groups(facts: Sequence[ReportFact]) -> list[dict[str, Any]]:
    """Returns facts by the part of the router that they belong to, in reading order."""
    names = dict.fromkeys(f.group for f in facts)
    return [{"name": n, "facts": [f for f in facts if f.group == n]} for n in names]
