"""A router's name leads nowhere but into its own folder, by every task and command that writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.labs import Bench, bench
from kit.office import office
from kit.routers import slp_router
from slp_tasks.collect import collect_state
from slp_tasks.steps.backup import backup
from slp_tasks.steps.save_config import save_config

NAME = "../../escape"


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path / "lab", slp_router()) as found:
        host = found.nornir.inventory.hosts.pop("r1")
        host.data.setdefault("slp", {}).setdefault("fake", {})["router"] = "r1"
        host.name = NAME
        found.nornir.inventory.hosts[NAME] = host
        yield found


def outside(tmp_path: Path, folder: Path) -> list[Path]:
    return [p for p in tmp_path.rglob("*escape*") if folder not in p.parents]


def test_collect_state_writes_within_its_folder(made: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "captures"
    done = made.nornir.run(task=collect_state, folder=folder, clock=made.clock)
    assert not done.failed
    assert outside(tmp_path, folder) == []
    assert len(list(folder.iterdir())) == 1


def test_tasks_keep_their_files_within_the_folder(made: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "files"
    done = made.nornir.run(task=backup, files=folder, clock=made.clock, sleep=made.clock.sleep)
    assert not done.failed, done[NAME][0].exception
    assert outside(tmp_path, folder) == []


def test_a_task_without_a_folder_gets_one_of_its_own(made: Bench, tmp_path: Path) -> None:
    done = made.nornir.run(task=save_config, clock=made.clock, sleep=made.clock.sleep)
    assert not done.failed, done[NAME][0].exception


def test_save_captures_writes_within_its_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lab").mkdir()
    with office(tmp_path / "lab", capsys, slp_router()) as at:
        hosts = at.folder / "inventory" / "hosts.yaml"
        text = hosts.read_text()
        assert text.startswith("r1:")
        hosts.write_text(f'"{NAME}":' + text.removeprefix("r1:"))
        folder = tmp_path / "a" / "b" / "captures"
        at.slp("assess", "--save-captures", str(folder))
        assert outside(tmp_path, folder) == []
