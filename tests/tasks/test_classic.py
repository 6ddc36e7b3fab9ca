"""B9: registration and licensing modes of the ASR 900 family, each run once and run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.routers import metro, slp_router
from kit.twice import configuration, start, twice
from slp_tasks.steps.deregister import deregister
from slp_tasks.steps.mode_switch import mode_switch
from slp_tasks.steps.register import register
from slp_tasks.steps.reload import reload
from slp_tasks.steps.renew import renew

__all__ = ["start"]

TOKEN = "env:SLP_TOKEN"


def test_b9_6_register_until_the_router_says_registered(start: Any) -> None:
    made, run = start(metro("eval"))
    done = twice(made, run, register, token=TOKEN)
    assert "registered since" in done.result["detail"]
    assert made.events().count("registration requested") == 1
    state = made.state()
    assert state.licensing.registration.status == "REGISTERED"


def test_b9_9_register_again_with_force(start: Any) -> None:
    made, run = start(metro("registered"))
    assert not run(register, token=TOKEN).changed
    made.clock.sleep(3600)
    assert run(register, token=TOKEN, force=True).changed
    assert made.events().count("registration requested") == 1


@pytest.mark.parametrize(
    ("token", "says"), [("env:SLP_TOKEN_EXPIRED", "expired"), ("env:NOT_SET", "env:NOT_SET")]
)
def test_f34_registration_names_the_cause_and_never_the_token(
    start: Any, token: str, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    _, run = start(metro("eval"))
    failed = run(register, token=token)
    assert failed.failed
    assert says in str(failed.exception)
    assert "old-token-0002" not in caplog.text + str(failed.exception) + str(failed.result)


@pytest.mark.parametrize("what", ["auth", "id"])
def test_b9_13_renew_is_seen_in_the_routers_own_times(start: Any, what: str) -> None:
    made, run = start(metro("registered"))
    done = twice(made, run, renew, what=what)
    assert "renewed" in done.result["detail"]
    assert made.events().count(f"renewed {what}") == 1


def test_b9_18_deregister_begins_an_evaluation(start: Any) -> None:
    made, run = start(metro("registered"))
    twice(made, run, deregister)
    assert made.state().licensing.authorization_status == "EVAL MODE"


@pytest.mark.parametrize("task", [renew, deregister])
def test_b9_6_a_router_in_evaluation_is_neither_renewed_nor_deregistered(
    start: Any, task: Any
) -> None:
    made, run = start(metro("eval"))
    result = run(task)
    assert not result.changed
    assert not made.lab.routers["r1"].event_log or "renewed" not in str(made.events())


def test_b9_5_traditional_becomes_smart_by_mode_and_reload(start: Any) -> None:
    made, run = start(metro("csl"))
    twice(made, run, mode_switch, mode="smart")
    assert "license smart enable" in configuration(made)
    assert run(reload, save=True).changed
    assert made.router().agent.model == "smart"
    assert not run(mode_switch, mode="smart").changed


def test_b9_15_smart_is_not_disabled_without_a_second_way_in(start: Any) -> None:
    made, run = start(metro("registered"))
    refused = run(mode_switch, mode="no-license")
    assert refused.failed
    assert "B9-15" in str(refused.exception)
    assert "license smart enable" in configuration(made)
    twice(made, run, mode_switch, mode="no-license", second_way_in="console server 3, port 7")
    assert "license smart enable" not in configuration(made)


@pytest.mark.parametrize("task", [register, mode_switch])
def test_model_slp_nothing_of_the_way_before_is_sent(start: Any, task: Any) -> None:
    made, run = start(slp_router())
    arguments = {"token": TOKEN} if task is register else {"mode": "smart"}
    before = made.caused()
    refused = run(task, **arguments)
    assert refused.failed
    assert "SLP" in str(refused.exception)
    assert made.caused() == before


@pytest.mark.parametrize(
    ("model", "wanted", "kind"),
    [
        ("eval", "register", "register"),
        ("registered", "renew", "renew"),
        ("registered", "deregister", "deregister"),
        ("csl", "smart", "mode_switch"),
        ("registered", "no-license", "mode_switch"),
    ],
)
def test_a_whole_plan_of_the_classic_way_ends_as_predicted(
    tmp_path: Path, model: str, wanted: str, kind: str
) -> None:
    allow = {"B9-15": "console server 3", "B9-2": "lab"}
    release = "17.8.1" if wanted == "no-license" else "17.6.1"
    with bench(tmp_path, metro(model, release)) as made:
        topology = {"kind": "direct", "transport": "callhome", "token": TOKEN}
        plan = made.plan(classic=wanted, topology=topology, allow=allow)
        assert plan.blockers == ()
        assert kind in [s.kind for s in plan.steps]
        ended = made.migrate(plan)
        assert [(i, e) for i, e in ended if e not in ("done", "skipped")] == []
        assert len(ended) == len(plan.steps)
        reloads = [e for e in made.events() if e.startswith("reload")]
        assert len(reloads) == (1 if kind == "mode_switch" else 0), made.events()


def test_b9_1_without_a_boot_level_the_mode_switch_warns_and_predicts_no_level(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, metro("csl", level=False)) as made:
        topology = {"kind": "direct", "transport": "callhome"}
        plan = made.plan(classic="smart", topology=topology, allow={"B9-2": "lab"})
        assert "B9-1" in {n.rule for n in plan.notices if n.severity == "warning"}
        assert {e for _, e in made.migrate(plan)} <= {"done", "skipped"}
