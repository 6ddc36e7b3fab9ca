"""The modes of the ASR 900 family on the way of a plan: B9-2 to B9-6, B9-12, B9-19 to B9-21."""

from __future__ import annotations

from typing import Any

import pytest

from kit.classic import CSL_METRO, DIRECT, metro_state, state_of
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan, notices_of_state, plan_step
from slp_core.planner.jobs.base import Job
from slp_core.planner.jobs.classic import (
    CallHomeJob,
    DeregisterJob,
    ModeJob,
    RegisterJob,
    RenewJob,
)
from slp_core.planner.jobs.slr import SlrRequestJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.release import Release
from slp_core.rules import classic
from slp_core.state import RouterState
from slp_core.targets import Target
from slp_core.verify import verify

IMAGE = {"name": "asr920-universalk9_npe.17.08.01.SPA.bin"}
SMART = {"license_type": "Smart License"}
REGISTERED = {**SMART, "registration": {"status": "REGISTERED"}}
NO_LICENSE = {"license_type": "No License Mode"}


def planned(state: RouterState, **target: Any) -> RouterPlan:
    fields: dict[str, Any] = {"topology": DIRECT, "image": IMAGE, **target}
    return make_plan(state, Target.model_validate(fields))


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


def rules_of(plan: RouterPlan, *severities: str) -> set[str]:
    return {n.rule for n in plan.notices if not severities or n.severity in severities}


def ends(plan: RouterPlan, moment: str = "end") -> dict[str, Any]:
    return {p.path: p.value for p in plan.predictions if p.moment == moment}


# --- B9-2: enable, boot level, reload, register -------------------------------------------------


def test_b9_2_registering_a_traditional_router_is_one_procedure_of_one_target() -> None:
    state = metro_state("17.6.1", CSL_METRO, config=["hostname asr"])
    plan = planned(state, image=None, classic="register", boot_level="metroipaccess")
    assert rules_of(plan, "blocker") == set()
    assert kinds(plan) == [
        "preflight", "backup", "mode_switch", "throughput", "save_config", "reload", "register",
        "save_config", "verify",
    ]  # fmt: skip
    assert next(s for s in plan.steps if s.kind == "throughput").params.lines() == (
        "license boot level metroipaccess",
    )
    assert ends(plan)["registration.status"] == "REGISTERED"
    assert ends(plan)["classic.mode"] == "smart"
    assert ends(plan)["license_level"] == "metroipaccess"


def test_b9_2_without_a_boot_level_the_procedure_says_what_boots() -> None:
    state = metro_state("17.6.1", CSL_METRO, config=["hostname asr"])
    plan = planned(state, image=None, classic="register")
    assert "B9-1" in rules_of(plan, "warning")
    assert ends(plan)["license_level"] == "metroaccess"


def test_b9_2_a_no_license_router_is_enabled_before_it_registers() -> None:
    plan = planned(metro_state("17.8.1", NO_LICENSE), image=None, classic="register")
    assert [k for k in kinds(plan) if k in ("mode_switch", "reload", "register")] == [
        "mode_switch", "reload", "register",
    ]  # fmt: skip


@pytest.mark.parametrize("wanted", ["smart", "register"])
@pytest.mark.parametrize("release", ["17.7.1", "17.8.1", "17.12.1"])
def test_b9_2_smart_is_enabled_before_the_upgrade_that_would_end_traditional(
    release: str, wanted: str
) -> None:
    state = metro_state("17.6.1", CSL_METRO)
    plan = planned(state, release=release, classic=wanted)
    order = kinds(plan)
    switch, boot = order.index("mode_switch"), order.index("stage_image")
    assert switch < order.index("reload") < boot
    assert order.count("mode_switch") == 1
    assert ("register" in order) is (wanted == "register")
    if wanted == "register":
        assert order.index("register") > boot
    assert ends(plan, "upgrade")["classic.mode"] == "smart"
    assert "B9-2" not in rules_of(plan)
    first = plan.steps[2:boot]
    assert {s.params.beyond for s in first} == {release}, "applied again, nothing is repeated"


