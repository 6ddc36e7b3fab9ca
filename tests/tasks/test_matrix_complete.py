"""The matrix leaves nothing out: kinds of steps, starting states of the docs, tasks, topologies."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import slp_tasks
from kit.labs import bench
from slp_core.steps.base import step_kinds
from slp_core.targets import TopologyKind
from slp_tasks.registry import behaviours
from tasks.matrix.routers import slp
from tasks.matrix.row import World
from tasks.matrix.table import ROWS

PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"
NO_ROW = {
    "person": "no task of its own: it waits for a person within a run (test_person.py)",
}
ONLY_LOOKS = {
    "collect_state": "reads and returns the state: held by a test of its own below",
}


def states_told() -> dict[str, list[str]]:
    """Returns the starting states that the page names, by kind of step."""
    sections = re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PAGE.read_text(), re.M | re.S)
    found = {}
    for kind, text in sections:
        told = re.search(r"^\*From:\* (.*?)\.$", text, re.M | re.S)
        found[kind] = " ".join(told[1].split()).split(" · ") if told else []
    return found


def test_every_kind_of_step_has_rows_or_a_reason() -> None:
    assert {row.kind for row in ROWS} | set(NO_ROW) == set(behaviours()) == set(step_kinds())


@pytest.mark.parametrize("kind", [k for k in step_kinds() if k not in NO_ROW])
def test_the_page_names_the_starting_states_that_are_tested_and_no_others(kind: str) -> None:
    tested = dict.fromkeys(row.state for row in ROWS if row.kind is kind)
    assert states_told().get(kind) == list(tested)


def test_no_two_rows_bear_one_name() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))


def test_every_topology_is_reached_from_a_clean_router_and_another_one_left() -> None:
    reached = {
        dict(row.args)["topology"]["kind"]  # type: ignore[arg-type]
        for row in ROWS
        if row.kind == "topology" and row.state == "clean"
    }
    assert reached == set(get_args(TopologyKind))


def test_a_row_that_is_refused_changes_nothing_and_one_that_sends_again_says_why() -> None:
    for row in ROWS:
        lines, reason = row.again
        assert bool(lines) == bool(reason), row.name
        if row.refused:
            assert not any((row.adds, row.drops, row.writes, row.removes)), row.name


def public_tasks() -> Iterator[Any]:
    """Yields every Nornir task of the package: what takes a ``Task`` and returns a ``Result``."""
    for module in pkgutil.walk_packages(slp_tasks.__path__, "slp_tasks."):
        found = importlib.import_module(module.name)
        for name, thing in inspect.getmembers(found, inspect.isfunction):
            if thing.__module__ != found.__name__ or name.startswith("_"):
                continue
            parameters = list(inspect.signature(thing).parameters.values())
            returns = inspect.signature(thing).return_annotation
            if parameters and parameters[0].annotation == "Task" and returns == "Result":
                yield thing


def test_every_public_task_has_rows() -> None:
    by_row = {row.task.__name__ for row in ROWS}
    tasks = {t.__name__ for t in public_tasks()} - {"carry_out"}
    assert tasks == by_row | set(ONLY_LOOKS)


def test_collect_state_is_a_task_that_changes_nothing(tmp_path: Path) -> None:
    from slp_tasks.collect import collect_state

    with bench(tmp_path, slp("smart", trust=True)) as made:
        world = World(made, tmp_path)
        before = world.seen()
        done = made.nornir.run(task=collect_state, folder=tmp_path / "kept")["r1"]
        assert not done.failed, done.exception
        assert not done.changed
        assert done.result["hostname"] == "edge"
        assert (tmp_path / "kept" / "r1" / "show-version.txt").is_file()
        assert world.lasting() == []
        assert world.seen() == before
