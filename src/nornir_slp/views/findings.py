"""Findings of a verification: what was expected, what was found, by which rule, on which lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nornir_slp.sheet import Sheet
from nornir_slp.states import rank
from nornir_slp.view import Line, Page
from nornir_slp.words import comes_back, value
from slp_core.plan import Finding
from slp_core.state import Evidence
from slp_core.verify import differences, is_proven, unshown


def sheet(found: Mapping[str, Sequence[Finding]]) -> Sheet:
    """Returns one row a finding."""
    columns = (
        "router",
        "path",
        "verdict",
        "severity",
        "expected",
        "found",
        "rules",
        "why",
        "evidence",
    )
    rows = [
        (
            name, f.path, f.verdict, f.severity, value(f.expected), value(f.found),
            ", ".join(f.rules), f.why, evidence(f),
        )
        for name, findings in found.items()
        for f in findings
    ]  # fmt: skip
    return Sheet(columns, rows, styled=("verdict",))


def page(
    found: Mapping[str, Sequence[Finding]],
    *,
    every: bool,
    kinds: Mapping[str, Mapping[str, str]] | None = None,
) -> Page:
    """Yields each router with what is not as predicted, or with every expectation.

    Args:
        kinds: the kind of each expectation, by router and path.
    """
    for name, findings in found.items():
        met = sum(f.verdict == "met" for f in findings)
        unseen = sum(f.verdict == "unobservable" for f in findings)
        line = Line.of(name, "bold")
        line.add(f"  {_verdict(findings)}", "green" if is_proven(findings) else "bold red")
        line.add(f"  {met} of {len(findings)} met", "dim")
        if unseen:
            line.add(f", {unseen} cannot be seen", "dim")
        again = comes_back(findings)
        if again is not None and is_proven(findings):
            line.add(f"; {again}", "dim")
        yield line
        for finding in sorted(findings, key=lambda f: rank(f.verdict)):
            if every or finding.verdict in ("unmet", "unforeseen"):
                yield from _finding(
                    finding, (kinds or {}).get(name, {}).get(finding.path, "equals")
                )


def _verdict(findings: Sequence[Finding]) -> str:
    if differences(findings):
        return "not as predicted"
    missing = unshown(findings)
    return f"not proven: {' and '.join(missing)} not shown" if missing else "as predicted"


def _finding(finding: Finding, kind: str) -> Page:
    verdict = finding.verdict if finding.severity == "failure" else finding.severity
    if finding.verdict in ("met", "unobservable"):
        verdict = finding.verdict
    line = Line.of("  ")
    line.add(f"{verdict:<12} ", verdict)
    line.add(finding.path)
    if finding.verdict == "unobservable" and finding.evidence is None:
        line.add("  was not shown", "dim")
    elif finding.verdict != "met":
        line.add(f"  expected {expected(finding, kind)}, found {value(finding.found)}")
    else:
        line.add(f"  {value(finding.found)}", "dim")
    if finding.rules:
        line.add(f"  [{', '.join(finding.rules)}]", "cyan")
    yield line
    for told in (finding.why, evidence(finding)):
        if told and finding.verdict != "met":
            yield Line.of(f"              {told}", "dim")


def expected(finding: Finding, kind: str) -> str:
    """Returns what was expected: a value, or something new in place of one."""
    if kind != "newly_issued":
        return value(finding.expected)
    return f"other than {value(finding.expected)}" if finding.expected else "something new"


def evidence(finding: Finding) -> str:
    """Returns the commands and lines that a finding rests on, and those that speak against it."""
    told = _place(finding.evidence) if finding.evidence is not None else ""
    against = _place(finding.against) if finding.against is not None else ""
    return f"{told} (against {against})" if against else told


def _place(evidence: Evidence) -> str:
    lines = ", ".join(str(n) for n in evidence.lines)
    return f"{evidence.command}, line {lines}" if lines else evidence.command
