"""What holds of every plan: it never raises, is the same each time, and ends where it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given

from kit.any_router import RELAXED, STATE, TARGET, state
from kit.arrival import arrived
from kit.scenarios import ALL, MIGRATIONS, plan_of, state_of, target_of
from kit.states import (
    HSEC,
    PAK,
    PLAIN,
    RTU,
    UNUSED_RTU,
    csl,
    evaluating,
    feature,
    registered,
    reserved,
    router,
    target,
)
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.rules import builtin_rules
from slp_core.state import RouterState
from slp_core.targets import Image, Target
from slp_core.verify import expected, observe, verify


@RELAXED
@given(STATE, TARGET)
def test_any_router_gets_a_plan_or_a_blocker_never_an_exception(
    data: dict[str, Any], wishes: dict[str, Any]
) -> None:
    before, wanted = state(data), Target.model_validate(wishes)
    plan = make_plan(before, wanted)
    if not plan.steps:
        assert plan.blockers or plan.model in ("MODEL-SLP", "MODEL-CLASSIC")
    assert RouterPlan.model_validate(json.loads(json.dumps(plan.to_json()))) == plan
    assert all(n.scope for n in plan.notices if n.severity == "blocker")
    assert all(n.remedy for n in plan.notices if n.severity == "blocker")
    assert len({s.id for s in plan.steps}) == len(plan.steps)
    assert len({(p.path, p.moment) for p in plan.predictions}) == len(plan.predictions)
    verify(plan, before)  # whatever a router shows, it is judged


@RELAXED
@given(STATE, TARGET)
def test_planning_twice_gives_the_same_bytes_and_hash(
    data: dict[str, Any], wishes: dict[str, Any]
) -> None:
    wanted = Target.model_validate(wishes)
    one, two = make_plan(state(data), wanted), make_plan(state(data), wanted)
    assert json.dumps(one.to_json()) == json.dumps(two.to_json())
    assert one.hash() == two.hash()


@RELAXED
@given(STATE, TARGET)
def test_a_router_that_became_what_was_predicted_has_nothing_left_to_do(
    data: dict[str, Any], wishes: dict[str, Any]
) -> None:
    before, wanted = state(data), Target.model_validate(wishes)
    plan = make_plan(before, wanted)
    end = expected(plan, "end")
    if plan.blockers or not plan.steps or end.get("model") is None:
        return
    if end["model"].value != "MODEL-SLP" or _is_open(plan):
        return
    after = arrived(plan, before)
    bad = [f for f in verify(plan, after) if f.verdict == "unmet"]
    assert bad == []
    again = make_plan(after, wanted)
    assert [s.title for s in again.steps] == []
    assert again.blockers == ()


def _is_open(plan: RouterPlan) -> bool:
    """A transport that no rule predicts, or one that nothing sets, leaves the end open."""
    end = expected(plan, "end")
    told = end.get("transport.kind")
    return told is None or told.kind == "unobservable" or end["model"].kind == "unobservable"


@pytest.mark.parametrize("scenario", MIGRATIONS)
def test_a_migrated_router_of_the_guide_becomes_what_its_plan_says(scenario: str) -> None:
    plan = plan_of(scenario)
    after = arrived(plan, state_of(scenario, "pre"))
    assert [f for f in verify(plan, after) if f.verdict in ("unmet", "unforeseen")] == []
    again = make_plan(after, target_of(scenario))
    assert again.steps == ()
    assert again.notices == ()


MODELS = {
    "registered": registered(HSEC, PLAIN),
    "registered without HSECK9": registered(PLAIN, transport="smart"),
    "reserved": reserved(HSEC, PLAIN, reservation={"licenses": [{"tag": "X_0", "count": "1"}]}),
    "reserved, SLR beside evaluation, another transport": reserved(
        {**HSEC, "reservation_status": "SPECIFIC INSTALLED"},
        {**PLAIN, "status": "EVAL MODE", "reservation_status": "NOT INSTALLED"},
        transport="smart",
        reservation={"licenses": [{"tag": "X_0", "count": "1"}]},
    ),
    "reserved, voice and evaluation beside": reserved(
        {**PLAIN, "reservation_status": "SPECIFIC INSTALLED"},
        {**PLAIN, "status": "EVAL MODE", "reservation_status": "NOT INSTALLED"},
    ),
    "evaluating": evaluating({**PLAIN, "status": "EVAL MODE"}),
    "evaluating, smart": evaluating({**PLAIN, "status": "EVAL MODE"}, transport="smart"),
    "pak": csl(feature("hseck9", PAK), feature("appxk9", PAK), feature("zzz", UNUSED_RTU)),
    "rtu": csl(feature("brand_new", RTU), feature("ipbasek9"), feature("hseck9", enabled=False)),
}
KINDS = [t.kind for t in builtin_rules().topologies]


@pytest.mark.parametrize("pid", ["ISR4351/K9", "CSR1000V", "NEW"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("hseck9", ["keep", "add-after"])
def test_mixtures_that_no_guide_shows_plan_by_the_rules_and_end_where_they_say(
    pid: str, kind: str, model: str, hseck9: str
) -> None:
    before = router(pid, "16.12.4", licensing=MODELS[model], cerm={"functionality": "ENABLED"},
                    throughput={"level": 200_000}, boot={"mode": "bundle"})  # fmt: skip
    wanted = target("17.6.5", kind, hseck9=hseck9, at={"server_version": "8-202206"})
    if pid == "NEW":  # no image follows from a PID that nobody knows
        image = Image(name="new-universalk9.17.06.05.SPA.bin")
        wanted = wanted.model_copy(update={"image": image})
    plan = make_plan(before, wanted)
    assert plan.blockers == ()
    assert plan.steps[-1].params.to_json() == {"moment": "end"}
    after = arrived(plan, before)
    assert [f for f in verify(plan, after) if f.verdict in ("unmet", "unforeseen")] == []
    again = make_plan(after, wanted)
    assert [s.title for s in again.steps] == []


SYNCHRONISED = [s for s in MIGRATIONS if s[:2] in ("s1", "s2", "s4", "s5")]


@pytest.mark.parametrize("scenario", SYNCHRONISED)
def test_the_guides_own_outputs_after_it_leave_nothing_to_do(scenario: str) -> None:
    plan = make_plan(state_of(scenario, "post"), target_of(scenario))
    assert [s.title for s in plan.steps] == []
    assert plan.model == "MODEL-SLP"


@pytest.mark.parametrize("scenario", ALL)
def test_the_hash_covers_the_inputs(scenario: str) -> None:
    plan = plan_of(scenario)
    before, wanted = state_of(scenario, "pre"), target_of(scenario)
    assert make_plan(before, wanted).hash() == plan.hash()
    other = wanted.model_copy(update={"auto_abort_minutes": 30})
    assert make_plan(before, other).hash() != plan.hash()
    renamed = before.model_copy(update={"hostname": "another"})
    assert make_plan(renamed, wanted).hash() != plan.hash()
    assert make_plan(before, wanted, group={"site": "x"}).hash() != plan.hash()


@pytest.mark.parametrize("scenario", ALL)
def test_a_plan_never_holds_a_secret_of_the_configuration(scenario: str) -> None:
    secret = "planted-5ecret"
    lines = (
        f"enable secret 9 {secret}", f"username x secret 9 {secret}",
        f"snmp-server community {secret} RO", "license boot level x", "hostname edge",
        f"ip http client password 0 {secret}", f"crypto isakmp key {secret} address 192.0.2.1",
    )  # fmt: skip
    before = state_of(scenario, "pre").model_copy(update={"config": lines})
    plan = make_plan(before, target_of(scenario))
    assert secret not in json.dumps(plan.to_json())
    assert observe(before)["config"].value == ["license boot level x", "hostname edge"]


def test_nothing_is_keyed_by_a_known_tag() -> None:
    """The same router with every tag renamed plans the same, but for the names."""
    before = state_of("s1_isr4461_registered", "pre")
    data = before.to_json()
    for licence in data["licensing"]["licenses"]:
        licence["tag"] = f"ZZ_{licence['tag'][::-1]}"
    other = make_plan(RouterState.from_json(data), target_of("s1_isr4461_registered"))
    same = plan_of("s1_isr4461_registered")
    assert [s.to_json() for s in other.steps] == [s.to_json() for s in same.steps]
    assert [(p.kind, p.rules) for p in other.predictions] == [
        (p.kind, p.rules) for p in same.predictions
    ]
