"""UP-2: from bundle mode to install mode within the upgrade, and install mode in one command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.routers import slp_router
from kit.twice import OLD, OVER, Run, image, start, twice
from slp_core.plan import RouterPlan
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.install_commit import install_commit
from slp_tasks.steps.stage_image import stage_image

__all__ = ["start"]

NEW = "17.4.1a"
BUNDLE = {**OLD, "router": {"boot_mode": "bundle"}}
UPGRADE = (
    "install_add",
    "boot_variable",
    "install_activate",
    "install_commit",
    "reload",
)


def ways(plan: RouterPlan) -> list[str]:
    return [s.kind for s in plan.steps if s.kind in UPGRADE]


def reloads(made: Bench) -> list[str]:
    return [e for e in made.events() if e.startswith("reload")]


def test_up_2_bundle_mode_is_kept_unless_asked_otherwise(tmp_path: Path) -> None:
    with bench(tmp_path, BUNDLE) as made:
        assert ways(made.plan()) == ["boot_variable", "reload"]
        assert ways(made.plan(boot="install")) == [
            "install_add",
            "boot_variable",
            "install_activate",
            "install_commit",
        ]


def test_up_2_a_router_in_install_mode_has_nothing_to_convert(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        assert made.plan(boot="install").steps == made.plan().steps


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
@pytest.mark.parametrize("install", ["steps", "one-shot"])
def test_up_2_a_bundle_router_comes_up_in_install_mode_as_predicted(
    tmp_path: Path, over: str, install: str
) -> None:
    with bench(tmp_path, BUNDLE, over=over) as made:
        before = made.state()
        assert before.boot is not None
        assert before.boot.mode == "bundle"
        plan = made.plan(boot="install", install=install)
        ended = made.migrate(plan)
        assert {how for _, how in ended} <= {"done", "skipped"}, ended
        state = made.state()
        assert state.boot is not None
        assert (state.boot.mode, state.release.short) == ("install", NEW)
        assert len(reloads(made)) == 1
        with made.lab.lock:
            booted = [x for x in made.router().running.lines() if x.startswith("boot system ")]
        assert booted[0].endswith("packages.conf")
        assert made.plan(boot="install", install=install).steps == ()
        assert "UP-2" not in [n.rule for n in made.plan(boot="install").notices]


def test_up_2_without_an_upgrade_the_plan_says_that_nothing_is_converted(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router(boot_mode="bundle")) as made:
        plan = made.plan(boot="install", topology={"kind": "direct"})
        assert ways(plan) == []
        assert "only within an upgrade" in " ".join(n.text for n in plan.notices)


def test_up_2_the_prediction_says_install_where_the_upgrade_converts(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, BUNDLE) as made:
        (told,) = [p for p in made.plan(boot="install").predictions if p.path == "boot.mode"]
        assert (told.kind, told.value, told.rules) == ("equals", "install", ("UP-2",))


@OVER
def test_install_mode_in_one_command(start: Any, over: str) -> None:
    made, run = start(OLD, over)
    given = image(made)
    run(stage_image, image=given)
    file = f"bootflash:{given['name']}"
    done = twice(made, run, install_activate, release=NEW, file=file)
    assert done.result["notes"]["sends"] == [f"install add file {file} activate commit"]
    committed = run(install_commit, release=NEW)
    assert not committed.changed
    assert not committed.failed
    assert len(reloads(made)) == 1


def test_one_command_finishes_what_an_earlier_try_added(start: Any) -> None:
    made, run = start(OLD)
    given = image(made)
    run(stage_image, image=given)
    file = f"bootflash:{given['name']}"
    added(made, run, file)
    done = run(install_activate, release=NEW, file=file)
    assert not done.failed, done.exception
    assert done.result["notes"]["sends"][0].startswith("install activate")
    assert run(install_commit, release=NEW).changed, "what was not committed at once is committed"


def added(made: Bench, run: Run, file: str) -> None:
    from slp_tasks.steps.install_add import install_add

    assert run(install_add, file=file, release=NEW).changed
