"""Throughput: boot level, HSECK9, level and crypto, in the platform's order (THR, SLAC-12)."""

from __future__ import annotations

import re
from typing import Any

from nornir.core.task import Result, Task

from slp_core.plan import StepKind
from slp_core.rules.throughput import throughput_lines
from slp_tasks.look import configuration, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_LATER = re.compile(r"reboot|reload|next boot", re.IGNORECASE)
_SHOW = (
    "show platform hardware throughput level",
    "show platform hardware throughput crypto",
)


class SetThroughput:
    """Params: any of ``boot_level``, ``hseck9``, ``level`` (kb/s, or as typed), ``crypto``."""

    def probe(self, ctx: StepContext) -> Probe:
        missing = _missing(ctx)
        if not missing:
            return Probe("done", "the throughput is configured already")
        return Probe("ready", f"configures {', '.join(missing)}", seen={"sends": missing})

    def act(self, ctx: StepContext) -> Acted:
        said = ctx.session.configure(_missing(ctx))
        return Acted(True, "configured", {"after_reload": bool(_LATER.search(said))})

    def confirm(self, ctx: StepContext) -> Confirm:
        missing = _missing(ctx)
        if missing:
            return Confirm("failed", f"the router does not keep `{missing[0]}`")
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


def _missing(ctx: StepContext) -> list[str]:
    have = {" ".join(line.split()) for line in configuration(ctx)}
    return [line for line in throughput_lines(ctx.step.params) if line not in have]


def throughput(
    task: Task,
    level: int | str | None = None,
    crypto: int | str | None = None,
    boot_level: str | None = None,
    hseck9: bool = False,
    **options: Any,
) -> Result:
    """Nornir task: configures throughput; whether it needs a reload stands in the notes.

    Args:
        boot_level: such as ``network-advantage addon dna-advantage``.
        hseck9: enter ``license feature hseck9`` before the throughput that hangs on it.
    """
    params = {"level": level, "crypto": crypto, "boot_level": boot_level, "hseck9": hseck9}
    return carry_out(task, SetThroughput(), StepKind.THROUGHPUT, params, deadline_s=600, **options)
