"""C07, C11: what a router in controller mode, and one in bundle mode, refuses; and what we say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.cases import case_text
from kit.labs import bench
from kit.routers import slp_router
from kit.twice import OLD, start
from slp_core.errors import CommandRejected
from slp_core.secrets import SecretStore
from slp_tasks.connection.opening import open_session
from slp_tasks.installing import BUSY, INSTALLED_ALREADY, failure
from slp_tasks.session import rejection
from slp_tasks.steps.install_add import install_add
from slp_tasks.steps.save_config import save_config

__all__ = ["start"]

CONTROLLED = slp_router(controller_mode=True, unsaved=["ntp server 192.0.2.1"])
NEW = "isr4300-universalk9.17.15.01a.SPA.bin"
IMAGES = [{"name": NEW, "release": "17.15.1a", "platform": "isr4300", "size": 722345678}]
FLASH = {"files": [{"name": NEW, "release": "17.15.1a", "size": 722345678}]}
BUNDLE_1712 = slp_router(release="17.12.1a", boot_mode="bundle", flash=FLASH)
GOAL: dict[str, Any] = {
    "boot": "install",
    "release": "17.15.1a",
    "image": {"name": NEW, "size": 722345678},
    "topology": {"kind": "controller"},
}


def test_c07_saving_is_refused_and_said_in_one_sentence(start: Any) -> None:
    _, run = start(CONTROLLED)
    result = run(save_config)
    assert isinstance(result.exception, CommandRejected)
    assert "not supported in Controller mode" in str(result.exception)


def test_c07_configuring_is_refused_and_the_manager_named(tmp_path: Path) -> None:
    with bench(tmp_path, CONTROLLED) as made:
        host = made.nornir.inventory.hosts["r1"]
        with (
            open_session(host, secrets=SecretStore(tmp_path)) as session,
            pytest.raises(CommandRejected, match="config-transaction") as refused,
        ):
            session.configure(["license smart transport off"])
    assert "SD-WAN manager" in (refused.value.remedy or "")


def test_c07_both_refusals_are_known_as_such() -> None:
    for said in (
        "This command is not supported in Controller mode.",
        "Please use the equivalent command - config-transaction",
    ):
        assert rejection(f"\n{said}\n") == said


def test_c11_a_bundle_router_refuses_the_add_alone_by_name(start: Any) -> None:
    _, run = start(BUNDLE_1712)
    result = run(install_add, file=f"bootflash:{NEW}", release="17.15.1a")
    assert result.failed
    assert "bundle mode" in str(result.exception)
    assert "one-shot" in (result.exception.remedy or "")  # type: ignore[union-attr]


def test_c11_the_refusal_of_the_case_has_its_name() -> None:
    said = case_text("11-bundle-add-refused/install-add.txt")
    assert failure(said) == (
        "a router in bundle mode takes one command alone, which adds, activates and commits"
    )


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "FAILED: install_add : Super package already added. Add operation not allowed. "
            "'install remove inactive' can be used to discard added packages",
            "another image is added and not activated",
        ),
        (
            "FAILED: install_add : Image bootflash:x.bin is not compatible with this platform",
            "the image is not for this platform",
        ),
        (
            "FAILED: install_add : Signature verification failed for bootflash:x.bin",
            "the image is damaged or not signed",
        ),
        ("FAILED: install_add : File x does not exist", "the image file cannot be read"),
        ("FAILED: Same Image File-No Change", INSTALLED_ALREADY),
    ],
)
def test_c11_each_refusal_of_the_installer_has_a_name(said: str, name: str) -> None:
    assert failure(said) == name


def test_c11_an_operation_that_runs_already_is_waited_for() -> None:
    assert BUSY.search("FAILED: install_add : some operation is already running")


def test_c11_what_succeeded_is_no_refusal() -> None:
    assert failure("SUCCESS: install_add_activate_commit Fri Sep 22 16:07:35 UTC 2023") is None


def ways(plan: Any) -> list[str]:
    return [s.kind for s in plan.steps if s.kind.startswith(("install", "boot_v", "verify"))]


def test_c11_a_newer_release_leaves_bundle_mode_by_one_command(tmp_path: Path) -> None:
    with bench(tmp_path, BUNDLE_1712) as made:
        plan = made.plan(**GOAL, rollback="auto")
        assert ways(plan) == [
            *("boot_variable", "install_activate", "install_commit", "verify", "verify")
        ]
        (activate,) = [s for s in plan.steps if s.kind == "install_activate"]
        assert activate.params.line().endswith("activate commit")
        told = [n for n in plan.notices if n.rule == "UP-2"]
        assert any("one command" in n.text and "rollback: auto" in n.text for n in told)
        assert "VG400" in told[0].source


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
def test_c11_the_conversion_is_carried_out_to_the_end(tmp_path: Path, over: str) -> None:
    with bench(tmp_path, BUNDLE_1712, over=over, images=IMAGES) as made:
        ended = made.migrate(made.plan(**GOAL))
        assert {how for _, how in ended} <= {"done", "skipped"}, ended
        state = made.state()
        assert state.boot is not None
        assert state.release is not None
        assert (state.boot.mode, state.release.short) == ("install", "17.15.1a")


def test_c11_an_older_release_still_goes_step_by_step(tmp_path: Path) -> None:
    with bench(tmp_path, {**OLD, "router": {"boot_mode": "bundle"}}) as made:
        assert "install_add" in ways(made.plan(boot="install"))
