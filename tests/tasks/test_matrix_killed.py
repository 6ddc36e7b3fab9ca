"""F42 and a lost session, for every task: nothing that was sent is sent a second time.

The act is carried out, and then either the session is lost with its answer or the process dies
with everything that it knew. What was done is for the router to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from slp_core.errors import SessionLost
from slp_tasks.registry import behaviour_of
from slp_tasks.step import Acted, StepContext
from tasks.matrix.row import Row
from tasks.matrix.running import sent, world_of
from tasks.matrix.table import ROWS

SENDING = [r for r in ROWS if (r.sends or r.writes) and r.refused is None and not r.again[0]]


class Killed(Exception):
    """The process is gone."""


def strikes_after(row: Row, patch: pytest.MonkeyPatch, error: Exception) -> Callable[[], None]:
    """Has the first act of the row's step end in an error, once it was carried out."""
    kind = type(behaviour_of(row.kind, "r1"))
    act, struck = kind.act, []

    def struck_act(step: Any, ctx: StepContext) -> Acted:
        acted = act(step, ctx)
        if struck:
            return acted
        struck.append(acted)
        ctx.session.close()
        raise error

    patch.setattr(kind, "act", struck_act)
    return lambda: patch.setattr(kind, "act", act)


def rows() -> Iterator[object]:
    """Yields each row that sends something; hours of waiting belong to `make check`."""
    for row in SENDING:
        marks = [pytest.mark.slow] if row.speed > 600 else []
        yield pytest.param(row, id=row.name, marks=marks)


@pytest.mark.parametrize("row", list(rows()))
def test_f21_a_session_lost_right_after_the_act_has_nothing_sent_twice(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world_of(row, "fake", tmp_path) as world:
        strikes_after(row, monkeypatch, SessionLost("the router closed the connection", where="r1"))
        done = world.run(row.task, **row.arguments(world))
        assert not done.failed, done.exception
        assert done.changed
        assert sent(world) == list(row.sends)


@pytest.mark.slow
@pytest.mark.parametrize("row", list(rows()))
def test_f42_a_process_that_died_right_after_the_act_has_nothing_sent_twice(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world_of(row, "fake", tmp_path) as world:
        alive = strikes_after(row, monkeypatch, Killed())
        assert world.run(row.task, **row.arguments(world)).failed
        alive()
        world.made.clock.sleep(1800)
        again = world.run(row.task, **row.arguments(world))
        assert not again.failed, again.exception
        assert sent(world) == list(row.sends)
