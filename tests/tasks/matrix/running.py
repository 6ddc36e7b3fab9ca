"""How one row of the matrix is run: once, and again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.labs import FastClock, bench
from tasks.matrix.routers import SENT
from tasks.matrix.row import Row, World

FRAME = ("configure terminal", "(config)#end")


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
