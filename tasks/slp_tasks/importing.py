"""What every import shares: the file is for this router, arrives whole, and is accepted."""

from __future__ import annotations

import re

from slp_core.errors import StepFailed
from slp_core.secrets import REDACTOR
from slp_tasks.look import router_time
from slp_tasks.sending import carry_in, filesystem_of, incoming, send
from slp_tasks.step import Notes, StepContext

_REASON = re.compile(r"^.*(?:Fail|Error|Invalid|not for this)[^\n]*$", re.IGNORECASE | re.MULTILINE)


def remote_path(ctx: StepContext) -> str:
    """Returns where the file lies on the router."""
    return f"{filesystem_of(ctx)}{incoming(ctx, ctx.step.params['file']).name}"


def command(ctx: StepContext) -> str:
    """Returns the import command."""
    return f"license smart import {remote_path(ctx)}"


def import_file(ctx: StepContext) -> Notes:
    """Copies the file to the router, proves it, imports it; returns when and what.

    Raises:
        StepFailed: the router does not accept it.
    """
    digest = carry_in(ctx, incoming(ctx, ctx.step.params["file"]), remote_path(ctx))
    at = router_time(ctx)
    said = send(ctx, command(ctx), timeout=300)
    if "import data successful" not in said.lower():
        reason = _REASON.search(said)
        text = REDACTOR.mask(reason[0].strip())[:160] if reason else "no success was reported"
        raise StepFailed(
            f"the router did not accept the file: {text}",
            where=ctx.plan.router,
            remedy="take the file of this router from CSSM, unchanged",
        )
    return {"sent_at": at.isoformat(), "md5": digest}
