"""Words that people read for the values that programs keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nornir_slp.states import words
from slp_core.plan import Finding
from slp_core.steps.base import step_kinds

if TYPE_CHECKING:
    from slp_fleet.model import RouterRun, Run, StepRecord

_MODELS = {
    "MODEL-SLP": "SLP",
    "MODEL-SLR": "SLR",
    "MODEL-PLR": "PLR",
    "MODEL-REGISTERED": "registered",
    "MODEL-EVAL": "evaluation",
    "MODEL-CSL": "CSL",
    "MODEL-RTU": "RTU",
    "MODEL-NOLICENSE": "no licence",
    "MODEL-CLASSIC": "classic",
    "MODEL-UNKNOWN": "unknown",
}


def step_words(kind: str, state: str) -> str:
    """Returns a step's state; a step whose probe found nothing left to do is told as what it was.

    Steps that only look, and a person's, are done by being found so; the others were so already.
    """
    known = step_kinds().get(kind)
    return words(state) if state != "skipped" or known is None else known.facts.skipped


def model_name(model: str | None) -> str:
    """Returns a licensing model without its rule's prefix."""
    return _MODELS.get(model or "", model or "")


def duration(seconds: float | None) -> str:
    """Returns seconds as ``41 s``, ``12 min 05 s`` or ``2 h 05 min``."""
    if seconds is None:
        return ""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


COMES_BACK = "comes back after a reload"


def comes_back(findings: Sequence[Finding]) -> str | None:
    """Returns what is known of the next reload; None where the plan says nothing of it."""
    told = [f for f in findings if f.path.startswith("next_boot.")]
    if not told or any(f.verdict not in ("met", "unobservable") for f in told):
        return None
    unseen = [f.path for f in told if f.verdict == "unobservable"]
    if unseen:
        return f"whether it comes back after a reload was not seen: {', '.join(unseen)}"
    return COMES_BACK


def value(given: object) -> str:
    """Returns a value of the vocabulary as people read it."""
    if given is None:
        return "none"
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, list | tuple):
        return ", ".join(value(x) for x in given) or "none"
    return str(given)


def confirm_words(run: Run, router: RouterRun, step: StepRecord) -> str:
    """Returns the command that answers a step; with ``--file`` where it asks for a file."""
    file = f" --file {step.provides[0]}" if step.provides else ""
    return f"slp confirm {run.id} {router.router} {step.step}{file}"


def looked_by(router: RouterRun, by: str) -> str:
    """Returns who looked, in words: a step with its title, or a command."""
    titles = {s.step: s.title for s in router.steps}
    return f"step {by}, {titles[by]}" if by in titles else by
