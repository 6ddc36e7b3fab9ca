"""ONPREM-2 to -10, DLC-5, UP-6: the cut-over of an old SSM On-Prem with its routers."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    CSR,
    PAK,
    PLAIN,
    csl,
    evaluating,
    feature,
    registered,
    reserved,
    router,
    slp,
    target,
)
from slp_core.plan import RouterPlan, StepSpec
from slp_core.planner import make_plan
from slp_core.targets import Target, load_target

URL = "https://ssm.example.net/cslu/v1/pi/tenant-1"


def aim(url: str | None = None, version: str | None = "8-202012", **more: Any) -> Target:
    topology: dict[str, Any] = {"kind": "onprem", "token": "env:T"}
    topology |= {"url": url} if url else {}
    topology |= {"server_version": version} if version else {}
    return load_target(
        {"release": "17.9.4", "topology": topology, **more},
        where="x",
        base=None,  # type: ignore[arg-type]
    )


def step(plan: RouterPlan, rule: str) -> StepSpec:
    return next(s for s in plan.steps if rule in s.reasons)


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


@pytest.mark.parametrize(
    ("licensing", "rewritten"),
    [
        (registered(PLAIN), True),
        (registered(PLAIN, transport="smart"), True),
        (reserved(PLAIN), False),
        (evaluating(PLAIN), False),
        (csl(feature("appxk9", PAK)), False),
    ],
)
def test_onprem_4_who_was_on_no_transport_gets_a_url_that_a_person_hands_in(
    licensing: dict[str, Any], rewritten: bool
) -> None:
    plan = make_plan(router(licensing=licensing), aim())
    assert [n.rule for n in plan.blockers if n.rule.startswith("TOPO")] == []
    again = step(plan, "ONPREM-4")
    assert ("topology" in kinds(plan)) is not rewritten
    assert again.params.asks_for() == (() if rewritten else ("tenant_url.txt",))
    if not rewritten:
        topology = next(s for s in plan.steps if s.kind == "topology")
        assert topology.params.takes() == ("tenant_url.txt", "url")
        assert plan.steps.index(again) < plan.steps.index(topology)
        assert any("url cslu URL" in line for line in topology.params.lines())
    last = [p for p in plan.predictions if p.path == "transport.cslu_address" and p.moment == "end"]
    assert [p.kind for p in last] == ["newly_issued"]


def test_onprem_4_with_the_url_in_the_target_it_is_configured_as_it_is() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), aim(URL))
    topology = next(s for s in plan.steps if s.kind == "topology")
    assert f"license smart url cslu {URL}" in topology.params.lines()
    assert step(plan, "ONPREM-4").params.asks_for() == ()


def test_onprem_3_the_router_comes_after_on_prem_and_before_its_account() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), aim())
    order = [
        plan.steps.index(step(plan, "ONPREM-1")),
        kinds(plan).index("install_activate"),
        plan.steps.index(step(plan, "ONPREM-4")),
    ]
    assert order == sorted(order)


def test_onprem_2_and_5_a_virtual_router_above_250_mbps_gets_its_slac_by_on_prem() -> None:
    before = router(CSR, licensing=registered(PLAIN), throughput={"level": 1_000_000})
    plan = make_plan(before, aim())
    assert plan.steps.index(step(plan, "ONPREM-2")) < plan.steps.index(step(plan, "ONPREM-5"))


def test_onprem_6_the_configuration_is_saved_before_anything_is_reset() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), aim(release="17.3.2"))
    saved = plan.steps.index(step(plan, "ONPREM-6"))
    assert kinds(plan)[saved] == "save_config"
    assert saved < kinds(plan).index("factory_reset")


def test_onprem_8_to_10_conversion_then_the_account_is_synchronised_as_a_step_of_its_own() -> None:
    plan = make_plan(router(licensing=csl(feature("appxk9", PAK))), aim())
    order = [kinds(plan).index(k) for k in ("dlc_wait", "usage_sync", "dlc_done")]
    own = [s for s in plan.steps if s.kind == "person" and "ONPREM-10" in s.reasons]
    assert len(own) == 1
    assert [*order, plan.steps.index(own[0])] == sorted([*order, plan.steps.index(own[0])])
    assert own[0].person is not None
    assert "event log" in own[0].person.instructions[0]


def test_up_6_an_on_prem_of_unknown_version_blocks_until_it_is_named() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), aim(URL, version=None))
    (blocker,) = [n for n in plan.blockers if n.rule == "UP-6"]
    assert blocker.overridable
    assert "server_version" in blocker.remedy
    named = make_plan(router(licensing=evaluating(PLAIN)), aim(URL, version="8-202206"))
    assert "UP-6" not in {n.rule for n in named.notices}


def test_topo_onprem_a_missing_url_is_the_blocker_of_its_router_alone() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), aim(version="8-202206"))
    assert "TOPO-ONPREM" in {n.rule for n in plan.blockers}


# --- DLC-5 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "goes"), [("direct", "usage_sync"), ("airgap", "usage_save")])
def test_dlc_5_what_was_reported_before_it_was_collected_is_reported_again(
    kind: str, goes: str
) -> None:
    licensing = slp(
        PLAIN,
        transport="off" if kind == "airgap" else "smart",
        trust={"installed_on": "2021-01-15T03:21:29Z"},
        reporting={"last_ack": "2021-02-01T03:21:29Z"},
        dlc={"process_status": "Not Complete", "features": ["appxk9"]},
    )
    plan = make_plan(router(release="17.6.5", licensing=licensing), target(None, kind))
    assert kinds(plan).index("dlc_wait") < kinds(plan).index(goes) < kinds(plan).index("dlc_done")
