"""An assessment on a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from nornir_slp.documents import Assessment, RouterAssessment
from nornir_slp.sheet import Sheet
from nornir_slp.view import Line, Page
from nornir_slp.words import model_name
from slp_core.state import Licensing, RouterState

_DASH = "–"
_NAMED = 6


def assessment_table(assessment: Assessment) -> Sheet:
    """Returns one row a router: what it is."""
    columns = (
        "router", "model", "platform", "release", "licences", "transport", "trust",
        "next report", "next ACK", "throughput", "boot", "attention",
    )  # fmt: skip
    return Sheet(columns, [_row(r) for r in assessment.routers])


def page(assessment: Assessment, *, evidence: bool = False) -> Page:
    """Yields the table, what could not be read, and the totals."""
    yield assessment_table(assessment)
    for (error, remedy), names in _errors(assessment).items():
        line = f"{_names(names)}: {error}" + (f" ({remedy})" if remedy else "")
        yield Line.of(line, "red")
    if evidence:
        for router in assessment.routers:
            if router.state is not None:
                yield from _evidence(router.state)
    models = Counter(
        model_name(r.observed.get("model", "unknown")) for r in assessment.routers if r.state
    )
    told = ", ".join(f"{n} {model}" for model, n in sorted(models.items()))
    failed = sum(r.state is None for r in assessment.routers)
    yield Line.of(
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


def _row(router: RouterAssessment) -> tuple[str, ...]:
    state = router.state
    if state is None:
        return (router.router, "not read", *("" for _ in range(9)), router.error_code or "")
    licensing = state.licensing or Licensing()
    return (
        router.router,
        model_name(router.observed.get("model", _DASH)),
        state.udi.pid if state.udi else _DASH,
        state.release.short if state.release else _DASH,
        _licences(licensing),
        _transport(licensing),
        _trust(licensing),
        _due(licensing, "next_report_push"),
        _due(licensing, "next_ack_deadline"),
        _throughput(state),
        (state.boot.mode if state.boot else None) or _DASH,
        _attention(router, state),
    )


def _licences(licensing: Licensing) -> str:
    """Counts by status; the names are in the JSON and under --evidence."""
    if licensing.licenses:
        counted = Counter(x.status or "?" for x in licensing.licenses)
        return ", ".join(f"{n} {status}" for status, n in counted.items())
    features = licensing.csl_features or ()
    used = [f.feature for f in features if f.enabled or _in_use(f.license_state)]
    return f"{len(used)} in use" if features else _DASH


def _in_use(state: str | None) -> bool:
    return bool(state) and "in use" in str(state).lower() and "not in use" not in str(state).lower()


def _transport(licensing: Licensing) -> str:
    transport = licensing.transport
    if transport is None:
        return _DASH
    return (
        f"{transport.kind} {transport.cslu_address}" if transport.cslu_address else transport.kind
    )


def _trust(licensing: Licensing) -> str:
    if licensing.trust is None:
        return _DASH
    installed = licensing.trust.installed_on
    return installed.date().isoformat() if installed else "none"


def _due(licensing: Licensing, which: str) -> str:
    """Returns when reporting is due next (REP-12)."""
    reporting = licensing.reporting
    if reporting is None or not reporting.known(which):
        return _DASH
    at: datetime | None = getattr(reporting, which)
    return at.date().isoformat() if at else "none"


def _throughput(state: RouterState) -> str:
    if state.throughput is None or state.throughput.level is None:
        return _DASH
    level = state.throughput.level
    return f"{level / 1000:g} Mbps" if isinstance(level, int) else level


def _attention(router: RouterAssessment, state: RouterState) -> str:
    told = [f"{n.rule}: {n.text}" for n in router.notices if n.severity != "note"]
    if state.unknown:
        told.append(f"{len(state.unknown)} lines not understood")
    for status, word in (("cut", "cut off"), ("foreign", "of another command")):
        some = [c.command for c in state.commands if c.status == status]
        if some:
            told.append(f"{word}: {', '.join(some)}")
    return "; ".join(told)


def _evidence(state: RouterState) -> Page:
    yield Line.of(state.name, "bold")
    for path, seen in sorted(state.evidence.items()):
        lines = ", ".join(str(n) for n in seen.lines)
        yield Line.of(f"  {path}  ← {seen.command}: {lines}", "dim")
    for line in state.unknown:
        told = f"  not understood: {line.command}:{line.line}: {line.text}"
        yield Line.of(told, "yellow")
