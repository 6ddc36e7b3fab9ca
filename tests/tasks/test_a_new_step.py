"""A step is added in two places: its parameters with their facts, and its behaviour."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import slp_core.steps
import slp_tasks.steps
from kit.labs import Bench, bench
from kit.new_step import BEHAVIOUR, LINE, PARAMETERS
from kit.routers import slp_router
from nornir_slp.words import step_words
from slp_core.plan import RouterPlan, StepSpec
from slp_core.planner.collecting import Steps
from slp_core.planner.steps import framed
from slp_core.steps import base
from slp_core.steps.base import step_kinds
from slp_fleet.waves import place_needed_at
from slp_tasks import registry, step
from slp_tasks.registry import behaviours


@pytest.fixture
def two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The two files of a new step stand where those of the others stand; nothing else is told."""
    assert "name_server" not in behaviours()
    homes = ((slp_core.steps, PARAMETERS), (slp_tasks.steps, BEHAVIOUR))
    for package, text in homes:
        folder = tmp_path / package.__name__
        folder.mkdir()
        (folder / "name_server.py").write_text(text)
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])
    monkeypatch.setattr(base, "_KNOWN", dict(base._KNOWN))
    monkeypatch.setattr(step, "BEHAVIOURS", dict(step.BEHAVIOURS))
    monkeypatch.setattr(registry, "BEHAVIOURS", step.BEHAVIOURS)
    base._read_all.cache_clear()
    registry._read_all.cache_clear()
    yield
    for package, _ in homes:
        sys.modules.pop(f"{package.__name__}.name_server", None)
        vars(package).pop("name_server", None)
    base._read_all.cache_clear()
    registry._read_all.cache_clear()


def planned(made: Bench) -> RouterPlan:
    """Returns a plan with the new step between check and saving, as it comes from a file."""
    middle = Steps()
    middle.add(step_kinds()["name_server"].model_validate({"address": "192.0.2.53"}), ("UP-3",))
    plan = made.plan(topology="direct").model_copy(update={"steps": framed(middle, verify=False)})
    read = RouterPlan.model_validate(plan.to_json())
    assert read.hash() == plan.hash()
    return read


def named(plan: RouterPlan) -> StepSpec:
    return next(s for s in plan.steps if s.kind == "name_server")


@pytest.mark.usefixtures("two_files")
def test_a_step_of_two_files_is_planned_rehearsed_and_applied(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        plan = planned(made)
        spec = named(plan)
        assert (spec.id, spec.title, spec.deadline_s) == (
            "03-name-server",
            "Set the name server",
            120,
        )
        assert spec.lasting
        assert spec.facts.settle_s == 20
        assert place_needed_at(plan) == plan.steps.index(spec)

        shown = made.phase(plan, spec, "probe", dry_run=True)
        assert shown["seen"]["sends"] == [LINE]
        made.notes.clear()
        ended = made.migrate(plan)
        assert ended[2] == ("03-name-server", "done")
        assert {end for _, end in ended} <= {"done", "skipped"}
        with made.lab.lock:
            assert made.router().running.has(LINE)
        made.notes.clear()
        assert made.carry(plan, spec) == "skipped"
        assert step_words("name_server", "skipped") == "stood there"


@pytest.mark.usefixtures("two_files")
def test_its_parameters_are_judged_as_those_of_every_step() -> None:
    def spec(**params: Any) -> StepSpec:
        return StepSpec(id="01-x", kind="name_server", title="x", params=params)

    with pytest.raises(ValueError, match=r"params\.address"):
        spec(address="192.0.2.53\nreload")
    with pytest.raises(ValueError, match=r"params\.adress"):
        spec(address="192.0.2.53", adress="192.0.2.53")
    assert spec(address="192.0.2.53").params.lines() == (LINE,)


def test_without_its_files_the_kind_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no step of the kind 'name_server'"):
        StepSpec(id="01-x", kind="name_server", title="x")
