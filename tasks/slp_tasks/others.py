"""Somebody else who is changing the router just now: they are waited for, not overtaken."""

from __future__ import annotations

import re
from dataclasses import replace

from slp_tasks.session import rejection
from slp_tasks.step import Probe, StepContext

LOCK = "show configuration lock"
_LOCKED = re.compile(r"^\s*State\s*:\s*LOCKED\s*$", re.MULTILINE | re.IGNORECASE)
_OWNER = re.compile(r"^\s*User\s*:\s*(\S+)\s*$", re.MULTILINE | re.IGNORECASE)
_TERMINAL = re.compile(r"^\s*TTY\s*:\s*(\d+)\s*$", re.MULTILINE | re.IGNORECASE)
_AGAIN_S = 30.0
_LOOK_S = 90.0


def yielding(ctx: StepContext, found: Probe) -> Probe:
    """Returns what the probe found; a step that is ready waits while another holds the lock.

    Asked right before the act, of the router itself: a colleague may work from another machine. We
    hold no lock between two commands, so whoever holds it is not us. A release that has no such
    lock refuses the question, and there is nothing to wait for.
    """
    if found.state != "ready" or ctx.dry_run:
        return found
    said = ctx.session.run(LOCK, timeout=_LOOK_S)
    if rejection(said) is not None or not _LOCKED.search(said):
        return found
    owner, terminal = _OWNER.search(said), _TERMINAL.search(said)
    who = f"user {owner[1]}" if owner else "somebody"
    where = f" on line {terminal[1]}" if terminal else ""
    return replace(
        found,
        state="waiting",
        detail=f"{who}{where} is configuring the router and holds its configuration lock",
        retry_in=_AGAIN_S,
        remedy="let them end (`show users`, `show configuration lock`), then `slp retry`",
    )
