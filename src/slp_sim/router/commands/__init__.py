"""The commands of each mode, collected from the modules beside this one."""

from __future__ import annotations

from slp_sim.router.commands import (
    activating,
    dialing,
    files,
    installing,
    licensing,
    looking,
    redundant,
    reloading,
    session,
    showing,
)
from slp_sim.router.console import housekeeping
from slp_sim.router.grammar import Grammar

EXEC = Grammar()
for _module in (
    session,
    showing,
    looking,
    housekeeping,
    dialing,
    files,
    reloading,
    installing,
    activating,
    redundant,
    licensing,
):
    _module.register(EXEC)

__all__ = ["EXEC"]
