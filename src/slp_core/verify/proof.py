"""When a router is proven: the one judgement that the fleet, the tasks and every report ask."""

from __future__ import annotations

from collections.abc import Sequence

from slp_core.plan import Finding

_WITHOUT = ("model", "release")
"""What no router is proven without."""


def is_proven(findings: Sequence[Finding]) -> bool:
    """Tells whether findings prove a router: nothing differs, and model and release were shown."""
    return not differences(findings) and not unshown(findings)


def differences(findings: Sequence[Finding]) -> list[Finding]:
    """Returns the findings in which the router shows something that is not as predicted."""
    return [f for f in findings if f.verdict in ("unmet", "unforeseen") and f.severity == "failure"]


def unshown(findings: Sequence[Finding]) -> list[str]:
    """Returns the paths that were expected, were not shown, and no router is proven without."""
    return [
        f.path
        for f in findings
        if f.path in _WITHOUT and f.verdict == "unobservable" and f.known("expected")
    ]


def shortcoming(findings: Sequence[Finding]) -> str:
    """Returns in one clause why a router is not proven; empty where it is."""
    wrong = differences(findings)
    if wrong:
        first = wrong[0]
        text = f"{first.path} is {first.found!r} where {first.expected!r} was expected"
        text += f" ({', '.join(first.rules)})" if first.rules else ""
        return text + (f", and {len(wrong) - 1} more" if len(wrong) > 1 else "")
    missing = unshown(findings)
    return f"{' and '.join(missing)} was not shown" if missing else ""
