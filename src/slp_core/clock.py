"""One injected clock: the machine's on real routers, the lab's on simulated ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from pydantic import Field, ValidationError

from slp_core.errors import InventoryError
from slp_core.refusals import refused
from slp_core.state import Frozen


class Clock(Protocol):
    """Tells the time by which routers, tokens and deadlines are judged."""

    def now(self) -> datetime:
        """Returns the present time, aware, in UTC."""
        ...

    def real_seconds(self, seconds: float) -> float:
        """Returns how many seconds of the machine's time ``seconds`` of this clock take."""
        ...

    def patience(self, seconds: float) -> float:
        """Returns how long, in machine seconds, to wait for something due within ``seconds``.

        Never shorter than what a busy machine needs, however fast the clock runs.
        """
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def patience(self, seconds: float) -> float:
        return seconds


class ScaledClock:
    """A lab's clock: starts at ``epoch`` and runs ``factor`` times as fast as the machine's.

    Args:
        epoch: lab time at ``started``.
        factor: lab seconds for each machine second; above zero.
        started: machine time (``time.time``) at which the lab began.
        floor: machine seconds that any deadline is given at least.
    """

    def __init__(
        self,
        epoch: datetime,
        factor: float,
        started: float,
        *,
        floor: float = 90.0,
        machine: Callable[[], float] = time.time,
    ) -> None:
        if factor <= 0:
            raise InventoryError(
                f"the lab's clock cannot run at factor {factor}", remedy="use a factor above 0"
            )
        self.epoch = epoch
        self.factor = factor
        self.started = started
        self.floor = floor
        self._machine = machine

    def now(self) -> datetime:
        return self.epoch + timedelta(seconds=(self._machine() - self.started) * self.factor)

    def real_seconds(self, seconds: float) -> float:
        return seconds / self.factor

    def patience(self, seconds: float) -> float:
        return max(seconds / self.factor, self.floor)

    def as_inventory(self) -> dict[str, Any]:
        """Returns the mapping that ``data.slp.clock`` holds in a lab's inventory."""
        return {
            "epoch": self.epoch.isoformat(),
            "factor": self.factor,
            "started": self.started,
            "floor": self.floor,
        }


class ClockSettings(Frozen):
    """A lab's clock, as an inventory or a run holds it; left out for real routers."""

    epoch: datetime
    factor: float = Field(gt=0)
    started: float
    floor: float = 90.0

    def clock(self) -> ScaledClock:
        """Returns the clock."""
        epoch = self.epoch if self.epoch.tzinfo else self.epoch.replace(tzinfo=UTC)
        return ScaledClock(epoch, self.factor, self.started, floor=self.floor)


def clock_from_inventory(data: Mapping[str, Any] | None) -> Clock:
    """Returns the clock that ``data.slp.clock`` asks for; the machine's when it asks for none.

    Raises:
        InventoryError: a key is missing or unreadable.
    """
    if not data:
        return SystemClock()
    try:
        return ClockSettings.model_validate(data).clock()
    except ValidationError as error:
        wrong = refused(error, ClockSettings, where="data.slp.clock")
        raise InventoryError(
            f"{wrong.where}: {wrong.what}",
            remedy="give epoch (ISO 8601), factor and started (Unix time)",
        ) from error
