"""Who answers: the router that was planned, or another one (F47)."""

from __future__ import annotations

from slp_core.errors import PlanMismatch
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_tasks.session import Session

_COMMANDS = ("show license udi", "show version")
_LOOK_S = 90.0
_REMEDY = "check the address in the inventory, then assess and plan again"


def prove_identity(session: Session, plan: RouterPlan) -> None:
    """Returns where the router at the other end is the one that was planned.

    Asked right before an act and on the session that acts: an address may have come to lead
    elsewhere at any time after the plan, also between two steps of a resumed run.

    Raises:
        PlanMismatch: it is another router, or does not show which one it is.
    """
    planned = plan.udi
    if planned is None:
        return
    for command in _COMMANDS:
        found = assemble(plan.router, {command: session.run(command, timeout=_LOOK_S)}).udi
        if found is None:
            continue
        if (found.pid, found.sn) == (planned.pid, planned.sn):
            return
        raise PlanMismatch(
            f"this router is {found.pid} {found.sn}, "
            f"the plan was made for {planned.pid} {planned.sn}",
            where=plan.router,
            remedy=_REMEDY,
        )
    raise PlanMismatch(
        "the router does not show its PID and serial number", where=plan.router, remedy=_REMEDY
    )
