"""What the field shows: saved outputs of kinds that the two guides do not tell."""

from __future__ import annotations

from pathlib import Path

from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.state import RouterState

DATA = Path(__file__).parents[1] / "cases" / "data"


def case_text(path: str) -> str:
    """Returns one saved output, by its path below the cases."""
    return (DATA / path).read_text(encoding="utf-8")


def case_state(path: str) -> RouterState:
    """Returns the state of a router of the cases, by the path of its folder."""
    folder = DATA / path
    capture = read_router(folder)
    return assemble(folder.name, capture.outputs)
