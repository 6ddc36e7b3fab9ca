"""Planning a fleet of any size from assessments on disk: one router in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from slp_core.plan import RouterPlan, Target
from slp_core.planner.make import make_plan
from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState


def plan_lines(
    lines: Iterable[str],
    target_of: Callable[[RouterState], Target],
    *,
    rules: RuleData | None = None,
) -> Iterator[RouterPlan]:
    """Yields the plan of each router, as its state is read.

    Args:
        lines: JSON lines, each a ``RouterState`` as ``to_json`` writes it; empty lines are skipped.
        target_of: where each router should go.
    """
    data = rules or builtin_rules()
    for line in lines:
        if line.strip():
            state = RouterState.from_json(json.loads(line))
            yield make_plan(state, target_of(state), rules=data)


def write_lines(plans: Iterable[RouterPlan], file: TextIO) -> dict[str, Any]:
    """Writes plans as JSON lines while they are made, and returns the totals."""
    totals = {"routers": 0, "blocked": 0, "idle": 0, "steps": 0}
    for plan in plans:
        json.dump(plan.to_json(), file, separators=(",", ":"))
        file.write("\n")
        totals["routers"] += 1
        totals["blocked"] += bool(plan.blockers)
        totals["idle"] += not plan.steps
        totals["steps"] += len(plan.steps)
    return totals
