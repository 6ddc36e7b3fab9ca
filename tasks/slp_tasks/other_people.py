"""Another person who has just changed the configuration: a while is waited, and it is noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from slp_tasks.look import CLOCK
from slp_tasks.session import rejection
from slp_tasks.step import Probe, StepContext
from slp_tasks.times import printed_time

USERS = "show users"
CHANGED = "show running-config | include ^! Last configuration change"
COLLEAGUE = "colleague"
_ROW = re.compile(
    r"^(?P<mark>[* ])\s*\d+\s+(?:con|aux|vty|tty)\s+\d+\s+(?P<user>\S+)\s.*?\s"
    r"(?P<idle>\d\d:\d\d:\d\d|\d+[ywdh]\w*)(?:\s+\S+)?\s*$"
)
_AUTHOR = re.compile(r"Last configuration change at (?P<at>.+) by (?P<who>\S+)\s*$", re.MULTILINE)
_SETTLES = timedelta(minutes=2)
_IDLE = timedelta(minutes=5)
_NAME_WIDTH = 10
"""``show users`` cuts longer names."""
_AGAIN_S = 30.0
_LOOK_S = 90.0


@dataclass(frozen=True)
class _Line:
    ours: bool
    user: str
    idle: timedelta


def changing(ctx: StepContext, found: Probe) -> Probe:
    """Returns what the probe found; waiting while somebody else's change is minutes old.

    Who only looks holds nobody up. Who changed something and is still there is given two minutes
    from the last change on; what they did is noted with the step, whether it waited or not.
    """
    if not ctx.step.lasting:
        return found
    lines = _lines(ctx.session.run(USERS, timeout=_LOOK_S))
    us = {x.user for x in lines if x.ours}
    active = {x.user for x in lines if not x.ours and x.idle <= _IDLE} - us
    if not active or not us:
        return found
    who, at = _last_change(ctx)
    if who is None or at is None or who[:_NAME_WIDTH] not in active:
        return found
    now = printed_time(ctx.session.run(CLOCK, timeout=_LOOK_S))
    if now is None or now - at > _IDLE:
        return found
    said = f"user {who} changed the configuration at {at:%H:%M:%S} by the router's clock"
    if now - at > _SETTLES:
        return replace(found, seen={**found.seen, COLLEAGUE: said})
    return Probe(
        "waiting",
        f"{said} and is still there; waits until they are done",
        seen={COLLEAGUE: said},
        retry_in=_AGAIN_S,
        remedy="let them end (`show users`), then `slp retry`",
    )


def _lines(said: str) -> list[_Line]:
    if rejection(said) is not None:
        return []
    rows = (m for line in said.splitlines() if (m := _ROW.match(line)))
    return [_Line(m["mark"] == "*", m["user"][:_NAME_WIDTH], _idle(m["idle"])) for m in rows]


def _idle(text: str) -> timedelta:
    """Returns ``00:01:15`` as a period; days and weeks are long enough as they are."""
    if ":" not in text:
        return timedelta.max
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _last_change(ctx: StepContext) -> tuple[str | None, datetime | None]:
    match = _AUTHOR.search(ctx.session.run(CHANGED, timeout=_LOOK_S))
    return (match["who"], printed_time(match["at"])) if match else (None, None)
