"""How long nobody can tell by looking whether what was sent has been taken (F01, F42)."""

from __future__ import annotations

from slp_core.plan import StepKind

DISRUPTIVE = frozenset(
    {StepKind.INSTALL_ACTIVATE, StepKind.ISSU_ACTIVATE, StepKind.RELOAD, StepKind.ROLLBACK}
)
"""Steps that take the router out of service; a group's place is held from before them."""

_SETTLE_S = {
    StepKind.INSTALL_ACTIVATE: 1800.0,  # a one-shot install unpacks the image first
    StepKind.ISSU_ACTIVATE: 300.0,
    StepKind.INSTALL_ADD: 300.0,
    StepKind.RELOAD: 300.0,
    StepKind.ROLLBACK: 900.0,
    StepKind.USAGE_SYNC: 900.0,  # CSSM takes minutes to answer
}


def settle_seconds(kind: StepKind) -> float:
    """Returns how long a router may look untouched after an act was sent, by its own clock.

    A router answers for minutes after ``reload`` or ``install activate`` (F01), so an act whose
    fate is unknown is not repeated before this has passed and the router was looked at again.
    """
    return _SETTLE_S.get(kind, 60.0)
