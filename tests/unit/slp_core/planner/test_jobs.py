"""Plans of one job: the steps that belong to it, what stands against it, what will be seen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import slp_core.planner.jobs
from kit.classic import state_of
from kit.states import (
    CSR,
    PLAIN,
    evaluating,
    registered,
    reserved,
    router,
    slp,
    target,
)
from slp_core.errors import UsageError
from slp_core.plan import RouterPlan
from slp_core.planner import plan_step
from slp_core.planner.jobs import base
from slp_core.planner.jobs.base import Job, jobs
from slp_core.planner.jobs.classic import ModeJob, RegisterJob, RenewJob
from slp_core.planner.jobs.rollback import RollbackJob
from slp_core.planner.jobs.save import SaveJob
from slp_core.planner.jobs.slac import SlacJob, SlacReturnJob
from slp_core.planner.jobs.slr import SlrRequestJob
from slp_core.planner.jobs.throughput import ThroughputJob
from slp_core.planner.jobs.topology import TopologyJob
from slp_core.planner.jobs.trust import TrustJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.planner.jobs.usage import UsageImportJob, UsageSaveJob, UsageSyncJob
from slp_core.planner.one_step import present_target
from slp_core.state import Boot, RouterState
from slp_core.targets import Target, load_target
from slp_core.verify import verify

CHECKED = ["preflight", "backup"]
NO_TRUST = {"trust": {"installed_on": None}}
TRUSTED = {"trust": {"installed_on": "2021-01-15T03:21:29Z"}}


def migrated(**more: Any) -> RouterState:
    return router(release="17.6.5", licensing=slp(PLAIN, **{**NO_TRUST, **more}))


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


def blockers(plan: RouterPlan) -> set[str]:
    return {n.rule for n in plan.blockers}


@pytest.mark.parametrize(
    ("job", "middle"),
    [
        (TopologyJob(), ["topology", "save_config", "verify"]),
        (TrustJob(), ["trust", "verify"]),
        (SlacJob(), ["slac", "save_config", "verify"]),
        (SlacJob(by_file=True), ["person", "slac_import", "save_config", "verify"]),
        (SlacReturnJob(how="online"), ["slac_return"]),
        (UsageSyncJob(), ["usage_sync", "verify"]),
        (UsageSaveJob(), ["usage_save"]),
        (UsageImportJob(), ["person", "usage_import", "verify"]),
        (SaveJob(), ["save_config"]),
    ],
)
def test_a_job_is_its_steps_after_check_and_backup(job: Job, middle: list[str]) -> None:
    plan = plan_step(migrated(), job, target=target(None))
    assert blockers(plan) == set()
    assert kinds(plan) == [*CHECKED, *middle]
    assert [s.id[:2] for s in plan.steps] == [f"{i:02d}" for i in range(1, len(plan.steps) + 1)]
    assert all(s.reasons for s in plan.steps), "every step has a reason"


@pytest.mark.parametrize(
    "job", [TopologyJob(), TrustJob(), SlacJob(), UsageSaveJob(), UsageSyncJob(), SlacReturnJob()]
)
def test_model_slp_what_is_of_slp_is_not_done_before_it(job: Job) -> None:
    plan = plan_step(router(licensing=registered(PLAIN)), job, target=target(None))
    found = next(n for n in plan.blockers if n.rule == "MODEL-SLP")
    assert not found.overridable


@pytest.mark.parametrize("job", [RegisterJob(), SlrRequestJob(), ModeJob()])
def test_model_slp_what_came_before_slp_is_not_done_on_it(job: Job) -> None:
    plan = plan_step(migrated(), job, target=target(None))
    assert "MODEL-SLP" in blockers(plan)


def test_b9_15_the_mode_is_guarded_by_an_overridable_blocker() -> None:
    state = state_of("a4_asr920_smart_downgrade_1707_1703", "pre")
    plan = plan_step(state, ModeJob(mode="no-license"))
    assert blockers(plan) == {"B9-15"}
    assert plan.blockers[0].overridable
    assert kinds(plan)[2:5] == ["mode_switch", "save_config", "reload"]
    wished = present_target(state).model_copy(update={"allow": {"B9-15": "console server 3"}})
    assert not plan_step(state, ModeJob(mode="no-license"), target=wished).blockers


def test_a_job_that_is_done_has_no_steps_and_nothing_against_it() -> None:
    plan = plan_step(migrated(**TRUSTED), TrustJob(), target=target(None))
    assert (plan.steps, plan.notices, plan.predictions) == ((), (), ())
    forced = plan_step(migrated(**TRUSTED), TrustJob(force=True), target=target(None))
    assert next(s for s in forced.steps if s.kind == "trust").params.force is True


def test_token_1_ready_1_and_ready_2_stand_against_trust_also_by_force() -> None:
    state = migrated(**TRUSTED).model_copy(update={"hostname": "ISR4351"})
    clocked = RouterState.from_json({**state.to_json(), "clock": {"skew_s": 7200}})
    bare = load_target({"topology": "direct"}, where="", base=Path())
    plan = plan_step(clocked, TrustJob(force=True), target=bare)
    assert {"TOKEN-1", "READY-1", "READY-2"} <= blockers(plan)


def test_topo_trust_is_refused_where_nobody_would_issue_it() -> None:
    state = router(release="17.6.5", licensing=slp(PLAIN, transport="cslu", **NO_TRUST))
    assert "TOPO-CSLU" in blockers(plan_step(state, TrustJob()))


def test_a_job_is_judged_by_how_the_router_reports_today_not_by_its_target() -> None:
    off = router(release="17.6.5", licensing=slp(PLAIN, transport="off", **NO_TRUST))
    plan = plan_step(off, UsageSyncJob(), target=target(None))
    assert "TOPO-AIRGAP" in blockers(plan)
    by_file = plan_step(off, SlacJob(), target=target(None))
    assert "slac_import" in kinds(by_file)


def test_an_upgrade_alone_sets_up_nothing_and_predicts_the_upgrade() -> None:
    plan = plan_step(router(licensing=registered(PLAIN)), UpgradeJob(), target=target("17.3.2"))
    assert kinds(plan) == [
        *CHECKED, "stage_image", "save_config", "install_add", "install_activate",
        "install_commit", "verify",
    ]  # fmt: skip
    assert plan.steps[-1].params.to_json() == {"moment": "upgrade"}
    assert {p.moment for p in plan.predictions} == {"upgrade"}
    assert {p.path: p.value for p in plan.predictions}["release"] == "17.3.2"
    assert not {n.rule for n in plan.notices} & {"TOKEN-1", "READY-3", "SLAC-8"}


def test_slac_4_an_upgrade_alone_may_not_leave_the_reservation_behind() -> None:
    fast = router(CSR, licensing=reserved(PLAIN), throughput={"level": 1_000_000})
    plan = plan_step(fast, UpgradeJob(), target=target("17.3.2"))
    assert "SLAC-4" in blockers(plan)
    assert next(n for n in plan.blockers if n.rule == "SLAC-4").overridable


def test_an_upgrade_of_a_router_at_its_goal_has_nothing_to_do() -> None:
    at_goal = plan_step(migrated(), UpgradeJob(), target=target("17.6.5"))
    assert at_goal.steps == ()


def test_slac_12_more_than_250_mbps_needs_hseck9() -> None:
    state = router(CSR, release="17.6.5", licensing=slp(PLAIN), throughput={"level": 100_000})
    fast = target(None, throughput=1_000_000)
    assert blockers(plan_step(state, ThroughputJob(), target=fast)) == {"SLAC-12"}
    slow = target(None, throughput=250_000)
    plan = plan_step(state, ThroughputJob(), target=slow)
    assert not plan.blockers
    assert next(s for s in plan.steps if s.kind == "throughput").params.level == 250_000
    assert plan_step(state, ThroughputJob(), target=target(None, throughput=100_000)).steps == ()


@pytest.mark.parametrize("job", [TopologyJob(), TrustJob(), UsageSyncJob()])
def test_what_a_job_does_not_touch_is_expected_to_stay(job: Job) -> None:
    before = migrated()
    plan = plan_step(before, job, target=target(None))
    other = RouterState.from_json({**before.to_json(), "release": "17.9.4a"})
    unmet = {f.path for f in verify(plan, other) if f.verdict == "unmet"}
    assert "release" in unmet


def test_registering_without_a_token_or_a_router_that_could_be_is_blocked() -> None:
    waiting = router(licensing=evaluating(PLAIN))
    bare = Target(topology=present_target(waiting).topology)
    assert "TOKEN-1" in blockers(plan_step(waiting, RegisterJob(), target=bare))
    assert "B9-6" in blockers(plan_step(waiting, RenewJob(), target=target(None)))
    good = plan_step(waiting, RegisterJob(), target=target(None))
    assert kinds(good) == [*CHECKED, "register", "save_config", "verify"]


@pytest.mark.parametrize("job", [RegisterJob(), RenewJob()])
def test_b9_5_traditional_licensing_is_switched_before_it_is_registered(job: Job) -> None:
    state = state_of("a5_asr920_csl_to_nolicense", "pre")
    assert "B9-5" in blockers(plan_step(state, job, target=target(None)))


def test_an_unknown_model_blocks_everything_but_saving() -> None:
    nothing = RouterState(name="edge")
    for job in (kind() for kind in jobs().values()):
        plan = plan_step(nothing, job, target=target("17.3.2"))
        assert isinstance(job, SaveJob) or plan.blockers or not plan.steps, job


def test_only_what_a_job_leads_to_stays_in_its_target() -> None:
    wide = target("17.3.2", throughput=1_000_000, hseck9="add-after")
    assert TrustJob().aim(wide).to_json() == {
        "topology": wide.topology.to_json(), "allow": {},
    }  # fmt: skip
    assert UpgradeJob().aim(wide).release == "17.3.2"
    assert ThroughputJob().aim(wide).throughput == 1_000_000


def test_the_same_state_and_job_give_the_same_bytes() -> None:
    first, second = (plan_step(migrated(), TrustJob(), target=target(None)) for _ in range(2))
    assert first.hash() == second.hash()
    assert RouterPlan.model_validate(first.to_json()).hash() == first.hash()


@pytest.mark.parametrize(
    ("acked", "differs"),
    [(None, False), ("2021-01-15T03:00:00Z", False), ("2021-01-15T03:30:00Z", True)],
)
def test_a_report_that_waits_for_its_answer_need_not_be_sent_again(
    acked: str | None, differs: bool
) -> None:
    """REP-9: its acknowledgement may come between the look and the step, which then is done."""
    sent = {"last_report_push": "2021-01-15T03:22:00Z", "last_ack": acked}
    boot = {"restarted_at": "2021-01-15T03:40:00Z"}  # since then nothing is acknowledged
    shown = migrated(**TRUSTED, transport="smart", reporting=sent)
    shown = shown.model_copy(update={"boot": Boot.model_validate(boot)})
    plan = plan_step(shown, UsageSyncJob(), target=target("direct"))
    push = next(p for p in plan.predictions if p.path == "reporting.last_report_push")
    assert push.kind == "newly_issued"
    assert (push.value is not None) == differs


def test_usage_sync_has_no_steps_where_all_of_it_is_acknowledged() -> None:
    reporting = {
        "last_report_push": "2021-01-15T03:22:00Z",
        "last_ack": "2021-01-15T03:30:00Z",
    }
    shown = migrated(**TRUSTED, transport="smart", reporting=reporting)
    assert plan_step(shown, UsageSyncJob(), target=target("direct")).steps == ()


@pytest.mark.parametrize(("reload", "kind"), [(True, "equals"), (False, "unobservable")])
def test_b9_1_a_boot_level_that_is_set_is_not_expected_to_stay_as_it_was(
    *, reload: bool, kind: str
) -> None:
    wanted = target(None).model_copy(update={"boot_level": "metroipaccess"})
    state = state_of("a2_asr920_license_modes", "post", "smart_license_mode")
    plan = plan_step(state, ThroughputJob(reload=reload), target=wanted)
    (level,) = [p for p in plan.predictions if p.path == "license_level"]
    assert (level.kind, level.value) == (kind, "metroipaccess" if reload else None)


NEW_JOB = """
from slp_core.planner.jobs.base import Job, JobFacts
from slp_core.steps.around import SaveConfigParams

