"""Every task from every starting state that matters, run once and run again, by each way.

Judged by the router alone: the lines that were typed at its prompts, its configurations, its flash,
its own log and what it prints. What our notes say of it is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tasks.labs import FastClock, bench
from tasks.matrix.routers import SENT
from tasks.matrix.row import Row, World
from tasks.matrix.table import ROWS

WAYS = ("fake", "netmiko-fake", "ssh", "netmiko", "system")
FAST_OVER_SSH = ("trust", "topology", "save_config", "usage_save")
FRAME = ("configure terminal", "(config)#end")


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


@contextmanager
def world_of(row: Row, way: str, tmp: Path) -> Iterator[World]:
    """Starts the router of a row and brings it to its starting state."""
    with bench(tmp, dict(row.router), over=way, speed=row.speed, **row.lab) as made:
        world = World(made, tmp)
        if row.prepare is not None:
            row.prepare(world)
        if row.floor is not None and isinstance(made.clock, FastClock):
            made.clock.floor = row.floor
        world.forget()
        yield world


@pytest.mark.parametrize(("row", "way"), list(cases()))
def test_task(row: Row, way: str, tmp_path: Path) -> None:
    with world_of(row, way, tmp_path) as world:
        run_once(row, world)
        world.forget()
        run_again(row, world)


def sent(world: World) -> list[str]:
    """Returns the lasting lines, without those that only frame a configuration."""
    return [line for line in world.lasting() if line not in FRAME]


def run_once(row: Row, world: World) -> None:
    """The first run changes what the row says, and nothing else."""
    before = world.seen()
    result = world.run(row.task, **row.arguments(world))
    lines = sent(world)
    after = world.seen()
    assert SENT not in f"{result.result}{result.exception}", "F31"
    if row.refused is None:
        assert not result.failed, result.exception
        assert (result.changed, lines) == (bool(row.sends or row.writes), list(row.sends))
    else:
        assert result.failed, f"not refused: {result.result}"
        said = str(result.exception)
        assert row.refused in said
        assert (result.changed, lines) == (False, list(row.sends)), said
    assert sorted(set(after.running) - set(before.running)) == sorted(row.adds)
    assert sorted(set(before.running) - set(after.running)) == sorted(row.drops)
    changed = {n for n, f in after.files.items() if before.files.get(n) != f}
    assert changed == set(row.writes)
    assert set(before.files) - set(after.files) == set(row.removes)
    news = after.events[len(before.events) :]
    assert [e for e in news if e in row.events] == list(row.events), news
    for command, patterns in row.shows.items():
        text = world.shown(command)
        for pattern in (patterns,) if isinstance(patterns, str) else patterns:
            met = bool(re.search(pattern, text))
            assert met, f"{command!r} does not show {pattern!r}:\n{text}"


def run_again(row: Row, world: World) -> None:
    """The second run finds its work done: nothing changes, nothing is sent."""
    lines, reason = row.again
    before = world.seen()
    result = world.run(row.task, **row.arguments(world))
    assert result.failed == (row.refused is not None), result.exception
    if not lines:
        assert not result.changed
        assert world.lasting() == []
        assert world.seen() == before
        return
    assert reason
    assert sent(world) == list(lines)
