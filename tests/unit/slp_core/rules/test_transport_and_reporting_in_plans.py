"""TRANS-1 to TRANS-7, REP-1 to REP-6, SLAC-3, TOPO-*-PULL as a whole plan carries them out."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    PAK,
    PLAIN,
    RTU,
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
from slp_core.rules.schema import TopologyRow

PLR: dict[str, Any] = {"registration": {"status": "REGISTERED - UNIVERSAL LICENSE RESERVATION"}}


def upgraded(licensing: dict[str, Any], **parts: Any) -> RouterPlan:
    return make_plan(router(licensing=licensing, **parts), target(kind="airgap"))


def transport(licensing: dict[str, Any]) -> tuple[str, str]:
    """Returns the transport that the upgrade leads to, and the rule that says so."""
    (after,) = [
        p
        for p in upgraded(licensing).predictions
        if p.path == "transport.kind" and p.moment == "upgrade"
    ]
    return str(after.value), after.rules[0]


def test_trans_1_callhome_in_evaluation_becomes_cslu() -> None:
    assert transport(evaluating(PLAIN)) == ("cslu", "TRANS-1")


def test_trans_2_callhome_of_a_reservation_becomes_off() -> None:
    assert transport(reserved(PLAIN)) == ("off", "TRANS-2")
    assert transport({**PLR, "transport": {"kind": "callhome"}}) == ("off", "TRANS-2")


def test_trans_3_callhome_of_a_registered_router_stays() -> None:
    assert transport(registered(PLAIN)) == ("callhome", "TRANS-3")


def test_trans_5_smart_of_a_reservation_becomes_off() -> None:
    assert transport(reserved(PLAIN, transport="smart")) == ("off", "TRANS-5")
    assert transport({**PLR, "transport": {"kind": "smart"}}) == ("off", "TRANS-5")


def test_trans_6_smart_of_a_registered_router_stays() -> None:
    assert transport(registered(PLAIN, transport="smart")) == ("smart", "TRANS-6")


@pytest.mark.parametrize("kind", [RTU, PAK])
def test_trans_7_where_there_was_no_transport_it_becomes_cslu(kind: dict[str, Any]) -> None:
    assert transport(csl(feature("appxk9", kind))) == ("cslu", "TRANS-7")


def reported_by(licensing: dict[str, Any]) -> set[str]:
    """Returns the rules of the first report that a plan makes."""
    step = next(s for s in upgraded(licensing).steps if "REP-7" in s.reasons)
    return {rule for rule in step.reasons if rule.startswith("REP-")} - {"REP-7"}


def test_rep_1_right_to_use_reports_by_licence() -> None:
    assert reported_by(csl(feature("appxk9", RTU))) == {"REP-1"}


def test_rep_2_a_registered_router_reports_by_policy() -> None:
    assert reported_by(registered(PLAIN)) == {"REP-2"}


def test_rep_3_a_reservation_reports_on_change() -> None:
    assert reported_by(reserved(PLAIN)) == {"REP-3"}


def test_rep_4_a_pak_reports_on_change() -> None:
    assert reported_by(csl(feature("appxk9", PAK))) == {"REP-4"}


def test_rep_5_a_permanent_reservation_need_not_report() -> None:
    assert reported_by(PLR) == {"REP-5"}


def test_rep_6_evaluation_reports_by_the_default_policy() -> None:
    assert reported_by(evaluating(PLAIN)) == {"REP-6"}


def test_slac_3_hseck9_by_pak_needs_no_slac() -> None:
    plan = upgraded(csl(feature("hseck9", PAK)), cerm={"functionality": "DISABLED"})
    assert not [s for s in plan.steps if s.kind.startswith("slac")]
    assert not [n for n in plan.blockers if n.rule.startswith("SLAC")]


@pytest.mark.parametrize("given", [PLAIN])
def test_topo_cslu_pull_and_topo_onprem_pull_configure_no_trust_and_send_nothing(
    given: dict[str, Any],
) -> None:
    for kind, rule in (("cslu-pull", "TOPO-CSLU-PULL"), ("onprem-pull", "TOPO-ONPREM-PULL")):
        at = {"server_version": "8-202206"}
        plan = make_plan(router(licensing=evaluating(given)), target(kind=kind, at=at))
        kinds = [s.kind for s in plan.steps]
        assert "trust" not in kinds
        assert "usage_sync" not in kinds
        assert any(rule in s.reasons for s in plan.steps)


BEFORE = {
    "evaluation": evaluating(PLAIN),
    "registered": registered(PLAIN),
    "reserved": reserved(PLAIN),
    "right-to-use": csl(feature("appxk9", RTU)),
    "permanent": csl(feature("appxk9", PAK)),
}


@pytest.mark.parametrize("topology", builtin_rules().topologies, ids=lambda row: row.kind)
@pytest.mark.parametrize("before", BEFORE)
def test_topo_any_topology_follows_any_model_after_the_upgrade(
    before: str, topology: TopologyRow
) -> None:
    """A158: whatever the router had, the target's topology may be another one."""
    at = {"server_version": "8-202206"} if topology.min_server else {}
    plan = make_plan(router(licensing=BEFORE[before]), target("17.3.2", topology.kind, at=at))
    assert [n.rule for n in plan.blockers] == []
    in_the_end = {p.path: p.value for p in plan.predictions}["transport.kind"]
    assert in_the_end == (topology.transport or transport(BEFORE[before])[0])
