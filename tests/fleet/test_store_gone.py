"""The store deleted or replaced under a running run stops it before the next lasting act."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.fleet import fleet_plan
from kit.fleet_bench import Bench
from slp_core.errors import StoreError
from slp_fleet.store import Store

TWO_ACTS = ("preflight", "topology", "trust", "verify")


def delete_folder(store: Path) -> None:
    shutil.rmtree(store)


def delete_file(store: Path) -> None:
    (store / "runs.sqlite").unlink()


def replace_by_another(store: Path) -> None:
    store.rename(store.with_name("moved"))
    Store(store).close()


def replace_by_a_copy(store: Path) -> None:
    shutil.copy(store / "runs.sqlite", store / "copy")
    (store / "copy").rename(store / "runs.sqlite")


@pytest.mark.parametrize(
    "lose", [delete_folder, delete_file, replace_by_another, replace_by_a_copy]
)
def test_a_store_that_is_gone_stops_the_run_before_the_next_act(
    bench: Bench, lose: Callable[[Path], None]
) -> None:
    run = bench.create(fleet_plan(1, TWO_ACTS))
    bench.script("r01", pending={"02-topology": 2}, act_s=0.1)
    bench.when(lambda e: e.step == "02-topology" and e.state == "acting", lambda: lose(bench.store))
    with pytest.raises(StoreError, match="deleted or replaced") as caught:
        bench.carry_out(run)
    assert "slp resume" in (caught.value.remedy or "")
    assert bench.effects("r01") == ["02-topology"], "what was being sent; nothing after it"


def test_a_lock_that_is_gone_stops_the_run_too(bench: Bench) -> None:
    """Another process could take a new one, and carry the same run out beside this one."""
    run = bench.create(fleet_plan(1, TWO_ACTS))
    bench.script("r01", pending={"02-topology": 200})
    bench.when(
        lambda e: e.step == "02-topology" and e.state == "acting",
        lambda: (bench.store / "engine.lock").unlink(),
    )
    with pytest.raises(StoreError, match="lock of the store was deleted"):
        bench.carry_out(run)
    assert bench.effects("r01") == ["02-topology"]


def test_a_store_that_is_gone_takes_no_wish_of_an_operator(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    delete_folder(tmp_path / "s")
    with pytest.raises(StoreError, match="deleted or replaced"), store.write():
        raise AssertionError("nothing may be written")
