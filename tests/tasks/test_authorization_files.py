"""SLAC by files and back, reservation before SLP and back: codes reach the person, nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench
from kit.routers import slp_router
from kit.twice import OLD, OVER, Run, start, twice
from slp_core.plan import StepSpec
from slp_tasks.steps.reservation_install import reservation_install
from slp_tasks.steps.reservation_request import reservation_request
from slp_tasks.steps.reservation_return import reservation_return
from slp_tasks.steps.slac import slac
from slp_tasks.steps.slac_import import slac_import
from slp_tasks.steps.slac_request import slac_request
from slp_tasks.steps.slac_return import slac_return
from slp_tasks.steps.topology import topology
from slp_tasks.steps.trust import trust

__all__ = ["start"]

HOME = "Eg-SA-01/Eg-VA-01"


def drop(tmp_path: Path, name: str, data: bytes) -> None:
    folder = tmp_path / "r1" / "in"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def out(tmp_path: Path, name: str) -> Path:
    return tmp_path / "r1" / "out" / name


@OVER
def test_topo_airgap_the_request_leaves_as_a_file_and_its_answer_is_imported(
    start: Any, over: str, tmp_path: Path
) -> None:
    made, run = start(slp_router(), over)
    assert run(topology, topology={"kind": "airgap"}).changed
    done = run(slac_request, files=tmp_path)
    assert not done.failed, done.exception
    assert done.result["notes"]["sends"] == [
        "license smart authorization request add hseck9 local",
        "license smart authorization request save bootflash:slac_request",
    ]
    data = out(tmp_path, "slac_request").read_bytes()
    with made.lab.lock:
        assert data == made.router().read_file("bootflash:slac_request")
        answer = made.lab.portal.answer_request(data, HOME)
    drop(tmp_path, "slac.txt", answer)
    twice(made, run, slac_import, file="slac.txt", files=tmp_path)
    again = run(slac_request, files=tmp_path)
    assert not again.changed
    assert "authorized already" in again.result["detail"]


def test_a_connected_router_is_not_asked_for_a_request_file(start: Any, tmp_path: Path) -> None:
    made, run = start(slp_router())
    run(topology, topology={"kind": "direct", "url": "default"})
    refused = run(slac_request, files=tmp_path)
    assert refused.failed
    assert "the transport is smart" in str(refused.exception)
    assert not any("file written" in e for e in made.events())


def authorized_online(run: Run) -> None:
    run(topology, topology={"kind": "direct", "url": "default"})
    run(trust, token="env:SLP_TOKEN")
    assert run(slac).changed


@OVER
@pytest.mark.parametrize("how", ["online", "offline"])
def test_slac_return(start: Any, over: str, how: str, tmp_path: Path) -> None:
    made, run = start(slp_router(), over)
    authorized_online(run)
    done = twice(made, run, slac_return, files=tmp_path, how=how)
    assert made.events().count("authorization returned") == 1
    code = out(tmp_path, "slac_return_code.txt").read_text().strip()
    assert code
    assert code not in str(done.result), "the code is for the file alone"
    assert out(tmp_path, "slac_return_code.txt").stat().st_mode & 0o77 == 0


def test_f02_a_return_code_printed_to_a_lost_session_is_fetched_from_flash(
    start: Any, tmp_path: Path
) -> None:
    made, run = start(slp_router())
    authorized_online(run)
    step = StepSpec(
        id="01-slac-return",
        kind="slac_return",
        title="Return",
        params={"how": "offline", "scope": "local", "file": "code.txt"},
        lasting=True,
    )
    plan = made.plan(topology={"kind": "direct"})
    assert made.phase(plan, step, "probe")["state"] == "ready"
    made.phase(plan, step, "act")  # and its process dies before it has kept anything
    kept = made.files().folder("out") / "code.txt"
    code = kept.read_text().strip()
    kept.unlink()
    assert made.carry(plan, step) == "done"
    assert kept.read_text().strip() == code
    assert made.events().count("authorization returned") == 1


def test_nothing_to_return_is_no_error(start: Any, tmp_path: Path) -> None:
    _, run = start(slp_router())
    done = run(slac_return, files=tmp_path)
    assert not done.failed
    assert not done.changed


@OVER
def test_reservation_from_request_to_return(start: Any, over: str, tmp_path: Path) -> None:
    made, run = start(OLD, over)
    done = twice_requested(made, run, tmp_path)
    code = out(tmp_path, "request_code.txt").read_text().strip()
    assert code.startswith("C")
    assert code not in str(done.result)
    with made.lab.lock:
        licence = made.router().agent.licences[0]
        answer = made.lab.portal.reserve(code, {licence.tag: 1}, HOME)
    drop(tmp_path, "slr_code.txt", answer)
    twice(made, run, reservation_install, file="slr_code.txt", files=tmp_path)
    udi = made.router().pid, made.router().serial
    confirmation = out(tmp_path, "confirmation_code.txt").read_text().strip()
    with made.lab.lock:
        made.lab.portal.enter_confirmation(*udi, confirmation)
    refused = run(reservation_request, files=tmp_path)
    assert not refused.changed
    assert "installed already" in refused.result["detail"]
    returned = twice(made, run, reservation_return, files=tmp_path)
    code = out(tmp_path, "return_code.txt").read_text().strip()
    assert code
    assert code not in str(returned.result)
    assert made.events().count("authorization returned") == 1


def twice_requested(made: Bench, run: Run, tmp_path: Path) -> Any:
    first = run(reservation_request, files=tmp_path)
    assert not first.failed, first.exception
    assert first.result["notes"]["sends"][0] == "license smart reservation"
    with made.lab.lock:
        before = list(made.router().running.lines())
    second = run(reservation_request, files=tmp_path)
    assert not second.failed, second.exception
    assert not second.changed
    assert second.result["detail"] == "the request code is in out/request_code.txt"
    with made.lab.lock:
        assert list(made.router().running.lines()) == before
    return first


def test_a_registered_router_is_deregistered_first(start: Any, tmp_path: Path) -> None:
    made, run = start({"name": "r1", "family": "s1_registered"})
    before = list(made.router().running.lines())
    refused = run(reservation_request, files=tmp_path)
    assert refused.failed
    assert "deregister it first" in str(refused.exception)
    assert list(made.router().running.lines()) == before


def test_reservations_are_of_the_time_before_slp(start: Any, tmp_path: Path) -> None:
    _, run = start(slp_router())
    refused = run(reservation_request, files=tmp_path)
    assert refused.failed
    assert "before Smart Licensing Using Policy" in str(refused.exception)
