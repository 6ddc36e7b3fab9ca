"""F42 with two processors: killed in the middle of an upgrade in service, never begun again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.crash_lab import CrashLab, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PAIRS, ALL = ("agg1", "agg2"), ("agg1", "agg2", "edge1")


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CrashLab]:
    lab = CrashLab(tmp_path, speed=40, scenario="issu")
    lab.start()
    try:
        planned = lab.slp("plan", "--output", "plan.json")
        assert planned.returncode == 0, planned.stderr
        yield lab
    finally:
        lab.stop()


def count(lab: CrashLab, router: str, what: str) -> int:
    return sum(bool(re.match(what, e)) for e in lab.events(router))


@pytest.mark.parametrize(
    "event",
    [
        "issu activate ",
        pytest.param("standby R1 boots", marks=pytest.mark.long),
        "switchover ",
        pytest.param("standby R0 boots", marks=pytest.mark.long),
        pytest.param("install commit ", marks=pytest.mark.long),
    ],
)
def test_f42_killed_in_the_middle_it_is_waited_for(lab: CrashLab, event: str) -> None:
    process = lab.popen("apply", "plan.json", "--yes", "--canary", "0", "--wave-size", "3")
    try:
        wait_until(
            lambda: count(lab, "agg1", event) > 0 or process.poll() is not None,
            f"agg1 logs {event!r}",
        )
        assert process.poll() is None, (lab.folder / "apply.out").read_text()
    finally:
        process.kill()
        process.wait()
    (run,) = json.loads(lab.slp("runs", "--json").stdout)["runs"]
    resumed = lab.slp("resume", run["id"])
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    shown = json.loads(lab.slp("show", run["id"], "--json").stdout)
    assert {r["router"]: r["state"] for r in shown["routers"]} == dict.fromkeys(ALL, "proven")
    for router in PAIRS:
        assert count(lab, router, "issu activate ") == count(lab, router, "switchover ") == 1
        assert count(lab, router, "install add ") == count(lab, router, "install commit ") == 1
        assert count(lab, router, "reload: ") == 0
    assert count(lab, "edge1", "reload: ") == count(lab, "edge1", r"boot \d+ ") == 1
    assert count(lab, "edge1", "switchover ") == 0
