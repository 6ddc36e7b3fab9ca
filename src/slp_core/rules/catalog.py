"""What each rule means, for ``slp explain`` and for the reasons in plans."""

from __future__ import annotations

from dataclasses import dataclass

from slp_core.rules.data import builtin_rules
from slp_core.rules.schema import Basis, CatalogRow, Defect, RuleData


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
    scope: str = ""


def explain(rule_id: str, rules: RuleData | None = None) -> Explanation | None:
    """Returns what a rule, or a defect of UP-5, means; ``None`` where there is no such name."""
    data, wanted = rules or builtin_rules(), rule_id.strip().upper()
    row = data.rules.get(wanted)
    if row is not None:
        return _explanation(wanted, row)
    return next((_of_defect(d) for d in data.defects if d.id == wanted), None)


def all_rules(rules: RuleData | None = None) -> tuple[Explanation, ...]:
    """Returns every rule in the order of the data, then the defects of UP-5."""
    data = rules or builtin_rules()
    named = [_explanation(i, row) for i, row in data.rules.items()]
    return (*named, *(_of_defect(d) for d in data.defects))


def _explanation(rule_id: str, row: CatalogRow) -> Explanation:
    return Explanation(
        rule_id, row.title, row.text, row.source, row.basis, row.overridable, row.scope
    )


def _of_defect(defect: Defect) -> Explanation:
    where = [str(r) for r in defect.releases]
    where += [f"all of {t}" for t in defect.trains]
    where += [f"all before {defect.before}"] if defect.before else []
    where += [f"but for {train} from {good}" for train, good in defect.except_from.items()]
    scope = {"any": "any router", "voice": "routers with voice", "connected": "direct topology"}
    fixed = ", ".join(str(r) for r in defect.fixed_in)
    text = f"{', '.join(where)}; {scope[defect.scope]}; fixed in {fixed}. See UP-5."
    title = defect.text[0].upper() + defect.text[1:]
    return Explanation(
        defect.id, title, text, defect.source, defect.basis, True, scope[defect.scope]
    )
