"""REP-8 and REP-12: the round before the upgrade goes the present way; when reporting is due."""

from __future__ import annotations

from typing import Any

import pytest

from kit.states import PLAIN, router, slp, target
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.planner.jobs.usage import UsageSaveJob, UsageSyncJob
from slp_core.planner.one_step import plan_step
from slp_core.verify import expected
from slp_core.verify.observe import NEXT_PUSH, observe

ACKED = {"reporting": {"last_ack": "2021-01-15T03:26:07Z"}}
TRUST = {"trust": {"installed_on": "2021-01-15T03:21:29Z"}}
CSLU = "http://192.0.2.9:8182/cslu/v1/pi"
TENANT = "https://ssm.example.net/cslu/v1/pi/tenant-1"


def crossing(kind: str, transport: dict[str, Any], trust: Any = TRUST, **more: Any) -> RouterPlan:
    licensing = slp(PLAIN, **ACKED, **trust) | {"transport": transport}
    return make_plan(router(release="17.6.5", licensing=licensing), target("17.9.4a", kind, **more))


def first_round(plan: RouterPlan) -> list[str]:
    steps = [s for s in plan.steps if "REP-8" in s.reasons]
    kinds = [s.kind for s in plan.steps]
    assert all(plan.steps.index(s) < kinds.index("stage_image") for s in steps)
    return [*(s.kind for s in steps), *{r for s in steps for r in s.reasons if "TOPO" in r}]


@pytest.mark.parametrize(
    ("present", "goes"),
    [
        ({"kind": "smart"}, ["usage_sync", "TOPO-DIRECT"]),
        ({"kind": "callhome"}, ["usage_sync", "TOPO-DIRECT"]),
        ({"kind": "cslu", "cslu_address": CSLU}, ["usage_sync", "TOPO-CSLU"]),
        ({"kind": "cslu", "cslu_address": TENANT}, ["usage_sync", "TOPO-ONPREM"]),
        ({"kind": "off"}, ["usage_save", "person", "TOPO-AIRGAP"]),
    ],
)
@pytest.mark.parametrize("kind", ["direct", "cslu-offline", "onprem", "airgap", "controller"])
def test_rep_8_the_round_goes_the_present_way_whatever_the_target_names(
    kind: str, present: dict[str, Any], goes: list[str]
) -> None:
    plan = crossing(kind, present, at={"server_version": "8-202206"})
    if kind == "cslu-offline" and present.get("cslu_address") == CSLU:
        goes = ["usage_sync", "TOPO-CSLU-OFFLINE"]  # who is behind the address, the target knows
    assert first_round(plan) == goes
    assert "REP-8" not in {n.rule for n in plan.notices}


@pytest.mark.parametrize(
    ("present", "trust", "why"),
    [
        ({"kind": "cslu", "cslu_address": None}, TRUST, "transport cslu has no address"),
        ({"kind": "smart"}, {"trust": {"installed_on": None}}, "transport smart has no trust code"),
    ],
)
def test_rep_8_where_the_present_way_cannot_report_the_plan_says_so_and_may_be_told_to_go_on(
    present: dict[str, Any], trust: Any, why: str
) -> None:
    plan = crossing("cslu", present, trust)
    (blocker,) = [n for n in plan.blockers if n.rule == "REP-8"]
    assert why in blocker.text
    assert blocker.overridable
    on = crossing("cslu", present, trust, allow={"REP-8": "it was never in service"})
    assert "REP-8" not in {n.rule for n in on.blockers}
    assert first_round(on) == []


def test_rep_8_a_collector_fetches_the_round_of_a_router_without_address() -> None:
    plan = crossing("cslu-pull", {"kind": "cslu", "cslu_address": None})
    assert first_round(plan) == ["person", "TOPO-CSLU-PULL"]


