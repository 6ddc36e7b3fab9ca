"""F44: a store that is locked, full, damaged, foreign or read-only stops us before any router."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine as SqlEngine

from kit.fleet import fleet_plan
from kit.fleet_bench import Bench
from slp_core.errors import StoreError
from slp_fleet.model import RunOptions
from slp_fleet.store import Store

SHORT = ("preflight", "trust", "verify")


def test_files_are_private_and_in_wal_mode(bench: Bench) -> None:
    umask = os.umask(0o022)
    try:
        bench.apply(fleet_plan(1, SHORT))
    finally:
        os.umask(umask)
    assert bench.store.stat().st_mode & 0o777 == 0o700
    kept = sorted(bench.store.iterdir())
    assert {p.name for p in kept} >= {"runs.sqlite", "engine.sqlite", "engine.lock"}
    for path in bench.store.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    for name in ("runs.sqlite", "engine.sqlite"):
        with sqlite3.connect(bench.store / name) as db:
            assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal", name


def test_f44_a_locked_store_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", busy_s=0.05)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="held by another process"), store.write() as db:
        db.execute("DELETE FROM leases")
    other.execute("ROLLBACK")
    with store.write() as db:
        db.execute("DELETE FROM leases")


def test_f44_a_full_store_stops_before_the_router_is_touched(bench: Bench) -> None:
    run = bench.create(fleet_plan(1, SHORT))
    bench.fleet.store.rows("VACUUM")  # no room left in the file itself
    pages = bench.fleet.store.row("PRAGMA page_count")
    assert pages is not None
    bench.fleet.store.row(f"PRAGMA max_page_count={pages[0]}")
    with pytest.raises(StoreError, match="disk of the store is full") as caught:
        bench.carry_out(run)
    assert caught.value.remedy
    assert bench.phases.calls == []

    bench.fleet.store.row("PRAGMA max_page_count=1000000")
    bench.carry_out(run)
    assert bench.states(run) == {"r01": "proven"}


def test_f44_a_store_that_fails_in_mid_run_stops_the_run_before_the_next_act(
    bench: Bench,
) -> None:
    run = bench.create(fleet_plan(1, ("preflight", "trust", "slac", "verify")))
    enter = bench.phases.enter

    def fail(router: str, step: str, phase: str) -> None:
        if (step, phase) == ("03-slac", "probe"):
            bench.fleet.store.rows("PRAGMA query_only=1")
        enter(router, step, phase)

    bench.phases.enter = fail  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        bench.carry_out(run)
    assert bench.effects("r01") == ["02-trust"], "no act without its note"

    bench.fleet.store.rows("PRAGMA query_only=0")
    bench.phases.enter = enter  # type: ignore[method-assign]
    bench.carry_out(run)
    assert bench.effects("r01") == ["02-trust", "03-slac"]
    assert bench.states(run) == {"r01": "proven"}


@pytest.mark.slow
def test_f44_a_disk_that_fills_in_mid_run_is_told_once_and_without_a_traceback(
    bench: Bench, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the store nor the engine's file takes another byte, as on one full disk."""
    monkeypatch.setattr(logging.getLogger(), "level", logging.CRITICAL)  # as slp has it
    engine = logging.getLogger("dbos")  # as DBOS leaves it when it is imported
    monkeypatch.setattr(engine, "handlers", [logging.StreamHandler(sys.stderr)])
    monkeypatch.setattr(engine, "filters", [])
    monkeypatch.setattr(engine, "propagate", False)
    run = bench.create(fleet_plan(3, ("preflight", "trust", "slac", "verify")))
    enter, full = bench.phases.enter, threading.Event()

    def engine_is_full(conn: object, cursor: object, statement: str, *_: object) -> None:
        if full.is_set() and statement.lstrip().upper().startswith(("INSERT", "UPDATE")):
            raise sqlite3.OperationalError("database or disk is full")

    def fill(router: str, step: str, phase: str) -> None:
        if (step, phase) == ("03-slac", "probe"):
            full.set()
            bench.fleet.store.rows("PRAGMA query_only=1")
        enter(router, step, phase)

    bench.phases.enter = fill  # type: ignore[method-assign]
    event.listen(SqlEngine, "before_cursor_execute", engine_is_full)
    try:
        with pytest.raises(StoreError) as caught:
            bench.carry_out(run)
    finally:
        event.remove(SqlEngine, "before_cursor_execute", engine_is_full)
    said = "".join(capfd.readouterr())
    assert full.is_set()
    assert "Traceback" not in said
    assert "disk is full" not in said
    assert "\n" not in str(caught.value)

    full.clear()
    bench.fleet.store.rows("PRAGMA query_only=0")
    bench.phases.enter = enter  # type: ignore[method-assign]
    bench.carry_out(run)
    assert set(bench.states(run).values()) == {"proven"}


