"""``Steps``: collects the steps of a plan, and knows what each kind implies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slp_core.plan import PersonTask, StepSpec
from slp_core.steps.base import StepParams

USAGE_FILE, ACK_FILE, SLAC_FILE, CODE_FILE, POLICY_FILE = (
    "usage_report",
    "ACK_usage_report",
    "slac.txt",
    "slr_code.txt",
    "policy.txt",
)


def usage_file(what: str, number: int | None = None) -> str:
    """Returns the name of a file of usage reports: another selection is another file."""
    if what == "unreported":
        return USAGE_FILE
    return f"{USAGE_FILE}_{what}" + (f"_{number}" if number is not None else "")


class Steps:
    """Collects steps and numbers them."""

    def __init__(self) -> None:
        self.specs: list[StepSpec] = []

    def add(
        self,
        params: StepParams,
        reasons: Sequence[str],
        *,
        title: str | None = None,
        why: str = "",
        person: PersonTask | None = None,
        deadline_s: float | None = None,
    ) -> None:
        """Appends one step; what its kind implies (title, deadline, waiting) comes from there."""
        facts = params.facts
        extra: dict[str, Any] = {}
        if facts.waits_for is not None:
            extra["waits_for"] = facts.waits_for
        if person is not None:
            extra["person"] = person
        self.specs.append(
            StepSpec(
                id=f"{len(self.specs) + 1:02d}-{facts.kind.replace('_', '-')}",
                kind=facts.kind,
                title=title or params.title(),
                reasons=tuple(dict.fromkeys(reasons)),
                why=why,
                params=params,
                lasting=facts.lasting,
                deadline_s=deadline_s or params.deadline_s(),
                **extra,
            )
        )
