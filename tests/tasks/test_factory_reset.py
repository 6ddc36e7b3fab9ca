"""ONPREM-7: licence data is reset once, and a reload that saves nothing follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kit.labs import bench
from kit.routers import metro, slp_router
from kit.twice import configuration, start, twice
from slp_core.plan import RouterPlan, StepSpec
from slp_core.targets import Target, Topology
from slp_tasks.steps.factory_reset import factory_reset
from slp_tasks.steps.reload import reload
from slp_tasks.steps.topology import topology
from slp_tasks.steps.trust import trust

__all__ = ["start"]


def test_onprem_7_trust_is_forgotten_and_the_configuration_stays(start: Any) -> None:
    made, run = start(slp_router(release="17.3.2"))
    run(topology, topology={"kind": "direct", "url": "default"})
    run(trust, token="env:SLP_TOKEN")
    before = configuration(made)
    twice(made, run, factory_reset)
    assert made.state().licensing.trust.installed_on is None
    assert configuration(made) == before
    assert made.events().count("licensing factory reset") == 1


def test_onprem_7_the_reload_after_it_answers_no_to_saving(start: Any) -> None:
    made, run = start(slp_router(release="17.3.2"))
    with made.lab.lock:
        saved = list(made.router().startup.lines())
        made.router().running.set(None, "banner motd x")
    run(factory_reset, always=True)
    assert run(reload).changed
    with made.lab.lock:
        assert list(made.router().startup.lines()) == saved
    assert len([e for e in made.events() if e.startswith("reload")]) == 1


def test_onprem_7_in_a_plan_it_is_sent_once_whatever_is_shown(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router(release="17.3.2")) as made:
        step = StepSpec(
            id="03-factory-reset",
            kind="factory_reset",
            title="Reset the licence data",
            params={"always": True},
            lasting=True,
        )
        target = Target(topology=Topology(kind="onprem", url="http://192.168.0.1/x"))
        plan = RouterPlan(router="r1", model="MODEL-SLP", target=target, steps=(step,))
        assert made.carry(plan, step) == "done"
        assert made.carry(plan, step) == "skipped"
        assert made.events().count("licensing factory reset") == 1


def test_model_a_router_without_slp_has_nothing_to_reset(start: Any) -> None:
    made, run = start(metro("eval"))
    refused = run(factory_reset)
    assert refused.failed
    assert "Smart Licensing Using Policy" in str(refused.exception)
    assert "licensing factory reset" not in made.events()
