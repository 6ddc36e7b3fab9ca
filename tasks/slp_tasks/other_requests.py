"""A licence request under way that this step did not send: its answer is waited for."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from slp_tasks.look import CLOCK
from slp_tasks.session import rejection
from slp_tasks.step import Probe, StepContext
from slp_tasks.times import printed_time

HISTORY = "show license history message"
_HEADING = re.compile(r"^(\w[\w ]+):$")
_MESSAGE = re.compile(r"^(REQUEST|RESPONSE)\s*:\s*(.*)$", re.IGNORECASE)
_LONGEST = timedelta(minutes=5)
"""An older request without an answer is lost: nobody waits for it any more."""
_AGAIN_S = 15.0
_LOOK_S = 90.0


def under_way(ctx: StepContext) -> Probe | None:
    """Returns what the step waits for: an answer to a request that somebody else sent."""
    channels = ctx.step.facts.channels
    if not channels:
        return None
    said = ctx.session.run(HISTORY, timeout=_LOOK_S)
    if rejection(said) is not None:
        return None
    open_requests = _unanswered(said)
    waiting = [(name, open_requests[name]) for name in channels if name in open_requests]
    if not waiting:
        return None
    now = printed_time(ctx.session.run(CLOCK, timeout=_LOOK_S))
    for name, sent in waiting:
        if now is not None and abs(now - sent) <= _LONGEST:
            return Probe(
                "waiting",
                f"waits for a licence request that is not ours: {name}, sent at {sent:%H:%M:%S} "
                "by the router's clock",
                retry_in=_AGAIN_S,
                remedy=f"see `{HISTORY}`; when it is answered, `slp retry`",
            )
    return None


def _unanswered(said: str) -> dict[str, datetime]:
    """Returns when the last request of each channel went that no response follows."""
    channel, requests = "", dict[str, datetime]()
    for raw in said.splitlines():
        line = raw.strip()
        heading, message = _HEADING.match(line), _MESSAGE.match(line)
        if message is not None:
            at = printed_time(message[2])
            requests.pop(channel, None)
            if message[1].upper() == "REQUEST" and at is not None:
                requests[channel] = at
        elif heading is not None:
            channel = heading[1]
    return requests
