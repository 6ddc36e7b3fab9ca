"""The states that people read: in which order, in which tone and in which words."""

from __future__ import annotations

from typing import Literal, NamedTuple

Tone = Literal["", "ok", "bad", "wait", "run", "warn"]


class State(NamedTuple):
    """What is shown of a state: a pill on a page, a colour on a terminal, words in both."""

    name: str
    tone: Tone
    words: str = ""


TABLE = (  # reports list routers and waves in this order
    # a router, and a run
    State("failed", "bad"),
    State("stopped", "bad"),
    State("blocked", "bad"),
    State("person", "wait", "waits for a person"),
    State("waiting", "run"),
    State("running", "run"),
    State("queued", ""),
    State("paused", "warn"),
    State("cancelled", "warn"),
    State("created", ""),
    State("to migrate", "run"),
    State("proven", "ok"),
    State("nothing to do", "ok"),
    State("finished", "ok"),
    # a step
    State("probing", "run"),
    State("acting", "run"),
    State("confirming", "run"),
    State("done", "ok"),
    State("skipped", "ok"),
    # a finding, its severity, and what was expected
    State("unmet", "bad"),
    State("unforeseen", "bad"),
    State("unobservable", "", "cannot be seen"),
    State("met", "ok"),
    State("blocker", "bad"),
    State("warning", "warn"),
    State("equals", "", "exact"),
    State("newly_issued", "", "newly issued"),
    # a file, a check
    State("unread", "", "could not be read"),
    State("ok", "ok"),
)
_BY_NAME = {state.name: state for state in TABLE}
_RANK = {state.name: rank for rank, state in enumerate(TABLE)}


def words(state: str) -> str:
    """Returns a state or a kind of expectation as people say it."""
    known = _BY_NAME.get(state)
    return known.words if known and known.words else state.replace("_", " ")


def tone(state: str | None) -> Tone:
    """Returns the tone of a state; empty where it has none."""
    known = _BY_NAME.get(state or "")
    return known.tone if known else ""


def rank(state: str) -> int:
    """Returns where a state stands in a list, what needs attention first."""
    return _RANK.get(state, len(_RANK))
