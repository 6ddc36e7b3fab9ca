"""Every task from every starting state that matters, run once and run again, by each way.

Judged by the router alone: the lines that were typed at its prompts, its configurations, its flash,
its own log and what it prints. What our notes say of it is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.matrix.row import Row
from tasks.matrix.running import run_again, run_once, world_of
from tasks.matrix.table import ROWS

WAYS = ("fake", "netmiko-fake", "ssh", "netmiko", "system")
FAST_OVER_SSH = ("trust", "topology", "save_config", "usage_save")


def cases() -> Iterator[object]:
    """Yields each row by each way; what takes longer belongs to `make check`.

    Over SSH `make test` has a few of them; through OpenSSH one row of each kind of step is run.
    """
    first = {row.name for row in {r.kind: r for r in reversed(ROWS)}.values()}
    for way in WAYS:
        for row in ROWS:
            if way == "system" and row.name not in first:
                continue
            fast = way == "fake" and row.floor is None
            fast |= way == "ssh" and row.name in first and row.kind in FAST_OVER_SSH
            marks = [] if fast else [pytest.mark.slow]
            yield pytest.param(row, way, id=f"{row.name}-{way}", marks=marks)


@pytest.mark.parametrize(("row", "way"), list(cases()))
def test_task(row: Row, way: str, tmp_path: Path) -> None:
    with world_of(row, way, tmp_path) as world:
        run_once(row, world)
        world.forget()
        run_again(row, world)
