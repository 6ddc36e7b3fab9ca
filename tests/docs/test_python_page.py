"""The recipes of ``docs/python.md`` do what the page says, as they stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.office import Office, office
from kit.routers import slp_router

PAGE = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
RECIPES = dict(re.findall(r"^## (.*?)\n.*?^```python\n(.*?)^```", PAGE, re.M | re.S))
AIRGAP = {"topology": {"kind": "airgap"}}
DIRECT = {"topology": {"kind": "direct", "transport": "smart", "token": "env:SLP_TOKEN"}}


def recipe(beginning: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
    """Runs the recipe whose heading begins so; returns the names that it leaves."""
    (code,) = [text for title, text in RECIPES.items() if title.startswith(beginning)]
    names = names if names is not None else {}
    exec(compile(code, f"docs/python.md: {beginning}", "exec"), names)
    return names


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Office]:
    with office(tmp_path, capsys, slp_router() | {"target": DIRECT}) as made:
        yield made


def test_the_page_has_four_recipes() -> None:
    assert len(RECIPES) == 4


def test_a_task_in_a_playbook_of_ones_own(desk: Office) -> None:
    names = recipe("A task in a playbook")
    assert not names["saved"].failed
    assert list((desk.folder / "reports" / "r1" / "out").iterdir())
    assert "license smart transport off" in desk.configuration()
    changed = [line for line in desk.events() if "typed" in line]
    recipe("A task in a playbook")
    assert [line for line in desk.events() if "typed" in line] == changed


def test_an_assessment_as_a_dictionary_and_as_a_table(desk: Office) -> None:
    names = recipe("What each router is")
    assert names["releases"] == {"r1": "17.6.5"}
    assert names["assessment"].errors == {}
    assert names["everything"]["routers"][0]["observed"]["model"] == "MODEL-SLP"
    assert "r1,SLP,ISR4351/K9,17.6.5" in (desk.folder / "assessment.csv").read_text()


def test_a_plan_and_its_blockers(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    names = recipe("A plan, and what")
    told = capsys.readouterr().out
    assert "trust code" in told
    assert names["plan"].steps
    assert not names["plan"].blockers


@pytest.mark.slow
def test_a_run_and_its_events(desk: Office, capsys: pytest.CaptureFixture[str]) -> None:
    names = recipe("A durable run")
    told = capsys.readouterr().out
    assert names["end"] == "finished"
    assert "r1 proven" in told
    assert "trust" in told
