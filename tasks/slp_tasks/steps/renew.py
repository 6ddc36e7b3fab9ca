"""Renew: authorization or identity of a registered router, seen in its own times (B9-6, B9-13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.parsing.commands.license_status import LicenseStatus
from slp_core.parsing.values import Stamped
from slp_core.steps.classic import RenewParams
from slp_tasks.licensing import not_yet, send_smart, sent_at
from slp_tasks.look import router_time
from slp_tasks.registration import is_registered, read_status, refused_here, succeeded
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_FRESH = timedelta(hours=1)
"""What was renewed so lately by the router's clock is not renewed again."""
_FAILURES = {"auth": "AUTH_RENEW_FAILED", "id": "ID_CERT_RENEW_FAILED"}


class Renew(Step[RenewParams]):
    """Renews what was not renewed just now."""

    params = RenewParams

    def probe(self, ctx: StepContext[RenewParams]) -> Probe:
        status = read_status(ctx)
        if not is_registered(status):
            refused = refused_here(status) or "the router is not registered: register it first"
            return Probe("blocked", refused)
        last = _renewed(ctx, status)
        since = sent_at(ctx) or router_time(ctx) - _FRESH
        if last is not None and last >= since.replace(microsecond=0):
            return Probe("done", f"renewed {last:%Y-%m-%d %H:%M:%S}")
        return Probe("ready", f"renews {ctx.params.what}", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[RenewParams]) -> Acted:
        return Acted(True, "renewal requested", send_smart(ctx, ctx.line))

    def confirm(self, ctx: StepContext[RenewParams]) -> Confirm:
        status = read_status(ctx)
        if not is_registered(status):
            return Confirm(
                "failed",
                "the router lost its registration: register it again (B9-13)",
                code=StepFailed.code,
            )
        last, at = _renewed(ctx, status), sent_at(ctx)
        if last is not None and at is not None and last >= at.replace(microsecond=0):
            return Confirm("confirmed", f"renewed {last:%Y-%m-%d %H:%M:%S}")
        return not_yet(ctx, "the answer of CSSM", _FAILURES[ctx.params.what], retry_in=10)


def _renewed(ctx: StepContext[RenewParams], status: LicenseStatus | None) -> datetime | None:
    """Returns when it was renewed last with success, by the router's clock."""
    attempt: Stamped | None = None
    if status is not None and ctx.params.what == "id":
        attempt = status.registration.last_renewal if status.registration else None
    elif status is not None:
        attempt = status.authorization.last_communication if status.authorization else None
    return attempt.at if attempt is not None and succeeded(attempt) else None


def renew(
    task: Task, what: Literal["auth", "id"] = "auth", **options: Unpack[TaskOptions]
) -> Result:
    """Nornir task: renews the host's authorization or identity, unless it just was."""
    return carry_out(task, Renew(), {"what": what}, **options)
