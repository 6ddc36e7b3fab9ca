"""The ASR 900 family, `slp plan` and `slp apply` over SSH: to proven, or not where it is lost.

What is met later than the plan (the boot level after a boot, the ports after Smart Licensing was
disabled) is looked for on the router itself: one that misbehaves at exactly that point is not
proven.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.office import Office
from kit.routers import metro
from kit.ssh_desk import desk
from slp_sim.router.agent import classic as agent
from slp_sim.router.commands import configure

STAGES = {
    release: {
        "name": f"asr920-universalk9_npe.{padded}.SPA.bin",
        "release": release,
        "platform": "asr920",
        "size": 512345678,
    }
    for padded, release in (("17.07.01", "17.7.1"), ("17.08.01", "17.8.1"), ("17.12.01", "17.12.1"))
}
LEVEL = "advancedmetroipaccess"
LICENSED, SHUT = "TenGigabitEthernet0/0/12", "TenGigabitEthernet0/0/13"
PORTS = [
    "license boot level metroaggrservices",
    f"interface {LICENSED}",
    " no ip address",
    f"interface {SHUT}",
    " no ip address",
    " shutdown",
    "interface GigabitEthernet0",
    " ip address 192.0.2.9 255.255.255.0",
]


class Ended:
    """What a run came to."""

    def __init__(self, at: Office) -> None:
        (self.router,) = at.run()["routers"]
        self.state = self.router["state"]
        self.events = at.events()
        self.configuration = at.configuration()
        self.told = str(self.router)


def run(
    tmp: Path, capsys: pytest.CaptureFixture[str], router: dict[str, Any], **target: Any
) -> Ended:
    """Plans and applies over SSH; returns how the router ended."""
    topology = {"kind": "direct", "transport": "callhome", "token": "env:SLP_TOKEN"}
    images = list(STAGES.values())
    wanted = {"topology": topology, **target}
    with desk(tmp, "scrapli", {**router, "target": wanted}, images=images) as made:
        at = Office(made.lab, tmp, capsys)
        planned = at.slp("plan", "--output", "plan.json")
        assert planned.code == 0, planned.out + planned.err
        at.slp("apply", "plan.json", "--yes")
        return Ended(at)


def to(release: str) -> dict[str, Any]:
    return {"release": release, "image": STAGES[release]["name"]}


@pytest.mark.slow
def test_b9_16_the_level_of_the_permanent_licence_is_kept_by_17_8_1_and_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(tmp_path, capsys, metro("csl", level=False), **to("17.8.1"))
    assert ended.state == "proven", ended.told


@pytest.mark.slow
def test_b9_16_a_level_that_17_8_1_loses_all_the_same_is_not_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "_level", lambda *_: "metroaccess")
    ended = run(tmp_path, capsys, metro("csl", level=False), **to("17.8.1"))
    assert ended.state != "proven"
    assert "metroaccess" in ended.told


@pytest.mark.slow
@pytest.mark.parametrize("release", ["17.7.1", "17.12.1"])
def test_b9_16_the_lost_level_is_blocked_and_by_the_operators_word_predicted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], release: str
) -> None:
    word = {"B9-16": "metroaccess will do", "B9-1": "so be it", "B9-3": "no record wanted"}
    ended = run(tmp_path, capsys, metro("csl", level=False), allow=word, **to(release))
    assert ended.state == "proven", ended.told


@pytest.mark.slow
@pytest.mark.parametrize("lost", [False, True])
def test_b9_3_b9_16_past_the_stop_the_recorded_level_is_looked_for(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lost: bool,
) -> None:
    if lost:
        monkeypatch.setattr(
            agent, "_level", lambda _, new: LEVEL if new.minor == 8 else "metroaccess"
        )
    source = str(tmp_path / "images" / str(STAGES["17.8.1"]["name"]))
    stop = {"release": "17.8.1", "image": {"source": source, "size": 512345678}}
    ended = run(tmp_path, capsys, metro("csl", level=False), stop=stop, **to("17.12.1"))
    assert (ended.state == "proven") is not lost, ended.told
    if lost:
        assert ended.router["current_step"].endswith("verify"), ended.told
        assert "boot 2 17.12.1" in ended.events, ended.events


@pytest.mark.slow
def test_b9_2_registered_by_one_target_smart_before_the_upgrade(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = run(
        tmp_path,
        capsys,
        metro("csl", "17.6.1", level=False),
        classic="register",
        boot_level="metroipaccess",
        **to("17.8.1"),
    )
    assert ended.state == "proven", ended.told
    kinds = [s["kind"] for s in ended.router["steps"]]
    assert kinds.index("mode_switch") < kinds.index("boot_variable") < kinds.index("register")
    assert "license boot level metroipaccess" in ended.configuration
    assert ended.events.count("registered") == 1


def chassis() -> dict[str, Any]:
    """An ASR 903 with two processors, in install mode, by PAK."""
    made = metro("csl", level=False)
    router = {k: v for k, v in made["router"].items() if k != "boot_mode"}
    return {**made, "router": {**router, "pid": "ASR-903", "standby": {}}}


@pytest.mark.slow
@pytest.mark.parametrize("loops", [False, True])
def test_b9_20_b9_21_two_processors_are_upgraded_in_service_unless_the_standby_loops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], loops: bool
) -> None:
    router = chassis()
    if loops:
        router["router"]["standby"] = {"unequal_paks": True}
    ended = run(tmp_path, capsys, router, install="issu", **to("17.8.1"))
    assert (ended.state == "proven") is not loops, ended.told


def ports_router() -> dict[str, Any]:
    router = metro("registered", "17.8.1")
    return {**router, "router": {**router["router"], "config": PORTS}}


@pytest.mark.slow
@pytest.mark.parametrize("opened", [True, False])
def test_b9_17_licensed_ports_are_up_again_after_the_reload_or_it_is_not_proven(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    opened: bool,
) -> None:
    if not opened:
        came_up = agent.boot

        def shut_at_boot(of: Any, new: Any) -> None:
            came_up(of, new)
            of.device.running.set(f"interface {LICENSED}", "shutdown")

        monkeypatch.setattr(agent, "boot", shut_at_boot)
    word = {"B9-15": "console server 3"}
    ended = run(tmp_path, capsys, ports_router(), classic="no-license", allow=word)
    assert (ended.state == "proven") is opened, ended.told
    assert "ports shut 2" in ended.events
    if opened:
        text = "\n".join(ended.configuration)
        assert text.count(" shutdown") == 1, "the port that was shut before is shut"
    else:
        assert LICENSED in ended.told


@pytest.mark.slow
def test_b9_17_a_port_that_cannot_be_brought_up_stops_before_the_reload(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    touched = configure._touched

    def shut_again(line: Any) -> None:
        touched(line)
        if not line.router.running.has("license smart enable"):
            line.router.running.set(f"interface {LICENSED}", "shutdown")

    monkeypatch.setattr(configure, "_touched", shut_again)
    ended = run(
        tmp_path, capsys, ports_router(), classic="no-license", allow={"B9-15": "console server 3"}
    )
    assert ended.state != "proven"
    assert f"still shut: {LICENSED}" in ended.told
    assert not [e for e in ended.events if e.startswith("reload")]
