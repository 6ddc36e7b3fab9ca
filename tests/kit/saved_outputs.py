"""Folders of saved outputs, as people keep them."""

from __future__ import annotations

import shutil

import pytest

from kit.scenarios import DATA

MIGRATIONS = sorted(p.name for p in DATA.glob("s[1-6]_*"))


@pytest.fixture
def captures(tmp_path, monkeypatch):
    """The six migrations, before and after, as folders for ``--from-captures``."""
    monkeypatch.chdir(tmp_path)
    for phase in ("pre", "post"):
        for name in MIGRATIONS:
            folder = tmp_path / phase / name
            shutil.copytree(DATA / name / phase, folder)
            for extra in ("router.yaml", "target.yaml"):
                shutil.copy(DATA / name / extra, folder / extra)
    return tmp_path
