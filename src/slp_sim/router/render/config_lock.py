"""``show configuration lock``: who holds the exclusive right to configure, if there is one."""

from __future__ import annotations

from slp_sim.router.device import OpenLine
from slp_sim.router.router import Router
from slp_sim.router.vty import Vty

_EXCLUSIVE = "configuration mode exclusive"


def offered(line: Vty) -> bool:
    """``configure terminal lock``: where exclusive configuration is allowed."""
    running = line.router.running
    return line.privilege >= 15 and any(x.startswith(_EXCLUSIVE) for x in running.lines())


def holder(router: Router) -> OpenLine | None:
    """Returns the line that holds the lock: by ``auto`` any that configures, else who asked."""
    modes = [text for text in router.running.lines() if text.startswith(_EXCLUSIVE)]
    if not modes:
        return None
    auto = any(text.split()[3:4] == ["auto"] for text in modes)
    lines = (x for x in router.lines if x.config_paths is not None)
    return next((x for x in lines if auto or x.exclusive), None)


def refusal(line: Vty) -> str | None:
    """Returns what the router says to a line that would configure while another holds the lock."""
    other = holder(line.router)
    if other is None or other is line:
        return None
    return (
        f"Configuration mode locked exclusively by user '{other.username}' process '3' "
        f"from terminal '{other.vty + 2}'. Please try later.\n"
    )


def lock(line: Vty) -> str:
    """Returns the lock as the router prints it; there is one only in exclusive mode."""
    owner = holder(line.router)
    rows = (
        ("Owner PID", 3 if owner else -1),
        ("User", owner.username if owner else "unknown"),
        ("TTY", owner.vty + 2 if owner else -1),
        ("Type", "EXCLUSIVE" if owner else "NO LOCK"),
        ("State", "LOCKED" if owner else "FREE"),
        ("Class", "EXPOSED" if owner else "unknown"),
        ("Count", 1 if owner else 0),
        ("Pending Requests", 0),
        ("User debug info", 0),
    )
    return "Parser Configure Lock\n---------------------\n" + "".join(
        f"{name:<18}: {value}\n" for name, value in rows
    )
