"""Labs in process: the same routers without sockets, under scrapli too."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapli import Scrapli
from scrapli.exceptions import (
    ScrapliAuthenticationFailed,
    ScrapliConnectionError,
    ScrapliConnectionNotOpened,
    ScrapliTimeout,
    ScrapliValueError,
)

from kit.serving import PASSWORD, SECRETS, scenario
from slp_sim import inproc
from slp_sim.clock import RunningClock
from slp_sim.lab import Lab


@pytest.fixture
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    key = request.node.name
    made = scenario({"name": "r1", "family": "s1_registered"}, {"name": "r2", "family": "s6_rtu"})
    yield inproc.start(made, key=key, password=PASSWORD, secrets=SECRETS)
    inproc.forget(key)


@pytest.fixture
def key(request: pytest.FixtureRequest) -> str:
    return request.node.name


def client(key: str, router: str = "r1", **changes: object) -> Scrapli:
    arguments = {
        "host": router,
        "platform": "cisco_iosxe",
        "transport": "slpfake",
        "transport_options": {"scenario": key, "router": router, "op_timeout": 5},
        "auth_username": "admin",
        "auth_password": PASSWORD,
        "auth_strict_key": False,
        "timeout_ops": 0,
    }
    return Scrapli(**(arguments | changes))


def test_scrapli_drives_a_router_in_process(lab: Lab, key: str) -> None:
    with client(key) as conn:
        shown = conn.send_command("show license summary")
        assert "ISR_4400_Hsec" in shown.result
        assert not shown.failed
        assert conn.send_command("show nonsense").failed
        conn.send_configs(["hostname renamed", "hostname r1"])
        assert conn.get_prompt() == "r1(config)#"
        assert "2021" in conn.send_command("show clock").result  # left configuration by itself
    assert lab.routers["r1"].lines == []  # F27


def test_wrong_login_missing_router_and_missing_lab_are_told_apart(lab: Lab, key: str) -> None:
    with pytest.raises(ScrapliAuthenticationFailed):
        client(key, auth_password="wrong").open()
    with pytest.raises(ScrapliValueError, match="no router r9"):
        client(key, "r9").open()
    with pytest.raises(ScrapliValueError, match="no-such-lab"):
        client("no-such-lab").open()


def test_f02_a_reload_ends_the_session_and_refuses_until_it_is_up(lab: Lab, key: str) -> None:
    conn = client(key)
    conn.open()
    with pytest.raises(ScrapliConnectionError):
        conn.send_interactive([("reload", "[confirm]", False), ("\n", "never", True)])
    assert not conn.isalive()
    with pytest.raises(ScrapliConnectionNotOpened):
        client(key).open()
    lab.clock.advance(lab.routers["r1"].spec.boot_s)  # type: ignore[attr-defined]
    with client(key) as again:
        assert "uptime is 0 minutes" in again.send_command("show version").result
    assert lab.routers["r1"].boot_count == 1


def test_a_silent_router_meets_a_real_deadline(key: str) -> None:
    slow = {"name": "F29", "params": {"seconds": 86400}}
    made = scenario({"name": "r1", "family": "s6_rtu", "faults": [slow]})
    inproc.start(made, key=key, clock=RunningClock(made.epoch), password=PASSWORD, secrets=SECRETS)
    transport = client(key).transport
    transport.open()
    assert transport.read().endswith(b"r1#")
    transport.allow(0.3)
    began = time.monotonic()
    transport.write(b"show clock\n")
    assert transport.read().strip() == b"show clock"
    with pytest.raises(ScrapliTimeout):
        transport.read()
    assert 0.2 < time.monotonic() - began < 5
    assert not transport.isalive()
    inproc.forget(key)


def test_a_clock_moved_by_hand_is_moved_by_who_waits(lab: Lab, key: str) -> None:
    before = lab.clock.now()
    with client(key) as conn:
        conn.send_interactive(
            [("copy running-config bootflash:x", "]?", False), ("\n", "r1#", False)]
        )
        assert lab.clock.now() >= before
        assert "x" in conn.send_command("dir bootflash:").result


def test_files_go_both_ways_and_a_full_flash_is_said(lab: Lab, key: str, tmp_path: Path) -> None:
    from scrapli_slpfake.transport import FileRefused

    conn = client(key)
    conn.open()
    (tmp_path / "a").write_bytes(b"abc\x00def")
    conn.transport.put(tmp_path / "a", "bootflash:a")
    conn.transport.get("bootflash:a", tmp_path / "b")
    assert (tmp_path / "b").read_bytes() == b"abc\x00def"
    assert (tmp_path / "b").stat().st_mode & 0o077 == 0
    with pytest.raises(FileRefused, match="No such file"):
        conn.transport.get("bootflash:none", tmp_path / "c")
    conn.transport.get("system:running-config", tmp_path / "d")
    assert b"\nhostname " in (tmp_path / "d").read_bytes()
    flash = lab.routers["r1"].flash
    flash.hidden += flash.free - 3
    with pytest.raises(FileRefused, match="No space left"):
        conn.transport.put(tmp_path / "a", "bootflash:again")


def test_many_threads_may_drive_many_routers(lab: Lab, key: str) -> None:
    seen: list[str] = []

    def drive(router: str) -> None:
        for _ in range(3):
            with client(key, router) as conn:
                seen.append(conn.send_command("show clock").result)

    threads = [threading.Thread(target=drive, args=(f"r{1 + i % 2}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(seen) == 24
    assert all("2021" in s for s in seen)


def test_a_lab_is_made_from_its_scenario_file_when_it_is_first_asked_for(tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "own.yaml"
    data = {
        "name": "own",
        "include": ["families.yaml"],
        "routers": [{"name": "r1", "family": "s6_rtu", "serial": "FDO1"}],
    }
    path.write_text(yaml.safe_dump(data))
    clock = {"epoch": "2021-08-02T08:00:00+00:00", "factor": 60.0, "started": time.time()}
    lab = inproc.find(path, clock=clock)
    assert lab is inproc.find(str(path))
    assert lab.clock.factor == 60.0  # type: ignore[attr-defined]
    assert inproc.device(path, "r1").pid == "ISR4351/K9"
    inproc.forget(path)


def test_the_inventory_of_a_lab_in_process_drives_it(
    lab: Lab, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from slp_sim.inventory import write_inventory
    from slp_tasks.connection.opening import open_session
    from slp_tasks.inventory import host_target, load_nornir

    monkeypatch.setenv("SLP_LAB_PASSWORD", PASSWORD)
    lab.write_images(tmp_path / "images")
    folder = write_inventory(lab, tmp_path / "inv", images=tmp_path / "images", scenario=key)
    nornir = load_nornir(folder, limit=None)
    host = nornir.inventory.hosts["r1"]
    with open_session(host) as session:
        assert "ISR_4400_Hsec" in session.run("show license summary")
        session.put(tmp_path / "images" / "isr4400v2-universalk9.17.03.02.SPA.bin", "bootflash:x")
    assert lab.routers["r1"].flash.get("x").image().release == "17.3.2"
    image = host_target(host)["image"]
    assert Path(image["source"]).is_file()
    assert image["size"] == 712345678