def test_f44_a_damaged_store_is_recognised(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    Store(folder).close()
    path = folder / "runs.sqlite"
    path.write_bytes(b"this is no database, however long it may be" * 200)
    for side in folder.glob("runs.sqlite-*"):
        side.unlink()
    with pytest.raises(StoreError, match="damaged") as caught:
        Store(folder)
    assert str(path) in str(caught.value)


def test_f44_a_store_with_a_damaged_page_is_recognised_before_a_run(bench: Bench) -> None:
    run = bench.create(fleet_plan(40, SHORT))
    bench.fleet.close()
    path = bench.store / "runs.sqlite"
    data = bytearray(path.read_bytes())
    for at in range(3 * 4096, len(data) - 4096, 4096):
        data[at : at + 2000] = os.urandom(2000)
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        Bench(bench.root).carry_out(run)
    assert bench.phases.router("r01").lines() == []


def test_f44_a_store_of_another_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    Store(folder).close()
    with sqlite3.connect(folder / "runs.sqlite") as db:
        db.execute("UPDATE meta SET value='99' WHERE key='schema'")
    with pytest.raises(StoreError, match="version 99"):
        Store(folder)


def test_f44_a_foreign_database_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    folder.mkdir()
    with sqlite3.connect(folder / "runs.sqlite") as db:
        db.execute("CREATE TABLE somebody (elses TEXT)")
    with pytest.raises(StoreError):
        Store(folder)


def test_a_damaged_engine_file_is_named_and_may_be_moved_aside(bench: Bench) -> None:
    run = bench.create(fleet_plan(1, SHORT))
    (bench.store / "engine.sqlite").write_bytes(b"no database at all " * 1000)
    with pytest.raises(StoreError, match="engine's file") as caught:
        bench.carry_out(run)
    assert "only timers are lost" in str(caught.value)
    assert bench.effects("r01") == []
    (bench.store / "engine.sqlite").unlink()
    bench.carry_out(run)
    assert bench.states(run) == {"r01": "proven"}


def test_an_undone_transaction_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")

    def write() -> None:
        with store.write() as db:
            db.execute("INSERT INTO meta VALUES ('a', 'b')")
            raise RuntimeError("oops")

    with pytest.raises(RuntimeError, match="oops"):
        write()
    assert store.row("SELECT * FROM meta WHERE key='a'") is None


def test_assessments_are_kept_beside_the_runs(bench: Bench) -> None:
    first = bench.fleet.keep_assessment({"routers": [{"name": "r01"}]})
    assert bench.fleet.assessments() == [first]
    assert bench.fleet.assessment(first) == {"routers": [{"name": "r01"}]}
    path = bench.store / "assessments" / f"{first}.json"
    assert path.stat().st_mode & 0o777 == 0o600


def test_options_are_kept_as_they_were_given(bench: Bench) -> None:
    run = bench.create(fleet_plan(3, SHORT), canary=2, wave_size="50%", max_failures="10%")
    kept = bench.fleet.run(run)
    assert kept.options == RunOptions(canary=2, wave_size="50%", max_failures="10%")
    assert kept.waves == (("r01", "r02"), ("r03",))
