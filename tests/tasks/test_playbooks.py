"""The playbooks, run as a user would run them: once it changes, a second time it does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.labs import bench, person
from kit.routers import URL, options, slp_router
from slp_core.plan import RouterPlan, StepSpec
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_playbooks.airgap import answers_in, usage_out
from slp_playbooks.assess import assess
from slp_playbooks.cslu import cslu
from slp_playbooks.direct import direct
from slp_playbooks.migrate import migrate, target_of


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
def test_migrate_takes_an_inventory_from_old_licensing_to_proven_slp(
    tmp_path: Path, over: str
) -> None:
    rows = [
        {"name": "r1", "family": "s1_registered"},
        {"name": "r2", "family": "s2_slr"},
        {"name": "r3", "family": "s4_evaluation"},
    ]
    with bench(tmp_path, *rows, over=over) as made:
        states = assess(made.nornir, clock=made.clock)
        plans = {}
        for name, state in states.items():
            assert isinstance(state, RouterState), state
            plans[name] = make_plan(state, target_of(made.nornir.inventory.hosts[name]))

        def helper(plan: RouterPlan, step: StepSpec, _: Path) -> None:
            person(made, plan, step)

        folder = tmp_path / "run"
        result = made.nornir.run(
            task=migrate, plans=plans, files=folder, person=helper, options=options(made)
        )
        for name in states:
            assert not result[name].failed, (name, result[name][-1].exception)
            assert result[name][0].changed
        seen = assess(made.nornir, clock=made.clock)
        after = {n: s for n, s in seen.items() if isinstance(s, RouterState)}
        again = {n: make_plan(s, target_of(made.host(n))) for n, s in after.items()}
        assert {n: len(p.steps) for n, p in again.items()} == {"r1": 0, "r2": 0, "r3": 0}
        for name in states:
            assert (folder / name / "backup" / "running-config.txt").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("over", ["fake", "ssh"])
def test_direct_brings_trust_and_an_acknowledgement_and_rests_the_second_time(
    tmp_path: Path, over: str
) -> None:
    with bench(tmp_path, slp_router(), over=over) as made:
        arguments = {"token": "env:SLP_TOKEN", "options": options(made)}
        first = made.nornir.run(task=direct, **arguments)
        assert not first.failed, first["r1"][-1].exception
        assert first["r1"][0].changed
        assert "trust installed" in made.events()
        assert "usage acknowledged" in made.events()
        before = made.caused()
        second = made.nornir.run(task=direct, **arguments)
        assert not second.failed
        assert not any(r.changed for r in second["r1"])
        assert made.caused() == before


def test_cslu_needs_no_trust(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        arguments = {"url": URL, "options": options(made)}
        first = made.nornir.run(task=cslu, **arguments)
        assert not first.failed, first["r1"][-1].exception
        assert "trust requested" not in made.events()
        second = made.nornir.run(task=cslu, **arguments)
        assert not any(r.changed for r in second["r1"])


def test_the_air_gap_is_crossed_by_files_byte_for_byte(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        files = tmp_path / "files"
        arguments = {"files": files, "options": options(made)}
        assert not made.nornir.run(task=usage_out, **arguments).failed
        report = (files / "r1" / "out" / "usage_report").read_bytes()
        assert report == made.router().read_file("bootflash:usage_report")
        upload = made.lab.portal.upload_usage(report, "usage_report", "Eg-SA-01/Eg-VA-01")
        made.clock.sleep(900)
        (files / "r1" / "in").mkdir()
        (files / "r1" / "in" / "ACK_usage_report").write_bytes(made.lab.portal.ack(upload.id)[1])
        first = made.nornir.run(task=answers_in, **arguments)
        assert not first.failed, first["r1"][-1].exception
        assert first["r1"][0].changed
        before = made.caused()
        second = made.nornir.run(task=answers_in, **arguments)
        assert not any(r.changed for r in second["r1"])
        assert made.caused() == before


def test_the_air_gap_is_crossed_by_a_request_for_hseck9_too(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        files = tmp_path / "files"
        arguments = {"files": files, "options": options(made)}
        out = made.nornir.run(task=usage_out, hseck9=True, **arguments)
        assert not out.failed, out["r1"][-1].exception
        request = (files / "r1" / "out" / "slac_request").read_bytes()
        (files / "r1" / "in").mkdir()
        answer = made.lab.portal.answer_request(request, "Eg-SA-01/Eg-VA-01")
        (files / "r1" / "in" / "slac.txt").write_bytes(answer)
        back = made.nornir.run(task=answers_in, **arguments)
        assert not back.failed, back["r1"][-1].exception
        assert "authorization installed" in made.events()
        assert "authorization requested" not in made.events(), "nothing was sent over the network"


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        made.nornir.data.dry_run = True
        before = (made.caused(), list(made.router().running.lines()))
        result = made.nornir.run(task=direct, token="env:SLP_TOKEN", options=options(made))
        assert not result.failed, result["r1"][-1].exception
        assert (made.caused(), list(made.router().running.lines())) == before
        shown = result["r1"][1].result["notes"]["sends"]
        assert "license smart transport smart" in shown


def test_a_router_with_a_blocker_or_without_a_plan_is_left_alone(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        result = made.nornir.run(task=migrate, plans={}, files=tmp_path)
        assert "left alone" in result["r1"][0].result
        assert not result["r1"][0].changed
