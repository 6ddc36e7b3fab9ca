"""The router in this process, by both drivers: the same state machine behind the same seam."""

from __future__ import annotations

from pathlib import Path

import pytest
from netmiko import ConnectHandler
from netmiko.exceptions import NetmikoAuthenticationException

import scrapli_slpfake.netmiko_driver  # noqa: F401 - registers the device type
from kit.labs import PASSWORD, bench
from kit.routers import options, slp_router
from kit.twice import OLD, image
from slp_core.errors import AuthFailed, ConnectFailed, InputError, InventoryError, TransferFailed
from slp_playbooks.direct import direct
from slp_tasks.connection.opening import open_session
from slp_tasks.steps.install_activate import install_activate
from slp_tasks.steps.stage_image import stage_image

WAYS = pytest.mark.parametrize("over", ["fake", "netmiko-fake"])


@WAYS
def test_a_playbook_changes_once_and_rests_the_second_time(tmp_path: Path, over: str) -> None:
    with bench(tmp_path, slp_router(), over=over) as made:
        arguments = {"token": "env:SLP_TOKEN", "options": options(made)}
        first = made.nornir.run(task=direct, **arguments)
        assert not first.failed, first["r1"][-1].exception
        before = made.caused()
        assert "usage acknowledged" in made.events()
        second = made.nornir.run(task=direct, **arguments)
        assert not any(r.changed for r in second["r1"])
        assert made.caused() == before


@WAYS
def test_f02_a_reload_that_drops_the_session_is_followed_to_the_new_boot(
    tmp_path: Path, over: str
) -> None:
    with bench(tmp_path, OLD, over=over) as made:
        given = image(made)
        staged = made.nornir.run(task=stage_image, image=given, **options(made))
        assert not staged.failed, staged["r1"][-1].exception
        file = f"bootflash:{given['name']}"
        done = made.nornir.run(
            task=install_activate, release="17.4.1a", file=file, **options(made)
        )["r1"]
        assert not done.failed, done.exception
        assert sum(e.startswith("reload") for e in made.events()) == 1


@WAYS
def test_a_refused_file_is_a_failed_transfer_with_its_reason(tmp_path: Path, over: str) -> None:
    with bench(tmp_path, {**OLD, "router": {"flash": {"free": 10}}}, over=over) as made:
        local = tmp_path / "large"
        local.write_bytes(b"x" * 4096)
        with open_session(made.host(), secrets=made.secrets) as session:
            with pytest.raises(TransferFailed, match="large") as caught:
                session.put(local, "bootflash:large")
            assert caught.value.where == "r1"
            assert caught.value.remedy
            with pytest.raises(TransferFailed, match="No such file"):
                session.get("bootflash:absent", tmp_path / "absent")
            assert not (tmp_path / "absent").exists()
            with pytest.raises(InputError, match="no such file"):
                session.put(tmp_path / "absent", "bootflash:x")


@WAYS
def test_a_wrong_password_and_a_wrong_name_are_told_apart(
    tmp_path: Path, over: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench(tmp_path, OLD, over=over) as made:
        host = made.host()
        slp = host.data["slp"]
        fake = dict(slp["fake"])
        slp["fake"] = {**fake, "router": "nobody"}
        with open_session(host) as session, pytest.raises(InventoryError, match="nobody"):
            session.run("show clock")
        slp["fake"] = fake
        reference = made.lab.scenario.login.password.partition(":")[2]
        monkeypatch.setenv(reference, "wrong-Pa55word")
        with open_session(host) as session, pytest.raises(AuthFailed):
            session.run("show clock")


@WAYS
def test_a_router_that_is_down_does_not_answer(tmp_path: Path, over: str) -> None:
    with bench(tmp_path, OLD, over=over) as made:
        made.router().reload("test")
        with open_session(made.host()) as session, pytest.raises(ConnectFailed):
            session.run("show clock")


def test_netmiko_itself_drives_the_router_in_this_process(tmp_path: Path) -> None:
    with bench(tmp_path, OLD) as made:
        fake = {"scenario": str(tmp_path / "lab"), "router": "r1"}
        login = {"device_type": "slpfake", "host": "r1", "username": "admin", "fake": fake}
        with ConnectHandler(**login, password=PASSWORD) as connection:
            assert connection.find_prompt() == f"{made.router().hostname}#"
            assert "16.12" in connection.send_command("show version")
            connection.send_config_set(["license smart reservation"])
        assert "license smart reservation" in made.router().running.lines()
        with pytest.raises(NetmikoAuthenticationException):
            ConnectHandler(**login, password="wrong")