@pytest.mark.parametrize(("release", "before"), [("17.6.2", False), ("17.7.0", False)])
def test_b9_2_below_17_7_1_smart_is_enabled_after_the_upgrade(release: str, before: bool) -> None:
    plan = planned(metro_state("17.3.4", CSL_METRO), release=release, classic="smart")
    order = kinds(plan)
    assert (order.index("mode_switch") < order.index("stage_image")) is before


def test_b9_2_a_release_without_smart_cannot_enable_it_before() -> None:
    plan = planned(metro_state("17.2.1", CSL_METRO), release="17.8.1", classic="smart")
    order = kinds(plan)
    assert order.index("mode_switch") > order.index("stage_image")
    (told,) = [n for n in plan.notices if n.rule == "B9-2"]
    assert "17.2.1" in told.text
    assert "17.3" in told.remedy


def test_b9_2_left_alone_a_traditional_router_is_told_that_it_becomes_no_license() -> None:
    plan = planned(metro_state("17.6.1", CSL_METRO), release="17.8.1")
    assert "B9-2" in rules_of(plan, "warning")
    assert ends(plan, "upgrade")["classic.mode"] == "no-license"


@pytest.mark.parametrize(
    ("licensing", "release"), [(CSL_METRO, "17.8.1"), (NO_LICENSE, "17.8.1"), (CSL_METRO, "17.6.2")]
)
def test_b9_5_a_mode_that_comes_by_the_upgrade_is_not_switched(
    licensing: dict[str, Any], release: str
) -> None:
    plan = planned(metro_state("17.3.4", licensing), release=release, classic="no-license")
    assert "mode_switch" not in kinds(plan)
    assert "B9-15" not in rules_of(plan)


def test_b9_1_a_boot_level_of_the_target_is_written_before_the_upgrade() -> None:
    state = metro_state("17.3.4", SMART, config=["hostname asr"])
    assert "B9-1" in rules_of(planned(state, release="17.6.2"), "blocker")
    plan = planned(state, release="17.6.2", boot_level="metroipaccess")
    assert "B9-1" not in rules_of(plan)
    assert kinds(plan).index("throughput") < kinds(plan).index("stage_image")
    assert "reload" not in kinds(plan)[: kinds(plan).index("stage_image")]
    assert ends(plan, "upgrade")["license_level"] == "metroipaccess"


def test_b9_1_a_boot_level_alone_is_set_saved_and_reloaded() -> None:
    state = metro_state("17.6.1", SMART, config=["license boot level metroaccess"])
    plan = planned(state, image=None, boot_level="metroipaccess")
    assert kinds(plan)[2:5] == ["throughput", "save_config", "reload"]
    same = planned(state, image=None, boot_level="metroaccess")
    assert same.steps == ()


# --- B9-3, B9-4 ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("features", "due"),
    [
        ([{"feature": "metroipaccess", "license_type": "Permanent"}], True),
        ([{"feature": "metroipaccess", "license_type": "EvalRightToUse"}], False),
        ([{"feature": "10GEupgradelicense", "license_type": "Permanent"}], True),
        ([], False),
        ([{"feature": "metroipaccess"}], True),  # its type was not seen
        (None, True),
    ],
)
def test_b9_3_only_a_router_with_permanent_licences_stops(
    features: list[dict[str, Any]] | None, due: bool
) -> None:
    licensing = {"license_type": "EvalRightToUse"}
    if features is not None:
        licensing |= {"csl_features": features}  # type: ignore[dict-item]
    plan = planned(metro_state("17.6.1", licensing), release="17.12.1")
    assert ("B9-3" in rules_of(plan, "blocker")) is due


