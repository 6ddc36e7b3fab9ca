"""Findings of a verification: what was expected, what was found, by which rule, on which lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from nornir_slp.inert import inert
from nornir_slp.sheet import Sheet
from nornir_slp.words import comes_back, value
from slp_cli.tables import STYLES
from slp_core.plan import Finding
from slp_core.state import Evidence
from slp_core.verify import differences, is_proven, unshown

_ORDER = {"unmet": 0, "unforeseen": 1, "unobservable": 2, "met": 3}


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


def show(
    console: Console,
    found: Mapping[str, Sequence[Finding]],
    *,
    every: bool,
    kinds: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Prints each router with what is not as predicted, or with every expectation.

    Args:
        kinds: the kind of each expectation, by router and path.
    """
    for name, findings in found.items():
        met = sum(f.verdict == "met" for f in findings)
        unseen = sum(f.verdict == "unobservable" for f in findings)
        line = Text(inert(name), style="bold")
        line.append(f"  {_verdict(findings)}", "green" if is_proven(findings) else "bold red")
        line.append(f"  {met} of {len(findings)} met", style="dim")
        if unseen:
            line.append(f", {unseen} cannot be seen", style="dim")
        again = comes_back(findings)
        if again is not None and is_proven(findings):
            line.append(f"; {again}", style="dim")
        console.print(line)
        for finding in sorted(findings, key=lambda f: _ORDER[f.verdict]):
            if every or finding.verdict in ("unmet", "unforeseen"):
                _show(console, finding, (kinds or {}).get(name, {}).get(finding.path, "equals"))


def _verdict(findings: Sequence[Finding]) -> str:
    if differences(findings):
        return "not as predicted"
    missing = unshown(findings)
    return f"not proven: {' and '.join(missing)} not shown" if missing else "as predicted"


def _show(console: Console, finding: Finding, kind: str) -> None:
    verdict = finding.verdict if finding.severity == "failure" else finding.severity
    if finding.verdict in ("met", "unobservable"):
        verdict = finding.verdict
    line = Text("  ")
    line.append(f"{verdict:<12} ", style=STYLES.get(verdict, ""))
    line.append(inert(finding.path))
    if finding.verdict == "unobservable" and finding.evidence is None:
        line.append("  was not shown", style="dim")
    elif finding.verdict != "met":
        line.append(inert(f"  expected {expected(finding, kind)}, found {value(finding.found)}"))
    else:
        line.append(inert(f"  {value(finding.found)}"), style="dim")
    if finding.rules:
        line.append(f"  [{', '.join(finding.rules)}]", style="cyan")
    console.print(line)
    for told in (finding.why, evidence(finding)):
        if told and finding.verdict != "met":
            console.print(Text(inert(f"              {told}"), style="dim"))


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
