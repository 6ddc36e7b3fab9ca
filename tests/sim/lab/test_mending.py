"""Faults that begin and end while a lab runs."""

from __future__ import annotations

import pytest

from kit.serving import PASSWORD, SECRETS, scenario
from slp_sim.lab import Lab
from slp_sim.mending import mend, strike
from slp_sim.router.flash import FlashFull, make_image
from slp_sim.router.spec import FaultSpec
from slp_sim.scenario import ScenarioError

IMAGE = make_image("17.3.2", "isr4300", 700_000_000)


def lab(*faults: object, family: str = "s6_rtu") -> Lab:
    made = scenario({"name": "r1", "family": family, "faults": list(faults)})
    return Lab.from_scenario(made, password=PASSWORD, secrets=SECRETS)


def test_f05_room_is_made_again() -> None:
    made = lab({"name": "F05", "params": {"free": 1000}})
    router = made.routers["r1"]
    free = router.flash.free
    with pytest.raises(FlashFull):
        router.write_file("x.bin", IMAGE)
    router.flash.files.pop("x.bin")
    assert router.flash.free == 1000
    mend(made, "r1", "F05")
    assert router.flash.free == free
    assert router.write_file("x.bin", IMAGE).size == 700_000_000


def test_f10_a_router_that_did_not_come_back_is_switched_on() -> None:
    made = lab("F10")
    router = made.routers["r1"]
    router.reload("Reload Command")
    made.clock.advance(86400)  # type: ignore[attr-defined]
    assert not router.is_up()
    mend(made, "r1", "F10")
    made.clock.advance(600)  # type: ignore[attr-defined]
    assert router.is_up()
    assert router.boot_count == 1
    mend(made, "r1", "F10")
    assert router.boot_count == 1, "what runs is left alone"


def test_f34_the_clock_is_set_right() -> None:
    made = lab("F34-clock", family="s4_evaluation")
    router = made.routers["r1"]
    assert (router.now() - made.clock.now()).total_seconds() == 7200
    mend(made, "r1", "F34-clock")
    assert router.now() == made.clock.now()


def test_a_fault_may_begin_while_the_lab_runs() -> None:
    made = lab()
    router = made.routers["r1"]
    assert not router.faults.on("F16")
    strike(made, "r1", FaultSpec(name="F16"))
    assert router.faults.on("F16")
    strike(made, "r1", FaultSpec(name="F36-failed"))
    assert made.network.faults.params((router.pid, router.serial), "F36") == {"variant": "failed"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("F35", "cannot strike r1"),
        ("F34", "needs a variant"),
        ("F06", "strikes from the start only"),
        ("F32", "strikes from the start only"),
    ],
)
def test_one_that_cannot_is_refused(fault: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        strike(lab(), "r1", FaultSpec(name=fault))


def test_a_fault_that_lasts_strikes_from_its_moment_on() -> None:
    made = lab({"name": "F16", "params": {"moment": "after-reload"}})
    router = made.routers["r1"]
    assert not router.faults.on("F16")
    router.reload("Reload Command")
    made.clock.advance(600)  # type: ignore[attr-defined]
    assert router.faults.on("F16")
