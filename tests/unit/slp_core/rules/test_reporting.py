"""REP, POL and DLC rules: what is reported, when, and what converts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.states import (
    PAK,
    PLAIN,
    RTU,
    RULES,
    UNUSED_RTU,
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
from slp_core.planner import make_plan
from slp_core.release import Release
from slp_core.rules.dlc import collected, converts, outstanding
from slp_core.rules.model import Model, detect
from slp_core.rules.reporting import crosses_rum_change, deadline_follows_policy, reporting_need
from slp_core.verify import expected, verify

PLR = {"registration": {"status": "REGISTERED - UNIVERSAL LICENSE RESERVATION"}}


@pytest.mark.parametrize(
    ("licensing", "rules"),
    [
        (csl(feature("appxk9", RTU)), ("REP-1",)),
        (registered(PLAIN), ("REP-2",)),
        (reserved(PLAIN), ("REP-3",)),
        (csl(feature("appxk9", PAK)), ("REP-4",)),
        (PLR, ("REP-5",)),
        (csl(feature("ipbasek9"), feature("uck9", UNUSED_RTU)), ("REP-5",)),
        (evaluating(PLAIN), ("REP-6",)),
        (csl(feature("appxk9", RTU), feature("hseck9", PAK)), ("REP-1", "REP-4")),
    ],
)
def test_rep_1_to_6_by_kind_the_strictest_first(
    licensing: dict[str, Any], rules: tuple[str, ...]
) -> None:
    state = router(licensing=licensing)
    assert reporting_need(state, detect(state, RULES), RULES).rules == rules


@pytest.mark.parametrize(
    ("licensing", "kind"),
    [(registered(PLAIN), "direct"), (reserved(PLAIN), "airgap"), (evaluating(PLAIN), "cslu"),
     (csl(feature("appxk9", RTU)), "onprem"), (PLR, "airgap")],
)  # fmt: skip
def test_rep_7_one_first_synchronisation_whatever_model_and_topology(
    licensing: dict[str, Any], kind: str
) -> None:
    plan = make_plan(router(licensing=licensing), target(kind=kind))
    step = next(s for s in plan.steps if s.kind in ("usage_sync", "usage_save"))
    assert "REP-7" in step.reasons
    assert expected(plan, "end")["reporting.last_ack"].kind == "newly_issued"


@pytest.mark.parametrize(
    ("before", "after", "crosses"),
    [
        ("17.6.5", "17.7.1a", True),
        ("17.6.5", "17.7.1", True),
        ("17.7.1", "17.7.1a", False),
        ("17.7.1a", "17.9.4a", False),
        ("17.3.2", "17.6.5", False),
        ("17.9.4a", "17.6.5", True),
    ],
)
def test_rep_8_and_down_3_the_edge_at_17_7_1(before: str, after: str, crosses: bool) -> None:
    found = crosses_rum_change(Release.parse(before), Release.parse(after), RULES)
    assert found is crosses


def test_rep_8_a_full_round_comes_before_the_upgrade() -> None:
    told = {"reporting": {"last_ack": "2021-01-15T03:26:07Z"},
            "trust": {"installed_on": "2021-01-15T03:21:29Z"}}  # fmt: skip
    state = router(release="17.6.5", licensing=slp(PLAIN, **told))
    plan = make_plan(state, target("17.9.4a"))
    kinds = [s.kind for s in plan.steps]
    assert kinds.index("usage_sync") < kinds.index("stage_image")
    same = make_plan(state, target("17.6.6"))
    kinds = [s.kind for s in same.steps]
    assert "usage_sync" not in kinds[: kinds.index("stage_image")]


def test_rep_9_the_acknowledgement_must_be_newer_than_before() -> None:
    old = {"reporting": {"last_ack": "2021-01-15T03:26:07Z"},
           "trust": {"installed_on": "2021-01-15T03:21:29Z"}}  # fmt: skip
    state = router(release="17.6.5", licensing=slp(PLAIN, **old))
    plan = make_plan(state, target("17.9.4a"))
    stale = router(release="17.9.4a", licensing=slp(PLAIN, **old), read_at="2021-03-01T00:00:00Z")
    found = {f.path: f.verdict for f in verify(plan, stale)}
    assert found["reporting.last_ack"] == "unmet"
    old["reporting"]["last_ack"] = "2021-02-15T03:26:07Z"
    fresh = router(release="17.9.4a", licensing=slp(PLAIN, **old), read_at="2021-03-01T00:00:00Z")
    assert {f.path: f.verdict for f in verify(plan, fresh)}["reporting.last_ack"] == "met"


def test_rep_10_an_interval_is_part_of_the_topology() -> None:
    state = router(licensing=registered(PLAIN))
    plan = make_plan(state, target(at={"transport": "callhome", "usage_interval": 14}))
    step = next(s for s in plan.steps if s.kind == "topology")
    assert step.params.topology.usage_interval == 14
    without = make_plan(state, target(at={"transport": "callhome"}))
    assert "topology" not in [s.kind for s in without.steps]


def test_rep_11_no_deadline_is_healthy_only_where_the_policy_may_want_none() -> None:
    lax = make_plan(router(licensing=csl(feature("appxk9", RTU))), target())
    assert expected(lax, "end")["reporting.next_ack_deadline"].kind == "unobservable"
    strict = make_plan(router(licensing=registered(PLAIN)), target())
    assert expected(strict, "end")["reporting.next_ack_deadline"].kind == "newly_issued"


def test_pol_1_the_default_policy_until_the_first_acknowledgement() -> None:
    plan = make_plan(router(licensing=evaluating(PLAIN)), target())
    early = expected(plan, "upgrade")
    terms = ("first_report", "frequency", "on_change")
    assert [early[f"policy.perpetual.{t}"].value for t in terms] == [365, 0, 90]
    assert [early[f"policy.subscription.{t}"].value for t in terms] == [90, 90, 90]
    for kind in ("enforced", "export"):
        assert [early[f"policy.{kind}.{t}"].value for t in terms] == [0, 0, 0]
    assert expected(plan, "end")["policy.in_use"].kind == "newly_issued"


@pytest.mark.parametrize(
    ("model", "pid", "does"),
    [
        (Model.CSL, "ISR4351/K9", True),
        (Model.RTU, "C1111-8PLTEEAWB", True),
        (Model.CSL, "ASR1001-X", True),
        (Model.EVAL, "ISR4351/K9", False),
        (Model.REGISTERED, "ISR4351/K9", False),
        (Model.CSL, "CSR1000V", False),
        (Model.CSL, "ISRV", False),
        (Model.CSL, "C8300-1N1S-4T2X", False),
    ],
)
def test_dlc_1_and_dlc_2_who_converts(model: Model, pid: str, does: bool) -> None:
    assert converts(model, platform(pid)) is does


def test_dlc_3_dlc_4_dlc_5_dlc_6_wait_report_wait() -> None:
    plan = make_plan(router(licensing=csl(feature("appxk9", RTU))), target())
    order = ["dlc_wait", "usage_sync", "dlc_done"]
    found = [s for s in plan.steps if s.kind in order]
    assert [s.kind for s in found] == order
    assert found[0].waits_for == "time"
    assert found[0].deadline_s == found[2].deadline_s == 3 * 3600
    end = expected(plan, "end")
    assert (end["dlc.process"].value, end["dlc.conversion"].value) == ("Completed", "SUCCESS")
    assert end["conversion.status"].value == "Successful"
    assert end["dlc.features"].value == ["appxk9"]


def test_dlc_4_collected_needs_both_words_and_done_its_acknowledgement() -> None:
    def dlc(process: str, conversion: str | None, status: str) -> Any:
        told = {"process_status": process, "conversion_status": conversion, "features": ["x"]}
        return router(licensing=slp(PLAIN, dlc=told, conversion_status=status))

    assert not collected(dlc("Not Complete", None, "Not started"))
    assert not collected(dlc("Completed", None, "Not started"))
    assert collected(dlc("Completed", "SUCCESS", "Not started"))
    assert outstanding(dlc("Completed", "SUCCESS", "Not started"))
    assert not outstanding(dlc("Completed", "SUCCESS", "Successful"))


@pytest.mark.parametrize("kind", ["direct", "cslu", "cslu-pull", "onprem", "airgap", "controller"])
def test_dlc_7_in_all_topologies(kind: str) -> None:
    plan = make_plan(router(licensing=csl(feature("appxk9", RTU))), target(kind=kind))
    kinds = [s.kind for s in plan.steps]
    assert kinds.index("dlc_wait") < kinds.index("dlc_done")


TERMS = {"perpetual": (30, 60, 60), "subscription": (120, 150, 120), "enforced": (0, 90, 60),
         "export": (0, 30, 30)}  # fmt: skip


def _deadline(days: float | None, push: int | None = 30, **terms: tuple[int, int, int]) -> Any:
    ack = datetime(2021, 1, 15, 3, 26, 7, tzinfo=UTC)
    names = ("first_report", "frequency", "on_change")
    policy = {k: dict(zip(names, v, strict=True)) for k, v in {**TERMS, **terms}.items()}
    until = None if days is None else (ack + timedelta(days=days)).isoformat()
    reporting = {"last_ack": ack.isoformat(), "next_ack_deadline": until,
                 "push_interval_days": push}  # fmt: skip
    return router(licensing=slp(PLAIN, policy=policy, reporting=reporting))


@pytest.mark.parametrize(
    ("days", "push", "follows"),
    [
        (60, 30, True),
        (30, 30, True),  # a reservation, a PAK: the first report's term
        (30 + 1 / 86_400, 30, True),  # by file it is a second later
        (61, 30, False),
        (59, 30, False),
        (0, 30, False),
        (None, 0, True),  # REP-11: nothing is to be reported
        (None, 30, False),
    ],
)
def test_rep_11_the_deadline_is_a_term_of_the_policy_after_the_ack(
    days: float | None, push: int, follows: bool
) -> None:
    assert deadline_follows_policy(_deadline(days, push)) is follows


def test_rep_11_a_kind_without_frequency_may_have_no_deadline() -> None:
    assert deadline_follows_policy(_deadline(None, 30, perpetual=(365, 0, 90))) is True


def test_rep_11_before_the_first_ack_nobody_knows_from_when_the_deadline_counts() -> None:
    state = router(licensing=slp(PLAIN, reporting={"last_ack": None, "next_ack_deadline": None}))
    assert deadline_follows_policy(state) is None
    assert deadline_follows_policy(router(licensing=slp(PLAIN))) is None
    assert deadline_follows_policy(router()) is None
