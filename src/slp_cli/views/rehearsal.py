"""A dry run on a terminal: every line that would be sent, router by router."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from nornir_slp.inert import inert
from slp_fleet.model import RouterRun, Run, StepRecord

_NAMES = 8

Lines = tuple[tuple[str, tuple[str, ...], str], ...]
"""Steps with what they would send, and a word on how that is known."""


def show(console: Console, run: Run) -> None:
    """Prints what a dry run found that would be sent; routers with the same lines once."""
    alike: dict[Lines, list[str]] = {}
    for router in run.routers:
        alike.setdefault(tuple(_steps(router)), []).append(router.router)
    for lines, names in alike.items():
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        console.print(Text(inert(f"{', '.join(names[:_NAMES])}{more}"), style="bold"))
        if not lines:
            console.print(Text("  nothing would be sent", style="dim"))
        for title, sent, known in lines:
            head = Text(inert(f"  {title}"))
            head.append(f"  {known}" if known else "", style="dim")
            console.print(head)
            for line in sent:
                console.print(Text(inert(f"    > {line}"), style="cyan"))


def _steps(router: RouterRun) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for step in router.steps:
        sent = lines_of(step)
        if sent:
            known = "(by the plan: an earlier step was not carried out)"
            yield step.title, sent, known if step.notes.get("from_plan") else ""


def lines_of(step: StepRecord) -> tuple[str, ...]:
    """Returns the lines that a step of a dry run would have sent; secrets stand by name."""
    return tuple(str(line) for line in step.notes.get("sends") or ())
