"""``slp apply``, the steering commands and what they tell, over scripted routers."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kit.fleet import FakePhases, Script, router_plan
from nornir_slp.documents import save
from slp_core.errors import InventoryError
from slp_core.plan import Plan, RouterPlan
from slp_core.targets import Target, Topology
from slp_fleet.api import Fleet
from slp_fleet.phases import Pace

KINDS = ("preflight", "install_activate", "verify")
PERSON = ("preflight", "person", "verify")
UNMET = {"path": "model", "verdict": "unmet", "expected": "slp", "found": "smart"}


class Office:
    """A user's folder with an inventory, a plan, and scripted routers behind it."""

    def __init__(self, root: Path, command: Callable[..., Any]) -> None:
        self.root = root
        self.phases = FakePhases(root / "routers")
        self._command = command

    def plan(self, *plans: RouterPlan) -> str:
        save(Plan(schema_version=1, routers=plans), self.root / "plan.json")
        return "plan.json"

    def slp(self, *words: str) -> Any:
        return self._command(*words, "--inventory", "inventory")

    def run(self) -> dict[str, Any]:
        return json.loads(self.slp("show", "--json").out)


@pytest.fixture
def office(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory").mkdir()
    made = Office(tmp_path, command)
    monkeypatch.setattr("slp_fleet.api.NornirPhases", lambda _: made.phases)
    quick = Pace(floor=0.02, ceiling=0.1, settle_floor=0.3, tick=0.02)
    monkeypatch.setattr("slp_fleet.api.Pace", lambda: quick)
    yield made
    logging.getLogger("dbos").handlers.clear()  # they hold this test's captured standard error


def test_all_proven_is_0_and_the_run_can_be_shown(office):
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    outcome = office.slp("apply", plan, "--yes")
    assert outcome.code == 0, outcome.err
    assert "finished" in outcome.out
    assert "2 proven" in outcome.out
    run = office.run()
    assert run["state"] == "finished"
    assert {r["router"]: r["state"] for r in run["routers"]} == {"r1": "proven", "r2": "proven"}
    listed = json.loads(office.slp("runs", "--json").out)["runs"]
    assert [r["id"] for r in listed] == [run["id"]]
    assert office.slp("watch", "latest").code == 0


def test_what_is_shown_of_one_router(office):
    office.phases.scripts["r1"] = Script(findings=[UNMET])
    office.slp("apply", office.plan(router_plan("r1", KINDS)), "--yes")
    outcome = office.slp("show", "latest", "r1")
    assert "install activate" in outcome.out
    assert "unmet" in outcome.out
    assert "expected slp, found smart" in outcome.out
    assert "found by step 3, verify:" in outcome.out
    assert office.slp("show", "latest", "r9").code == 2


def test_a_failure_is_1_with_its_reason(office):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "no space left"})
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    outcome = office.slp("apply", plan, "--yes", "--canary", "0", "--max-failures", "2")
    assert outcome.code == 1
    assert "no space left" in outcome.out
    assert "slp retry" in outcome.out


def test_a_blocked_router_is_skipped_and_reported_and_the_others_go_on(office):
    plan = office.plan(router_plan("r1", KINDS, blocked="UP-5"), router_plan("r2", KINDS))
    outcome = office.slp("apply", plan, "--yes")
    assert outcome.code == 1
    assert "UP-5" in outcome.out
    assert office.phases.router("r1").lines() == []
    assert office.phases.router("r2").effects()


def test_every_router_blocked_is_3_and_no_run_is_made(office):
    outcome = office.slp("apply", office.plan(router_plan("r1", KINDS, blocked="UP-5")), "--yes")
    assert outcome.code == 3
    assert not (office.root / "inventory" / ".slp").exists()


def test_an_allowed_blocker_lets_the_router_go_and_is_recorded(office):
    plan = office.plan(router_plan("r1", KINDS, blocked="UP-5"))
    assert office.slp("apply", plan, "--yes", "--allow", "UP-5=tested in the lab").code == 0
    assert office.run()["options"]["allow"] == {"UP-5": "tested in the lab"}


def test_without_approval_nothing_is_done(office):
    outcome = office.slp("apply", office.plan(router_plan("r1", KINDS)))
    assert outcome.code == 3
    assert "--yes" in outcome.err
    assert "Plan: 1 to change" in outcome.err
    assert office.phases.calls == []


