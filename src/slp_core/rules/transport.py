"""What becomes of the transport in the upgrade (TRANS)."""

from __future__ import annotations

from dataclasses import dataclass

from slp_core.rules.model import CSL_MODELS, Model
from slp_core.rules.schema import RuleData
from slp_core.state import RouterState


@dataclass(frozen=True)
class TransportAfter:
    """The transport right after the upgrade; ``kind`` is ``None`` where no rule fits (TRANS-9)."""

    rule: str
    before: str
    kind: str | None
    kept: bool = False
    severity: str = "failure"


def transport_before(state: RouterState, model: Model) -> str | None:
    """Returns the transport in force; ``none`` under CSL, ``None`` where it was not seen."""
    licensing = state.licensing
    if licensing is not None and licensing.transport is not None:
        return licensing.transport.kind
    return "none" if model in CSL_MODELS else None


def transport_after(model: Model, before: str | None, rules: RuleData) -> TransportAfter:
    """Returns the transport that the upgrade leaves behind.

    Source: TRANS-1 to TRANS-9.
    """
    if model is Model.SLP and before not in (None, "none"):
        return TransportAfter("TRANS-8", before, before, kept=True)
    for row in rules.transport:
        if model.value in row.models and before in row.before:
            return TransportAfter(
                row.rule, str(before), row.after, kept=row.after == before, severity=row.severity
            )
    return TransportAfter("TRANS-9", before or "unseen", None)
