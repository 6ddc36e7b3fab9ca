"""What the licensing steps share: a command that is answered at once and done later."""

from __future__ import annotations

from datetime import datetime

from slp_core.errors import SecretError, StepFailed
from slp_core.forms import TOKEN
from slp_core.state import RouterState
from slp_core.steps.base import TOKEN as TOKEN_HERE
from slp_tasks.look import messages, router_time
from slp_tasks.sending import error_line, send
from slp_tasks.step import Confirm, Notes, StepContext
from slp_tasks.syslog_causes import failure_in


def send_smart(ctx: StepContext, command: str, *, hidden: bool = False) -> Notes:
    """Sends ``license smart …`` and returns when, by the router's own clock.

    Raises:
        StepFailed: the router answers with an error.
    """
    at = router_time(ctx)
    said = send(ctx, command, timeout=120, hidden=hidden)
    error = error_line(said)
    if error is not None:
        raise StepFailed(f"the router refused: {error}", where=ctx.plan.router)
    return {"sent_at": at.isoformat()}


def with_token(ctx: StepContext) -> str:
    """Returns the step's command with the secret that its reference names."""
    return ctx.line.replace(TOKEN_HERE, token_of(ctx))


def token_of(ctx: StepContext) -> str:
    """Returns the token that the step's reference names; resolved in the act and kept nowhere.

    Raises:
        SecretError: there is none, or it is no single word.
    """
    reference = ctx.step.params.token_reference() or ""
    token = ctx.secrets.resolve_token(reference)
    refusal = TOKEN.refusal(token) if token else "is empty"
    if refusal is not None:
        raise SecretError(
            f"the token at {reference} {refusal}",
            where=ctx.plan.router,
            remedy="copy it once more from CSSM, on one line",
        )
    return token


def sent_at(ctx: StepContext) -> datetime | None:
    """Returns when the command was sent, by the router's clock."""
    noted = ctx.notes.get("sent_at")
    return datetime.fromisoformat(noted) if noted else None


_LOOK = "look at the licence server whether the request arrived there, then `slp retry`"


def not_yet(ctx: StepContext, waiting_for: str, *mnemonics: str, retry_in: float = 20.0) -> Confirm:
    """Returns ``pending``, or ``failed`` where the log names a cause that waiting cannot mend."""
    told = failure_in(messages(ctx, sent_at(ctx)), mnemonics)
    if told is None:
        return Confirm("pending", f"waits for {waiting_for}", retry_in=retry_in, remedy=_LOOK)
    cause = told
    seen: Notes = {"cause": cause.name}
    if cause.final:
        return Confirm(
            "failed", cause.sentence, seen=seen, code=StepFailed.code, remedy=cause.remedy
        )
    said = f"waits for {waiting_for}: {cause.sentence}"
    return Confirm("pending", said, seen, retry_in, remedy=cause.remedy)


def authorized(state: RouterState, feature: str = "hseck9") -> bool:
    """Tells whether an export-controlled feature may be used.

    The licence in use says it (``RESTRICTED - ALLOWED``); where it is not in use, an installed
    authorization that names a licence does.
    """
    licensing = state.licensing
    if licensing is None:
        return False
    for licence in licensing.licenses or ():
        named = feature in (licence.name, licence.feature_name) or "hsec" in licence.tag.lower()
        if named and (licence.export_status or "").upper() == "RESTRICTED - ALLOWED":
            return True
    authorization = licensing.authorization
    if authorization is None or not authorization.licenses:
        return False
    installed = any(
        m.status and m.status.endswith("INSTALLED") and not m.status.startswith("NOT")
        for m in authorization.members or ()
    )
    tags = [x for x in authorization.licenses if "hsec" in f"{x.tag} {x.name}".lower()]
    return installed and bool(tags)
