"""What holds for all tests."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True, scope="session")
def _own_state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Has nothing be written into the home of whoever runs the tests, also by child processes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(autouse=True, scope="session")
def _nothing_stays_in_temporary_folders(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Counts what all tests of this process and their children leave behind: nothing.

    What a task forgets there can hold codes and configurations of routers.
    """
    tmp_path_factory.getbasetemp()  # pytest's own folder is made before, elsewhere
    folder = Path(tempfile.mkdtemp(prefix="slp-tests-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        yield
    left = sorted(path.name for path in folder.iterdir())
    shutil.rmtree(folder, ignore_errors=True)
    assert not left, f"{len(left)} left in the temporary folder: {', '.join(left[:9])}"


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has what is printed not depend on how wide the test runner thinks a terminal is."""
    monkeypatch.delenv("COLUMNS", raising=False)
