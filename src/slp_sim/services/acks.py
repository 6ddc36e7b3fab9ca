"""Answers that CSSM prepares: asked for by a poll id, ready after a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from slp_sim.formats import Ack
from slp_sim.ports import LabClock
from slp_sim.services.account import Accounts, Refused, Udi

_FIRST = 9_007_199_254_740_993 * 16
"""18 digits, and above what a float holds exactly, as CSSM's are."""


@dataclass(frozen=True)
class Pending:
    """An answer that is being prepared."""

    udi: Udi
    ready: datetime
    acked: tuple[int, ...]
    conversion: bool = False


class Acknowledgements:
    """Every answer that was promised."""

    def __init__(self, accounts: Accounts, clock: LabClock) -> None:
        self._accounts = accounts
        self._clock = clock
        self._pending: dict[int, Pending] = {}

    def promise(
        self, udi: Udi, seconds: float, acked: tuple[int, ...], *, conversion: bool = False
    ) -> int:
        """Returns the poll id of an answer that is ready in so many lab seconds."""
        poll_id = _FIRST + len(self._pending) + 1
        ready = self._clock.now() + timedelta(seconds=seconds)
        self._pending[poll_id] = Pending(udi, ready, acked, conversion)
        return poll_id

    def of(self, poll_id: int) -> Pending:
        """Returns what was promised under an id.

        Raises:
            Refused: it was never given out.
        """
        if poll_id not in self._pending:
            raise Refused("the poll id is not known")
        return self._pending[poll_id]

    def ask(self, poll_id: int) -> Ack | float:
        """Returns the acknowledgement, or the lab seconds until it is ready.

        Raises:
            Refused: the id was never given out.
        """
        pending = self.of(poll_id)
        now = self._clock.now()
        if now < pending.ready:
            return (pending.ready - now).total_seconds()
        found = self._accounts.find(pending.udi)
        done = found is not None and found[1].dlc_done(now)
        return Ack(*pending.udi, acked=pending.acked, issued=pending.ready, dlc_done=done)
