"""Backup: configurations byte for byte, and everything that the router shows, as evidence."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.folders import folder_name
from slp_core.steps.around import BackupParams
from slp_tasks.collect import collect
from slp_tasks.evidence import keep_evidence
from slp_tasks.look import RUNNING, STARTUP
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import PlannedOptions, carry_out

FILES = {RUNNING: "running-config.txt", STARTUP: "startup-config.txt"}


class Backup(Step[BackupParams]):
    """Keeps files on this side; the router is only read."""

    params = BackupParams

    def probe(self, ctx: StepContext[BackupParams]) -> Probe:
        if ctx.notes.get("files") and not _lacking(ctx):
            return Probe("done", "kept already")
        return Probe("ready", "keeps configurations and licence state")

    def act(self, ctx: StepContext[BackupParams]) -> Acted:
        outputs = collect(ctx.session, timeout=max(120.0, ctx.clock.patience(120)))
        kept = {}
        for command, name in FILES.items():
            data = outputs[command].encode()
            ctx.files.write("backup", name, data)
            kept[name] = hashlib.sha256(data).hexdigest()
        return Acted(
            changed=False,
            detail=f"{len(kept)} configurations and {len(outputs)} outputs kept",
            noted={"files": kept, "evidence": keep_evidence(ctx, outputs)},
        )

    def confirm(self, ctx: StepContext[BackupParams]) -> Confirm:
        lacking = _lacking(ctx)
        if lacking:
            return Confirm("failed", f"{lacking} was not kept as it was read")
        return Confirm("confirmed", "configurations and licence state are kept")


def _lacking(ctx: StepContext[BackupParams]) -> str | None:
    """Returns the first file that is missing or not what was noted."""
    kept: dict[str, str] = ctx.notes.get("files") or {}
    for name in FILES.values():
        path = ctx.files.folder("backup") / name
        if not path.is_file() or not path.stat().st_size:
            return name
        if hashlib.sha256(path.read_bytes()).hexdigest() != kept.get(name):
            return name
    return None


def backup(task: Task, files: Path, **options: Unpack[PlannedOptions]) -> Result:
    """Nornir task: keeps configurations and outputs of the host below ``files``."""
    return carry_out(task, Backup(), files=files / folder_name(task.host.name), **options)
