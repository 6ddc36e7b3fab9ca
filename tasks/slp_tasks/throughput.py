"""Throughput: level and crypto throughput, as the platform takes them (THR, SLAC-12)."""

from __future__ import annotations

from typing import Any

from nornir.core.task import Result, Task

from slp_core.plan import StepKind
from slp_tasks.look import configuration, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_SHOW = (
    "show platform hardware throughput level",
    "show platform hardware throughput crypto",
)


class SetThroughput:
    """Params: ``level`` (kb/s, or as typed), ``crypto``; either may be missing."""

    def probe(self, ctx: StepContext) -> Probe:
        missing = _missing(ctx)
        if not missing:
            return Probe("done", "the throughput is configured already")
        return Probe("ready", f"configures {', '.join(missing)}", seen={"sends": missing})

    def act(self, ctx: StepContext) -> Acted:
        said = ctx.session.configure(_missing(ctx))
        after_reload = "reboot" in said.lower() or "reload" in said.lower()
        return Acted(True, "configured", {"after_reload": after_reload})

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
    have = set(configuration(ctx))
    lines = [
        f"platform hardware throughput {what} {ctx.step.params[what]}"
        for what in ("level", "crypto")
        if ctx.step.params.get(what)
    ]
    return [line for line in lines if line not in have]


def throughput(
    task: Task, level: int | str | None = None, crypto: int | str | None = None, **options: Any
) -> Result:
    """Nornir task: configures throughput; whether it needs a reload stands in the notes."""
    params = {"level": level, "crypto": crypto}
    return carry_out(task, SetThroughput(), StepKind.THROUGHPUT, params, deadline_s=600, **options)
