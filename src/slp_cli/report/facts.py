"""What was observed before and after, beside what was predicted: one row a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from slp_cli.report.model import ReportFact
from slp_core.plan import Finding, Prediction

_GROUPS = (
    ("Router", ("udi", "hostname", "release", "boot", "install", "controller_mode")),
    ("Licensing", ("model", "registration", "license_level", "license_type")),
    ("Licences", ("licenses", "csl")),
    ("Authorization", ("authorization", "authorization_status", "reservation")),
    ("Reporting", ("transport", "trust", "policy", "reporting")),
    ("Conversion", ("dlc", "conversion")),
    ("Throughput", ("throughput", "cerm")),
    ("Configuration", ("config",)),
)
_OTHER = "Other"
_UNSEEN = object()
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
    """Returns one row; ``before`` and ``after`` stay unset where nothing was seen."""
    fields: dict[str, Any] = {"path": path, "group": group_of(path)}
    if path in before:
        fields["before"] = before[path]
    if path in after:
        fields["after"] = after[path]
    elif finding is not None and finding.found is not None:
        fields["after"] = finding.found
    if prediction is not None:
        fields["expected"], fields["expectation"] = prediction.value, prediction.kind
        fields["rules"] = prediction.rules
    if finding is not None:
        fields["verdict"] = finding.verdict
        fields["rules"] = finding.rules or fields.get("rules", ())
    fields["changed"] = _changed(fields, bool(after))
    if path == "config":
        fields |= _only_differences(fields)
    return ReportFact(**fields)


def _changed(fields: Mapping[str, Any], ended: bool) -> bool:
    if ended:
        seen = "before" in fields or "after" in fields
        return seen and fields.get("before", _UNSEEN) != fields.get("after", _UNSEEN)
    exact = fields.get("expectation") == "equals"
    return exact and fields.get("before", _UNSEEN) != fields["expected"]


def _only_differences(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration is told by the lines that went and came."""
    before, after = fields.get("before"), fields.get("after")
    if not isinstance(before, list) or not isinstance(after, list):
        return {}
    return {
        "before": [line for line in before if line not in after],
        "after": [line for line in after if line not in before],
    }


def in_groups(facts: Sequence[ReportFact]) -> list[dict[str, Any]]:
    """Returns facts by the part of the router that they belong to, in reading order."""
    names = dict.fromkeys(f.group for f in facts)
    return [{"name": n, "facts": [f for f in facts if f.group == n]} for n in names]
