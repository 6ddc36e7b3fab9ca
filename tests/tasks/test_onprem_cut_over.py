"""ONPREM: an old SSM On-Prem and its router are cut over to SLP, in the guide's order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit import labs
from kit.labs import Bench, bench
from kit.throttled import csr, stopped, unmet
from slp_core.plan import RouterPlan, StepSpec

HOST = "ssm.example.net"
OLD = f"https://{HOST}/Transportgateway/services/DeviceRequestHandler"
ROUTER: dict[str, Any] = {
    "name": "r1",
    "family": "s1_registered",
    "path": {"cssm": False},
    "router": {"licensing": {"url": OLD}},
}
ONPREM = [{"host": HOST, "version": "8-202012", "tenants": {"Local-1": "Eg-SA-01/Eg-VA-01"}}]
TOPOLOGY = {
    "kind": "onprem",
    "url": f"https://{HOST}/cslu/v1/pi/Local-1",
    "server_version": "8-202012",
}


def onprem_of(made: Bench) -> Any:
    (found,) = made.lab.network.onprems.values()
    return found


def act_as_person(made: Bench, plan: RouterPlan, step: StepSpec) -> None:
    """Does in CSSM and On-Prem what the step asks for, nothing on the router."""
    assert plan.udi is not None
    onprem = onprem_of(made)
    with made.lab.lock:
        if "ONPREM-1" in step.reasons:
            onprem.upgrade("8-202105")
        elif "ONPREM-2" in step.reasons:
            tag = made.router(plan.router).agent.hsec[0]
            udi = plan.udi
            onprem.import_slac(made.lab.portal.generate_slac(udi.pid, udi.sn, tag))
        elif "ONPREM-4" in step.reasons:
            onprem.register_again("Local-1")


def carry_out(made: Bench, plan: RouterPlan, *, synchronised: bool = True) -> list[tuple[str, str]]:
    """Carries the plan out; On-Prem is synchronised half an hour after usage was reported."""
    ended = []
    for step in plan.steps:
        if step.kind == "person":
            act_as_person(made, plan, step)
        if step.kind == "usage_sync" and synchronised:
            made.lab.clock.after(1800, onprem_of(made).synchronise)
        ended.append((step.id, made.carry(plan, step)))
        if ended[-1][1] not in ("done", "skipped"):
            break
    return ended


def test_onprem_7_the_cut_over_resets_once_and_reloads_unsaved(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(labs, "person", act_as_person)
    with bench(tmp_path, ROUTER, onprem=ONPREM) as made:
        plan = made.plan(topology=TOPOLOGY)
        assert plan.blockers == ()
        kinds = [s.kind for s in plan.steps]
        at = kinds.index("factory_reset")
        assert kinds[at - 1 : at + 2] == [
            "save_config", "factory_reset", "reload",
        ]  # fmt: skip
        up_to_reload = plan.model_copy(update={"steps": plan.steps[: at + 2]})
        ended = made.migrate(up_to_reload)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        assert made.events().count("licensing factory reset") == 1
        reloads = [e for e in made.events() if e.startswith("reload")]
        assert len(reloads) == 2, reloads


def test_onprem_1_to_9_the_whole_cut_over_as_a_plan_ends_proven(tmp_path: Path) -> None:
    with bench(tmp_path, ROUTER, onprem=ONPREM) as made:
        plan = made.plan(topology=TOPOLOGY)
        ended = carry_out(made, plan)
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        assert len(ended) == len(plan.steps)
        last = sorted(k for k in made.notes if k.endswith("-verify"))[-1]
        found = made.notes[last]["findings"]
        assert [f["path"] for f in found if f["verdict"] == "unmet"] == []
        state = made.state()
        assert state.licensing is not None
        assert state.licensing.reporting.last_ack is not None
        assert state.licensing.transport.cslu_address == TOPOLOGY["url"]
        events = made.events()
        assert events.count("transport rewritten by its server") == 1, "ONPREM-4"
        assert events.count("authorization installed") == 1, "the reset took the one of before"
        assert sum(e.startswith("reload") for e in events) == 2
        assert made.plan(topology=TOPOLOGY).steps == ()


@pytest.mark.slow
def test_onprem_9_the_step_that_waits_says_who_has_to_synchronise(tmp_path: Path) -> None:
    """What was taken for a lost acknowledgement: nobody had synchronised On-Prem with CSSM."""
    with bench(tmp_path, ROUTER, onprem=ONPREM) as made:
        plan = made.plan(topology=TOPOLOGY)
        sync = next(s for s in plan.steps if s.kind == "usage_sync")
        assert sync.person is not None
        assert "Synchronize now" in sync.person.instructions[0]
        short = sync.model_copy(update={"deadline_s": 7200.0})
        steps = tuple(short if s.id == sync.id else s for s in plan.steps)
        *_, (where, said) = carry_out(
            made, plan.model_copy(update={"steps": steps}), synchronised=False
        )
        assert where == sync.id
        assert said.startswith("late: waits for the acknowledgement; a person at SSM On-Prem: ")


def test_onprem_4_a_person_is_not_believed_before_the_router_shows_it(tmp_path: Path) -> None:
    with bench(tmp_path, ROUTER, onprem=ONPREM) as made:
        plan = made.plan(topology=TOPOLOGY)
        again = next(s for s in plan.steps if "ONPREM-4" in s.reasons)
        found = made.phase(plan, again, "probe", confirmed=True)
        assert found["state"] == "waiting"
        assert "still shows transport callhome, not cslu" in found["detail"]


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("fault", "stops"),
    [(None, None), pytest.param("F38", "verify", marks=pytest.mark.slow)],
    ids=["healthy", "does not return"],
)
def test_onprem_2_5_a_virtual_router_is_at_250_mbps_until_on_prem_brings_its_slac(
    tmp_path: Path, fault: str | None, stops: str | None, over: str
) -> None:
    entry = csr(faults=[fault] if fault else [])
    entry["router"]["licensing"]["url"] = OLD
    entry["path"] = {"cssm": False}
    with bench(tmp_path, entry, onprem=ONPREM, over=over) as made:
        plan = made.plan(topology=TOPOLOGY)
        assert plan.blockers == ()
        levels = [(p.moment, p.value) for p in plan.predictions if p.path == "throughput.level"]
        assert levels == [("upgrade", 250_000), ("end", 1_000_000)]
        failed = stopped(carry_out(made, plan))
        assert [step.split("-", 1)[1] for step, _ in failed] == ([stops] if stops else [])
        if stops:
            assert failed[0][0] == plan.steps[-1].id
            assert "throughput.level" in unmet(made, plan)
        else:
            assert unmet(made, plan) == []


EVALUATING: dict[str, Any] = {"name": "r1", "family": "s4_evaluation", "path": {"cssm": False}}
NAME_SERVERS = ["209.165.201.1"]  # a router that never called anybody has none
UNKNOWN = {"kind": "onprem", "server_version": "8-202012"}


def hand_in(made: Bench, plan: RouterPlan, step: StepSpec, url: str) -> None:
    if "tenant_url.txt" in step.params.asks_for():
        made.files(plan.router).write("in", "tenant_url.txt", f"{url}\n".encode())


def with_the_url(made: Bench, plan: RouterPlan, url: str) -> list[tuple[str, str]]:
    ended = []
    for step in plan.steps:
        if step.kind == "person":
            act_as_person(made, plan, step)
            hand_in(made, plan, step, url)
        if step.kind == "usage_sync":
            made.lab.clock.after(1800, onprem_of(made).synchronise)
        ended.append((step.id, made.carry(plan, step)))
        if ended[-1][1] not in ("done", "skipped"):
            break
    return ended


def test_onprem_4_a_url_that_nobody_knew_is_handed_in_configured_and_proven(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, EVALUATING, onprem=ONPREM) as made:
        plan = made.plan(topology=UNKNOWN)
        assert plan.blockers == ()
        ended = with_the_url(made, plan, TOPOLOGY["url"])
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        last = sorted(k for k in made.notes if k.endswith("-verify"))[-1]
        findings = made.notes[last]["findings"]
        assert [f["path"] for f in findings if f["verdict"] == "unmet"] == []
        state = made.state()
        assert state.licensing is not None
        assert state.licensing.transport.cslu_address == TOPOLOGY["url"]


@pytest.mark.parametrize("text", ["not an address", "http://a b/", "ftp://x.example.net/"])
def test_onprem_4_what_is_no_address_is_refused_before_anything_is_sent(
    tmp_path: Path, text: str
) -> None:
    with bench(tmp_path, EVALUATING, onprem=ONPREM) as made:
        plan = made.plan(topology=UNKNOWN)
        asks = next(s for s in plan.steps if "tenant_url.txt" in s.params.asks_for())
        hand_in(made, plan, asks, text)
        found = made.phase(plan, asks, "probe", confirmed=True)
        assert found["state"] == "waiting"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (OLD, "before the migration"),
        (f"https://{HOST}/cslu/v1/pi", "names no tenant"),
        ("https://smartreceiver.cisco.com/cslu/v1/pi/x", "Cisco's own host"),
    ],
)
def test_onprem_4_an_address_that_is_no_local_accounts_is_refused_with_the_place_of_the_right_one(
    tmp_path: Path, url: str, why: str
) -> None:
    with bench(tmp_path, EVALUATING, onprem=ONPREM) as made:
        plan = made.plan(topology=UNKNOWN)
        asks = next(s for s in plan.steps if "tenant_url.txt" in s.params.asks_for())
        hand_in(made, plan, asks, url)
        found = made.phase(plan, asks, "probe", confirmed=True)
        assert found["state"] == "waiting"
        assert why in found["detail"]
        assert "Inventory > General" in found["detail"]


def test_onprem_4_what_on_prem_writes_is_believed_only_where_it_names_a_tenant(
    tmp_path: Path,
) -> None:
    """Nobody knew the URL when the plan was made: any transport cslu is not enough."""
    with bench(tmp_path, ROUTER, onprem=ONPREM) as made:
        plan = made.plan(topology={**UNKNOWN, "url": None})
        assert plan.blockers == ()
        again = next(s for s in plan.steps if "ONPREM-4" in s.reasons)
        assert "topology" not in [s.kind for s in plan.steps]
        before = plan.steps[: plan.steps.index(again)]
        ended = carry_out(made, plan.model_copy(update={"steps": before}))
        assert [e for e in ended if e[1] not in ("done", "skipped")] == []
        running = made.router().running
        running.set(None, "license smart transport cslu")
        found = made.phase(plan, again, "probe", confirmed=True)
        assert found["state"] == "waiting"
        assert "not one of a local account" in found["detail"]
        running.set(None, f"license smart url cslu {TOPOLOGY['url']}")
        assert made.phase(plan, again, "probe", confirmed=True)["state"] == "done"


@pytest.mark.slow
@pytest.mark.parametrize("right", [True, False], ids=["healthy", "another tenant"])
@pytest.mark.parametrize(
    ("family", "first"),  # what asks On-Prem first
    [("s4_evaluation", "slac"), ("s2_slr", "usage-sync"), ("s5_pak", "usage-sync")],
)
def test_onprem_4_over_ssh_the_handed_in_url_leads_to_proven_and_a_wrong_one_does_not(
    tmp_path: Path, family: str, first: str, right: bool
) -> None:
    path = {"cssm": False, "dns": True, "cslu": True}
    entry = {**EVALUATING, "family": family, "path": path}
    with bench(tmp_path, entry, onprem=ONPREM, over="ssh") as made:
        plan = made.plan(topology={**UNKNOWN, "name_servers": NAME_SERVERS})
        assert plan.blockers == ()
        short = tuple(
            s.model_copy(update={"deadline_s": 7200.0}) if s.kind == "usage_sync" else s
            for s in plan.steps
        )
        url = TOPOLOGY["url"] if right else f"https://{HOST}/cslu/v1/pi/Local-2"
        ended = with_the_url(made, plan.model_copy(update={"steps": short}), url)
        failed = [step.split("-", 1)[1] for step, _ in stopped(ended)]
        assert failed == ([] if right else [first])
        if right:
            assert unmet(made, plan) == []
