"""A scenario file that is none is refused, and does not end or hold up the program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slp_sim.reading import ScenarioError, read_yaml


def test_a_scenario_that_is_nested_too_deeply_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").write_text("[" * 100_000)
    with pytest.raises(ScenarioError, match="deeply"):
        read_yaml(tmp_path / "deep.yaml")


def test_a_scenario_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match="no ordinary file"):
        read_yaml(tmp_path / "pipe.yaml")
