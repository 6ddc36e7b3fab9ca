"""For every task, the failures that touch it: survived, or one clear sentence and nothing else."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from slp_core.errors import AuthFailed
from tasks.matrix.fault_table import (
    CASES,
    ELSEWHERE,
    EVERY,
    LACKS,
    LOCKED_OUT,
    NOT_OF_A_TASK,
    STATES,
    Case,
)
from tasks.matrix.row import Row
from tasks.matrix.running import run_again, run_once, sent, world_of
from tasks.matrix.table import ROWS

FROM_HERE = ("stage_image",)
"""Kinds whose arguments are made without a look at the router."""
MORE = ("F16", "F17", "F20", "F27", "F29", "F33")
"""Laid over in `make check` only: each is met in the same place for every command."""
BY_NAME = {row.name: row for row in ROWS}


def struck(row: Row, fault: str, params: Mapping[str, Any], **router: Any) -> Row:
    """Returns a row whose router a fault strikes, too."""
    spec = dict(row.router.get("router", {}))
    faults = [*spec.get("faults", ()), {"name": fault, "params": dict(params)}]
    return replace(row, router={**row.router, "router": {**spec, "faults": faults, **router}})


def of_every_kind(*, sending: bool = False) -> list[Row]:
    """Returns one row of each kind of step: its first that does something."""
    found: dict[str, Row] = {}
    for row in ROWS:
        works = row.refused is None and row.floor is None
        if works and (row.sends or row.kind not in found):
            acts = found.get(row.kind)
            if acts is None or not acts.sends:
                found[row.kind] = row
    return [row for row in found.values() if row.sends or not sending]


def untouched() -> list[Row]:
    """Returns one row of each kind that is met as its scenario made it, before any login."""
    met = [r for r in ROWS if r.prepare is None and (r.kind in FROM_HERE or not callable(r.args))]
    return list({row.kind: row for row in met}.values())


def overlays() -> Iterator[object]:
    """Yields a row of every kind under each fault that touches all alike."""
    for fault, params in EVERY.items():
        for row in of_every_kind():
            slow = row.speed > 600 or fault in MORE
            marks = [pytest.mark.slow] if slow else []
            yield pytest.param(row, fault, params, id=f"{fault}-{row.name}", marks=marks)


@pytest.mark.parametrize(("row", "fault", "params"), list(overlays()))
def test_a_task_ends_as_without_the_fault(
    row: Row, fault: str, params: Mapping[str, Any], tmp_path: Path
) -> None:
    with world_of(struck(row, fault, params), "fake", tmp_path) as world:
        run_once(replace(row, shows={}), world)
        world.forget()
        run_again(row, world)


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_fault(case: Case, tmp_path: Path) -> None:
    row = BY_NAME[case.row]
    with world_of(struck(row, case.fault, case.params, **case.router), "fake", tmp_path) as world:
        before = world.seen()
        done = world.run(row.task, **row.arguments(world))
        lines, after = sent(world), world.seen()
        if case.refused is None:
            assert not done.failed, done.exception
            assert done.changed
            assert set(after.running) ^ set(before.running) == {*row.adds, *row.drops}
        else:
            assert done.failed, done.result
            assert case.refused in str(done.exception)
            assert str(done.exception).startswith("r1: "), "which router"
        assert lines == list(row.sends if case.sends is None else case.sends)
        news = after.events[len(before.events) :]
        assert sum(e.startswith("reload") for e in news) <= 1, news


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r.name) for r in of_every_kind(sending=True) if r.speed <= 600]
)
def test_f19_a_command_that_the_router_lacks_is_said_and_nothing_further_sent(
    row: Row, tmp_path: Path
) -> None:
    command = next((x for x in row.sends if not x.startswith("(config)#")), row.sends[0])
    words = " ".join(command.removeprefix("(config)#").split()[:4])
    with world_of(struck(row, LACKS, {"command": words}), "fake", tmp_path) as world:
        done = world.run(row.task, **row.arguments(world))
        assert done.failed, done.result
        assert "was refused: % Invalid input" in str(done.exception)
        assert not done.changed
        lines = sent(world)
        assert lines == list(row.sends[: row.sends.index(command) + 1])


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=r.name) for r in untouched()],
)
def test_f28_a_refused_login_is_never_tried_again(row: Row, tmp_path: Path) -> None:
    with world_of(struck(row, LOCKED_OUT, {"times": 2}), "fake", tmp_path) as world:
        arguments = row.arguments(world)
        for _ in range(2):  # each takes one login of the two that are refused
            done = world.run(row.task, **arguments)
            assert done.failed
            assert isinstance(done.exception, AuthFailed), done.exception
            assert not done.changed
        assert world.lasting() == []
        world.run(row.task, **arguments)
        assert list(world.made.router().typed), "the third login is let in"


def test_every_failure_has_its_place_in_the_table() -> None:
    told = {c.fault.partition("-")[0] for c in CASES} | set(EVERY) | {LACKS, LOCKED_OUT}
    told |= set(STATES) | set(ELSEWHERE) | set(NOT_OF_A_TASK)
    client = {"F36"}
    assert told | client == {f"F{n:02}" for n in range(1, 48)}


def test_the_table_names_rows_states_and_tests_that_there_are() -> None:
    assert {c.row for c in CASES} <= set(BY_NAME)
    states = {(row.kind, row.state) for row in ROWS}
    assert {pair for pairs in STATES.values() for pair in pairs} <= states
    for module, function in (t for tests in ELSEWHERE.values() for t in tests):
        assert callable(getattr(importlib.import_module(f"tasks.{module}"), function))


def test_every_kind_that_reloads_or_sends_has_its_own_failures() -> None:
    """Beyond those that are laid over all: nothing that acts is without a case."""
    by_case = {BY_NAME[c.row].kind for c in CASES}
    by_state = {kind for pairs in STATES.values() for kind, _ in pairs}
    acting = {row.kind for row in ROWS if row.sends and not row.sends[0].startswith("(config)#")}
    only_laid_over = {
        "slac_request": "a file and its hashes: as usage_save",
        "slac_return": "F02: test_f02_a_return_code_printed_to_a_lost_session_is_fetched",
        "reservation_request": "prints a code: F19, F28, F42 and those laid over all",
        "reservation_return": "the same",
        "deregister": "answered at once: F19, F28, F42 and those laid over all",
        "factory_reset": "the same",
    }
    assert acting - by_case - by_state == set(only_laid_over)
