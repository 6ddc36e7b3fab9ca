"""Import an acknowledgement: of this router, once, seen in ``Last ACK received`` (F25, REP-9)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nornir.core.task import Result, Task

from slp_core.errors import InputError
from slp_core.plan import StepKind
from slp_core.state import RouterState
from slp_tasks.importing import command, import_file, remote_path
from slp_tasks.licensing import not_yet, sent_at
from slp_tasks.look import ALL, VERSION, look
from slp_tasks.sending import digest_of, digest_on_router, filesystem_of, incoming, incoming_file
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out
from slp_tasks.usage_sync import acknowledged, last_ack

_MINUTE = 60.0


class UsageImport:
    """Params: ``file`` in the router's ``in/``."""

    def probe(self, ctx: StepContext) -> Probe:
        state = look(ctx, VERSION, ALL, f"dir {filesystem_of(ctx)}")
        try:
            incoming_file(ctx, ctx.step.params["file"], state.udi or ctx.plan.udi)
        except InputError as error:
            return Probe("blocked", error.what, code=error.code)
        if _imported(ctx, state):
            return Probe("done", "this acknowledgement is imported already")
        last = last_ack(state)
        seen = {"before": last.isoformat() if last else None, "sends": [command(ctx)]}
        return Probe("ready", f"imports {ctx.step.params['file']}", seen=seen)

    def act(self, ctx: StepContext) -> Acted:
        return Acted(True, "acknowledgement imported", import_file(ctx))

    def confirm(self, ctx: StepContext) -> Confirm:
        last = last_ack(look(ctx, ALL))
        if last is not None and acknowledged(last, sent_at(ctx)):
            return Confirm(
                "confirmed",
                f"acknowledged {last:%Y-%m-%d %H:%M:%S}",
                seen={"last_ack": last.isoformat()},
            )
        return not_yet(ctx, "the acknowledgement to show", retry_in=15)


def _imported(ctx: StepContext, state: RouterState) -> bool:
    """Tells whether this very file was imported: it is on flash, and an ACK came after it."""
    last = last_ack(state)
    if last is None:
        return False
    at = sent_at(ctx)
    if at is not None:
        return acknowledged(last, at)
    path = incoming(ctx, ctx.step.params["file"])
    entry = next(
        (f for s in state.storage or () for f in s.files or () if f.name == path.name), None
    )
    if entry is None or entry.modified is None:
        return False
    came_after = (last - entry.modified).total_seconds() >= -_MINUTE
    return came_after and digest_on_router(ctx, remote_path(ctx)) == digest_of(path)


def usage_import(task: Task, file: str, files: Path, **options: Any) -> Result:
    """Nornir task: imports the acknowledgement ``<files>/<host>/in/<file>``."""
    return carry_out(
        task,
        UsageImport(),
        StepKind.USAGE_IMPORT,
        {"file": file},
        files=files / task.host.name,
        deadline_s=900,
        **options,
    )