def test_dry_run_changes_nothing_and_is_0(office):
    outcome = office.slp("apply", office.plan(router_plan("r1", KINDS)), "--yes", "--dry-run")
    assert outcome.code == 0, outcome.out
    assert office.phases.router("r1").effects() == []


def test_the_budget_stops_the_run_with_4_and_resume_goes_on_when_told(office):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "broken"})
    plan = office.plan(*(router_plan(f"r{i}", KINDS) for i in (1, 2, 3)))
    words = ("--canary", "1", "--wave-size", "1", "--max-failures", "0")
    outcome = office.slp("apply", plan, "--yes", *words)
    assert outcome.code == 4
    assert "canary" in outcome.out
    assert office.phases.router("r2").effects() == []
    asked = office.slp("resume", "latest")
    assert asked.code == 3, "nobody is there to be asked"
    assert "--yes" in asked.err
    assert "canary failed" in asked.err
    assert office.phases.router("r2").effects() == []
    resumed = office.slp("resume", "latest", "--yes")
    assert resumed.code == 1
    assert office.phases.router("r3").effects()


def test_resume_is_refused_where_the_inventory_cannot_be_read_by_now(office, monkeypatch):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "broken"})
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    assert office.slp("apply", plan, "--yes", "--canary", "1", "--max-failures", "0").code == 4
    clock = office.phases.clock

    def misspelt(router: str) -> Any:
        if router == "r2":
            raise InventoryError("data.slp: 'drivr' is no key of it", where=router)
        return clock(router)

    monkeypatch.setattr(office.phases, "clock", misspelt)
    refused = office.slp("resume", "latest", "--yes")
    assert (refused.code, "r2: data.slp: 'drivr' is no key of it" in refused.err) == (2, True)
    assert office.phases.router("r2").effects() == []
    monkeypatch.setattr(office.phases, "clock", clock)
    assert office.slp("resume", "latest", "--yes").code == 1
    assert office.phases.router("r2").effects()


def test_f42_ctrl_c_drains_is_130_and_resume_repeats_nothing(office):
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    real_enter = office.phases.enter

    def enter(router: str, step: str, phase: str) -> None:
        real_enter(router, step, phase)
        if (step, phase) == ("02-install_activate", "act"):
            office.phases.enter = real_enter
            os.kill(os.getpid(), signal.SIGINT)

    office.phases.enter = enter
    outcome = office.slp("apply", plan, "--yes", "--canary", "1")
    assert outcome.code == 130
    assert "slp resume" in outcome.err
    assert office.run()["state"] == "paused"
    assert office.slp("resume").code == 0
    for name in ("r1", "r2"):
        assert office.phases.router(name).effects() == ["02-install_activate"]


def test_a_person_confirms_from_another_command(office):
    plan = office.plan(router_plan("r1", PERSON))
    told: list[str] = []
    real_enter = office.phases.enter

    def enter(router: str, step: str, phase: str) -> None:
        real_enter(router, step, phase)
        if step == "02-person" and not told:
            told.append(step)
            from slp_fleet.api import Fleet

            fleet = Fleet(office.root / "inventory" / ".slp", office.root / "inventory")
            fleet.confirm(fleet.latest(), "r1", step, by="Kim")
            fleet.close()

    office.phases.enter = enter
    outcome = office.slp("apply", plan, "--yes", "-v")
    assert outcome.code == 0, outcome.err
    fleet = Fleet(office.root / "inventory" / ".slp", office.root / "inventory")
    told = [e.detail for e in fleet.events(fleet.latest()) if e.state == "confirmed"]
    fleet.close()
    assert told == ["confirmed by Kim"]


def test_confirm_says_what_is_wrong(office):
    office.slp("apply", office.plan(router_plan("r1", KINDS)), "--yes")
    for words in (("latest", "r1"), ("latest", "r9"), ("latest", "r1", "02-install_activate")):
        assert office.slp("confirm", *words).code == 2


def test_retry_begins_the_failed_step_anew(office):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "broken"})
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    office.slp("apply", plan, "--yes", "--canary", "0", "--max-failures", "2")
    office.phases.scripts.clear()
    later = office.slp("retry", "latest", "r1", "--later")
    assert later.code == 0
    assert "r1" in later.err
    assert office.slp("resume").code == 0
    assert office.slp("retry", "latest", "r1").code == 2, "it has not failed"


