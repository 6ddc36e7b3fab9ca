"""Faults of the services, by name: each strikes its router and no other."""

from __future__ import annotations

import pytest

from kit.portal_world import UDI
from kit.serving import PASSWORD, SECRETS, scenario
from slp_sim.fault_list import why_not
from slp_sim.formats import parse_import, system_info, usage_file
from slp_sim.lab import Lab
from slp_sim.router.spec import FaultSpec
from slp_sim.services.portal import Portal


def strike(world, name: str, **params: object) -> None:
    world.network.faults.add(UDI, [FaultSpec(name=name, params=params)])


@pytest.mark.parametrize("variant", ["expired", "used-up", "revoked", "unknown", "other-account"])
def test_f34_trust_is_refused_for_the_reason_that_is_named(world, variant: str) -> None:
    strike(world, f"F34-{variant}")
    reply = world.trust()
    assert not reply.ok
    assert reply.reached
    assert "token" in (reply.reason or "")
    assert world.trust(sn="FDO2").ok


def test_f36_a_poll_that_never_completes_goes_on_for_ever(world) -> None:
    strike(world, "F36-pending")
    world.trust()
    sent = world.send("usage", {"reports": [world.report()]})
    for _ in range(3):
        world.clock.advance(3600)
        answer = world.send("poll", {"poll_id": sent.poll_id})
        assert answer.ok
        assert answer.poll_id == sent.poll_id
        assert answer.poll_after_s == 300


@pytest.mark.parametrize(("variant", "words"), [("failed", "FAILED"), ("duplicate", "duplicates")])
def test_f36_usage_is_refused_as_often_as_the_scenario_says(world, variant, words) -> None:
    strike(world, f"F36-{variant}", times=1)
    world.trust()
    first = world.send("usage", {"reports": [world.report()]})
    assert words in (first.reason or "")
    assert world.send("usage", {"reports": [world.report()]}).ok


def test_f36_a_server_error_is_no_answer_at_all(world) -> None:
    strike(world, "F36-http", status=502)
    replies = [world.trust() for _ in range(3)]
    assert [r.ok for r in replies] == [False, False, True]
    assert replies[0].reason == "HTTP server error 502"
    assert not replies[0].reached


def test_f25_the_first_file_names_another_router_and_the_next_is_right(world) -> None:
    strike(world, "F25")
    portal = Portal(world.cssm, misaddressed=world.network.faults.misaddressed)
    info = system_info(pid=UDI[0], sn=UDI[1], hostname="r", software_tag="t", at=world.clock.now())
    upload = portal.upload_usage(usage_file([world.report()], info), "u.xml")
    world.clock.advance(240)
    assert not parse_import(portal.ack(upload.id)[1]).for_udi(*UDI)
    assert parse_import(portal.ack(upload.id)[1]).for_udi(*UDI)


def test_f06_a_router_in_bundle_mode() -> None:
    struck = {"name": "a", "family": "s6_rtu", "faults": ["F06"]}
    lab = Lab.from_scenario(scenario(struck), password=PASSWORD, secrets=SECRETS)
    assert lab.routers["a"].spec.boot_mode == "bundle"
    assert lab.entry("a").router.boot_mode == "install"  # the scenario itself is left alone


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("F03", "needs no switch"),
        ("F26", "strikes the client"),
        ("F45", "strikes the client"),
        ("F48", "no fault"),
        ("flood", "no fault"),
    ],
)
def test_a_fault_that_a_lab_cannot_produce_is_refused_with_the_reason(name, words) -> None:
    assert words in (why_not(name) or "")


def test_every_other_fault_can_be_asked_for() -> None:
    can = [f"F{n:02}" for n in range(1, 42) if why_not(f"F{n:02}") is None]
    assert len(can) == 34
    assert "needs a variant" in (why_not("F34") or "")
    assert why_not("F09-issu") is None