def test_b9_3_an_upgrade_alone_stops_on_its_way_too() -> None:
    state = state_of("a7_asr920_pak_snapshot", "pre").model_copy(
        update={"release": Release.parse("17.3.4")}
    )
    stop = {"release": "17.9.4a", "image": {"name": "asr920-universalk9.17.09.04a.SPA.bin"}}
    fields = {"release": "17.12.1", "image": IMAGE, "topology": DIRECT, "stop": stop}
    plan = plan_step(state, UpgradeJob(), target=Target.model_validate(fields))
    assert [s.params.moment for s in plan.steps if s.kind == "verify"] == ["stop", "upgrade"]
    assert {p.moment for p in plan.predictions} == {"stop", "upgrade"}


@pytest.mark.parametrize(("release", "blocked"), [("17.7.1", True), ("17.8.1", False)])
def test_b9_4_a_reservation_is_not_requested_before_17_8_1(release: str, blocked: bool) -> None:
    plan = plan_step(metro_state(release, SMART), SlrRequestJob())
    told = [n for n in plan.blockers if n.rule == "B9-4"]
    assert bool(told) is blocked
    assert not any(n.overridable for n in told)


# --- B9-6, B9-12, B9-19: one set of concerns ----------------------------------------------------


@pytest.mark.parametrize(
    ("licensing", "wanted", "rules"),
    [
        (SMART, "renew", {"B9-6"}),
        (SMART, "deregister", {"B9-6"}),
        (CSL_METRO, "renew", {"B9-5", "B9-6"}),
        (CSL_METRO, "deregister", {"B9-5", "B9-6"}),
        (NO_LICENSE, "renew", {"B9-5", "B9-6"}),
        (REGISTERED, "renew", set()),
        (REGISTERED, "deregister", set()),
        (REGISTERED, "register", set()),
    ],
)
def test_b9_6_a_full_plan_and_a_job_have_the_same_against_them(
    licensing: dict[str, Any], wanted: str, rules: set[str]
) -> None:
    state = metro_state("17.6.1", licensing)
    jobs: dict[str, Job] = {
        "renew": RenewJob(), "deregister": DeregisterJob(), "register": RegisterJob(),
    }  # fmt: skip
    full = planned(state, image=None, classic=wanted)
    one = plan_step(state, jobs[wanted], target=Target(topology=DIRECT))
    for plan in (full, one):
        assert rules_of(plan, "blocker") == rules
        assert not any(n.overridable for n in plan.blockers)


@pytest.mark.parametrize("wanted", ["register", "renew"])
def test_b9_19_a_job_and_a_full_plan_are_held_to_the_same_address(wanted: str) -> None:
    licensing = SMART if wanted == "register" else REGISTERED
    http = {"url": "http://tools.cisco.com/its/service/oddce/services/DDCEService"}
    topology = {"kind": "direct", "transport": "callhome", "token": "env:T", "call_home": http}
    state = metro_state("17.6.1", licensing)
    target = Target.model_validate({"topology": topology, "classic": wanted})
    job = RegisterJob() if wanted == "register" else RenewJob()
    for plan in (make_plan(state, target), plan_step(state, job, target=target),
                 plan_step(state, CallHomeJob(), target=target)):  # fmt: skip
        assert "B9-19" in rules_of(plan, "blocker")


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://tools.cisco.com/its/service/oddce/services/DDCEService", True),
        ("http://elo-elm5.cisco.com:8080/ddce/services/DDCEService", True),
        ("http://satellite.example.net:80/Transportgateway/services/DeviceRequestHandler", False),
        ("http://10.0.0.5/Transportgateway/services/DeviceRequestHandler", False),
        ("http://cisco.com.example.net/x", False),
        ("ftp://satellite.example.net/x", True),
    ],
)
def test_b9_19_a_satellite_may_be_reached_by_http(url: str, wrong: bool) -> None:
    assert (classic.url_fault(url) is not None) is wrong


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Out-Of-Compliance", "buy"),
        ("Out-of-compliance on Feb 01", "buy"),
        ("OUT_OF_COMPLIANCE", "buy"),
        ("OOC", "buy"),
        ("Eval Period", "register"),
        ("Eval Period Expired", "over"),
        ("EVAL EXPIRED", "over"),
        ("Grace Period", "connection"),
        ("Waiting", "wait"),
        ("Invalid", "tag"),
        ("Disabled", "enable"),
    ],
)
def test_b9_12_the_spelling_of_the_document_asks_for_the_same(status: str, word: str) -> None:
    assert word in (classic.remedy_of(status) or "")
    plan = planned(metro_state("17.6.1", {**SMART, "authorization_status": status}),
                   image=None, classic="register")  # fmt: skip
    assert any(n.rule == "B9-12" and word in n.remedy for n in plan.notices)