def test_retry_starts_no_other_router(office):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "broken"})
    office.phases.scripts["r2"] = Script(fail={"02-install_activate": "broken"})
    plan = office.plan(*(router_plan(f"r{i}", KINDS) for i in (1, 2, 3)))
    words = ("--canary", "0", "--wave-size", "2")
    assert office.slp("apply", plan, "--yes", *words).code == 4
    office.phases.scripts.clear()
    outcome = office.slp("retry", "latest", "r2")
    assert outcome.code == 4, outcome.err
    states = {r["router"]: r["state"] for r in office.run()["routers"]}
    assert states == {"r1": "failed", "r2": "proven", "r3": "queued"}
    assert office.phases.router("r3").lines() == []
    assert office.slp("resume").code == 1, "within the budget again: nothing to ask"
    assert office.phases.router("r3").effects()


def test_cancel_and_pause_of_a_run_that_is_over_are_refused(office):
    office.slp("apply", office.plan(router_plan("r1", KINDS)), "--yes")
    for name in ("pause", "cancel", "resume"):
        outcome = office.slp(name)
        assert outcome.code == 2, name
        assert "finished" in outcome.err


def test_limit_takes_some_routers_of_the_plan(office):
    plan = office.plan(router_plan("r1", KINDS, site="bern"), router_plan("r2", KINDS, site="ulm"))
    assert office.slp("apply", plan, "--yes", "--limit", "site=ulm").code == 0
    assert [r["router"] for r in office.run()["routers"]] == ["r2"]
    assert office.slp("apply", plan, "--yes", "--limit", "site=oslo").code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("--per-group", "site"),
        ("--per-group", "site=x"),
        ("--per-group", "rack=2"),
        ("--wave-size", "lots"),
        ("--max-failures", "200%"),
        ("--window", "25:00-26:00"),
        ("--allow", "UP-5"),
    ],
)
def test_options_that_cannot_be_are_2_and_touch_nothing(office, words):
    plan = office.plan(router_plan("r1", KINDS, site="bern"))
    outcome = office.slp("apply", plan, "--yes", *words)
    assert outcome.code == 2, outcome.err
    assert office.phases.calls == []


def test_a_token_that_is_not_there_is_told_before_a_router_is_touched(office, monkeypatch):
    monkeypatch.delenv("SLP_NO_SUCH_TOKEN", raising=False)
    from kit.fleet import step

    trust = step("trust", 2, params={"token": "env:SLP_NO_SUCH_TOKEN"})
    outcome = office.slp("apply", office.plan(router_plan("r1", ("preflight", trust))), "--yes")
    assert outcome.code == 2
    assert "SLP_NO_SUCH_TOKEN" in outcome.err
    assert office.phases.calls == []


def test_f47_a_plan_that_changed_since_is_refused_on_resume(office):
    office.phases.scripts["r1"] = Script(fail={"02-install_activate": "broken"})
    plan = office.plan(router_plan("r1", KINDS), router_plan("r2", KINDS))
    assert office.slp("apply", plan, "--yes", "--max-failures", "0").code == 4
    office.plan(router_plan("r1", PERSON))
    outcome = office.slp("resume", "--yes")
    assert outcome.code == 2
    assert "SLP-E106" in outcome.err


def test_a_target_that_the_inventory_says_otherwise_by_now_is_told_and_kept_in_the_run(office):
    (office.root / "inventory" / "hosts.yaml").write_text(
        "r1: {data: {slp: {target: {release: 17.9.4a, topology: direct}}}}\n"
        "r2: {data: {slp: {target: {release: 17.3.2}}}}\n"
    )
    planned = {"target": Target(release="17.3.2", topology=Topology(kind="direct"))}
    plans = [router_plan(name, KINDS).model_copy(update=planned) for name in ("r1", "r2")]
    outcome = office.slp("apply", office.plan(*plans), "--yes")
    assert outcome.code == 0, outcome.err
    said = "the inventory says otherwise than the plan: release 17.9.4a (planned: 17.3.2)"
    assert f"r1: {said}" in outcome.err
    assert "r2: the inventory" not in outcome.err
    with closing(Fleet(office.root / "inventory" / ".slp", office.root / "inventory")) as fleet:
        events = fleet.events(fleet.latest())
    assert [(e.router, e.detail) for e in events if e.state == "noted"] == [("r1", said)]
