"""A router that has become exactly what its plan predicts."""

from __future__ import annotations

import re
from typing import Any

from slp_core.plan import Prediction, RouterPlan
from slp_core.state import RouterState
from slp_core.verify import expected
from slp_core.verify.observe import FIELDS

_SOURCES = dict(FIELDS)
_KEYED = re.compile(r"^(licenses|authorization\.licenses)\[(.*)\]\.(\w+)$")
_DATES = ("_on", "ack", "deadline", "push")
WHEN = "2031-05-01T00:00:00Z"
DEADLINE = "2031-05-02T00:00:00Z"
"""A day later: what is newly issued of a policy is a day each."""


def arrived(plan: RouterPlan, before: RouterState) -> RouterState:
    """Returns the state that ``plan`` predicts for the end; what is new gets made-up values."""
    data: dict[str, Any] = {"name": plan.router, "read_at": WHEN}
    if before.udi is not None:
        data["udi"] = before.udi.to_json()
    lists: dict[str, dict[str, dict[str, Any]]] = {"licenses": {}, "authorization.licenses": {}}
    member: dict[str, Any] = {}
    for path, p in expected(plan, "end").items():
        if p.kind == "unobservable" or (p.kind == "unchanged" and not p.known("value")):
            continue
        if path.endswith("].tag") and p.kind == "newly_issued":
            continue  # each licence gets a tag of its own
        value = _value(path, p)
        match = _KEYED.match(path)
        if match:
            lists[match[1]].setdefault(match[2], {})[match[3]] = value
        elif path == "model":
            _put(data, "licensing.slp", "ENABLED")
        elif path == "trust.installed":
            _put(data, "licensing.trust.installed_on", WHEN if value else None)
        elif path.startswith("authorization.") and path in _MEMBER:
            member[_MEMBER[path]] = value
        elif path in _SOURCES:
            _put(data, _SOURCES[path], value)
    _put(data, "licensing.licenses", [_licence(k, v) for k, v in lists["licenses"].items()])
    if member and before.udi is not None:
        _put(data, "licensing.authorization.members", [{"udi": before.udi.to_json(), **member}])
    transport = data.get("licensing", {}).get("transport", {})
    if transport and "kind" not in transport:
        del data["licensing"]["transport"]
    return RouterState.from_json(data)


_MEMBER = {f"authorization.{n}": n for n in
           ("status", "installed_on", "confirmation_code", "legacy_status")}  # fmt: skip


def _licence(key: str, fields: dict[str, Any]) -> dict[str, Any]:
    tag = fields.pop("tag", None) or f"NEW_{key.removeprefix('feature:')}"
    return {"tag": tag, **fields}


def _value(path: str, p: Prediction) -> Any:
    if p.kind != "newly_issued":
        return p.value
    name = path.rpartition(".")[2]
    if name == "next_ack_deadline":
        return DEADLINE
    if name.endswith(_DATES) and name != "on_change":
        return WHEN
    if name in ("count", "push_interval_days", "first_report", "frequency", "on_change"):
        return "1" if path.startswith("authorization.") else 1
    if name == "derived_tags":
        return ["regid.2031-01.com.cisco.NEW,1.0_x"]
    return f"new {name}"


def _put(data: dict[str, Any], path: str, value: Any) -> None:
    *heads, last = path.split(".")
    for head in heads:
        data = data.setdefault(head, {})
    data[last] = value
