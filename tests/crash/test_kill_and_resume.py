"""F42: killed at any instant, a run goes on and repeats nothing that has a lasting effect.

What happened is counted in the routers' own log, not in ours.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit.crash_lab import CrashLab, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROUTERS = ("r01", "r02", "r03", "r04", "r05", "r06")  # one for each way of old licensing
ONCE = (
    r"reload: ",
    r"boot \d+ ",
    r"install add ",
    r"install activate ",
    r"install commit ",
    r"trust requested",
    r"authorization requested",
    r"reservation installed",
    r"usage saved ",
    r"imported ",
    r"file written \S+",
)


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[CrashLab]:
    lab = CrashLab(tmp_path)
    lab.start()
    try:
        planned = lab.slp("plan", "--output", "plan.json")
        assert planned.returncode == 0, planned.stderr
        yield lab
    finally:
        lab.stop()


def started(lab: CrashLab) -> str:
    """Returns the run that ``apply`` began."""
    (run,) = runs(lab)
    return str(run["id"])


def runs(lab: CrashLab) -> list[dict[str, object]]:
    said = lab.slp("runs", "--json")
    if said.returncode != 0:
        return []
    rows = json.loads(said.stdout)
    return list(rows if isinstance(rows, list) else rows["runs"])


def effects(lab: CrashLab, router: str) -> Counter[str]:
    """Returns how often each lasting thing was done; files are told apart by their names."""
    counted = Counter(dict.fromkeys(ONCE, 0))
    for event in lab.events(router):
        for pattern in ONCE:
            found = re.match(pattern, event)
            if found is not None:
                counted[found[0] if pattern.endswith(r"\S+") else pattern] += 1
    return counted


def go_on_and_judge(lab: CrashLab) -> None:
    run = started(lab)
    lab.start_person()
    resumed = lab.slp("resume", run)
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    shown = json.loads(lab.slp("show", run, "--json").stdout)
    states = {r["router"]: r["state"] for r in shown["routers"]}
    assert states == dict.fromkeys(ROUTERS, "proven")
    for router in ROUTERS:
        counted = effects(lab, router)
        assert max(counted.values()) == 1, f"{router} was done to twice: {counted}"
        assert counted[r"reload: "] == counted[r"boot \d+ "] == 1
        assert counted[r"install commit "] == 1
    assert effects(lab, "r04")["trust requested"] == 1
    assert effects(lab, "r04")["authorization requested"] == 1
    assert effects(lab, "r05")["trust requested"] == 1
    assert effects(lab, "r03")["reservation installed"] == 1
    for router in ("r02", "r03"):
        assert effects(lab, router)["usage saved "] == effects(lab, router)["imported "] == 1


def kill_when(lab: CrashLab, router: str, event: str) -> None:
    if router in ("r02", "r03"):
        lab.start_person()
    process = apply(lab)
    try:
        wait_until(
            lambda: (
                any(re.match(event, e) for e in lab.events(router)) or process.poll() is not None
            ),
            f"{router} logs {event!r}",
        )
        assert process.poll() is None, (lab.folder / "apply.out").read_text()
    finally:
        process.kill()
        process.wait()


def apply(lab: CrashLab) -> subprocess.Popen[bytes]:
    return lab.popen("apply", "plan.json", "--yes", "--canary", "0", "--wave-size", "6")


@pytest.mark.parametrize(
    ("router", "event"),
    [
        pytest.param("r06", "file written ", marks=pytest.mark.long, id="copy"),
        pytest.param("r06", "install add ", id="install-add"),
        pytest.param("r01", "install activate ", id="install-activate"),
        pytest.param("r05", "reload: ", id="reload"),
        pytest.param("r04", r"boot \d+ ", marks=pytest.mark.long, id="boot"),
        pytest.param("r01", "install commit ", marks=pytest.mark.long, id="commit"),
        pytest.param("r04", "trust requested", id="trust"),
        pytest.param("r04", "authorization requested", marks=pytest.mark.long, id="authorization"),
        pytest.param("r05", "configuration saved", id="save"),
        pytest.param("r03", "reservation installed", id="reservation"),
        pytest.param("r02", "usage saved ", marks=pytest.mark.long, id="usage-save"),
        pytest.param("r02", "imported ", marks=pytest.mark.long, id="import"),
    ],
)
def test_f42_killed_during(lab: CrashLab, router: str, event: str) -> None:
    kill_when(lab, router, event)
    go_on_and_judge(lab)


def test_f42_killed_while_a_person_is_waited_for(lab: CrashLab) -> None:
    """Two routers wait for nobody: the operator comes to work only after the resume."""
    process = apply(lab)
    try:
        wait_until(lambda: waiting(lab) >= {"r03"}, "r03 waits for a person")
        assert process.poll() is None, (lab.folder / "apply.out").read_text()
    finally:
        process.kill()
        process.wait()
    assert effects(lab, "r03")["reservation installed"] == 0
    go_on_and_judge(lab)


def waiting(lab: CrashLab) -> set[str]:
    """Returns the routers that wait for a person."""
    said = lab.slp("show", "latest", "--json")
    rows = json.loads(said.stdout)["routers"] if said.returncode == 0 else []
    return {str(r["router"]) for r in rows if r["state"] == "person"}


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_f42_killed_again_and_again_at_random(lab: CrashLab, seed: int) -> None:
    moments = random.Random(seed)
    lab.start_person()
    process = apply(lab)
    wait_until(lambda: len(runs(lab)) == 1, "the run is in the store")
    run = started(lab)
    for _ in range(4):
        time.sleep(moments.uniform(0.5, 8.0))  # the machine's time: when it is killed is by chance
        process.kill()
        process.wait()
        process = lab.popen("resume", run)
    process.kill()
    process.wait()
    go_on_and_judge(lab)
