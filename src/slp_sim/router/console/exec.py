"""The commands at the prompt, all together, and terminals that take them."""

from __future__ import annotations

from slp_sim.router.accounts import privilege_of
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
from slp_sim.router.console import daily, housekeeping, ping
from slp_sim.router.console.terminal import Terminal
from slp_sim.router.grammar import Grammar
from slp_sim.router.router import Router

EXEC = Grammar()
for _module in (
    session,
    showing,
    looking,
    ping,
    daily,
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


def open_terminal(router: Router, username: str) -> Terminal:
    """Returns a new VTY line for a user who has logged in."""
    with router.lock:
        line = Terminal(router, username, privilege_of(router.running, username), EXEC)
        router.lines.append(line)
        return line
