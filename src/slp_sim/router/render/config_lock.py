"""``show configuration lock``: who holds the exclusive right to configure, if there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slp_sim.router.terminal import Terminal

_EXCLUSIVE = "configuration mode exclusive"


def lock(line: Terminal) -> str:
    """Returns the lock as the router prints it; there is one only in exclusive mode."""
    router = line.router
    holder = None
    if any(text.startswith(_EXCLUSIVE) for text in router.running.lines()):
        holder = next((x for x in router.lines if x.config_paths is not None), None)
    rows = (
        ("Owner PID", 3 if holder else -1),
        ("User", holder.username if holder else "unknown"),
        ("TTY", holder.vty + 2 if holder else -1),
        ("Type", "EXCLUSIVE" if holder else "NO LOCK"),
        ("State", "LOCKED" if holder else "FREE"),
        ("Class", "EXPOSED" if holder else "unknown"),
        ("Count", 1 if holder else 0),
        ("Pending Requests", 0),
        ("User debug info", 0),
    )
    return "Parser Configure Lock\n---------------------\n" + "".join(
        f"{name:<18}: {value}\n" for name, value in rows
    )