class KeepJob(Job):
    facts = JobFacts(name="keep", licensing="slp", verifies=False)

    def add_steps(self, s, steps):
        steps.add(SaveConfigParams(), ("UP-3",))
"""


@pytest.fixture
def new_job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Puts one file into the package of jobs, and forgets it afterwards."""
    (tmp_path / "keep.py").write_text(NEW_JOB)
    package = slp_core.planner.jobs
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    monkeypatch.setattr(base, "_KNOWN", dict(base._KNOWN))
    base._read_all.cache_clear()
    yield
    sys.modules.pop(f"{package.__name__}.keep", None)
    vars(package).pop("keep", None)
    base._read_all.cache_clear()


@pytest.mark.usefixtures("new_job")
def test_a_job_is_added_by_one_file() -> None:
    job = jobs()["keep"]()
    plan = plan_step(migrated(), job, target=target(None))
    assert kinds(plan) == [*CHECKED, "save_config"]
    assert plan.blockers == ()
    assert all(p.kind == "unchanged" for p in plan.predictions)
    before = plan_step(router(licensing=registered(PLAIN)), job, target=target(None))
    assert blockers(before) == {"MODEL-SLP"}


def test_every_job_has_a_name_and_aims_at_fields_of_a_target() -> None:
    assert len(jobs()) == 20
    for name, kind in jobs().items():
        assert kind.facts.name == name
        assert set(kind.facts.aims_at) <= set(Target.model_fields), name


def test_a_value_that_cannot_be_typed_is_refused_by_the_name_of_its_option() -> None:
    with pytest.raises(UsageError, match="--release"):
        RollbackJob.asked(release="17.3.2\nreload")
    with pytest.raises(UsageError, match="--boot"):
        RollbackJob.asked(boot=["bootflash:a.bin\nreload"])
