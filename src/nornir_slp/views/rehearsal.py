"""A dry run on a terminal: every line that would be sent, router by router."""

from __future__ import annotations

from collections.abc import Iterator

from nornir_slp.view import Line, Page
from slp_fleet.model import RouterRun, Run, StepRecord

_NAMES = 8

Lines = tuple[tuple[str, tuple[str, ...], str], ...]
"""Steps with what they would send, and a word on how that is known."""


def page(run: Run) -> Page:
    """Yields what a dry run found that would be sent; routers with the same lines once."""
    alike: dict[Lines, list[str]] = {}
    for router in run.routers:
        alike.setdefault(tuple(_steps(router)), []).append(router.router)
    for lines, names in alike.items():
        more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
        yield Line.of(f"{', '.join(names[:_NAMES])}{more}", "bold")
        if not lines:
            yield Line.of("  nothing would be sent", "dim")
        for title, sent, known in lines:
            head = Line.of(f"  {title}")
            head.add(f"  {known}" if known else "", "dim")
            yield head
            for line in sent:
                yield Line.of(f"    > {line}", "cyan")


def _steps(router: RouterRun) -> Iterator[tuple[str, tuple[str, ...], str]]:
    for step in router.steps:
        sent = lines_of(step)
        if sent:
            known = "(by the plan: an earlier step was not carried out)"
            yield step.title, sent, known if step.notes.get("from_plan") else ""


def lines_of(step: StepRecord) -> tuple[str, ...]:
    """Returns the lines that a step of a dry run would have sent; secrets stand by name."""
    return tuple(str(line) for line in step.notes.get("sends") or ())
