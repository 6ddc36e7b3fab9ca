"""One task on one router of a lab: run once it changes, run again it sends nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from nornir.core.task import MultiResult

from kit.labs import Bench, bench
from kit.routers import options

NETMIKO = pytest.param("netmiko", marks=pytest.mark.slow)
OVER = pytest.mark.parametrize("over", ["fake", "ssh", NETMIKO])
Run = Callable[..., MultiResult]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    """Starts a lab and returns it with what runs one task on its router."""
    opened = []

    def begin(router: dict[str, Any], over: str = "fake") -> tuple[Bench, Run]:
        context = bench(tmp_path, router, over=over)
        made = context.__enter__()
        opened.append(context)

        def run(task: Any, **arguments: Any) -> MultiResult:
            result = made.nornir.run(task=task, **options(made), **arguments)["r1"]
            made.nornir.data.reset_failed_hosts()
            return result

        return made, run

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


def configuration(made: Bench) -> list[str]:
    with made.lab.lock:
        return list(made.router().running.lines())


def twice(made: Bench, run: Run, task: Any, **arguments: Any) -> MultiResult:
    """Runs a task twice and holds it to its word: changed once, then nothing sent."""
    first = run(task, **arguments)
    assert not first.failed, first.exception
    assert first.changed
    before = (configuration(made), [e for e in made.events() if "acknowledged" not in e])
    second = run(task, **arguments)
    assert not second.failed, second.exception
    assert not second.changed
    after = (configuration(made), [e for e in made.events() if "acknowledged" not in e])
    assert after == before, "the second run sent something"
    return first


def image(made: Bench, name: str = "isr4300-universalk9.17.04.01a.SPA.bin") -> dict[str, Any]:
    entry = next(i for i in made.lab.scenario.images if i.name == name)
    return {"name": name, "source": str(made.folder / "images" / name), "size": entry.size}


OLD = {"name": "r1", "family": "s4_evaluation"}
