"""Every wait and deadline goes through one clock."""

from datetime import UTC, datetime, timedelta

import pytest

from slp_core.clock import ScaledClock, SystemClock, clock_from_inventory
from slp_core.errors import InventoryError

EPOCH = datetime(2021, 1, 15, 3, 0, tzinfo=UTC)


def test_a_scaled_clock_runs_as_fast_as_it_was_told() -> None:
    machine = [1000.0]
    clock = ScaledClock(EPOCH, 300, 1000.0, machine=lambda: machine[0])
    machine[0] += 12
    assert clock.now() == EPOCH + timedelta(hours=1)
    assert clock.real_seconds(3600) == 12


def test_patience_never_falls_below_what_a_busy_machine_needs() -> None:
    clock = ScaledClock(EPOCH, 600, 0.0, floor=60)
    assert clock.patience(600) == 60
    assert clock.patience(3600 * 24) == 144


def test_the_clock_survives_the_inventory() -> None:
    clock = ScaledClock(EPOCH, 42, 7.5, floor=11)
    back = clock_from_inventory(clock.as_inventory())
    assert isinstance(back, ScaledClock)
    assert (back.epoch, back.factor, back.started, back.floor) == (EPOCH, 42, 7.5, 11)


def test_real_routers_run_on_the_machines_clock() -> None:
    clock = clock_from_inventory(None)
    assert isinstance(clock, SystemClock)
    assert clock.real_seconds(5) == clock.patience(5) == 5
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5


@pytest.mark.parametrize(
    "data",
    [
        {"epoch": "soon", "factor": 1, "started": 0},
        {"factor": 1},
        {"epoch": "2021-01-15", "factor": 0, "started": 0},
    ],
)
def test_an_unreadable_clock_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(InventoryError):
        clock_from_inventory(data)
