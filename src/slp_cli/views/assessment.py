"""An assessment on a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict

from rich.console import Console
from rich.text import Text

from nornir_slp.assessment_sheet import assessment_table
from nornir_slp.documents import Assessment
from nornir_slp.inert import inert
from nornir_slp.words import model_name
from slp_cli.tables import print_sheet
from slp_core.state import RouterState

_NAMED = 6


def show(console: Console, assessment: Assessment, *, evidence: bool = False) -> None:
    """Prints the table, what could not be read, and the totals."""
    print_sheet(console, assessment_table(assessment))
    for (error, remedy), names in _errors(assessment).items():
        line = f"{_names(names)}: {error}" + (f" ({remedy})" if remedy else "")
        console.print(Text(inert(line), style="red"))
    if evidence:
        for router in assessment.routers:
            if router.state is not None:
                _show_evidence(console, router.state)
    models = Counter(
        model_name(r.observed.get("model", "unknown")) for r in assessment.routers if r.state
    )
    told = ", ".join(f"{n} {model}" for model, n in sorted(models.items()))
    failed = sum(r.state is None for r in assessment.routers)
    console.print(
        f"{len(assessment.routers)} routers: {told or 'none read'}"
        + (f", {failed} could not be read" if failed else "")
    )


def _errors(assessment: Assessment) -> dict[tuple[str, str], list[str]]:
    """Returns the routers that could not be read, by what stood in the way."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for router in assessment.routers:
        if router.error:
            found[router.error, router.remedy or ""].append(router.router)
    return found


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _show_evidence(console: Console, state: RouterState) -> None:
    console.print(Text(inert(state.name), style="bold"))
    for path, seen in sorted(state.evidence.items()):
        lines = ", ".join(str(n) for n in seen.lines)
        console.print(Text(inert(f"  {path}  ← {seen.command}: {lines}"), style="dim"))
    for line in state.unknown:
        told = f"  not understood: {line.command}:{line.line}: {line.text}"
        console.print(Text(inert(told), style="yellow"))
