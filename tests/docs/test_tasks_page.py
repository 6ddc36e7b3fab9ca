"""docs/tasks.md has a section for each kind of step, and says of it what the code does."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any

import pytest

from kit.step_params import least_params
from slp_core.steps.base import step_kinds

PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", PAGE.read_text(), re.M | re.S))
PARTS = ("Sends", "Changes", "Never", "Confirms", "Task")
PARAMS: dict[str, Any] = {
    "file": "NAME",
    "image": {"name": "NAME", "source": "http://host/NAME"},
    "topology": {"kind": "airgap"},
    "level": "LEVEL",
    "crypto": "LEVEL",
}


def part(kind: str, name: str) -> str:
    found = re.search(rf"^\*{name}:\* (.*?)(?=^\*\w+:\*|\Z)", SECTIONS[kind], re.M | re.S)
    return " ".join(found[1].split()) if found else ""


def test_every_kind_of_step_has_its_section_and_no_other() -> None:
    assert set(SECTIONS) == set(step_kinds())


@pytest.mark.parametrize("kind", step_kinds())
def test_a_section_says_all_that_is_asked_of_a_task(kind: str) -> None:
    missing = [name for name in PARTS if not part(kind, name)]
    assert not missing, f"docs/tasks.md: {kind} does not say: {missing}"


@pytest.mark.parametrize("kind", step_kinds())
def test_what_a_section_says_is_sent_is_what_the_step_sends(kind: str) -> None:
    lines = step_kinds()[kind].model_validate(least_params(kind, PARAMS)).lines()
    told = part(kind, "Sends")
    for line in lines:
        if line.startswith("scp "):
            assert "by SCP" in told
            continue
        named = re.split(r"\S*NAME|LEVEL|off\b", line)[0].strip()
        assert named in told, f"{kind} sends {line!r}, which its section does not name"
    if not lines and kind not in ("rollback",):
        assert told.startswith("nothing")


@pytest.mark.parametrize("kind", step_kinds())
def test_the_task_that_a_section_names_can_be_imported(kind: str) -> None:
    for module, function in re.findall(r"`(slp_tasks\.steps\.\w+)\.(\w+)`", part(kind, "Task")):
        assert callable(getattr(importlib.import_module(module), function))
