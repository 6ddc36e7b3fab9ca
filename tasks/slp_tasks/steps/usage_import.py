"""Import an acknowledgement or a policy: of this router, once, seen in what it shows (F25, REP-9).

An acknowledgement shows in ``Last ACK received``, a policy that comes alone in the time at which
the policy in use was installed.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.state import RouterState
from slp_core.steps.usage import UsageImportParams
from slp_tasks import usage_rest
from slp_tasks.importing import handed, import_file, remote_path
from slp_tasks.licensing import not_yet, sent_at
from slp_tasks.look import ALL, VERSION, file_time, look
from slp_tasks.preconditions import barred
from slp_tasks.sending import digest_of, digest_on_router, incoming_file
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.steps.usage_sync import acknowledged, last_ack
from slp_tasks.task import PlannedOptions, carry_out

_MINUTE = 60.0


class UsageImport(Step[UsageImportParams]):
    """Imports a file that fits this router, unless this very one is imported."""

    params = UsageImportParams

    def probe(self, ctx: StepContext[UsageImportParams]) -> Probe:
        state = look(ctx, VERSION, ALL, f"dir {ctx.flash}")
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        try:
            incoming_file(ctx, ctx.params.file, state.udi or ctx.plan.udi)
        except InputError as error:
            return Probe("blocked", error.what, code=error.code)
        if _imported(ctx, state):
            return Probe("done", f"this {_called(ctx)} is imported already")
        last = _shown(ctx, state)
        sends = usage_rest.command(ctx) if usage_rest.by_rest(ctx) else ctx.line
        seen = {"before": last.isoformat() if last else None, "sends": [sends]}
        return Probe("ready", f"imports {ctx.params.file}", seen=seen)

    def act(self, ctx: StepContext[UsageImportParams]) -> Acted:
        rest = usage_rest.by_rest(ctx)
        noted = usage_rest.hand_in(ctx) if rest else import_file(ctx)
        return Acted(True, f"{_called(ctx)} imported", noted)

    def confirm(self, ctx: StepContext[UsageImportParams]) -> Confirm:
        last = _shown(ctx, look(ctx, ALL))
        if last is not None and acknowledged(last, sent_at(ctx)):
            done = "policy installed" if _policy(ctx) else "acknowledged"
            key = "policy_at" if _policy(ctx) else "last_ack"
            seen = {key: last.isoformat()}
            return Confirm("confirmed", f"{done} {last:%Y-%m-%d %H:%M:%S}", seen=seen)
        failures = ("POLICY_INSTALL_FAILED",) if _policy(ctx) else ()
        return not_yet(ctx, f"the {_called(ctx)} to show", *failures, retry_in=15)

    def planned(self, ctx: StepContext[UsageImportParams]) -> tuple[str, ...]:
        """Returns the lines, or what is asked of the REST interface."""
        return (usage_rest.command(ctx),) if usage_rest.by_rest(ctx) else ctx.lines


def _policy(ctx: StepContext[UsageImportParams]) -> bool:
    return ctx.params.kind == "policy"


def _called(ctx: StepContext[UsageImportParams]) -> str:
    return "policy" if _policy(ctx) else "acknowledgement"


def _shown(ctx: StepContext[UsageImportParams], state: RouterState) -> datetime | None:
    """Returns when what is imported came last, by the router's clock."""
    if not _policy(ctx):
        return last_ack(state)
    policy = state.licensing.policy if state.licensing else None
    return policy.installed_on if policy else None


def _imported(ctx: StepContext[UsageImportParams], state: RouterState) -> bool:
    """Tells whether this very file was imported: it is on flash, and it showed after it came."""
    last = _shown(ctx, state)
    if last is None:
        return False
    at = sent_at(ctx)
    if at is not None:
        return acknowledged(last, at)
    if usage_rest.by_rest(ctx):
        return usage_rest.was_handed_in(ctx)
    path = handed(ctx)
    written = file_time(state, path.name)
    if written is None:
        return False
    came_after = (last - written).total_seconds() >= -_MINUTE
    return came_after and digest_on_router(ctx, remote_path(ctx)) == digest_of(path)


def usage_import(
    task: Task,
    file: str,
    files: Path,
    kind: Literal["ack", "policy"] = "ack",
    by: Literal["cli", "rest"] | None = None,
    **options: Unpack[PlannedOptions],
) -> Result:
    """Nornir task: imports the acknowledgement or policy ``<files>/<host>/in/<file>``."""
    return carry_out(
        task,
        UsageImport(),
        {"file": file, "kind": kind} | ({"by": by} if by else {}),
        files=files / folder_name(task.host.name),
        **options,
    )
