"""SLAC, SLRUP and THR rules: whether an authorization is needed, and what throughput remains."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    CSR,
    HSEC,
    ISR,
    PAK,
    PLAIN,
    RTU,
    RULES,
    csl,
    evaluating,
    feature,
    platform,
    registered,
    reserved,
    router,
    slp,
    target,
)  # fmt: skip
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.rules.model import detect
from slp_core.rules.slac import SlacNeed, slac_need
from slp_core.rules.throughput import above_flag_limit, kbps, same_level
from slp_core.state import RouterState
from slp_core.targets import Target


def need(state: RouterState, wishes: Target | None = None, way: str = "request") -> SlacNeed:
    pid = state.udi.pid if state.udi else ""
    model = detect(state, RULES)
    return slac_need(state, model, platform(pid), wishes or target(), way, RULES)


def virtual(licensing: dict[str, Any], level: Any, **more: Any) -> RouterState:
    return router(CSR, "16.12.2", licensing=licensing, throughput={"level": level}, **more)


def physical(licensing: dict[str, Any], crypto: Any, **more: Any) -> RouterState:
    return router(ISR, licensing=licensing, throughput={"crypto": crypto}, **more)


@pytest.mark.parametrize(
    ("licensing", "rule"),
    [
        (registered(HSEC), "SLAC-1"),
        (reserved(HSEC), "SLAC-2"),
        (csl(feature("hseck9", PAK)), "SLAC-3"),
    ],
)
def test_slac_1_2_3_hseck9_that_is_there_needs_none(licensing: dict[str, Any], rule: str) -> None:
    found = need(physical(licensing, "unthrottled"))
    assert (found.rule, found.need) == (rule, "none")


def test_slac_2_hseck9_held_by_the_reservation_counts_although_it_is_not_in_use() -> None:
    held = {"licenses": [{"tag": "ax_10G"}, {"tag": "DNA_HSEC"}]}
    found = need(virtual(reserved(PLAIN, reservation=held), 10_000_000), way="file")
    assert (found.rule, found.need) == ("SLAC-2", "none")


@pytest.mark.parametrize(
    ("level", "rule", "what"),
    [(250_000, "SLAC-9", "none"), (250_001, "SLAC-4", "reservation"),
     ("unthrottled", "SLAC-4", "reservation")],
)  # fmt: skip
def test_slac_4_reserved_virtual_above_250_mbps_updates_the_reservation_first(
    level: Any, rule: str, what: str
) -> None:
    found = need(virtual(reserved(PLAIN), level), way="file")
    assert (found.rule, found.need) == (rule, what)


def test_slac_4_not_done_falls_to_250_mbps_and_needs_the_operators_word() -> None:
    state = virtual(reserved(PLAIN), 1_000_000)
    plan = make_plan(state, target("17.6.1", "airgap", hseck9="none"))
    assert [n.rule for n in plan.blockers] == ["SLAC-4"]
    level = {p.path: p.value for p in plan.predictions}["throughput.level"]
    assert level == 250_000
    allowed = target("17.6.1", "airgap", hseck9="none", allow={"SLAC-4": "lab"})
    assert make_plan(state, allowed).blockers == ()


SATELLITE = ("destination address http https://satellite.example.net/Transportgateway",)
STARTUP = ("platform hardware throughput level 1000000",)


def test_slac_5_connected_virtual_asks_by_itself_if_all_is_there() -> None:
    state = virtual(registered(PLAIN), 1_000_000, startup_config=STARTUP)
    found = need(state, target(hseck9_balance=1))
    assert (found.rule, found.need, found.missing) == ("SLAC-5", "automatic", ())
    at_limit = virtual(registered(PLAIN), 250_000, startup_config=STARTUP)
    assert need(at_limit, target(hseck9_balance=1)).rule == "SLAC-9"


@pytest.mark.parametrize(
    ("startup", "balance", "severity"),
    [(STARTUP, 0, "blocker"), ((), 1, "blocker"), (STARTUP, None, "warning"),
     (None, 1, "warning")],
)  # fmt: skip
def test_slac_5_what_lacks_is_said(startup: Any, balance: int | None, severity: str) -> None:
    more = {} if startup is None else {"startup_config": startup}
    state = virtual(registered(PLAIN), 1_000_000, **more)
    plan = make_plan(state, target("17.6.1", hseck9_balance=balance))
    assert [n.severity for n in plan.notices if n.rule == "SLAC-5"] == [severity]


def test_slac_6_connected_physical_wants_the_feature_in_startup() -> None:
    state = physical(registered(PLAIN), 500_000, startup_config=("license feature hseck9",))
    found = need(state, target(hseck9_balance=1))
    assert (found.rule, found.need, found.missing) == ("SLAC-6", "automatic", ())
    without = physical(registered(PLAIN), 500_000, startup_config=("hostname x",))
    assert need(without, target(hseck9_balance=1)).missing[0][1] is True
    at_limit = physical(registered(PLAIN), 250_000)
    assert need(at_limit).rule == "SLAC-9"


def test_slac_7_controller_mode_by_file() -> None:
    state = virtual(registered(PLAIN), 1_000_000, controller_mode=True)
    found = need(state)
    assert (found.rule, found.need) == ("SLAC-7", "file")
    plan = make_plan(state, target("17.6.1"))
    kinds = [s.kind for s in plan.steps]
    assert "slac_import" in kinds
    assert "slac" not in kinds


@pytest.mark.parametrize(("way", "what"), [("request", "request"), ("file", "file")])
def test_slac_8_a_new_feature_is_asked_for_after_the_upgrade(way: str, what: str) -> None:
    state = router(licensing=evaluating(PLAIN), cerm={"functionality": "ENABLED"})
    found = need(state, target(hseck9="add-after"), way)
    assert (found.rule, found.need) == ("SLAC-8", what)


@pytest.mark.parametrize("make", [registered, evaluating, reserved])
def test_slac_9_at_most_250_mbps_needs_none(make: Any) -> None:
    assert need(physical(make(PLAIN), 250_000)).rule == "SLAC-9"


@pytest.mark.parametrize(
    ("licensing", "way"),
    [(reserved(PLAIN), "file"), (registered(PLAIN, config=SATELLITE), "file"),
     (registered(PLAIN, config=SATELLITE), "person"), (evaluating(PLAIN), "request"),
     (csl(feature("appxk9", RTU)), "request")],
)  # fmt: skip
def test_slac_11_any_other_constellation_is_asked(licensing: dict[str, Any], way: str) -> None:
    config = licensing.pop("config", ())
    found = need(physical(licensing, 500_000, config=config), way=way)
    assert (found.rule, found.need) == ("SLAC-11", "ask")


def test_slac_11_blocks_and_may_be_overridden() -> None:
    state = physical(reserved(PLAIN), 500_000)
    plan = make_plan(state, target(kind="airgap"))
    assert [n.rule for n in plan.blockers] == ["SLAC-11"]
    allowed = make_plan(state, target(kind="airgap", allow={"SLAC-11": "Cisco said so"}))
    assert allowed.blockers == ()
    assert [n.allowed for n in allowed.notices if n.rule == "SLAC-11"] == ["Cisco said so"]


def test_slac_12_throughput_is_set_after_the_slac() -> None:
    state = physical(evaluating(PLAIN), 250_000)
    plan = make_plan(state, target(hseck9="add-after", throughput="1G"))
    kinds = [s.kind for s in plan.steps]
    assert kinds.index("slac") < kinds.index("throughput")
    assert "SLAC-12" in next(s for s in plan.steps if s.kind == "throughput").reasons
    same = make_plan(state, target(throughput="250M"))
    assert "throughput" not in [s.kind for s in same.steps]


def test_slac_13_the_routers_own_tag_goes_before_the_table() -> None:
    own = evaluating(PLAIN) | {"hseck9_tag": "regid.2021-05.com.cisco.NEW_HSEC,1.0_abc"}
    plan = make_plan(physical(own, 250_000), target(hseck9="add-after"))
    found = {p.path: p.value for p in plan.predictions}
    assert found["licenses[feature:hseck9].tag"] == "NEW_HSEC"
    by_table = make_plan(physical(evaluating(PLAIN), 250_000), target(hseck9="add-after"))
    assert {p.path: p.value for p in by_table.predictions}[
        "licenses[feature:hseck9].tag"
    ] == "ISR_4351_Hsec"


def test_slac_13_a_tag_from_memory_is_not_predicted_and_said_to_be_unverified() -> None:
    state = router("C8300-1N1S-4T2X", "17.3.2", licensing=slp(PLAIN, trust={"installed_on": None}))
    plan = make_plan(state, target("17.3.2", hseck9="add-after"))
    tag = {p.path: p for p in plan.predictions}["licenses[feature:hseck9].tag"]
    assert tag.kind == "newly_issued"
    notice = next(n for n in plan.notices if n.rule == "SLAC-13")
    assert "not verified" in notice.source


def updated(**wishes: Any) -> RouterPlan:
    held = {"status": "SPECIFIC INSTALLED", "confirmation_code": "4372613e",
            "licenses": [{"tag": "ax_10G", "count": "1"}]}  # fmt: skip
    state = virtual(reserved({**PLAIN, "tag": "ax_10G"}, reservation=held), 10_000_000)
    return make_plan(state, target("17.6.1", "airgap", **wishes))


def test_slrup_1_no_free_hseck9_blocks_and_an_unknown_balance_warns() -> None:
    assert [n.rule for n in updated(hseck9_balance=0).blockers] == ["SLRUP-1"]
    assert updated(hseck9_balance=1).blockers == ()
    unknown = [n.severity for n in updated().notices if n.rule == "SLRUP-1"]
    assert unknown == ["warning"]


def test_slrup_2_3_4_come_in_order_before_the_upgrade() -> None:
    steps = [(s.kind, s.reasons) for s in updated(hseck9_balance=1).steps]
    kinds = [k for k, _ in steps]
    install = kinds.index("reservation_install")
    assert kinds[install - 1] is kinds[install + 1] == "person"
    assert "SLRUP-2" in steps[install - 1][1]
    assert "SLRUP-4" in steps[install + 1][1]
    assert install < kinds.index("stage_image")


def test_slrup_3_the_person_provides_the_file_that_is_installed() -> None:
    plan = updated(hseck9_balance=1)
    person = next(s for s in plan.steps if s.kind == "person")
    install = next(s for s in plan.steps if s.kind == "reservation_install")
    assert person.params.provides == (install.params.file,)
    assert install.params.tags == ("ax_10G", "DNA_HSEC")
    assert person.person is not None
    assert "FDO21512BJB" in person.person.instructions[0]


def test_slrup_5_a_new_code_and_both_licences_are_expected() -> None:
    found = {p.path: p for p in updated(hseck9_balance=1).predictions}
    code = found["authorization.confirmation_code"]
    assert (code.kind, code.value) == ("newly_issued", "4372613e")
    assert found["licenses[feature:hseck9].tag"].value == "DNA_HSEC"
    assert found["licenses[ax_10G].status"].value == "IN USE"


def test_slrup_is_not_done_twice() -> None:
    held = {"licenses": [{"tag": "ax_10G"}, {"tag": "DNA_HSEC"}]}
    state = virtual(reserved({**PLAIN, "tag": "ax_10G"}, reservation=held), 10_000_000)
    plan = make_plan(state, target("17.6.1", "airgap", hseck9="add-before"))
    assert "reservation_install" not in [s.kind for s in plan.steps]


def test_thr_1_cef_throughput_is_unchanged_on_a_physical_router_without_hseck9() -> None:
    state = router(licensing=evaluating(PLAIN), throughput={"level": 400_000},
                   cerm={"functionality": "ENABLED"})  # fmt: skip
    plan = make_plan(state, target())
    level = {p.path: p for p in plan.predictions}["throughput.level"]
    assert (level.kind, level.value, level.rules) == ("unchanged", 400_000, ("THR-1",))
    assert plan.blockers == ()  # 400 Mbps of CEF need no SLAC


def test_thr_2_unthrottled_crypto_stays_where_hseck9_is_honoured() -> None:
    plan = make_plan(physical(csl(feature("hseck9", PAK)), "unthrottled"), target())
    crypto = {p.path: p for p in plan.predictions}["throughput.crypto"]
    assert (crypto.kind, crypto.value) == ("unchanged", "unthrottled")


@pytest.mark.parametrize(
    ("licensing", "expected"),
    [(csl(feature("hseck9", PAK)), "DISABLED"), (csl(feature("appxk9", RTU)), None)],
)
def test_thr_3_cerm_that_was_not_seen_is_known_with_hseck9_alone(
    licensing: dict[str, Any], expected: str | None
) -> None:
    plan = make_plan(router(licensing=licensing), target())
    assert {p.path: p.value for p in plan.predictions}["cerm.functionality"] == expected


def test_thr_3_cerm_that_was_seen_is_unchanged_until_a_slac_lifts_it() -> None:
    state = router(licensing=evaluating(PLAIN), cerm={"functionality": "ENABLED"})
    found = [(p.moment, p.value) for p in make_plan(state, target()).predictions
             if p.path == "cerm.functionality"]  # fmt: skip
    assert found == [("upgrade", "ENABLED")]
    lifted = [(p.moment, p.value)
              for p in make_plan(state, target(hseck9="add-after")).predictions
              if p.path == "cerm.functionality"]  # fmt: skip
    assert lifted == [("upgrade", "ENABLED"), ("end", "DISABLED")]


@pytest.mark.parametrize(
    ("text", "figure"),
    [(250_000, 250_000), ("250M", 250_000), ("T3|500M", 500_000), ("2.5G", 2_500_000),
     ("unthrottled", float("inf")), ("T2", None), (None, None), ("400000 kb/s", 400_000)],
)  # fmt: skip
def test_thr_4_levels_are_figures_in_any_spelling(text: Any, figure: float | None) -> None:
    assert kbps(text) == figure


def test_thr_4_spellings_are_the_same_level() -> None:
    assert same_level("400000 kbps", "400000 kb/s")
    assert same_level(400_000, "400M")
    assert not same_level("T2", "T3")


def test_flag_limit_counts_crypto_on_physical_and_level_on_virtual_routers() -> None:
    both = {"level": 10_000_000, "crypto": 50_000}
    seen = router(ISR, licensing=registered(PLAIN), throughput=both)
    assert above_flag_limit(seen, platform(ISR), RULES) is False
    seen = router(CSR, licensing=registered(PLAIN), throughput=both)
    assert above_flag_limit(seen, platform(CSR), RULES) is True
    unseen = router(ISR, licensing=registered(PLAIN))
    assert above_flag_limit(unseen, platform(ISR), RULES) is None
