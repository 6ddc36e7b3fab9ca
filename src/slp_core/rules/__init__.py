"""The licensing rules: each a small pure function or a row of data, with its source.

Rules take values and return values. What rests on unverified material is data in ``data/`` and
can be overridden; nothing here is keyed by a known tag, router or scenario.
"""

from __future__ import annotations

from slp_core.rules.catalog import Explanation, all_rules, explain
from slp_core.rules.data import builtin_rules, load_rules
from slp_core.rules.schema import RuleData

__all__ = ["Explanation", "RuleData", "all_rules", "builtin_rules", "explain", "load_rules"]
