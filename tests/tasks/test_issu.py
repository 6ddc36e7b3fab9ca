"""Upgrade in service: one switchover, never a second start, proven by what both processors show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import SCENARIO, chassis
from kit.twice import OVER, Run, image, start, twice
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.issu_activate import issu_activate
from slp_tasks.steps.rollback import rollback
from slp_tasks.steps.stage_image import stage_image

__all__ = ["start"]

OLD, NEW = "17.6.5", "17.9.4"
IMAGE = "asr1000rpx86-universalk9.17.09.04.SPA.bin"


@pytest.fixture
def begin(tmp_path: Path, start: Any) -> Iterator[Any]:
    """Starts a lab that knows the images of the scenario."""
    opened = []

    def started(router: dict[str, Any], over: str = "fake", **more: Any) -> tuple[Bench, Run]:
        from kit.routers import options

        context = bench(
            tmp_path,
            router,
            over=over,
            images=SCENARIO["images"],
            epoch=SCENARIO["epoch"],
            **more,
        )
        made = context.__enter__()
        opened.append(context)

        def run(task: Any, **arguments: Any) -> Any:
            result = made.nornir.run(task=task, **options(made), **arguments)["r1"]
            made.nornir.data.reset_failed_hosts()
            return result

        return made, run

    yield started
    for context in opened:
        context.__exit__(None, None, None)


def added(made: Bench, run: Run) -> None:
    """Stages and adds the image."""
    given = image(made, IMAGE)
    assert not run(stage_image, image=given).failed
    assert run(install_add, file=f"bootflash:{given['name']}", release=NEW).changed


def count(made: Bench, what: str) -> int:
    return sum(what in event for event in made.events())


@OVER
def test_up_2_both_processors_are_upgraded_by_one_switchover(begin: Any, over: str) -> None:
    made, run = begin(chassis(), over)
    added(made, run)
    done = twice(made, run, issu_activate, release=NEW)
    assert "both processors run 17.9.4, after a switchover (ISSU)" in done.result["detail"]
    assert "the standby is hot" in done.result["detail"]
    twice(made, run, install_commit, release=NEW)
    assert count(made, "issu activate") == count(made, "switchover") == 1
    assert count(made, "reload") == made.router().boot_count == 0
    state = made.state()
    assert state.redundancy.peer_release.short == state.release.short == NEW
    assert state.redundancy.peer_state.strip() == "STANDBY HOT"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"standby": None}, "only one processor is in service"),
        ({"faults": ["F11"]}, "the standby processor is not hot (STANDBY COLD)"),
        ({"faults": ["F11-loop"]}, "ISSU is not possible"),
        ({"config_register": "0x2100"}, "the router says that ISSU is not possible"),
    ],
)
def test_f11_nothing_is_sent_where_a_condition_is_missing(
    begin: Any, changes: dict[str, Any], why: str
) -> None:
    made, run = begin(chassis(**changes))
    given = image(made, IMAGE)
    assert not run(stage_image, image=given).failed
    run(install_add, file=f"bootflash:{given['name']}", release=NEW)
    failed = run(issu_activate, release=NEW)
    assert failed.failed
    assert why in str(failed.exception)
    assert count(made, "issu activate") == 0


def test_f08_a_standby_that_stays_on_its_release_is_said_and_nothing_more_is_done(
    begin: Any,
) -> None:
    made, run = begin(chassis(faults=["F08"]))
    added(made, run)
    failed = run(issu_activate, release=NEW)
    assert failed.failed
    assert "the upgrade in service ended (Failed): the router runs 17.6.5" in str(failed.exception)
    assert count(made, "switchover") == 0


def test_f09_an_upgrade_of_somebody_else_is_not_touched(begin: Any) -> None:
    _, run = begin(chassis(faults=["F09-issu"]))
    failed = run(issu_activate, release=NEW)
    assert failed.failed
    assert "another release is under way" in str(failed.exception)


@pytest.mark.parametrize("after_s", [5, 200, 390, 420, 700])
def test_f42_killed_at_any_moment_the_upgrade_is_waited_for_and_never_begun_again(
    begin: Any, after_s: float
) -> None:
    """The act is lost with its process: whoever comes next finds the upgrade and waits."""
    made, run = begin(chassis())
    added(made, run)
    router = made.router()
    with made.lab.lock:
        router.issu.begin(router.install.of_state("I"), None, commit=False)
    made.clock.sleep(after_s)
    found = run(issu_activate, release=NEW)
    assert not found.failed, found.exception
    assert not found.changed
    assert count(made, "issu activate") == count(made, "switchover") == 1
    assert made.state().redundancy.peer_release.short == NEW


def test_f07_what_was_not_committed_in_time_is_said_by_name(begin: Any) -> None:
    made, run = begin(chassis(faults=["F07"]))
    added(made, run)
    assert run(issu_activate, release=NEW).changed
    made.clock.sleep(3600)
    failed = run(install_commit, release=NEW)
    assert failed.failed
    assert "17.9.4 was activated, not committed in time" in str(failed.exception)
    assert made.state().release.short == OLD


@OVER
def test_up_4_what_came_in_service_goes_in_service(begin: Any, over: str) -> None:
    made, run = begin(chassis(), over)
    added(made, run)
    assert run(issu_activate, release=NEW).changed
    done = twice(made, run, rollback)
    assert done.result["notes"]["sends"] == ["install abort issu"]
    assert "both processors run 17.6.5, the standby is hot" in done.result["detail"]
    assert count(made, "reload") == 0
    assert count(made, "switchover") == 2


def test_a_normal_activation_of_a_pair_boots_both(begin: Any) -> None:
    made, run = begin(chassis())
    added(made, run)
    assert run(install_activate, release=NEW).changed
    made.clock.sleep(120)
    assert made.state().redundancy.peer_release.short == NEW


def test_preflight_names_what_issu_lacks(begin: Any) -> None:
    from slp_tasks.steps.preflight import preflight

    made, run = begin(chassis())
    plan = made.plan()
    assert "issu_activate" in [s.kind for s in plan.steps]
    assert not run(preflight, plan=plan).failed
    with made.lab.lock:
        made.router().processors.boot_standby(made.router().release)
    failed = run(preflight, plan=plan)
    assert "ISSU is not possible" in str(failed.exception)


@pytest.mark.parametrize("number", [0, 1], ids=["within-slp", "into-slp"])
def test_a_whole_plan_ends_proven_without_a_reload(begin: Any, number: int) -> None:
    made, _ = begin(chassis(number))
    plan = made.plan()
    assert not plan.blockers, plan.blockers
    ended = made.migrate(plan)
    assert ended[-1][1] == "done", ended
    assert count(made, "reload") == 0
    assert count(made, "switchover") == 1
    again = made.plan()
    assert again.steps == (), [s.title for s in again.steps]


@pytest.mark.slow
def test_f11_a_standby_that_does_not_come_back_is_seen_after_a_normal_upgrade(begin: Any) -> None:
    made, _ = begin(chassis())
    plan = made.plan(install="steps")
    reload = next(s for s in plan.steps if s.kind == "install_activate")
    for step in plan.steps:
        ended = made.carry(plan, step)
        if step is reload:
            with made.lab.lock:
                made.router().faults._by_name["F11"] = {"variant": "loop"}
        if ended not in ("done", "skipped"):
            break
    assert step.params.to_json() == {"moment": "upgrade"}
    assert "redundancy.standby is " in ended
    assert "where 'STANDBY HOT' was expected" in ended


def test_the_playbook_upgrades_in_service(begin: Any, tmp_path: Path) -> None:
    from kit.routers import options
    from slp_playbooks.upgrade import upgrade

    made, _ = begin(chassis())
    done = made.nornir.run(
        task=upgrade,
        image=image(made, IMAGE),
        release=NEW,
        files=tmp_path / "files",
        issu=True,
        options=options(made),
    )["r1"]
    assert not done.failed, done.exception
    assert (count(made, "switchover"), count(made, "reload")) == (1, 0)
