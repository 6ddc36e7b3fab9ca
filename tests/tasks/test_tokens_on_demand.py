"""TOKEN-1, F31, F34, F36: a token that CSSM is asked for at the moment of use, one for many."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.served import served
from slp_exchange.web import Web
from slp_tasks.steps.trust import trust

API_SECRET = "api-Secret-on-demand-1"
TOPOLOGY = {"kind": "direct", "transport": "smart", "url": "default", "token": "cssm:?days=7"}
ROUTERS = [{"name": f"r{i}", "family": "s4_evaluation"} for i in (1, 2, 3)]


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    with bench(tmp_path, *ROUTERS) as found, served(found.lab) as url:
        found.lab.secrets["env:SLP_LAB_API_SECRET"] = API_SECRET
        monkeypatch.setenv("SLP_LAB_API_SECRET", API_SECRET)
        slp: dict[str, Any] = found.nornir.inventory.defaults.data["slp"]
        slp["cssm"] = {
            "url": url,
            "client_id": "slp-lab",
            "client_secret": "env:SLP_LAB_API_SECRET",
            "account": "Eg-SA-01/Eg-VA-01",
        }
        yield found


def tokens(found: Bench) -> list[Any]:
    virtual = found.lab.network.cssm.accounts.home("Eg-SA-01/Eg-VA-01")
    return [t for t in virtual.tokens if t.name == "nornir-slp"]


def until_trust(found: Bench, name: str) -> tuple[Any, Any]:
    """Brings a router to the step that asks for trust; returns plan and step."""
    plan = found.plan(name, topology=TOPOLOGY)
    found.notes.clear()
    for step in plan.steps:
        if step.kind == "trust":
            return plan, step
        assert found.carry(plan, step) in ("done", "skipped"), step.id
    raise AssertionError("the plan asks for no trust")


@pytest.mark.slow
def test_token_1_three_routers_get_trust_by_one_token_that_was_made_when_it_was_needed(
    made: Bench, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for router in ROUTERS:
        plan, step = until_trust(made, router["name"])
        assert made.carry(plan, step) == "done"
    (token,) = tokens(made)
    assert token.used == 3
    assert (token.expires - made.lab.clock.now()).days < 7
    left = [p for p in (made.folder / "run").rglob("*") if p.is_file()]
    assert left
    text = json.dumps(made.notes) + json.dumps(made.trail) + plan.model_dump_json()
    logs = "\n".join(r.getMessage() for r in caplog.records if r.name.split(".")[0] != "asyncssh")
    out, err = capfd.readouterr()
    for secret in (token.secret, API_SECRET):
        assert secret not in text + logs + out + err
        assert not [
            p for p in left if p.parent.name != "backup" and secret.encode() in p.read_bytes()
        ]


def test_f36_when_cssm_gives_no_token_nothing_is_sent_and_the_step_can_be_tried_again(
    made: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Web, "pause", lambda self, seconds: None)
    monkeypatch.setenv("SLP_LAB_API_SECRET", "not-the-secret")
    plan, step = until_trust(made, "r1")
    before = list(made.router().typed)
    ended = made.carry(plan, step)
    assert ended.startswith("failed: ")
    assert "credentials are not accepted (HTTP 401)" in ended
    assert "not-the-secret" not in ended
    assert not [x for x in list(made.router().typed)[len(before) :] if "idtoken" in x]
    monkeypatch.setenv("SLP_LAB_API_SECRET", API_SECRET)
    assert made.carry(plan, step) == "done"
    assert len(tokens(made)) == 1


def test_f34_a_used_up_revoked_or_expired_token_is_replaced_by_a_new_one(made: Bench) -> None:
    plan, step = until_trust(made, "r1")
    assert made.carry(plan, step) == "done"
    tokens(made)[0].revoked = True
    made.clock.sleep(600)
    plan, step = until_trust(made, "r2")
    assert made.carry(plan, step) == "done"
    assert [(t.revoked, t.used) for t in tokens(made)] == [(True, 1), (False, 1)]


def test_an_ordinary_nornir_task_takes_the_same_reference(made: Bench) -> None:
    until_trust(made, "r1")
    only = made.nornir.filter(name="r1")
    files = made.folder / "playbook"
    done = only.run(
        task=trust, token="cssm:", files=files, clock=made.clock, sleep=made.clock.sleep
    )
    assert not done.failed, done["r1"].exception
    assert done["r1"].changed
    assert [t.used for t in tokens(made)] == [1]


def test_without_credentials_the_inventory_is_named(made: Bench) -> None:
    plan, step = until_trust(made, "r1")
    del made.nornir.inventory.defaults.data["slp"]["cssm"]
    ended = made.carry(plan, step)
    assert "the inventory does not say how to ask it" in ended
    assert "r1" in ended


HELD = {"kind": "direct", "transport": "smart", "url": "default", "token": "env:SLP_TOKEN"}


def held(made: Bench) -> Any:
    """Returns the token that ``env:SLP_TOKEN`` holds, as CSSM knows it."""
    value = made.lab.secrets["env:SLP_TOKEN"]
    virtual = made.lab.network.cssm.accounts.home("Eg-SA-01/Eg-VA-01")
    return next(t for t in virtual.tokens if t.secret == value)


@pytest.mark.parametrize("spoilt", ["expires", "uses_left", "revoked", None])
def test_token_1_a_token_that_cssm_would_not_take_stops_before_the_reload(
    made: Bench, spoilt: str | None
) -> None:
    token = held(made)
    match spoilt:
        case "expires":
            token.expires = made.lab.clock.now()
        case "uses_left":
            token.uses_left = 0
        case "revoked":
            token.revoked = True
    plan = made.plan(topology=HELD)
    ended = made.carry(plan, plan.steps[0])
    if spoilt is None:
        assert ended == "skipped"
        return
    assert ended.startswith("blocked: CSSM would not take the token env:SLP_TOKEN")
    assert "not listed in " in ended
    assert token.secret not in ended


def test_token_1_a_cssm_that_cannot_be_asked_is_a_warning(
    made: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLP_LAB_API_SECRET", "wrong-api-secret-2")
    plan = made.plan(topology=HELD)
    assert made.carry(plan, plan.steps[0]) == "skipped"
    warned = made.notes[plan.steps[0].id]["warnings"]
    assert any("CSSM could not be asked about the token env:SLP_TOKEN" in w for w in warned)
