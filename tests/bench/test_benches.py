"""Every benchmark runs to its figures, in its smallest form."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHES = Path(__file__).parent
SMALLEST = {
    "bench_fleet.py": (["3"], "steps/s"),
    "bench_lab.py": (["2", "3", "0.2"], "CPU ms"),
    "bench_parsing.py": (["--smallest"], "s/MB"),
    "bench_plan.py": (["--routers", "10"], "ms each"),
}


def test_each_bench_has_a_smallest_form() -> None:
    assert {path.name for path in BENCHES.glob("bench_*.py")} == set(SMALLEST)


@pytest.mark.parametrize("name", sorted(SMALLEST))
def test_a_bench_prints_its_figures(name: str) -> None:
    options, figure = SMALLEST[name]
    ended = subprocess.run(
        [sys.executable, BENCHES / name, *options], capture_output=True, text=True, timeout=100
    )
    # Its exit code judges ratios on this machine, which a test does not.
    assert figure in ended.stdout, ended.stderr
    assert "Traceback" not in ended.stderr