def test_b9_6_a_failed_last_communication_is_told_with_its_deadline() -> None:
    state = state_of("a1_asr920_registered_2016", "pre")
    licensing = state.licensing
    assert licensing is not None
    assert licensing.communication is not None
    assert licensing.communication.outcome == "FAILED"
    assert licensing.communication.deadline is not None
    for notices in (notices_of_state(state), planned(state, image=None, classic="renew").notices):
        (told,) = [n for n in notices if n.rule == "B9-6"]
        assert told.severity == "warning"
        assert "Call Home HTTP" in told.text
        assert "2016-03-16" in told.remedy
    fine = licensing.communication.model_copy(update={"outcome": "SUCCEEDED"})
    good = state.model_copy(
        update={"licensing": licensing.model_copy(update={"communication": fine})}
    )
    assert "B9-6" not in {n.rule for n in notices_of_state(good)}


@pytest.mark.parametrize(
    ("now", "release"), [("17.6.1", "17.8.1"), ("17.8.1", "17.6.1"), ("16.12.5", "17.7.1")]
)
def test_b9_21_two_processors_are_upgraded_and_downgraded_in_service(
    now: str, release: str
) -> None:
    """The document offers ISSU beside the reload, up and down (B737, B834)."""
    pair = metro_state(
        now, SMART, boot={"mode": "install"},
        redundancy={"processors": 2, "peer_state": "STANDBY HOT", "operating_mode": "sso"},
    )  # fmt: skip
    plan = planned(pair, release=release, install="issu")
    assert plan.blockers == ()
    assert "issu_activate" in kinds(plan)
    assert any(n.rule == "UP-2" and "depends on both" in n.text for n in plan.notices)
    assert any("not verified" in n.source for n in plan.notices if n.rule == "UP-2")


def test_b9_21_one_processor_is_not_upgraded_in_service() -> None:
    single = metro_state("17.6.1", SMART, boot={"mode": "install"}, redundancy={"processors": 1})
    plan = planned(single, release="17.8.1", install="issu")
    assert "UP-2" in rules_of(plan, "blocker")


# --- B9-17 --------------------------------------------------------------------------------------

PORTS = {"up": ["GigabitEthernet0/0/0", "TenGigabitEthernet0/0/12"], "shut": ["GigabitEthernet0"]}


@pytest.mark.parametrize("by_job", [False, True])
def test_b9_17_ports_that_were_up_are_brought_up_before_the_reload(by_job: bool) -> None:
    state = metro_state("17.8.1", SMART, ports=PORTS)
    target = Target(topology=DIRECT, classic="no-license", allow={"B9-15": "console"})
    plan = plan_step(state, ModeJob(mode="no-license"), target=target) if by_job else (
        make_plan(state, target)
    )  # fmt: skip
    assert plan.blockers == ()
    order = kinds(plan)
    assert order.index("mode_switch") < order.index("save_config") < order.index("reload")
    switch = next(s for s in plan.steps if s.kind == "mode_switch")
    assert "B9-17" in switch.reasons
    assert switch.params.lines() == (
        "no license smart enable",
        "interface GigabitEthernet0/0/0", " no shutdown",
        "interface TenGigabitEthernet0/0/12", " no shutdown",
    )  # fmt: skip
    (told,) = [n for n in plan.notices if n.rule == "B9-17"]
    assert told.text.index("no shutdown") < told.text.index("reloads")
    assert ends(plan)["ports.shut"] == ["GigabitEthernet0"]


