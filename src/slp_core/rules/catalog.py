"""What each rule means, for ``slp explain`` and for the reasons in plans."""

from __future__ import annotations

from dataclasses import dataclass

from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import Basis, CatalogRow, RuleData


@dataclass(frozen=True)
class Explanation:
    """One rule in words.

    Attributes:
        basis: ``guide`` where the vendor's guide says so; anything else is marked in plans.
        overridable: whether ``--allow`` turns its blocker into a warning.
    """

    id: str
    title: str
    text: str
    source: str
    basis: Basis = "guide"
    overridable: bool = False


def explain(rule_id: str, rules: RuleData | None = None) -> Explanation | None:
    """Returns what a rule means; ``None`` where there is no such rule."""
    row = (rules or builtin_rules()).rules.get(rule_id.strip().upper())
    return None if row is None else _explanation(rule_id.strip().upper(), row)


def all_rules(rules: RuleData | None = None) -> tuple[Explanation, ...]:
    """Returns every rule, in the order of the data."""
    return tuple(_explanation(i, row) for i, row in (rules or builtin_rules()).rules.items())


def _explanation(rule_id: str, row: CatalogRow) -> Explanation:
    return Explanation(rule_id, row.title, row.text, row.source, row.basis, row.overridable)