def test_rep_8_what_was_pushed_before_the_transport_went_off_is_no_surprise() -> None:
    plan = crossing("airgap", {"kind": "smart"})
    assert expected(plan, "end")["reporting.last_report_push"].kind == "unobservable"
    off = crossing("airgap", {"kind": "off"})
    assert expected(off, "end")["reporting.last_report_push"].value is None


def test_rep_8_two_rounds_by_files_in_one_plan_have_files_of_their_own() -> None:
    dlc = {"dlc": {"process_status": "Not started", "features": ["appxk9"]}}
    licensing = slp(PLAIN, transport="off", conversion_status="Not started", **ACKED, **dlc)
    plan = make_plan(router(release="17.6.5", licensing=licensing), target("17.9.4a", "airgap"))
    saved = [s.params.leaves() for s in plan.steps if s.kind == "usage_save"]
    assert saved == ["usage_report", "usage_report_2"]
    asked = [s.params.asks_for() for s in plan.steps if s.kind == "person"]
    assert asked == [("ACK_usage_report",), ("ACK_usage_report_2",)]
    taken = [s.params.takes() for s in plan.steps if s.kind == "usage_import"]
    assert taken == [("ACK_usage_report", "ack"), ("ACK_usage_report_2", "ack")]


@pytest.mark.parametrize("transport", ["off", "smart"])
def test_dlc_5_a_report_before_the_collection_has_its_second_round_the_same_way(
    transport: str,
) -> None:
    """Reported already, conversion data came later: collected, reported again, acknowledged."""
    dlc = {"dlc": {"process_status": "Completed", "conversion_status": "SUCCESS",
                   "features": ["appxk9"]}}  # fmt: skip
    licensing = slp(
        PLAIN, transport=transport, conversion_status="Not started", **ACKED, **TRUST, **dlc
    )
    kind = "airgap" if transport == "off" else "direct"
    plan = make_plan(router(release="17.9.4a", licensing=licensing), target("17.9.4a", kind))
    kinds = [s.kind for s in plan.steps]
    again = ["usage_save", "person", "usage_import"] if transport == "off" else ["usage_sync"]
    order = ["dlc_wait", *again, "dlc_done"]
    assert [k for k in kinds if k in order] == order


@pytest.mark.parametrize("job", [UsageSaveJob(), UsageSyncJob()])
@pytest.mark.parametrize(("status", "warned"), [("Not started", True), ("Completed", False)])
def test_dlc_5_a_report_asked_for_too_early_is_told_to_need_a_second(
    job: UsageSaveJob | UsageSyncJob, status: str, warned: bool
) -> None:
    dlc = {"dlc": {"process_status": status, "conversion_status": "SUCCESS",
                   "features": ["appxk9"]}}  # fmt: skip
    licensing = slp(PLAIN, conversion_status="Not started", **TRUST, **dlc)
    plan = plan_step(router(release="17.9.4a", licensing=licensing), job)
    assert ("DLC-5" in {n.rule for n in plan.notices}) is warned


def test_rep_12_the_next_report_is_observed_and_never_predicted() -> None:
    due = {"reporting": {"next_report_push": "2026-12-30T08:00:00Z", "last_ack": None}}
    state = router(release="17.9.4a", licensing=slp(PLAIN, **due, **TRUST))
    assert observe(state)[NEXT_PUSH].value is not None
    for release in ("17.9.4a", "17.12.4"):
        plan = make_plan(state, target(release))
        told = [p for p in plan.predictions if p.path == NEXT_PUSH]
        assert {p.kind for p in told} == {"unobservable"}


def test_rep_12_on_prem_reports_by_a_schedule_of_its_own() -> None:
    told = crossing("onprem", {"kind": "smart"}, at={"server_version": "8-202206"})
    (note,) = [n for n in told.notices if n.rule == "REP-12"]
    assert "Next report push" in note.text
    assert "Synchronization schedule" in note.remedy
    assert "REP-12" not in {n.rule for n in crossing("direct", {"kind": "smart"}).notices}
