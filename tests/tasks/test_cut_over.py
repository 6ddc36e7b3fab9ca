"""ONPREM and B9 as playbooks: in their order, and again without effect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, HandClock
from kit.routers import options
from kit.serving import PASSWORD, SECRETS
from slp_core.secrets import SecretStore
from slp_playbooks.classic import given_back, no_license, renewed, to_smart, upgraded
from slp_playbooks.onprem import Asked, cut_over
from slp_sim import inproc
from slp_sim.inventory import write_inventory
from slp_sim.scenario import load_scenario
from slp_sim.services.onprem import OnPrem
from slp_tasks.inventory import load_nornir

URL = "https://ssm.example.net/cslu/v1/pi/Local-1"
TOKEN = "env:SLP_TOKEN"


@pytest.fixture
def made(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bench]:
    """A built-in scenario in process, its clock moved by hand."""
    scenario, key = load_scenario(request.param), str(tmp_path / "lab")
    for name, value in {**SECRETS, scenario.login.password.partition(":")[2]: PASSWORD}.items():
        monkeypatch.setenv(name, value)
    lab = inproc.start(scenario, key=key, password=PASSWORD, secrets=SECRETS)
    lab.write_images(tmp_path / "images")
    folder = write_inventory(lab, tmp_path / "inventory", images=tmp_path / "images", scenario=key)
    clock = HandClock(lab.clock)  # type: ignore[arg-type]
    yield Bench(lab, clock, load_nornir(folder), tmp_path, SecretStore(tmp_path))
    inproc.forget(key)


def image(made: Bench, release: str) -> dict[str, Any]:
    entry = next(
        i
        for i in made.lab.scenario.images
        if i.release == release and i.platform in ("isr4400", "asr920")
    )
    source = str(made.folder / "images" / entry.name)
    return {"name": entry.name, "source": source, "size": entry.size}


def ok(results: Any) -> Any:
    for name, result in results.items():
        assert not result.failed, (name, result[-1].exception)
    return results


@pytest.mark.parametrize("made", ["onprem"], indirect=True)
def test_onprem_cut_over_in_its_order_with_a_person_in_between(made: Bench) -> None:
    (onprem,) = made.lab.network.onprems.values()
    asked: list[str] = []

    def person(what: Asked) -> None:
        asked.append(what.rule)
        play(made, onprem, what, asked)

    arguments: dict[str, Any] = {
        "image": image(made, "17.3.2"),
        "release": "17.3.2",
        "files": made.folder / "files",
        "url": URL,
        "person": person,
        "options": options(made),
    }
    done = cut_over(made.nornir, **arguments)
    assert asked == ["ONPREM-1", "ONPREM-4", "ONPREM-9"]
    assert list(done) == ["ONPREM-3", "ONPREM-7", "ONPREM-9"]
    for results in done.values():
        assert set(ok(results)) == {"campus-1", "campus-2"}
    for name in ("campus-1", "campus-2"):
        state = made.state(name)
        assert state.licensing.reporting.last_ack is not None, "ONPREM-9"
        assert state.licensing.transport.kind == "cslu"
        events = made.events(name)
        resets = [e for e in events if e.startswith(("licensing factory reset", "reload"))]
        assert len(resets) == 3, (
            "one into the release, the reset, and one without saving (ONPREM-7)"
        )
        assert resets[1] == "licensing factory reset"
        assert URL in "\n".join(made.router(name).startup.lines()), "ONPREM-6"
    before = {n: made.events(n) for n in ("campus-1", "campus-2")}
    for results in cut_over(made.nornir, **arguments).values():
        assert not any(r.changed for result in ok(results).values() for r in result)
    assert {n: made.events(n) for n in before} == before


def play(made: Bench, onprem: OnPrem, what: Asked, asked: list[str]) -> None:
    """Does in the pages of On-Prem what the playbook asks for."""
    assert what.instructions
    assert what.where.endswith("SSM On-Prem")
    if what.rule == "ONPREM-1" and asked.count("ONPREM-1") == 1:
        onprem.upgrade("8-202105")
    elif what.rule == "ONPREM-9":
        onprem.synchronise()
        made.clock.sleep(900)


@pytest.mark.parametrize("made", ["onprem"], indirect=True)
def test_onprem_a_router_that_fails_is_left_and_the_others_go_on(made: Bench) -> None:
    (onprem,) = made.lab.network.onprems.values()
    asked: list[str] = []

    def person(what: Asked) -> None:
        asked.append(what.rule)
        play(made, onprem, what, asked)

    full = made.router("campus-2")
    full.flash.fill("ballast", full.flash.free - 1000, full.now())
    done = cut_over(
        made.nornir,
        image=image(made, "17.3.2"),
        release="17.3.2",
        files=made.folder / "files",
        url=URL,
        person=person,
        options=options(made),
    )
    assert done["ONPREM-3"]["campus-2"].failed
    assert set(done["ONPREM-7"]) == set(done["ONPREM-9"]) == {"campus-1"}
    assert made.state("campus-2").release.short != "17.3.2"
    assert not any(e.startswith("reload") for e in made.events("campus-2"))


@pytest.mark.parametrize("made", ["asr900"], indirect=True)
def test_b9_a_registered_router_is_upgraded_and_stays_registered(made: Bench) -> None:
    only = made.nornir.filter(name="metro-registered")
    arguments: dict[str, Any] = {
        "image": image(made, "17.8.1"),
        "release": "17.8.1",
        "files": made.folder / "files",
        "token": TOKEN,
        "options": options(made),
    }
    assert ok(only.run(task=upgraded, **arguments))["metro-registered"][0].changed
    state = made.state("metro-registered")
    assert state.release.short == "17.8.1"
    assert state.licensing.registration.status == "REGISTERED"
    before = made.events("metro-registered")
    again = ok(only.run(task=upgraded, **arguments))["metro-registered"]
    assert not any(r.changed for r in again)
    assert made.events("metro-registered") == before


@pytest.mark.parametrize("made", ["asr900"], indirect=True)
@pytest.mark.parametrize("name", ["metro-pak", "metro-evaluation"])
def test_b9_2_to_smart_and_registered(made: Bench, name: str) -> None:
    only = made.nornir.filter(name=name)
    arguments: dict[str, Any] = {"token": TOKEN, "options": options(made)}
    assert ok(only.run(task=to_smart, **arguments))[name][0].changed
    assert made.state(name).licensing.registration.status == "REGISTERED"
    assert "license smart enable" in made.router(name).startup.lines()
    before = made.events(name)
    assert not any(r.changed for r in ok(only.run(task=to_smart, **arguments))[name])
    assert made.events(name) == before


@pytest.mark.parametrize("made", ["asr900"], indirect=True)
def test_b9_6_renewed_then_given_back(made: Bench) -> None:
    only = made.nornir.filter(name="metro-registered")
    ok(only.run(task=renewed, options=options(made)))
    assert made.events("metro-registered").count("renewed auth") == 1
    assert ok(only.run(task=given_back, options=options(made)))["metro-registered"][0].changed
    assert made.state("metro-registered").licensing.authorization_status == "EVAL MODE"


@pytest.mark.parametrize("made", ["asr900"], indirect=True)
def test_b9_15_smart_is_disabled_with_a_second_way_in_only(made: Bench) -> None:
    only = made.nornir.filter(name="metro-registered")
    refused = only.run(task=no_license, second_way_in="", options=options(made))
    assert refused.failed
    made.nornir.data.reset_failed_hosts()
    assert "license smart enable" in made.router("metro-registered").running.lines()
    said = "console server 3, port 7"
    ok(only.run(task=no_license, second_way_in=said, options=options(made)))
    assert "license smart enable" not in made.router("metro-registered").running.lines()
