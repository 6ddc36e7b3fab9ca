"""Which behaviour carries out which kind of step: whatever a module of ``slp_tasks.steps`` has."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import slp_tasks.steps
from slp_core.errors import StepFailed
from slp_tasks.step import BEHAVIOURS, Step


def behaviours() -> Mapping[str, Step]:
    """Returns the behaviour of every kind of step, by its name."""
    _read_all()
    return MappingProxyType(BEHAVIOURS)


def behaviour_of(kind: str, router: str) -> Step:
    """Returns the behaviour of a kind of step.

    Raises:
        StepFailed: there is none.
    """
    found = behaviours().get(kind)
    if found is None:
        raise StepFailed(f"no task is registered for steps of kind {kind}", where=router)
    return found


@cache
def _read_all() -> None:
    for module in pkgutil.iter_modules(slp_tasks.steps.__path__, "slp_tasks.steps."):
        importlib.import_module(module.name)
