"""Somebody else who is at work on the router just now: waited for, not overtaken, or told.

Asked right before an act, of the router itself: a colleague, or another store, may work from
another machine. Where an act was announced already, what the router is at may be its own: then the
step goes on as it is.
"""

from __future__ import annotations

import re

from slp_tasks import other_installs, other_people, other_requests
from slp_tasks.session import rejection
from slp_tasks.step import Probe, StepContext

LOCK = "show configuration lock"
_LOCKED = re.compile(r"^\s*State\s*:\s*LOCKED\s*$", re.MULTILINE | re.IGNORECASE)
_OWNER = re.compile(r"^\s*User\s*:\s*(\S+)\s*$", re.MULTILINE | re.IGNORECASE)
_TERMINAL = re.compile(r"^\s*TTY\s*:\s*(\d+)\s*$", re.MULTILINE | re.IGNORECASE)
_AGAIN_S = 30.0
_LOOK_S = 90.0


def yielding(ctx: StepContext, found: Probe) -> Probe:
    """Returns what the probe found; a step that is ready waits, or stops, for somebody else.

    What a waiting step saw is not kept: its act is not announced, and the router may be another
    when the wait is over.
    """
    if found.state != "ready" or ctx.dry_run:
        return found
    others = _holds_the_lock(ctx)
    if others is None and "sends" not in ctx.notes:
        others = other_installs.under_way(ctx) or other_requests.under_way(ctx)
    return others or other_people.changing(ctx, found)


def _holds_the_lock(ctx: StepContext) -> Probe | None:
    """Tells who holds the configuration lock, which is never us: we keep none between commands.

    A release that has no such lock refuses the question, and there is nothing to wait for.
    """
    said = ctx.session.run(LOCK, timeout=_LOOK_S)
    if rejection(said) is not None or not _LOCKED.search(said):
        return None
    owner, terminal = _OWNER.search(said), _TERMINAL.search(said)
    who = f"user {owner[1]}" if owner else "somebody"
    where = f" on line {terminal[1]}" if terminal else ""
    return Probe(
        "waiting",
        f"{who}{where} is configuring the router and holds its configuration lock",
        retry_in=_AGAIN_S,
        remedy="let them end (`show users`, `show configuration lock`), then `slp retry`",
    )
