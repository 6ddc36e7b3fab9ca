"""The same routers from two stores: one process at a time works on a router, whatever its store."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kit.fleet import fleet_plan, lab_clock
from kit.fleet_bench import Bench
from slp_core.errors import LeaseTaken, StoreError
from slp_fleet import leases
from slp_fleet.model import RunState

SHORT = ("preflight", "trust", "verify")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Bench, Bench]:
    """Returns two stores over the same routers, of one lab."""
    benches = (Bench(tmp_path / "anna"), Bench(tmp_path / "ben"))
    clock = lab_clock(benches[0].phases.folder)
    for bench in benches:
        bench.phases.folder = benches[0].phases.folder
        bench.phases._clock = clock
    return benches


def test_f43_a_second_store_is_refused_while_the_first_works_on_a_router(
    two: tuple[Bench, Bench],
) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    anna.script("r01", pending={"02-trust": 10})
    first, second = anna.create(plan), ben.create(plan)
    refused: list[LeaseTaken] = []

    def meanwhile() -> None:
        with pytest.raises(LeaseTaken) as caught:
            ben.carry_out(second)
        refused.append(caught.value)

    anna.when(lambda e: e.step == "02-trust" and e.state == "acting", meanwhile)
    assert anna.carry_out(first) is RunState.FINISHED
    assert f"r01 is worked on by run {first} of" in refused[0].what
    assert str(anna.store) in refused[0].what
    assert ben.phases.calls == [], "it was refused before the router was touched"

    assert ben.carry_out(second) is RunState.FINISHED
    assert ben.effects("r01") == ["02-trust"], "it looked, and did nothing twice"
    assert not list(leases.folder().glob("*.json")), "nothing is left behind"


def test_f43_the_hold_outlives_the_folder_of_the_store(two: tuple[Bench, Bench]) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    first, second = anna.create(plan), ben.create(plan)
    anna.script("r01", pending={"02-trust": 10})
    refused: list[str] = []

    def meanwhile() -> None:
        shutil.rmtree(anna.store)
        with pytest.raises(LeaseTaken) as caught:
            ben.carry_out(second)
        refused.append(caught.value.what)

    anna.when(lambda e: e.step == "02-trust" and e.state == "acting", meanwhile)
    with pytest.raises(StoreError, match="deleted or replaced"):
        anna.carry_out(first)
    assert refused
    assert ben.carry_out(second) is RunState.FINISHED
    assert ben.effects("r01") == ["02-trust"]


def test_f43_an_interrupted_run_holds_nothing(two: tuple[Bench, Bench]) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    first, second = anna.create(plan), ben.create(plan)
    stop = threading.Event()
    anna.script("r01", pending={"02-trust": 100})
    anna.when(lambda e: e.step == "02-trust" and e.state == "acting", stop.set)
    assert anna.carry_out(first, stop=stop) is RunState.PAUSED
    assert ben.carry_out(second) is RunState.FINISHED
    assert ben.effects("r01") == ["02-trust"]


def test_a_rehearsal_neither_holds_nor_is_held_up(two: tuple[Bench, Bench]) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    anna.script("r01", pending={"02-trust": 5})
    first, second = anna.create(plan), ben.create(plan, dry_run=True)
    assert leases.routers_of(ben.fleet.store, second, None) == {}
    anna.when(
        lambda e: e.step == "02-trust" and e.state == "acting",
        lambda: assert_rehearsed(ben, second),
    )
    assert anna.carry_out(first) is RunState.FINISHED


def assert_rehearsed(bench: Bench, run: str) -> None:
    found = leases.hold(bench.fleet.store, run, leases.routers_of(bench.fleet.store, run, None))
    assert found is None


def test_what_a_killed_process_left_holds_nothing(two: tuple[Bench, Bench]) -> None:
    anna, _ = two
    run = anna.create(fleet_plan(1, SHORT))
    routers = leases.routers_of(anna.fleet.store, run, None)
    assert list(routers.values()) == ["r01"]
    code = (
        "import os, sys, json; from pathlib import Path; from slp_fleet import leases;"
        "from slp_fleet.store import Store;"
        "kept = leases.hold(Store(Path(sys.argv[1])), 'x', json.loads(sys.argv[2]));"
        "os.kill(os.getpid(), 9)"
    )
    words = [sys.executable, "-c", code, str(anna.store), json.dumps(routers)]
    assert subprocess.run(words, check=False).returncode == -9
    assert len(list(leases.folder().glob("*.json"))) == 1, "its file is there still"
    assert anna.carry_out(run) is RunState.FINISHED


def test_a_state_folder_that_cannot_be_written_is_told(
    two: tuple[Bench, Bench], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    anna, _ = two
    run = anna.create(fleet_plan(1, SHORT))
    with pytest.raises(StoreError, match="which routers are worked on") as caught:
        anna.carry_out(run)
    assert "XDG_STATE_HOME" in (caught.value.remedy or "")
    assert anna.phases.calls == []


def test_f43_what_is_refused_leaves_no_run_behind(two: tuple[Bench, Bench]) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    anna.script("r01", pending={"02-trust": 10})
    first, late = anna.create(plan), ben.create(plan)

    def meanwhile() -> None:
        with pytest.raises(LeaseTaken, match="r01 is worked on by run"):
            ben.create(plan)
        with pytest.raises(LeaseTaken):  # somebody else was a moment faster
            ben.fleet.begin(late)

    anna.when(lambda e: e.step == "02-trust" and e.state == "acting", meanwhile)
    assert anna.carry_out(first) is RunState.FINISHED
    assert ben.fleet.runs() == []
    assert ben.carry_out(ben.create(plan)) is RunState.FINISHED, "nor a hold on its routers"


def test_a_run_that_had_begun_is_not_taken_back(two: tuple[Bench, Bench]) -> None:
    anna, ben = two
    plan = fleet_plan(1, SHORT)
    stop = threading.Event()
    stop.set()
    left = ben.create(plan)
    ben.carry_out(left, stop=stop)
    anna.script("r01", pending={"02-trust": 10})

    def meanwhile() -> None:
        with pytest.raises(LeaseTaken):
            ben.fleet.begin(left)

    anna.when(lambda e: e.step == "02-trust" and e.state == "acting", meanwhile)
    assert anna.apply(plan)[1] is RunState.FINISHED
    assert [r.id for r in ben.fleet.runs()] == [left]
