"""Throughput: boot level, HSECK9, level and crypto, in the platform's order (THR, SLAC-12)."""

from __future__ import annotations

import re
from typing import Unpack

from nornir.core.task import Result, Task

from slp_core.rules.throughput import same_level
from slp_core.steps.throughput import ThroughputParams
from slp_tasks.look import configuration, look
from slp_tasks.step import Acted, Confirm, Notes, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_LATER = re.compile(r"reboot|reload|next boot", re.IGNORECASE)
_SAID = re.compile(r"^% ?[^\n]+", re.MULTILINE)
_LEVEL = "platform hardware throughput level "
_SHOW = (
    "show platform hardware throughput level",
    "show platform hardware throughput crypto",
)


class SetThroughput(Step[ThroughputParams]):
    """Configures what is missing."""

    params = ThroughputParams

    def probe(self, ctx: StepContext[ThroughputParams]) -> Probe:
        missing = _missing(ctx)
        if not missing:
            return Probe("done", "the throughput is configured already")
        return Probe("ready", f"configures {', '.join(missing)}", seen={"sends": missing})

    def act(self, ctx: StepContext[ThroughputParams]) -> Acted:
        said = ctx.session.configure(_missing(ctx))
        noted: Notes = {"after_reload": bool(_LATER.search(said))}
        warned = [x[0].strip() for x in _SAID.finditer(said) if not _LATER.search(x[0])]
        return Acted(True, "configured", noted | ({"said": warned[0]} if warned else {}))

    def confirm(self, ctx: StepContext[ThroughputParams]) -> Confirm:
        missing = _missing(ctx)
        if missing:
            why = f": {ctx.notes['said']}" if ctx.notes.get("said") else ""
            return Confirm("failed", f"the router does not keep `{missing[0]}`{why}")
        shown = look(ctx, *_SHOW).throughput
        later = " (in force after the next reload)" if ctx.notes.get("after_reload") else ""
        return Confirm(
            "confirmed",
            f"configured{later}",
            seen={
                "level": shown.level if shown else None,
                "crypto": shown.crypto if shown else None,
            },
        )


def _missing(ctx: StepContext[ThroughputParams]) -> list[str]:
    have = {" ".join(line.split()) for line in configuration(ctx)}
    return [line for line in ctx.lines if not _is_kept(line, have)]


def _is_kept(line: str, have: set[str]) -> bool:
    """Tells whether a line stands there, or its level in the router's own form (``MB 250``)."""
    _, found, level = line.partition(_LEVEL)
    kept = (x.partition(_LEVEL)[2] for x in have if x.startswith(_LEVEL))
    return line in have or (bool(found) and any(same_level(x, level) for x in kept))


def throughput(
    task: Task,
    level: int | str | None = None,
    crypto: int | str | None = None,
    boot_level: str | None = None,
    hseck9: bool = False,
    **options: Unpack[TaskOptions],
) -> Result:
    """Nornir task: configures throughput; whether it needs a reload stands in the notes.

    Args:
        boot_level: such as ``network-advantage addon dna-advantage``.
        hseck9: enter ``license feature hseck9`` before the throughput that hangs on it.
    """
    params = {"level": level, "crypto": crypto, "boot_level": boot_level, "hseck9": hseck9}
    return carry_out(task, SetThroughput(), params, **options)
