"""SLAC by file: what a person generated in CSSM is imported, after it was found to fit (F25)."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.folders import folder_name
from slp_core.steps.authorization import SlacImportParams
from slp_tasks.importing import import_file
from slp_tasks.licensing import authorized, not_yet
from slp_tasks.look import ALL, AUTHORIZATION, VERSION, look
from slp_tasks.preconditions import barred
from slp_tasks.sending import incoming_file
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out


class SlacImport(Step[SlacImportParams]):
    """Imports a file that fits this router, unless the feature is authorized."""

    params = SlacImportParams

    def probe(self, ctx: StepContext[SlacImportParams]) -> Probe:
        state = look(ctx, VERSION, ALL, AUTHORIZATION)
        if authorized(state):
            return Probe("done", "the feature is authorized already")
        why_not = barred(state)
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        try:
            incoming_file(ctx, ctx.params.file, state.udi or ctx.plan.udi)
        except InputError as error:
            return Probe("blocked", error.what, code=error.code)
        return Probe("ready", f"imports {ctx.params.file}", seen={"sends": [ctx.line]})

    def act(self, ctx: StepContext[SlacImportParams]) -> Acted:
        return Acted(True, "authorization code imported", import_file(ctx))

    def confirm(self, ctx: StepContext[SlacImportParams]) -> Confirm:
        if authorized(look(ctx, ALL, AUTHORIZATION)):
            return Confirm("confirmed", "the authorization is installed")
        return not_yet(ctx, "the authorization", "AUTHORIZATION_INSTALL_FAILED")


def slac_import(task: Task, file: str, files: Path, **options: Unpack[PlannedOptions]) -> Result:
    """Nornir task: imports the SLAC ``<files>/<host>/in/<file>``."""
    return carry_out(
        task,
        SlacImport(),
        {"file": file},
        files=files / folder_name(task.host.name),
        **options,
    )
