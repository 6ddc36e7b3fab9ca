"""Assess: read every router of an inventory and say what each is.

states = assess(load_nornir(Path("inventory")))
"""

from __future__ import annotations

from pathlib import Path

from nornir.core import Nornir

from slp_core.clock import Clock
from slp_core.state import RouterState
from slp_tasks.collect import collect_state

__all__ = ["assess"]


def assess(
    nornir: Nornir, folder: Path | None = None, clock: Clock | None = None
) -> dict[str, RouterState | BaseException]:
    """Returns each router's state, or why it could not be read; changes nothing.

    Args:
        folder: where the masked outputs are kept as captures.
        clock: dates the states; the inventory's by default.
    """
    results = nornir.run(task=collect_state, folder=folder, clock=clock)
    nornir.data.reset_failed_hosts()  # else later runs would skip them without a word
    found: dict[str, RouterState | BaseException] = {}
    for name, result in results.items():
        first = result[0]
        found[name] = first.exception or RouterState.from_json(first.result)
    return found
