"""From state and target to a plan: steps, predictions, blockers, in that order of trust.

The planner holds no rules of its own: it asks ``slp_core.rules`` and puts the answers in order.
It is deterministic: the same state, target and rule data give the same bytes.
"""

from __future__ import annotations

from slp_core.planner.make import make_plan
from slp_core.planner.notices import notices_of_state
from slp_core.planner.one_step import plan_step

__all__ = ["make_plan", "notices_of_state", "plan_step"]
