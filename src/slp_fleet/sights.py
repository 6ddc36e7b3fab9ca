"""What was seen of a router last, and when: the AFTER of reports.

A look of the whole router (a verify step, ``slp verify``) takes the place of all before it. A step
that looks with a few commands sees a part: what it shows is newer, the rest stays, and each part
keeps its own moment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from slp_core.plan import Finding
from slp_fleet.store import dumps


@dataclass(frozen=True)
class Sight:
    """What one look saw.

    Attributes:
        by: id of the step, or the command, that looked.
        findings: what a look of the whole was held against, where no step keeps them.
    """

    at: datetime
    by: str
    facts: Mapping[str, Any]
    whole: bool
    findings: Sequence[Finding] = field(default_factory=tuple)


def sight_of(got: Mapping[str, Any], step: str, now: datetime) -> Sight | None:
    """Returns what a probe or confirm saw; nothing where it did not look."""
    observed = (got.get("seen") or {}).get("observed")
    if observed is not None:
        return Sight(now, step, observed, whole=True)
    part = got.get("sight")
    return Sight(now, step, part, whole=False) if part else None


def keep(db: sqlite3.Connection, run: str, router: str, sight: Sight) -> None:
    """Writes what was seen; it is no AFTER before the run has begun to act on the router."""
    row = db.execute(
        "SELECT after, looks, state='proven' OR EXISTS(SELECT 1 FROM effects e "
        "WHERE e.run=r.run AND e.router=r.router) AS acted "
        "FROM router_runs r WHERE run=? AND router=?",
        (run, router),
    ).fetchone()
    if row is None or not row["acted"]:
        return
    look: dict[str, Any] = {"at": sight.at.isoformat(), "by": sight.by, "whole": sight.whole}
    if sight.whole:
        if sight.findings:
            look["findings"] = [f.to_json() for f in sight.findings]
        after, looks = dict(sight.facts), [look]
    else:
        after = merged(json.loads(row["after"] or "{}"), sight.facts)
        looks = _with_part(json.loads(row["looks"] or "[]"), {**look, "paths": [*sight.facts]})
    db.execute(
        "UPDATE router_runs SET after=?, looks=? WHERE run=? AND router=?",
        (dumps(after), dumps(looks), run, router),
    )


def merged(before: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """Returns older facts with newer ones over them.

    Another kind of transport has other fields: those of the old one are gone.
    """
    kept = {
        path: value
        for path, value in before.items()
        if "transport.kind" not in seen or not path.startswith("transport.")
    }
    return {**kept, **seen}


def _with_part(looks: list[dict[str, Any]], part: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the looks with a further one; of each earlier part what is still the last."""
    newer, kept = set(part["paths"]), []
    for look in looks:
        if look["whole"]:
            kept.append(look)
            continue
        left = [path for path in look["paths"] if path not in newer]
        if left:
            kept.append({**look, "paths": left})
    return [*kept, part]
