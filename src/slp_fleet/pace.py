"""How long a run waits before it looks again."""

from __future__ import annotations

from dataclasses import dataclass

_GROWS = 100  # looks: far beyond any ceiling, and no power that a float cannot hold


@dataclass(frozen=True)
class Pace:
    """Machine seconds, whatever the injected clock says.

    Attributes:
        floor: shortest wait between two looks at a router, however fast a lab's clock runs; it
            grows with each look up to ``ceiling``, so that a fast lab is not polled to death.
        near: up to here a wait is slept through in its workflow, which costs neither a thread
            nor a queue slot; beyond it the workflow ends and a follow-up is enqueued.
        settle_floor: shortest time between an act of which nobody knows whether it was sent and
            the look that may send it again.
        tick: how often the dispatcher looks at the store.
    """

    floor: float = 0.4
    growth: float = 1.35
    ceiling: float = 2.0
    near: float = 2.5
    settle_floor: float = 3.0
    tick: float = 0.25

    def wait(self, asked: float, looks: int) -> float:
        """Returns the wait before the next look: what was asked for, but never too soon."""
        grown = self.floor * self.growth ** min(looks, _GROWS)
        return max(asked, min(grown, self.ceiling))
