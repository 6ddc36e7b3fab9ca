"""What every test of a fleet needs: a store of its own and scripted routers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.fleet_bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.fleet.close()
