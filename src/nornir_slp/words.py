"""Words that people read for the values that programs keep."""

from __future__ import annotations

_WORDS = {
    "person": "waits for a person",
    "newly_issued": "newly issued",
    "equals": "exact",
    "unobservable": "cannot be seen",
    "unread": "could not be read",
}
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


def words(state: str) -> str:
    """Returns a state or a kind of expectation as people say it."""
    return _WORDS.get(state, state.replace("_", " "))


def step_words(kind: str, state: str) -> str:
    """Returns a step's state; a step whose probe found nothing left to do is told as what it was.

    Steps that only look, and a person's, are done by being found so; the others were so already.
    """
    if state != "skipped":
        return words(state)
    return "done" if kind in ("preflight", "person", "verify", "dlc_wait", "dlc_done") else "was so"


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