def test_b9_17_where_no_port_was_seen_the_plan_says_that_it_brings_up_none() -> None:
    target = Target(topology=DIRECT, classic="no-license", allow={"B9-15": "console"})
    plan = make_plan(metro_state("17.8.1", SMART), target)
    assert [n.severity for n in plan.notices if n.rule == "B9-17"] == ["warning"]
    switch = next(s for s in plan.steps if s.kind == "mode_switch")
    assert switch.params.to_json() == {"mode": "no-license"}


@pytest.mark.parametrize("shut", [["GigabitEthernet0"], PORTS["up"]])
def test_b9_17_a_port_that_stays_shut_is_found(shut: list[str]) -> None:
    state = metro_state("17.8.1", SMART, ports=PORTS)
    target = Target(topology=DIRECT, classic="no-license", allow={"B9-15": "console"})
    after = metro_state("17.8.1", NO_LICENSE, ports={"up": [], "shut": shut})
    found = {f.path: f.verdict for f in verify(make_plan(state, target), after, moment="end")}
    assert (found["ports.shut"] == "unmet") is (shut != PORTS["shut"])


def test_b9_17_smart_licensing_shuts_no_port_when_it_is_enabled() -> None:
    plan = planned(metro_state("17.6.1", CSL_METRO, ports=PORTS), image=None, classic="smart")
    switch = next(s for s in plan.steps if s.kind == "mode_switch")
    assert switch.params.lines() == ("license smart enable",)
    assert "B9-17" not in rules_of(plan)


# --- B9-20, B9-21 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("licensing", "release", "told"),
    [
        (CSL_METRO, "17.7.1", True),
        (CSL_METRO, "17.6.2", False),
        (SMART, "17.7.1", False),
        ({**CSL_METRO, "csl_features": []}, "17.7.1", False),
    ],
)
def test_b9_20_unequal_pak_stores_are_told_with_what_to_do(
    licensing: dict[str, Any], release: str, told: bool
) -> None:
    pair = metro_state("17.3.4", licensing, redundancy={"processors": 2})
    warned = [n for n in planned(pair, release=release).notices if n.rule == "B9-20"]
    assert bool(warned) is told
    assert all("factory-reset" in n.remedy and "by hand" in n.remedy for n in warned)
    assert all("compare" in n.text for n in warned)


def test_b9_20_a_standby_that_loops_is_seen_after_the_upgrade() -> None:
    pair = metro_state(
        "17.3.4", CSL_METRO, redundancy={"processors": 2, "peer_state": "STANDBY HOT"}
    )
    shown = ends(planned(pair, release="17.8.1"), "upgrade")
    assert shown["redundancy.standby"] == "STANDBY HOT"


@pytest.mark.parametrize("licensing", [CSL_METRO, SMART, NO_LICENSE])
def test_b9_21_an_upgrade_without_an_image_is_blocked(licensing: dict[str, Any]) -> None:
    state = metro_state("17.6.1", licensing)
    full = planned(state, image=None, release="17.8.1")
    target = Target(topology=DIRECT, release="17.8.1")
    for plan in (full, plan_step(state, UpgradeJob(), target=target)):
        (told,) = [n for n in plan.blockers if n.rule == "B9-21"]
        assert not told.overridable
    assert "B9-21" not in rules_of(planned(state, release="17.8.1"))
    assert "B9-21" not in rules_of(planned(state, image=None))


def test_b9_3_the_image_to_stop_at_is_of_the_family_and_variant_that_runs() -> None:
    """The operator names the release of the stop alone; what runs tells the rest (C03)."""
    boot = {"mode": "bundle", "image": "bootflash:asr920-universalk9_npe.17.06.01.SPA.bin"}
    state = metro_state("17.6.1", CSL_METRO, boot=boot)
    plan = planned(state, release="17.12.1", stop={"release": "17.8.1"})
    staged = [s.params.image.name for s in plan.steps if s.kind == "stage_image"]
    assert staged[:1] == ["asr920-universalk9_npe.17.08.01.SPA.bin"]
    assert "B9-3" not in rules_of(plan, "blocker")
