"""``slp confirm --file`` looks at the file first (F25), and the hint says that it needs one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.fleet import FakePhases, router_plan, step
from nornir_slp.documents import save
from nornir_slp.views.run import run_page
from slp_cli.tables import print_page
from slp_cli.ui import Ui
from slp_core.plan import Plan
from slp_fleet.api import Fleet
from slp_fleet.model import RouterRun, Run, RunOptions, StepState
from slp_sim.formats import Entitlement, slac_file

PID, SN = "ISR4351/K9", "SN-r1"
ASKS = ("preflight", step("person", 2, params={"provides": ["slac.txt"]}), "verify")


@pytest.fixture
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Any) -> Any:
    """Returns a way to confirm the step of a run that asks for ``slac.txt``, and its fleet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("slp_fleet.api.NornirPhases", lambda _: FakePhases(tmp_path / "routers"))
    (tmp_path / "inventory").mkdir()
    plan = Plan(schema_version=1, routers=(router_plan("r1", ASKS),))
    save(plan, tmp_path / "plan.json")
    fleet = Fleet(tmp_path / "inventory" / ".slp", tmp_path / "inventory")
    fleet.create_run(plan, tmp_path / "plan.json", RunOptions())

    def confirm(file: Path | None, *step_words: str) -> Any:
        extra = ["--file", str(file)] if file else []
        where = ["--inventory", "inventory"]
        return command("confirm", "latest", "r1", *(step_words or ("02-person",)), *extra, *where)

    yield confirm, fleet
    fleet.close()
    logging.getLogger("dbos").handlers.clear()


def slac(pid: str = PID, sn: str = SN) -> bytes:
    granted = [Entitlement(tag="regid.2019-06.com.cisco.DNA_HSEC,1.0_1")]
    return slac_file(
        pid=pid, sn=sn, entitlements=granted, issued=datetime(2026, 11, 22, tzinfo=UTC)
    )


def confirmations(fleet: Fleet) -> list[str]:
    return [e.detail for e in fleet.events(fleet.latest()) if e.state == "confirmed"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<html><body>Sign in</body></html>", "no file of Smart Licensing"),
        (b"<html><br>Sign in", "no licence file, or it is cut off"),
        (b"<!DOCTYPE html><html></html>", "a web page or another document, no licence file"),
        (b"hello", "no licence file, or it is cut off"),
        (slac()[:200], "no licence file, or it is cut off"),
        (b"", "empty"),
        (slac(sn="SN-r2"), "serial number SN-r2, not for this router"),
    ],
)
@pytest.mark.parametrize("name", ["02-person", "02"])
def test_f25_a_file_that_cannot_be_right_is_refused_and_nothing_is_recorded(
    waiting, tmp_path, data, told, name
):
    confirm, fleet = waiting
    file = tmp_path / "from-cssm.txt"
    file.write_bytes(data)
    outcome = confirm(file, name)
    assert outcome.code == 2, outcome.err
    said = " ".join(outcome.err.split())
    assert told in said
    assert "from-cssm.txt" in said
    assert "r1" in said
    assert "download it again from CSSM and confirm once more" in said
    assert "is confirmed" not in said
    for jargon in ("not well-formed", "token", "syntax", "document types", "entities", "element"):
        assert jargon not in said
    assert confirmations(fleet) == []
    assert not (fleet.router_folder(fleet.latest(), "r1") / "in" / "slac.txt").exists()


def test_a_file_that_is_not_there_is_refused_without_a_word_of_downloading(waiting, tmp_path):
    confirm, fleet = waiting
    outcome = confirm(tmp_path / "gone.txt")
    assert outcome.code == 2
    assert "gone.txt" in outcome.err
    assert "download" not in outcome.err
    assert confirmations(fleet) == []


def test_the_routers_own_file_is_taken(waiting, tmp_path):
    confirm, fleet = waiting
    file = tmp_path / "from-cssm.txt"
    file.write_bytes(slac())
    outcome = confirm(file)
    assert outcome.code == 0, outcome.err
    assert "02-person is confirmed" in outcome.err
    assert [c.endswith("with slac.txt") for c in confirmations(fleet)] == [True]
    taken = fleet.router_folder(fleet.latest(), "r1") / "in" / "slac.txt"
    assert taken.read_bytes() == slac()


def test_the_hint_names_the_option_where_the_step_asks_for_a_file(waiting):
    _, fleet = waiting
    run = fleet.run(fleet.latest())
    assert f"then: slp confirm {run.id} r1 02-person --file slac.txt\n" in shown(run)
    bare = run.routers[0].steps[1].model_copy(update={"provides": ()})
    router = run.routers[0].model_copy(update={"steps": (bare,)})
    bare_run = run.model_copy(update={"routers": (router,)})
    assert f"then: slp confirm {run.id} r1 02-person\n" in shown(bare_run)


def shown(run: Run) -> str:
    """Returns what ``slp show`` prints of a run whose person steps wait."""

    def waits(router: RouterRun) -> RouterRun:
        steps = tuple(
            s.model_copy(update={"state": StepState.PERSON}) if s.kind == "person" else s
            for s in router.steps
        )
        return router.model_copy(update={"steps": steps})

    ui = Ui()
    with ui.out.capture() as page:
        print_page(
            ui.out,
            run_page(run.model_copy(update={"routers": tuple(waits(r) for r in run.routers)})),
        )
    return "".join(line.rstrip() + "\n" for line in page.get().splitlines())


@pytest.mark.parametrize("state", ["created", "paused", "stopped", "running"])
def test_a_pause_of_a_run_that_nobody_carries_out_says_so_and_leaves_it(waiting, command, state):
    _, fleet = waiting
    run = fleet.latest()
    with fleet.store.write() as db:
        db.execute("UPDATE runs SET state=? WHERE id=?", (state, run))
    outcome = command("pause", "--inventory", "inventory")
    assert outcome.code == 0
    assert f"run {run} is not running" in outcome.err
    assert "pauses as soon" not in outcome.err
    assert f"slp resume {run} continues it" in outcome.err
    row = fleet.store.row("SELECT wanted FROM runs WHERE id=?", (run,))
    assert row is not None
    assert row["wanted"] == "run", "a later resume would stop at once"


def test_a_pause_of_a_run_that_a_process_carries_out_is_asked_for(waiting, command):
    from slp_fleet.lock import Lock

    _, fleet = waiting
    with fleet.store.write() as db:
        db.execute("UPDATE runs SET state='running' WHERE id=?", (fleet.latest(),))
    working = Lock(fleet.store.root)
    assert working.take()
    try:
        outcome = command("pause", "--inventory", "inventory")
    finally:
        working.release()
    assert outcome.code == 0
    assert "pauses as soon as its started steps have ended" in outcome.err
    row = fleet.store.row("SELECT wanted FROM runs WHERE id=?", (fleet.latest(),))
    assert row is not None
    assert row["wanted"] == "pause"
