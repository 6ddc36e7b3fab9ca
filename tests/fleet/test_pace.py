"""How long a run waits before it looks again."""

from __future__ import annotations

from slp_fleet.phases import Pace


def test_pauses_grow_up_to_the_ceiling_however_often_it_was_looked() -> None:
    pace = Pace()
    waits = [pace.wait(0.0, looks) for looks in range(50)]
    assert waits == sorted(waits)
    assert pace.wait(0.0, 10**6) == pace.ceiling == waits[-1]
    assert pace.wait(60.0, 10**6) == 60.0
