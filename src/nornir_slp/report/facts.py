"""What was observed before and after, beside what was predicted: one row a path."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from nornir_slp.report.model import ReportFact
from nornir_slp.words import model_name, value
from slp_core.plan import Finding, Prediction
from slp_fleet.model import RouterLook

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
_ITEM = re.compile(r"^([a-z_.]+)\[([^]]+)\]\.(.+)$")
_KINDS = {
    "licenses": "Licence",
    "csl": "Licence",
    "authorization": "Authorization of",
    "authorization.licenses": "Authorization for",
}
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
    moment: str = "end",
    looks: Sequence[RouterLook] = (),
) -> tuple[ReportFact, ...]:
    """Returns a row for every path that was seen, predicted or found, in reading order.

    Args:
        moment: whose predictions the findings were held against, ``upgrade`` or ``end``.
        looks: what ``after`` comes from, the last one last; without any it was seen as a whole.
    """
    given = list(predictions)
    expected = {p.path: p for p in given if p.moment == "upgrade"}
    if moment == "end":  # what holds after the upgrade holds in the end, unless said otherwise
        expected |= {p.path: p for p in given if p.moment == "end"}
    found = {f.path: f for f in findings}
    paths = dict.fromkeys((*before, *after, *expected, *found))
    whole = bool(after) and (not looks or any(k.whole for k in looks))
    rows = [_fact(p, before, after, expected.get(p), found.get(p), whole) for p in paths]
    rows = [_dated(row, looks) for row in rows]
    return tuple(sorted(rows, key=lambda r: (_RANK.get(r.group, len(_RANK)), r.path)))


def _fact(
    path: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    prediction: Prediction | None,
    finding: Finding | None,
    whole: bool,
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
    fields["changed"] = _changed(fields, whole or "after" in fields)
    if path == "config":
        fields |= _only_differences(fields)
    return ReportFact(**fields)


def _changed(fields: Mapping[str, Any], ended: bool) -> bool:
    if ended:
        seen = "before" in fields or "after" in fields
        return seen and fields.get("before", _UNSEEN) != fields.get("after", _UNSEEN)
    exact = fields.get("expectation") == "equals"
    return exact and fields.get("before", _UNSEEN) != fields["expected"]


def _dated(fact: ReportFact, looks: Sequence[RouterLook]) -> ReportFact:
    """Returns a fact with the moment of its own look, where that is not the last one.

    What a step saw after the last verification has not been held against anything yet.
    """
    if not looks or not fact.known("after"):
        return fact
    own = next((k for k in reversed(looks) if k.whole or fact.path in k.paths), None)
    changes: dict[str, Any] = {}
    if own is not None and own is not looks[-1]:
        changes["seen_at"] = own.at
    if own is not None and not own.whole:
        changes["verdict"] = None
    return fact.model_copy(update=changes)


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
    """Returns facts by what they are of, in reading order: a part of the router, or one licence.

    Each fact comes with the label that is left of its path below that heading.
    """
    blocks: dict[str, list[dict[str, Any]]] = {}
    for fact in facts:
        match = _ITEM.match(fact.path)
        if match is None:
            name, label = fact.group, fact.path
        else:
            of = match[2].removeprefix("feature:")
            name, label = f"{_KINDS.get(match[1], match[1])} {of}", match[3]
        blocks.setdefault(name, []).append({"fact": fact, "label": label})
    return [{"name": name, "facts": rows} for name, rows in blocks.items()]


def shown(path: str, given: Any) -> str:
    """Returns an observed value as people read it."""
    if path == "model" and isinstance(given, str):
        return model_name(given)
    if path.startswith("throughput.") and isinstance(given, int) and not isinstance(given, bool):
        return f"{given / 1000:g} Mbps"
    if isinstance(given, list) and given:
        return "\n".join(map(value, given))
    return value(given)
