"""TRANS and TOPO: the transport after the upgrade, and what the topology makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    HSEC,
    PAK,
    PLAIN,
    RTU,
    RULES,
    csl,
    evaluating,
    feature,
    registered,
    reserved,
    router,
    slp,
    target,
)  # fmt: skip
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.rules.model import Model
from slp_core.rules.transport import transport_after
from slp_core.verify import expected, verify


@pytest.mark.parametrize(
    ("rule", "model", "before", "after"),
    [
        ("TRANS-1", Model.EVAL, "callhome", "cslu"),
        ("TRANS-2", Model.SLR, "callhome", "off"),
        ("TRANS-2", Model.PLR, "callhome", "off"),
        ("TRANS-3", Model.REGISTERED, "callhome", "callhome"),
        ("TRANS-4", Model.EVAL, "smart", "off"),
        ("TRANS-5", Model.SLR, "smart", "off"),
        ("TRANS-5", Model.PLR, "smart", "off"),
        ("TRANS-6", Model.REGISTERED, "smart", "smart"),
        ("TRANS-7", Model.CSL, "none", "cslu"),
        ("TRANS-7", Model.RTU, "none", "cslu"),
        ("TRANS-8", Model.SLP, "cslu", "cslu"),
        ("TRANS-9", Model.REGISTERED, "off", None),
        ("TRANS-9", Model.EVAL, None, None),
    ],
)
def test_trans_rules(rule: str, model: Model, before: str | None, after: str | None) -> None:
    found = transport_after(model, before, RULES)
    assert (found.rule, found.kind) == (rule, after)


def test_trans_4_another_transport_is_a_warning_not_a_failure() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN, transport="smart")), target())
    after = router(release="17.3.2", licensing=slp({**PLAIN, "status": "IN USE"}, transport="cslu"))
    found = next(f for f in verify(plan, after, moment="upgrade") if f.path == "transport.kind")
    assert (found.verdict, found.severity) == ("unmet", "warning")
    one = make_plan(router(licensing=evaluating(PLAIN)), target())
    after = router(release="17.3.2", licensing=slp({**PLAIN, "status": "IN USE"}, transport="off"))
    found = next(f for f in verify(one, after, moment="upgrade") if f.path == "transport.kind")
    assert (found.verdict, found.severity) == ("unmet", "failure")


def test_trans_8_a_kept_transport_keeps_its_address() -> None:
    kept = registered(PLAIN, transport="smart")
    kept["transport"] |= {"url": "https://example.net/x", "proxy": None}
    plan = make_plan(
        router(licensing=kept), target(at={"transport": "smart", "url": "https://example.net/x"})
    )
    found = {p.path: p for p in plan.predictions}
    assert (found["transport.url"].kind, found["transport.url"].value) == (
        "unchanged", "https://example.net/x",
    )  # fmt: skip
    assert "topology" not in [s.kind for s in plan.steps]


def test_trans_9_without_a_rule_there_is_no_prediction_but_a_warning() -> None:
    plan = make_plan(router(licensing=registered(PLAIN, transport="off")), target(kind="airgap"))
    early = expected(plan, "upgrade")["transport.kind"]
    assert early.kind == "unobservable"
    assert "TRANS-9" in {n.rule for n in plan.notices}


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


def test_topo_direct_sets_transport_trust_and_reports() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target())
    order = ["topology", "trust", "usage_sync"]
    assert [k for k in kinds(plan) if k in order] == order
    end = expected(plan, "end")
    assert end["transport.kind"].value == "smart"
    assert end["transport.url"].value == RULES.urls.smart
    assert end["trust.installed"].value is True


@pytest.mark.parametrize("transport", ["callhome", "smart"])
def test_topo_direct_asks_no_token_of_a_registered_router(transport: str) -> None:
    state = router(licensing=registered(HSEC, transport=transport))
    plan = make_plan(state, target(at={"transport": transport, "token": None}))
    assert "trust" not in kinds(plan)
    assert plan.blockers == ()
    assert expected(plan, "end")["trust.installed"].value is True


def test_topo_cslu_needs_no_trust_and_none_is_healthy() -> None:
    plan = make_plan(
        router(licensing=csl(feature("appxk9", RTU))), target(kind="cslu", at={"token": None})
    )
    assert "trust" not in kinds(plan)
    end = expected(plan, "end")
    assert end["trust.installed"].value is False
    assert end["transport.cslu_address"].value == "http://192.0.2.9:8182/cslu/v1/pi"


@pytest.mark.parametrize("kind", ["cslu-pull", "onprem-pull", "controller"])
def test_topo_pull_reports_are_collected_by_a_person(kind: str) -> None:
    """TOPO-CSLU-PULL, TOPO-ONPREM-PULL, TOPO-CONTROLLER."""
    plan = make_plan(router(licensing=evaluating(PLAIN)), target(kind=kind))
    assert "usage_sync" not in kinds(plan)
    person = [s for s in plan.steps if s.kind == "person"]
    assert person[-1].title.startswith("Collect usage")
    assert ("topology" in kinds(plan)) is (kind != "controller")


def test_topo_controller_leaves_the_transport_alone() -> None:
    plan = make_plan(router(licensing=registered(PLAIN)), target(kind="controller"))
    assert expected(plan, "end")["transport.kind"].value == "callhome"


def test_topo_cslu_offline_and_onprem_have_a_person_behind_the_report() -> None:
    for kind, where in (("cslu-offline", "CSLU"), ("onprem", "SSM On-Prem")):
        plan = make_plan(router(licensing=evaluating(PLAIN)), target(kind=kind))
        sync = next(s for s in plan.steps if s.kind == "usage_sync")
        assert sync.person is not None
        assert sync.person.where == where


def test_topo_onprem_shows_the_address_that_was_given_never_one_made_up() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target(kind="onprem"))
    end = expected(plan, "end")
    assert end["transport.cslu_address"].value == "https://ssm.example.net/cslu/v1/pi/tenant-1"


def test_topo_airgap_carries_files_and_keeps_their_names() -> None:
    plan = make_plan(router(licensing=reserved(HSEC)), target(kind="airgap"))
    order = ["usage_save", "person", "usage_import"]
    found = [s for s in plan.steps if s.kind in order]
    assert [s.kind for s in found] == order
    save, person, load = found
    assert person.params.to_json() == {"needs": [save.params.file], "provides": [load.params.file]}
    assert "topology" not in kinds(plan)  # TRANS-2 switches it off by itself


def test_topo_airgap_of_an_evaluating_router_is_switched_off() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target(kind="airgap"))
    assert "topology" in kinds(plan)
    assert expected(plan, "end")["transport.kind"].value == "off"


def test_token_1_a_missing_token_blocks_and_cannot_be_overridden() -> None:
    wishes = target(at={"token": None}, allow={"TOKEN-1": "please"})
    plan = make_plan(router(licensing=evaluating(PLAIN)), wishes)
    assert [(n.rule, n.overridable) for n in plan.blockers] == [("TOKEN-1", False)]


def test_token_2_is_noted_where_a_slac_follows() -> None:
    with_slac = make_plan(router(licensing=evaluating(PLAIN)), target(hseck9="add-after"))
    assert "TOKEN-2" in {n.rule for n in with_slac.notices}
    without = make_plan(router(licensing=evaluating(PLAIN)), target())
    assert "TOKEN-2" not in {n.rule for n in without.notices}


def test_msg_1_an_empty_cslu_address_is_expected_before_the_topology() -> None:
    plan = make_plan(router(licensing=csl(feature("hseck9", PAK))), target())
    early = expected(plan, "upgrade")["transport.cslu_address"]
    assert (early.kind, early.value) == ("equals", None)
    assert "MSG-1" in early.rules


def test_msg_2_a_registered_hseck9_is_judged_at_the_end_only() -> None:
    plan = make_plan(router(licensing=registered(HSEC)), target())
    assert "licenses[X_0].export_status" not in expected(plan, "upgrade")
    late: Any = expected(plan, "end")["licenses[X_0].export_status"]
    assert late.value == "RESTRICTED - ALLOWED"
    assert "MSG-2" in late.rules
