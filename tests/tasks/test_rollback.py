"""Roll-back: by the operator's word, once, and only what is not committed or did not boot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.labs import Bench
from kit.twice import OLD, OVER, Run, image, start, twice
from slp_core.plan import StepSpec
from slp_tasks.steps.boot_variable import boot_variable
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.reload import reload
from slp_tasks.steps.rollback import rollback
from slp_tasks.steps.save_config import save_config
from slp_tasks.steps.stage_image import stage_image

__all__ = ["start"]

NEW = "17.4.1a"


def staged(made: Bench, run: Run) -> str:
    given = image(made)
    assert not run(stage_image, image=given).failed
    return f"bootflash:{given['name']}"


def activated(made: Bench, run: Run) -> None:
    file = staged(made, run)
    assert run(install_add, file=file, release=NEW).changed
    assert run(install_activate, release=NEW).changed


def reloads(made: Bench) -> list[str]:
    return [e for e in made.events() if e.startswith("reload")]


@OVER
def test_up_4_what_is_not_committed_is_aborted_once(start: Any, over: str) -> None:
    made, run = start(OLD, over)
    activated(made, run)
    done = twice(made, run, rollback, release="16.12.4")
    assert done.result["notes"]["sends"] == ["install abort"]
    assert made.state().release.short == "16.12.4"
    assert len(reloads(made)) == 2


def test_without_a_name_the_committed_release_is_the_way_back(start: Any) -> None:
    made, run = start(OLD)
    activated(made, run)
    assert run(rollback).changed
    assert made.state().release.short == "16.12.4"


def test_where_the_timer_was_stopped_the_router_rolls_back_to_what_is_committed(
    start: Any,
) -> None:
    made, run = start(OLD)
    activated(made, run)
    made.router().install.stop_timer()
    done = run(rollback, release="16.12.4")
    assert not done.failed, done.exception
    assert done.result["notes"]["sends"] == ["install rollback to committed"]
    assert made.state().release.short == "16.12.4"


def test_a_committed_release_is_not_taken_back_silently(start: Any) -> None:
    made, run = start(OLD)
    activated(made, run)
    run(install_commit, release=NEW)
    refused = run(rollback, release="16.12.4")
    assert refused.failed
    assert "takes a plan with that release as its target" in str(refused.exception)
    assert len(reloads(made)) == 1


def test_f07_a_timer_that_was_faster_leaves_nothing_to_do(start: Any) -> None:
    made, run = start(OLD)
    activated(made, run)
    made.clock.sleep(3 * 3600)
    done = run(rollback, release="16.12.4")
    assert not done.failed, done.exception
    assert not done.changed
    assert len(reloads(made)) == 2, "the second by the router itself"


def lines(made: Bench, what: str = "running") -> list[str]:
    with made.lab.lock:
        found = getattr(made.router(), what).lines()
        return [x for x in found if x.startswith("boot system ")]


@OVER
def test_f08_bundle_mode_boots_first_again_what_booted_before(start: Any, over: str) -> None:
    router = {"boot_mode": "bundle", "faults": ["F08"]}
    made, run = start({**OLD, "router": router}, over)
    before = lines(made)
    file = staged(made, run)
    first = run(boot_variable, file=file)
    assert run(save_config).changed
    fell_back = run(reload, release=NEW)
    assert fell_back.failed
    assert "fell back" in str(fell_back.exception)
    assert lines(made) != before
    boot = first.result["notes"]["before"]
    done = twice(made, run, rollback, release="16.12.4", boot=boot)
    assert not any("reload" in s for s in done.result["notes"]["sends"])
    assert lines(made) == lines(made, "startup") == before
    assert len(reloads(made)) == 1


def test_bundle_mode_reloads_where_the_new_image_did_boot(start: Any) -> None:
    made, run = start({**OLD, "router": {"boot_mode": "bundle"}})
    file = staged(made, run)
    boot = run(boot_variable, file=file).result["notes"]["before"]
    run(save_config)
    assert run(reload, release=NEW).changed
    twice(made, run, rollback, release="16.12.4", boot=boot)
    assert made.state().release.short == "16.12.4"
    assert len(reloads(made)) == 2


def test_bundle_mode_without_knowledge_of_before_guesses_nothing(start: Any) -> None:
    made, run = start({**OLD, "router": {"boot_mode": "bundle"}})
    file = staged(made, run)
    run(boot_variable, file=file)
    run(save_config)
    run(reload, release=NEW)
    refused = run(rollback, release="16.12.4")
    assert refused.failed
    assert "name the boot files" in str(refused.exception)


def test_the_notes_of_the_plans_own_step_say_what_booted_before(tmp_path: Path) -> None:
    from kit.labs import bench

    with bench(tmp_path, {**OLD, "router": {"boot_mode": "bundle", "faults": ["F08"]}}) as made:
        plan = made.plan(release="17.4.1a")
        before = lines(made)
        assert made.migrate(plan)[-1][1].startswith("failed")
        assert lines(made) != before
        step = StepSpec(id="99-rollback", kind="rollback", title="Roll back", lasting=True)
        assert made.carry(plan, step) == "done"
        assert lines(made) == lines(made, "startup") == before


def test_nothing_is_rolled_back_by_an_ordinary_plan(start: Any) -> None:
    made, _ = start(OLD)
    assert "rollback" not in [s.kind for s in made.plan().steps]


def test_a_roll_back_whose_process_died_after_the_act_is_not_sent_again(
    start: Any,
) -> None:
    made, run = start(OLD)
    activated(made, run)
    plan = made.plan(release=NEW)
    step = StepSpec(
        id="99-rollback",
        kind="rollback",
        title="Roll back",
        params={"release": "16.12.4"},
        lasting=True,
    )
    assert made.phase(plan, step, "probe")["state"] == "ready"
    kept = dict(made.notes[step.id])
    made.phase(plan, step, "act")
    made.host().close_connections()
    made.notes[step.id] = kept  # what the act noted died with its process
    made.clock.sleep(1200)
    assert made.phase(plan, step, "probe")["state"] == "done"
    made.host().close_connections()
    assert len(reloads(made)) == 2


def test_a_dry_run_shows_what_would_be_sent_and_sends_nothing(start: Any) -> None:
    made, run = start(OLD)
    activated(made, run)
    before = made.caused()
    made.nornir.data.dry_run = True
    shown = run(rollback, release="16.12.4")
    assert not shown.failed, shown.exception
    assert shown.result["notes"]["sends"] == ["install abort"]
    assert made.caused() == before
