"""SLAC by file: what a person generated in CSSM is imported, after it was found to fit (F25)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.plan import StepKind
from slp_tasks.barred import barred
from slp_tasks.importing import command, import_file
from slp_tasks.licensing import authorized, not_yet
from slp_tasks.look import ALL, AUTHORIZATION, VERSION, look
from slp_tasks.sending import incoming_file
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out


class SlacImport:
    """Params: ``file`` in the router's ``in/``."""

    def probe(self, ctx: StepContext) -> Probe:
        state = look(ctx, VERSION, ALL, AUTHORIZATION)
        if authorized(state):
            return Probe("done", "the feature is authorized already")
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        try:
            incoming_file(ctx, ctx.step.params["file"], state.udi or ctx.plan.udi)
        except InputError as error:
            return Probe("blocked", error.what, code=error.code)
        return Probe("ready", f"imports {ctx.step.params['file']}", seen={"sends": [command(ctx)]})

    def act(self, ctx: StepContext) -> Acted:
        return Acted(True, "authorization code imported", import_file(ctx))

    def confirm(self, ctx: StepContext) -> Confirm:
        if authorized(look(ctx, ALL, AUTHORIZATION)):
            return Confirm("confirmed", "the authorization is installed")
        return not_yet(ctx, "the authorization", "AUTHORIZATION_INSTALL_FAILED")


def slac_import(task: Task, file: str, files: Path, **options: Any) -> Result:
    """Nornir task: imports the SLAC ``<files>/<host>/in/<file>``."""
    return carry_out(
        task,
        SlacImport(),
        StepKind.SLAC_IMPORT,
        {"file": file},
        files=files / folder_name(task.host.name),
        deadline_s=600,
        **options,
    )
