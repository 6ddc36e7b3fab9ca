"""Configuration before and after, line by line: what is gone, and why it may be (F41)."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.plan import Finding, RouterPlan
from slp_core.rules.schema import ConfigChange, RuleData
from slp_core.state import Evidence
from slp_core.verify.shown import Shown


def lost_lines(plan: RouterPlan, shown: Shown, rules: RuleData) -> Iterator[Finding]:
    """Yields one finding for each line that stood in the running configuration and does not now.

    A line that a step of the plan writes anew, or that the upgrade itself is known to change, is
    a finding too: one that is met, with the reason.
    """
    before, now = plan.before.get("config"), shown.observed.get("config")
    if before is None or now is None:
        return
    kept, told = set(now.value), set()
    reasons = _reasons(plan, rules)
    place = Evidence(command=now.evidence.command, lines=()) if now.evidence else None
    for line in before:
        if line in kept or line in told:
            continue
        told.add(line)
        reason = next((r for r in reasons if line.strip().startswith(r.starts)), None)
        finding = Finding(
            path=f"config[{line.strip()}]",
            verdict="unforeseen" if reason is None else "met",
            expected=line,
            found=None,
            why=_why(reason),
            severity="warning" if reason is None else "note",
        )
        yield finding.model_copy(update={"evidence": place}) if place else finding


def _reasons(plan: RouterPlan, rules: RuleData) -> list[ConfigChange]:
    kinds = {step.kind for step in plan.steps}
    return [r for r in rules.config_changes if kinds & set(r.steps) or plan.model in r.models]


def _why(reason: ConfigChange | None) -> str:
    if reason is None:
        return "this line is gone from the running configuration (F41)"
    unverified = ", not verified" if reason.basis == "memory" else ""
    return f"the line may go: {reason.why} ({reason.source}{unverified})"
