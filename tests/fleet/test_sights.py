"""What was seen last of a router: newer parts over older ones, each with its own moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.fleet import FakePhases, fleet_plan
from kit.fleet_bench import QUICK
from slp_core.errors import StoreError
from slp_fleet.api import Fleet
from slp_fleet.model import RunOptions
from slp_fleet.reading import Sight
from slp_fleet.store import TABLES, Store
from slp_tasks.step import Acted, Confirm, Ended, Probe

LOOKS: dict[str, dict[str, Any]] = {
    "01-preflight": {"sight": {"release": "16.9.5"}},
    "02-verify": {"seen": {"observed": {"release": "17.9.4", "transport.kind": "cslu",
                                        "transport.cslu_address": "http://c"}}},
    "03-topology": {"sight": {"transport.kind": "smart", "config": ["a"]}},
    "04-trust": {"sight": {"trust.installed": True, "config": ["a"]}},
}  # fmt: skip


class Seeing(FakePhases):
    """Routers of which each step sees what ``LOOKS`` says."""

    @contextmanager
    def open(self, router: str) -> Iterator[Any]:
        def phase(_plan: Any, step: Any, phase: str, **_context: Any) -> Ended:
            looks = step.kind in ("preflight",)
            if phase == "probe":
                state = "done" if looks else "ready"
                return Probe(state=state, detail="", **(LOOKS[step.id] if looks else {}))
            if phase == "act":
                return Acted(changed=False, detail="", noted={})
            return Confirm(state="confirmed", detail="", **LOOKS[step.id])

        yield phase


def run_of(folder: Path, *kinds: str) -> tuple[Fleet, str]:
    fleet = Fleet(folder / ".slp", folder, phases=Seeing(folder / "routers"), pace=QUICK)
    plan, file = fleet_plan(1, kinds), folder / "plan.json"
    file.write_text(plan.model_dump_json(exclude_unset=True))
    run = fleet.create_run(plan, file, RunOptions(canary=0))
    fleet.carry_out(run)
    return fleet, run


def test_newer_parts_win_older_ones_stay_and_each_has_its_moment(tmp_path: Path) -> None:
    fleet, run = run_of(tmp_path, "preflight", "verify", "topology", "trust")
    with closing(fleet):
        router = fleet.run(run).routers[0]
    assert router.after == {
        "release": "17.9.4",
        "transport.kind": "smart",
        "trust.installed": True,
        "config": ["a"],
    }, "the address of the transport before is gone with it"
    assert [(k.by, k.whole, k.paths) for k in router.looks] == [
        ("02-verify", True, ()),
        ("03-topology", False, ("transport.kind",)),
        ("04-trust", False, ("trust.installed", "config")),
    ]
    assert [k.at for k in router.looks] == sorted(k.at for k in router.looks)


def test_what_was_seen_before_anything_was_done_is_no_after(tmp_path: Path) -> None:
    fleet, run = run_of(tmp_path, "preflight")
    with closing(fleet):
        fleet.store.rows("SELECT 1")
        with fleet.store.write() as db:
            db.execute("UPDATE router_runs SET state='queued', after=NULL, looks=NULL")
        seen = Sight(datetime.now(UTC), "slp verify", {"release": "16.9.5"}, whole=True)
        fleet.keep_looks(run, {"r01": seen})
        assert fleet.run(run).routers[0].after == {}


def test_a_look_from_outside_takes_the_place_of_all_before(tmp_path: Path) -> None:
    fleet, run = run_of(tmp_path, "preflight", "verify", "topology", "trust")
    with closing(fleet):
        now = datetime.now(UTC)
        fleet.keep_looks(run, {"r01": Sight(now, "slp verify", {"release": "17.9.5"}, whole=True)})
        router = fleet.run(run).routers[0]
    assert router.after == {"release": "17.9.5"}
    assert [(k.by, k.at) for k in router.looks] == [("slp verify", now)]


def store_of_version(folder: Path, version: int) -> None:
    folder.mkdir()
    with closing(sqlite3.connect(folder / "runs.sqlite")) as db:
        old = TABLES if version > 1 else "\n".join(
            line for line in TABLES.splitlines() if not line.strip().startswith("looks TEXT")
        )  # fmt: skip
        db.executescript(old)
        db.execute("INSERT INTO meta VALUES ('schema', ?)", (str(version),))
        db.execute(
            "INSERT INTO router_runs(run, router, position, wave, state, plan, after) "
            "VALUES ('x', 'r1', 0, 0, 'proven', '{}', '{\"release\": \"17.3.2\"}')"
        )
        db.commit()


def test_a_store_of_the_first_version_is_brought_up_and_keeps_what_it_has(tmp_path: Path) -> None:
    store_of_version(tmp_path / "s", 1)
    for _ in range(2):
        with closing(Store(tmp_path / "s")) as store:
            row = store.row("SELECT after, looks FROM router_runs")
            assert row is not None
            assert tuple(row) == ('{"release": "17.3.2"}', None)


def test_a_store_of_a_later_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    store_of_version(tmp_path / "s", 9)
    with pytest.raises(StoreError, match="the store is of version 9, this program reads version 2"):
        Store(tmp_path / "s")
