"""SLAC-0 and what hangs on it: two moments, the flag alone, nothing invented, the line, UP-7."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import (
    CSR,
    HSEC,
    ISR,
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
from slp_core.plan import Prediction, RouterPlan
from slp_core.planner import make_plan
from slp_core.planner.jobs.slac import SlacJob
from slp_core.planner.jobs.throughput import ThroughputJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.planner.one_step import plan_step
from slp_core.rules.model import Model
from slp_core.rules.slac import on_cssm
from slp_core.rules.throughput import above_flag_limit
from slp_core.state import RouterState

GIGABIT = ("platform hardware throughput level MB 1000",)
SATELLITE = ("destination address http https://satellite.example.net/Transportgateway",)
ASR = "ASR1001-X"
OFF, ON = {"functionality": "DISABLED"}, {"functionality": "ENABLED"}


def virtual(licensing: dict[str, Any], level: Any = 1_000_000, **more: Any) -> RouterState:
    return router(CSR, "16.12.2", licensing=licensing, throughput={"level": level},
                  **{"startup_config": GIGABIT, **more})  # fmt: skip


def with_flag(allowed: str = "ALLOWED", **more: Any) -> dict[str, Any]:
    found = registered(PLAIN, **more)
    return found | {"registration": {"status": "REGISTERED", "export_controlled": allowed}}


def moments(plan: RouterPlan, path: str) -> dict[str, Any]:
    """Returns what is expected of a path at each moment; of what cannot be judged its kind."""
    return {p.moment: p.value if p.known("value") else p.kind
            for p in plan.predictions if p.path == path}  # fmt: skip


def named(plan: RouterPlan, rule: str) -> list[tuple[str, str]]:
    return [(n.severity, n.text) for n in plan.notices if n.rule == rule]


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


# --- SLAC-0: two moments -----------------------------------------------------------------------

LATER: list[tuple[str, RouterState, dict[str, Any]]] = [
    ("SLAC-4", virtual(reserved(PLAIN)), {"kind": "airgap", "hseck9": "add-after"}),
    ("SLAC-5", virtual(with_flag()), {"hseck9_balance": 1}),
    ("SLAC-7", virtual(with_flag(), controller_mode=True), {}),
    ("SLAC-8", virtual(with_flag()), {"hseck9": "add-after"}),
    ("ONPREM-2", virtual(with_flag(), config=SATELLITE), {"kind": "onprem"}),
]


@pytest.mark.parametrize(("rule", "state", "aim"), LATER, ids=[x[0] for x in LATER])
def test_slac_0_a_virtual_router_is_at_250_mbps_until_the_slac_whichever_rule_brings_it(
    rule: str, state: RouterState, aim: dict[str, Any]
) -> None:
    plan = make_plan(state, target("17.6.1", **aim))
    assert moments(plan, "throughput.level") == {"upgrade": 250_000, "end": 1_000_000}
    (first,) = [p for p in plan.predictions if p.path == "throughput.level"
                and p.moment == "upgrade"]  # fmt: skip
    assert first.rules == (rule, "SLAC-0")
    assert [severity for severity, _ in named(plan, "SLAC-0")] == ["warning"]


@pytest.mark.parametrize("pid", [ISR, ASR, "C1111-8P"])
def test_slac_0_a_physical_router_has_its_export_limits_until_the_slac(pid: str) -> None:
    state = router(pid, licensing=with_flag(), cerm=OFF,
                   startup_config=("license feature hseck9",))  # fmt: skip
    plan = make_plan(state, target("17.3.4", hseck9_balance=1))
    assert moments(plan, "cerm.functionality") == {"upgrade": "ENABLED", "end": "DISABLED"}
    assert moments(plan, "cerm.tunnels_max")["upgrade"] == 1000
    assert moments(plan, "cerm.tls_sessions_max")["upgrade"] == 1000


@pytest.mark.parametrize(
    ("licensing", "aim"),
    [(registered(HSEC), {}), (reserved(PLAIN), {"kind": "airgap"})],
    ids=["SLAC-1", "SLRUP"],
)
def test_slac_0_does_not_touch_a_router_that_has_hseck9_when_it_comes_up(
    licensing: dict[str, Any], aim: dict[str, Any]
) -> None:
    plan = make_plan(virtual(licensing), target("17.6.1", **aim))
    assert moments(plan, "throughput.level") == {"upgrade": 1_000_000}
    assert named(plan, "SLAC-0") == []


def test_slac_0_exactly_250_mbps_stays_as_it_is() -> None:
    state = virtual(with_flag(), 250_000, config=("platform hardware throughput level MB 250",))
    plan = make_plan(state, target("17.6.1", hseck9="add-after"))
    assert moments(plan, "throughput.level") == {"upgrade": 250_000}
    assert named(plan, "SLAC-0") == []


def test_slac_0_the_upgrade_alone_predicts_the_fall_for_the_slac_step_that_follows() -> None:
    plan = plan_step(virtual(with_flag()), UpgradeJob(), target=target("17.6.1", hseck9_balance=1))
    assert moments(plan, "throughput.level") == {"upgrade": 250_000}
    assert plan.blockers == ()


def held_at_250(**more: Any) -> RouterState:
    fields = {"config": GIGABIT, **more}
    return router("C8000V", "17.6.1", licensing=slp(PLAIN, transport="smart"),
                  throughput={"level": 250_000}, **fields)  # fmt: skip


def test_slac_0_slac_alone_gives_the_configured_throughput_back() -> None:
    plan = plan_step(held_at_250(), SlacJob(), target=target(None))
    level = [p for p in plan.predictions if p.path == "throughput.level"]
    assert [(p.moment, p.value, p.rules) for p in level] == [
        ("end", "MB 1000", ("SLAC-0", "SLAC-8"))
    ]
    assert moments(make_plan(held_at_250(), target(None, hseck9="add")), "throughput.level") == {
        "upgrade": 250_000, "end": "MB 1000",
    }  # fmt: skip


def test_slac_0_a_migrating_router_held_at_250_mbps_gets_what_is_configured_with_hseck9() -> None:
    state = virtual(evaluating(PLAIN), 250_000, config=GIGABIT)
    after = make_plan(state, target("17.6.1", hseck9="add-after"))
    assert moments(after, "throughput.level") == {"upgrade": 250_000, "end": "MB 1000"}
    held = virtual(reserved(PLAIN), 250_000, config=GIGABIT)
    before = make_plan(held, target("17.6.1", "airgap", hseck9="add-before"))
    assert moments(before, "throughput.level") == {"upgrade": "MB 1000"}
    kept = make_plan(state, target("17.6.1"))
    assert moments(kept, "throughput.level") == {"upgrade": 250_000}


def test_slac_0_what_was_configured_is_not_invented() -> None:
    low = plan_step(held_at_250(config=("hostname x",)), SlacJob(), target=target(None))
    assert moments(low, "throughput.level") == {"end": 250_000}
    unseen = router("C8000V", "17.6.1", licensing=slp(PLAIN), throughput={"level": 250_000})
    plan = plan_step(unseen, SlacJob(), target=target(None))
    assert moments(plan, "throughput.level") == {"end": "unobservable"}


def test_slac_0_slac_alone_lifts_the_export_limits() -> None:
    state = router(ISR, "17.3.4", licensing=slp(PLAIN), cerm={**ON, "tunnels_max": 1000})
    plan = plan_step(state, SlacJob(), target=target(None))
    assert moments(plan, "cerm.functionality") == {"end": "DISABLED"}


# --- the flag alone on hardware ----------------------------------------------------------------


@pytest.mark.parametrize("pid", [ISR, ASR])
@pytest.mark.parametrize(
    ("shown", "above"),
    [({"cerm": OFF}, True), ({"cerm": ON}, False), ({"throughput": {"crypto": 500_000}}, True),
     ({"throughput": {"crypto": 250_000}}, False), ({}, None),
     ({"cerm": ON, "throughput": {"crypto": 500_000}}, False),
     ({"throughput": {"level": 10_000_000}}, None)],
)  # fmt: skip
def test_slac_6_the_flag_alone_shows_by_the_export_limits_not_by_the_forwarding_level(
    pid: str, shown: dict[str, Any], above: bool | None
) -> None:
    state = router(pid, licensing=with_flag(), **shown)
    assert above_flag_limit(state, platform(pid), RULES) is above
    rule = make_plan(state, target("17.3.4", hseck9_balance=1))
    assert ("slac_wait" in kinds(rule)) is (above is True)


def test_slac_6_cerm_off_without_the_line_is_a_blocker() -> None:
    state = router(ISR, licensing=with_flag(), cerm=OFF, startup_config=("hostname x",))
    plan = make_plan(state, target(hseck9_balance=1))
    assert [n.rule for n in plan.blockers] == ["SLAC-6"]


def test_slac_9_a_flag_that_the_account_does_not_have_is_ruled_out_and_the_lines_are_shown() -> (
    None
):
    evidence = {
        "licensing.registration.export_controlled": {"command": "show license all", "lines": [9]},
        "cerm.functionality": {"command": "show platform software cerm-information", "lines": [2]},
    }
    state = router(ISR, licensing=with_flag("NOT ALLOWED"), cerm=OFF, evidence=evidence)
    plan = make_plan(state, target())
    ((severity, text),) = named(plan, "SLAC-9")
    assert severity == "warning"
    assert "NOT ALLOWED` (show license all, line 9)" in text
    assert "DISABLED` (show platform software cerm-information, line 2)" in text
    assert "slac_wait" not in kinds(plan)
    agrees = make_plan(router(ISR, licensing=with_flag("NOT ALLOWED"), cerm=ON), target())
    assert named(agrees, "SLAC-9") == []


def test_thr_3_limits_that_only_the_flag_lifted_are_not_said_to_stay_off() -> None:
    """A virtual router at most at 250 Mbps needs no SLAC, but its flag counts no longer."""
    plan = make_plan(virtual(with_flag(), 100_000, cerm=OFF), target("17.6.1"))
    assert moments(plan, "cerm.functionality") == {"upgrade": "unobservable"}


# --- nothing seen ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pid", "licensing", "command"),
    [(ISR, with_flag(), "cerm-information"), (ASR, with_flag(), "cerm-information"),
     (CSR, with_flag(), "throughput level"), (ISR, evaluating(PLAIN), "cerm-information"),
     (ISR, csl(feature("appxk9", RTU)), "cerm-information"), (CSR, reserved(PLAIN),
     "throughput level")],
)  # fmt: skip
def test_slac_9_nothing_is_invented_where_neither_throughput_nor_cerm_was_seen(
    pid: str, licensing: dict[str, Any], command: str
) -> None:
    plan = make_plan(router(pid, licensing=licensing), target("17.6.1"))
    (notice,) = [n for n in plan.notices if n.rule == "SLAC-9"]
    assert notice.severity == "warning"
    assert command in notice.remedy
    judged: list[Prediction] = [
        p for p in plan.predictions
        if p.path.startswith(("cerm.", "throughput.")) and p.known("value")
    ]  # fmt: skip
    assert judged == []
    assert not any(k.startswith("slac") for k in kinds(plan))
    assert not any("hseck9" in p.path for p in plan.predictions)


# --- the line in startup-config ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "lacking"),
    [("MB 1000", False), ("1000000", False), ("MB 250", True), ("250000", True), ("MB 100", True),
     ("MB 251", False)],
)  # fmt: skip
def test_slac_5_wants_more_than_250_mbps_in_startup_config(line: str, lacking: bool) -> None:
    startup = (f"platform hardware throughput level {line}",)
    plan = make_plan(
        virtual(with_flag(), startup_config=startup), target("17.6.1", hseck9_balance=1)
    )
    assert bool(named(plan, "SLAC-5")) is lacking
    assert [n.rule for n in plan.blockers] == (["SLAC-5"] if lacking else [])


@pytest.mark.parametrize(
    ("state", "rule", "typed"),
    [(virtual(with_flag(), startup_config=("hostname x",)), "SLAC-5",
      ("platform hardware throughput level MB 1000",)),
     (virtual(with_flag(), startup_config=("platform hardware throughput level MB 250",)), "SLAC-5",
      ("platform hardware throughput level MB 1000",)),
     (router(ISR, licensing=with_flag(), cerm=OFF, startup_config=("hostname x",)), "SLAC-6",
      ("license feature hseck9",))],
)  # fmt: skip
def test_slac_5_6_the_missing_line_is_entered_and_saved_before_the_upgrade_where_asked_for(
    state: RouterState, rule: str, typed: tuple[str, ...]
) -> None:
    plan = make_plan(state, target("17.6.1", hseck9_balance=1, slac_line="write"))
    assert plan.blockers == ()
    at = kinds(plan).index("throughput")
    assert plan.steps[at].params.lines() == typed
    assert kinds(plan)[at + 1] == "save_config"
    assert at < kinds(plan).index("stage_image")
    assert rule in plan.steps[at].reasons
    alone = plan_step(state, UpgradeJob(), target=target("17.6.1", hseck9_balance=1,
                                                         slac_line="write"))  # fmt: skip
    assert alone.blockers == ()
    assert kinds(alone).index("throughput") < kinds(alone).index("stage_image")
    not_asked = make_plan(state, target("17.6.1", hseck9_balance=1))
    assert [n.rule for n in not_asked.blockers] == [rule]
    assert "throughput" not in kinds(not_asked)


# --- connected at the upgrade ------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["cslu", "airgap", "onprem", "cslu-offline"])
def test_slac_5_connected_is_judged_today_and_the_topology_changes_after_the_slac(
    kind: str,
) -> None:
    cssm = ("destination address http https://tools.cisco.com/its/service/oddce",)
    state = virtual(with_flag(), config=cssm)
    plan = make_plan(state, target("17.6.1", kind, hseck9_balance=1))
    assert named(plan, "SLAC-11") == []
    assert kinds(plan).index("slac_wait") < kinds(plan).index("topology")
    assert kinds(plan).index("verify") < kinds(plan).index("slac_wait")


def test_slac_11_a_router_behind_a_satellite_does_not_ask_cssm_wherever_it_shall_go() -> None:
    plan = make_plan(virtual(with_flag(), config=SATELLITE), target("17.6.1", hseck9_balance=1))
    assert [n.rule for n in plan.blockers] == ["SLAC-11"]


@pytest.mark.parametrize(
    ("licensing", "config", "found"),
    [(registered(PLAIN), (), None), (registered(PLAIN), SATELLITE, False),
     (registered(PLAIN), ("destination address http https://tools.cisco.com/x",), True),
     (registered(PLAIN, transport="smart"), SATELLITE, None),
     (registered(PLAIN, transport="off"), (), False), (evaluating(PLAIN), (), False)],
)  # fmt: skip
def test_slac_5_6_connected_means_registered_and_by_its_own_way_to_cssm(
    licensing: dict[str, Any], config: tuple[str, ...], found: bool | None
) -> None:
    model = Model.EVAL if "authorization_status" in licensing else Model.REGISTERED
    assert on_cssm(router(licensing=licensing, config=config), model) is found


def test_slac_4_add_after_is_planned_as_such() -> None:
    plan = make_plan(virtual(reserved(PLAIN)), target("17.6.1", "airgap", hseck9="add-after"))
    assert "reservation_install" not in kinds(plan)
    assert kinds(plan).index("slac_import") > kinds(plan).index("verify")
    assert plan.blockers == ()
    asked = make_plan(virtual(reserved(PLAIN)), target("17.6.1", hseck9="add-after"))
    assert "slac" in kinds(asked)
    alone = plan_step(virtual(reserved(PLAIN)), UpgradeJob(),
                      target=target("17.6.1", hseck9="add-after"))  # fmt: skip
    assert alone.blockers == ()


# --- SLRUP-2: which licence --------------------------------------------------------------------


def test_slrup_2_names_the_licence_of_the_product_and_leaves_the_window_open() -> None:
    plan = make_plan(virtual(reserved(PLAIN)), target("17.6.1", "airgap", hseck9_balance=1))
    told = [" ".join(s.person.instructions) for s in plan.steps if s.person]
    assert '"Router US Export Lic. for DNA" (DNA_HSEC), quantity 1' in told[0]
    assert "Leave the window" in told[0]
    assert "window" in told[1]
    isr = make_plan(router(ISR, licensing=reserved(PLAIN), cerm=ON),
                    target(kind="airgap", hseck9="add-before"))  # fmt: skip
    assert any("ISR_4351_Hsec" in i for s in isr.steps if s.person for i in s.person.instructions)


# --- UP-7 --------------------------------------------------------------------------------------


def running(level: int = 100_000, *licences: dict[str, Any]) -> RouterState:
    return router("C8000V", "17.6.1", licensing=slp(PLAIN, *licences),
                  throughput={"level": level}, config=())  # fmt: skip


def test_up_7_a_throughput_on_a_router_that_runs_slp_is_predicted_as_the_new_value() -> None:
    full = make_plan(running(), target(None, throughput="250M"))
    assert moments(full, "throughput.level") == {"upgrade": 100_000, "end": "250M"}
    alone = plan_step(running(), ThroughputJob(), target=target(None, throughput="250M"))
    assert moments(alone, "throughput.level") == {"end": "250M"}


def test_up_7_hardware_with_tiers_shows_what_is_configured_beside_what_is_in_force() -> None:
    state = router("C8300-1N1S-4T2X", "17.6.1", licensing=slp(PLAIN, {**HSEC, "feature_name":
                   "hseck9"}), throughput={"crypto": "T1", "crypto_configured": "T1"})  # fmt: skip
    plan = make_plan(state, target(None, throughput="T2"))
    assert moments(plan, "throughput.crypto_configured")["end"] == "T2"
    assert moments(plan, "throughput.crypto")["end"] == "unobservable"


@pytest.mark.parametrize(
    ("wanted", "typed"),
    [("250M", "MB 250"), ("T1", "MB T1"), ("MB 200", "MB 200"), (200_000, "200000")],
)
def test_up_7_a_virtual_router_is_told_in_its_own_form(wanted: Any, typed: str) -> None:
    plan = make_plan(running(), target(None, throughput=wanted))
    (step,) = [s for s in plan.steps if s.kind == "throughput"]
    assert step.params.lines() == (f"platform hardware throughput level {typed}",)


@pytest.mark.parametrize("wanted", ["500M", "T2", 250_001])
def test_up_7_above_250_mbps_without_hseck9_blocks_in_a_full_plan_as_alone(wanted: Any) -> None:
    full = make_plan(running(), target(None, throughput=wanted))
    alone = plan_step(running(), ThroughputJob(), target=target(None, throughput=wanted))
    assert [n.rule for n in full.blockers] == [n.rule for n in alone.blockers] == ["SLAC-12"]
    assert [n.text for n in full.blockers] == [n.text for n in alone.blockers]
    with_slac = make_plan(running(), target(None, throughput=wanted, hseck9="add"))
    assert with_slac.blockers == ()


def test_up_7_a_router_that_migrates_is_blocked_the_same() -> None:
    plan = make_plan(virtual(evaluating(PLAIN), 100_000), target("17.6.1", throughput="1G"))
    assert [n.rule for n in plan.blockers] == ["SLAC-12"]
    allowed = make_plan(virtual(with_flag()), target("17.6.1", throughput="2G", hseck9_balance=1))
    assert allowed.blockers == ()


def test_slac_0_the_plan_says_in_words_that_the_throughput_falls_and_returns() -> None:
    plan = make_plan(virtual(with_flag()), target("17.6.1", hseck9_balance=1))
    assert "throughput 1000000 → 250000 (SLAC-5) → 1000000 (again, SLAC-0)" in plan.changes
    isr = router(ISR, licensing=with_flag(), cerm=OFF, startup_config=("license feature hseck9",))
    told = make_plan(isr, target(hseck9_balance=1)).changes
    assert "export restrictions DISABLED → ENABLED (SLAC-0) → DISABLED (again, THR-3)" in told


@pytest.mark.parametrize(
    ("wanted", "known"),
    [("banana", False), ("T9", False), ("fast", False), ("250M", True), ("T2", True), ("1G", True),
     ("unthrottled", True), ("MB 200", True), (200_000, True)],
)  # fmt: skip
def test_up_7_a_word_that_is_no_throughput_blocks_unless_the_operator_knows_it(
    wanted: Any, known: bool
) -> None:
    for plan in (
        make_plan(running(), target(None, throughput=wanted)),
        plan_step(running(), ThroughputJob(), target=target(None, throughput=wanted)),
    ):
        unknown = [n for n in plan.notices if "no throughput that is known" in n.text]
        assert [(n.severity, n.overridable) for n in unknown] == [("blocker", True)] * (not known)


def test_slac_9_hseck9_none_takes_nothing_away_and_says_so() -> None:
    state = router("C8300-1N1S-4T2X", "17.3.2", licensing=slp(PLAIN, {**HSEC, "feature_name":
                   "hseck9"}))  # fmt: skip
    plan = make_plan(state, target("17.6.5", hseck9="none"))
    assert [n.severity for n in plan.notices if "nothing takes it away" in n.text] == ["warning"]
    assert not [n for n in make_plan(state, target("17.6.5")).notices if "hseck9: none" in n.text]
