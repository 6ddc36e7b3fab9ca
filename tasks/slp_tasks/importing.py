"""What every import shares: the file is for this router, arrives whole, and is accepted."""

from __future__ import annotations

import re
from pathlib import Path

from slp_core.errors import StepFailed
from slp_core.secrets import REDACTOR
from slp_tasks.look import router_time
from slp_tasks.sending import carry_in, incoming, send
from slp_tasks.step import Notes, StepContext

_REASON = re.compile(r"^.*(?:Fail|Error|Invalid|not for this)[^\n]*$", re.IGNORECASE | re.MULTILINE)


def remote_path(ctx: StepContext) -> str:
    """Returns where the file lies on the router."""
    return f"{ctx.flash}{handed(ctx).name}"


def handed(ctx: StepContext) -> Path:
    """Returns the file that the step takes, as a person dropped it."""
    taken = ctx.step.params.takes()
    assert taken is not None, "a step that takes no file"
    return incoming(ctx, taken[0])


def import_file(ctx: StepContext) -> Notes:
    """Copies the file to the router, proves it, imports it; returns when and what.

    Raises:
        StepFailed: the router does not accept it.
    """
    digest = carry_in(ctx, handed(ctx), remote_path(ctx))
    at = router_time(ctx)
    said = send(ctx, ctx.line, timeout=300)
    if "import data successful" not in said.lower():
        reason = _REASON.search(said)
        text = REDACTOR.mask(reason[0].strip())[:160] if reason else "no success was reported"
        raise StepFailed(
            f"the router did not accept the file: {text}",
            where=ctx.plan.router,
            remedy="take the file of this router from CSSM, unchanged",
        )
    return {"sent_at": at.isoformat(), "md5": digest}
