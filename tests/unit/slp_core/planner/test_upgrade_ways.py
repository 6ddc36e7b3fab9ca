"""Ways of upgrading, as plans: in service, staged for later, taken back by the run or by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.any_router import RELAXED, STATE, TARGET, state
from kit.states import evaluating, router, slp
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.rollback import RollbackJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.rules.rollback import way_back
from slp_core.state import RouterState
from slp_core.targets import Target
from slp_core.verify import verify

PAIR = {
    "processors": 2,
    "configured_mode": "sso",
    "operating_mode": "sso",
    "peer_state": "STANDBY HOT",
    "active_release": "17.6.5",
    "peer_release": "17.6.5",
}
INSTALL = {"mode": "install", "image": "bootflash:packages.conf"}


def chassis(pid: str = "ASR1006-X", release: str = "17.6.5", **parts: Any) -> RouterState:
    redundancy = PAIR | {"active_release": release, "peer_release": release}
    given = {"licensing": slp(), "boot": INSTALL, "redundancy": redundancy} | parts
    return router(pid, release, **given)


def aim(release: str = "17.9.4", **more: Any) -> Target:
    given = {"release": release, "topology": {"kind": "controller"}, "install": "issu"} | more
    return Target.model_validate(given)


def kinds(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps]


def told(plan: RouterPlan, rule: str, severity: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule == rule and n.severity == severity]


def test_up_2_issu_takes_the_place_of_the_activation_by_reload() -> None:
    plan = make_plan(chassis(), aim())
    assert plan.blockers == ()
    assert [k for k in kinds(plan) if k in ("install_add", "issu_activate", "install_commit")] == [
        "install_add", "issu_activate", "install_commit",
    ]  # fmt: skip
    assert not {"install_activate", "reload"} & set(kinds(plan))
    (doubt,) = told(plan, "UP-2", "warning")
    assert "not verified" in doubt.source
    assert "from 17.6.5 to 17.9.4" in doubt.text


@pytest.mark.parametrize(
    ("state", "release", "text", "overridable"),
    [
        (chassis("ISR4351/K9"), "17.9.4", "ISR4351/K9 is not known to be upgraded", True),
        (chassis("ASR1001-X"), "17.9.4", "ASR1001-X is not known to be upgraded", True),
        (chassis("ASR1002-HX"), "17.9.4", "is not known to be upgraded", True),
        (chassis(redundancy={"processors": 1}), "17.9.4", "only one processor", False),
        (chassis(boot={"mode": "bundle"}), "17.9.4", "in bundle mode", False),
        (chassis(redundancy=PAIR | {"operating_mode": "rpr"}), "17.9.4", "is rpr, not sso", False),
        (chassis(release="16.12.4"), "17.3.4", "does not lead from 16.x to 17.x", True),
        (chassis(), "17.3.4", "ISSU does not go down, from 17.6.5 to 17.3.4", True),
    ],
    ids=["isr", "1001", "1002", "one", "bundle", "rpr", "major", "down"],
)
def test_up_2_issu_is_blocked_with_the_reason(
    state: RouterState, release: str, text: str, overridable: bool
) -> None:
    found = told(make_plan(state, aim(release)), "UP-2", "blocker")
    assert [n.overridable for n in found if text in n.text] == [overridable], found
    allowed = make_plan(state, aim(release, allow={"UP-2": "tried in the lab"}))
    blocked = [n for n in allowed.blockers if text in n.text]
    assert bool(blocked) is not overridable


@pytest.mark.parametrize("pid", ["ASR1006", "ASR1006-X", "ASR1009-X", "ASR1013"])
def test_up_2_every_chassis_with_two_processors_may(pid: str) -> None:
    assert make_plan(chassis(pid), aim()).blockers == ()


@pytest.mark.parametrize(("now", "goal"), [("17.4.1", "17.6.5"), ("17.6.5", "17.7.1")])
def test_up_2_releases_that_are_not_extended_are_a_warning(now: str, goal: str) -> None:
    plan = make_plan(chassis(release=now), aim(goal))
    assert any("extended maintenance" in n.text for n in told(plan, "UP-2", "warning"))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"peer_state": "STANDBY COLD"}, "the standby processor is not ready (STANDBY COLD)"),
        ({"peer_release": "17.3.4"}, "different releases (17.6.5, standby 17.3.4)"),
        ({"operating_mode": "Non-redundant"}, "redundancy is Non-redundant, configured is sso"),
    ],
)
@pytest.mark.parametrize("install", ["steps", "issu"])
def test_b9_20_f11_unequal_or_unready_processors_block_every_upgrade(
    changes: dict[str, str], text: str, install: str
) -> None:
    plan = make_plan(chassis(redundancy=PAIR | changes), aim(install=install))
    assert any(text in n.text for n in told(plan, "UP-3", "blocker"))


@pytest.mark.parametrize("install", ["steps", "issu"])
def test_f09_an_upgrade_in_service_under_way_blocks(install: str) -> None:
    issu = {"state": "Activated state", "terminal": "terminal state reached"}
    plan = make_plan(chassis(issu=issu), aim(install=install))
    assert any("under way (Activated state)" in n.text for n in told(plan, "UP-3", "blocker"))
    idle = make_plan(chassis(issu={"idle": True, "status": "Enabled"}), aim(install=install))
    assert idle.blockers == ()


def test_trust_is_asked_for_on_all_processors_of_a_pair() -> None:
    topology = {"kind": "direct", "transport": "smart", "token": "env:T"}
    fields = {"topology": topology, "install": "steps"}
    pair = make_plan(chassis(), aim(**fields))
    alone = make_plan(chassis("ASR1001-X", redundancy={"processors": 1}), aim(**fields))
    scopes = [next(s.params.scope for s in p.steps if s.kind == "trust") for p in (pair, alone)]
    assert scopes == ["all", "local"]


# --- staged for a later run -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("boot", "install", "wanted"),
    [
        ("install", "steps", ["stage_image", "install_add"]),
        ("install", "one-shot", ["stage_image"]),
        ("install", "issu", ["stage_image", "install_add"]),
        ("bundle", "steps", ["stage_image"]),
    ],
)
@pytest.mark.parametrize("whole", [True, False], ids=["plan", "upgrade"])
def test_later_nothing_takes_the_router_out_of_service(
    boot: str, install: str, wanted: list[str], whole: bool
) -> None:
    state = chassis(boot={"mode": boot}, licensing=evaluating())
    target = aim(install=install, reload="later")
    plan = make_plan(state, target) if whole else plan_step(state, UpgradeJob(), target=target)
    assert kinds(plan) == ["preflight", "backup", *wanted]
    assert any("waits for a later plan" in line for line in plan.changes)
    assert all(p.kind == "unchanged" for p in plan.predictions)


def test_later_what_is_added_already_leaves_nothing_to_do() -> None:
    rows = [
        {"kind": "IMG", "state": "C", "version": "17.06.05.0.1"},
        {"kind": "IMG", "state": "I", "version": "17.09.04.0.7"},
    ]
    state = chassis(install={"packages": rows})
    assert make_plan(state, aim(reload="later")).steps == ()
    whole = make_plan(state, aim())
    assert next(s for s in whole.steps if s.kind == "install_add").why.startswith("17.9.4 is added")


def test_up_3_what_is_added_already_needs_no_room() -> None:
    rows = [{"kind": "IMG", "state": "I", "version": "17.09.04.0.7"}]
    storage = [{"filesystem": "bootflash:", "total": 9000, "free": 10}]
    image = {"name": "x.17.09.04.bin", "size": 4000}
    full = make_plan(chassis(storage=storage), aim(image=image))
    assert told(full, "UP-3", "blocker")
    ready = make_plan(chassis(storage=storage, install={"packages": rows}), aim(image=image))
    assert told(ready, "UP-3", "blocker") == []


# --- taken back -----------------------------------------------------------------------------------


@pytest.mark.parametrize("install", ["steps", "issu"])
def test_up_4_taken_back_by_the_run_means_committed_after_the_look(install: str) -> None:
    plan = make_plan(chassis(), aim(install=install, rollback="auto"))
    order = [k for k in kinds(plan) if k in ("verify", "rollback", "install_commit")]
    assert order[:3] == ["verify", "rollback", "install_commit"]
    marked = [s.kind for s in plan.steps if s.params.known("roll_back")]
    assert marked == ["issu_activate" if install == "issu" else "install_activate", "verify"]
    asked = make_plan(chassis(), aim(install=install))
    assert "rollback" not in kinds(asked)
    assert not any(s.params.known("roll_back") for s in asked.steps)


def test_up_4_one_command_cannot_be_taken_back() -> None:
    plan = make_plan(chassis(), aim(install="one-shot", rollback="auto"))
    assert "rollback" not in kinds(plan)


def packages(*rows: tuple[str, str]) -> dict[str, Any]:
    return {"packages": [{"kind": "IMG", "state": s, "version": v} for s, v in rows]}


@pytest.mark.parametrize(
    ("parts", "release", "boot"),
    [
        ({"install": packages(("C", "17.06.05.0.1"), ("U", "17.09.04.0.7"))}, "17.6.5", ()),
        ({"install": packages(("C", "17.09.04.0.7"))}, None, ()),
        ({"install": packages(("C", "17.06.05.0.1"), ("I", "17.09.04.0.7"))}, None, ()),
        (
            {"install": packages(("C", "17.06.05.0.1")), "issu": {"state": "Added state"}},
            "17.6.5",
            (),
        ),
        (
            {
                "boot": {"mode": "bundle"},
                "config": ["boot system bootflash:n.bin", "boot system bootflash:o.17.06.05.bin"],
            },
            "17.6.5",
            ("boot system bootflash:o.17.06.05.bin",),
        ),
        ({"boot": {"mode": "bundle"}, "config": ["boot system bootflash:n.bin"]}, None, ()),
    ],
    ids=["uncommitted", "committed", "added", "in-service", "bundle", "one-line"],
)
def test_up_4_the_way_back_is_what_the_router_shows(
    parts: dict[str, Any], release: str | None, boot: tuple[str, ...]
) -> None:
    state = chassis(**parts)
    way = way_back(state)
    assert (way.release if way else None) == release
    assert (way.boot if way else ()) == boot
    plan = plan_step(state, RollbackJob())
    if way is None:
        assert plan.steps == ()
        assert any("nothing is left to take back" in n.text for n in plan.notices)
    else:
        assert kinds(plan) == ["preflight", "backup", "rollback", "verify"]
        assert [p.value for p in plan.predictions if p.path == "release"] == [release]


def test_up_4_a_boot_file_without_a_release_in_its_name_is_not_reloaded_into() -> None:
    config = ["boot system bootflash:new.bin", "boot system bootflash:old.bin"]
    state = chassis(boot={"mode": "bundle"}, config=config)
    plan = plan_step(state, RollbackJob())
    assert any("is not reloaded" in n.text for n in plan.notices)
    named = plan_step(state, RollbackJob(release="17.3.4"))
    assert next(s for s in named.steps if s.kind == "rollback").params.release == "17.3.4"
    assert named.notices == ()


# --- anything -------------------------------------------------------------------------------------

RELEASE = st.sampled_from(["16.12.4", "17.6.5", "17.9.4"])
WAYS = st.fixed_dictionaries(
    {},
    optional={
        "install": st.sampled_from(["steps", "one-shot", "issu"]),
        "reload": st.sampled_from(["now", "later"]),
        "rollback": st.sampled_from(["ask", "auto"]),
        "boot": st.sampled_from(["keep", "install"]),
    },
)
SHOWN = st.fixed_dictionaries(
    {},
    optional={
        "redundancy": st.fixed_dictionaries(
            {},
            optional={
                "processors": st.integers(1, 2),
                "configured_mode": st.sampled_from(["sso", "Non-redundant"]),
                "operating_mode": st.sampled_from(["sso", "rpr", "Non-redundant"]),
                "peer_state": st.sampled_from(["STANDBY HOT", "STANDBY COLD", "DISABLED"]),
                "active_release": RELEASE,
                "peer_release": RELEASE,
            },
        ),
        "issu": st.fixed_dictionaries(
            {}, optional={"idle": st.just(True), "state": st.just("Added state")}
        ),
        "install": st.lists(
            st.tuples(st.sampled_from("IUC"), st.sampled_from(["17.06.05.0.1", "17.09.04.0.7"]))
        ).map(lambda rows: packages(*rows)),
    },
)


@RELAXED
@given(STATE, TARGET, SHOWN, WAYS)
def test_any_router_gets_a_plan_in_any_way_and_a_way_back_never_an_exception(
    data: dict[str, Any], wishes: dict[str, Any], shown: dict[str, Any], ways: dict[str, str]
) -> None:
    before, wanted = state(data | shown), Target.model_validate(wishes | ways)
    for plan in (
        make_plan(before, wanted),
        plan_step(before, UpgradeJob(), target=wanted),
        plan_step(before, RollbackJob(), target=wanted),
    ):
        assert RouterPlan.model_validate(plan.to_json()) == plan
        assert all(n.remedy and n.scope for n in plan.notices if n.severity == "blocker")
        assert len({(p.path, p.moment) for p in plan.predictions}) == len(plan.predictions)
        verify(plan, before)
    staged = make_plan(before, wanted.model_copy(update={"reload": "later"}))
    assert not {"install_activate", "issu_activate", "reload"} & set(kinds(staged))


@pytest.mark.parametrize("boot", [INSTALL, {"mode": "bundle", "image": "bootflash:x.bin"}])
def test_up_3_an_upgrade_without_the_name_of_an_image_is_blocked(boot: dict[str, str]) -> None:
    before = router("UNHEARD-OF/K9", "16.12.4", licensing=evaluating(), boot=boot)
    goal = {"release": "17.9.4", "topology": {"kind": "controller"}}
    blocked = told(make_plan(before, Target.model_validate(goal)), "UP-3", "blocker")
    assert [n.text for n in blocked if "no image is named" in n.text]
    goal["image"] = {"name": "unheard-universalk9.17.09.04.SPA.bin"}
    assert not told(make_plan(before, Target.model_validate(goal)), "UP-3", "blocker")
