"""SSM On-Prem between routers and CSSM, and what a person does there (ONPREM)."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit.browser import Browser
from kit.portal_world import HSEC, UDI
from slp_sim.services.account import Refused
from slp_sim.services.onprem import DOWN_REV, OnPrem, parse_version

HOST = "ssm.example.net"
URL = f"https://{HOST}/cslu/v1/pi/Local-1"
BY_TENANT = {"via": "cslu", "url": URL}


@pytest.fixture
def onprem(world) -> OnPrem:
    made = OnPrem(
        world.cssm, world.clock, host=HOST, version="8-202102", tenants={"Local-1": world.virtual}
    )
    world.network.onprems[HOST] = made
    return made


def test_onprem_9_reports_wait_for_the_synchronisation_and_its_answer(world, onprem) -> None:
    sent = world.send("usage", {"reports": [world.report(5)]}, **BY_TENANT)
    assert sent.ok
    world.clock.advance(3600)
    assert "ack" not in world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT).body
    assert world.virtual.instances == {}  # CSSM has not heard of it
    assert onprem.synchronise() == 1
    assert "ack" not in world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT).body
    world.clock.advance(240)
    ack = world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT).body["ack"]
    assert ack["acked"] == [5]
    assert ack["policy"] == world.virtual.policy.as_mapping()


def test_a_new_report_is_not_acknowledged_by_an_old_answer(world, onprem) -> None:
    sent = world.send("usage", {"reports": [world.report(5)]}, **BY_TENANT)
    onprem.synchronise()
    world.clock.advance(240)
    assert "ack" in world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT).body
    again = world.send("usage", {"reports": [world.report(6)]}, **BY_TENANT)
    onprem.synchronise()
    assert "ack" not in world.send("poll", {"poll_id": again.poll_id}, **BY_TENANT).body


def test_onprem_8_conversion_is_booked_after_a_synchronisation(world, onprem) -> None:
    sent = world.send("dlc", {"features": {"securityk9": {"paper": 1}}}, **BY_TENANT)
    world.send("usage", {"reports": [world.report(5)]}, **BY_TENANT)
    onprem.synchronise()
    world.clock.advance(240)
    assert "ack" not in world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT).body
    world.clock.advance(1800)
    done = world.send("poll", {"poll_id": sent.poll_id}, **BY_TENANT)
    assert done.body["ack"]["dlc_done"] is True


def test_onprem_1_an_old_version_says_so_until_it_is_upgraded(world, onprem) -> None:
    onprem.version = parse_version("8-202012")
    reply = world.send("usage", {"reports": [world.report()]}, **BY_TENANT)
    assert (reply.ok, reply.reached, reply.reason) == (False, True, DOWN_REV)
    with pytest.raises(Refused, match="older version"):
        onprem.upgrade("7-202001")
    onprem.upgrade("8-202105")
    assert world.send("usage", {"reports": [world.report()]}, **BY_TENANT).ok


def test_onprem_2_and_5_a_slac_is_given_out_only_after_it_was_imported(world, onprem) -> None:
    asked = {"feature": "hseck9", "tag": "DNA_HSEC", "regid": HSEC, "count": 1}
    assert "no authorization code" in world.send("authorization", asked, **BY_TENANT).reason
    assert onprem.import_slac(world.portal.generate_slac(*UDI, "DNA_HSEC")) == 1
    reply = world.send("authorization", asked, **BY_TENANT)
    assert reply.ok
    instance = world.virtual.instances[UDI]
    assert reply.body["confirmation_code"] == instance.confirmation_code
    with pytest.raises(Refused):
        onprem.import_slac(b"<smartLicense></smartLicense>")


@pytest.mark.parametrize(
    "changes",
    [
        {"via": "cslu", "url": f"https://{HOST}/cslu/v1/pi/Other-1"},
        {
            "via": "callhome",
            "url": f"https://{HOST}/Transportgateway/services/DeviceRequestHandler",
        },
    ],
)
def test_the_wrong_path_or_transport_gets_an_empty_answer(world, onprem, changes) -> None:
    reply = world.send("usage", {"reports": [world.report()]}, **changes)
    assert (reply.ok, reply.reason) == (False, "Received empty response from server")


def test_a_classic_registration_goes_over_the_transport_gateway(world, onprem) -> None:
    url = f"https://{HOST}/Transportgateway/services/DeviceRequestHandler"
    body = {"token": world.token.secret}
    assert world.send("register", body, via="callhome", url=url).ok


@pytest.mark.parametrize("text", ["8", "8.202102", "", "8-20210"])
def test_a_version_is_written_as_it_is_printed(text: str) -> None:
    with pytest.raises(Refused, match="8-202102"):
        parse_version(text)


def test_a_person_upgrades_imports_and_synchronises_over_http(tmp_path: Path) -> None:
    from kit.serving import PASSWORD, SECRETS, scenario
    from slp_sim.lab import Lab
    from slp_sim.services.web import web_app

    entry = {"host": HOST, "version": "8-202012", "tenants": {"Local-1": "Eg-SA-01/Eg-VA-01"}}
    made = scenario({"name": "r1", "family": "s6_rtu"}, onprem=[entry])
    lab = Lab.from_scenario(made, password=PASSWORD, secrets=SECRETS)
    web = Browser(web_app(lab, {}))
    (row,) = web.get("/onprem").json()
    assert (row["version"], row["urls"]) == ("8-202012", {"Local-1": URL})
    assert web.post(f"/onprem/{HOST}/upgrade", data={"version": "8-202105"}).status_code == 200
    slac = lab.portal.generate_slac("ISR4351/K9", "FDO0000", "ISR_4351_Hsec")
    assert web.post(f"/onprem/{HOST}/slac", content=slac).json() == {"codes": 1}
    assert web.post(f"/onprem/{HOST}/synchronise").json() == {"routers": 0}
    assert web.post("/onprem/other.example/synchronise").status_code == 400


def test_onprem_4_after_the_new_registration_the_old_path_answers_with_the_tenants_url(
    world, onprem
) -> None:
    old = {
        "via": "callhome",
        "url": f"https://{HOST}/Transportgateway/services/DeviceRequestHandler",
    }
    asked = {"reports": [world.report()]}
    assert "transport_url" not in world.send("usage", asked, **old).body
    onprem.version = parse_version("8-202012")
    with pytest.raises(Refused, match="upgrade SSM On-Prem first"):
        onprem.register_again("Local-1")
    onprem.upgrade("8-202105")
    with pytest.raises(Refused, match="no local account Other"):
        onprem.register_again("Other")
    onprem.register_again("Local-1")
    reply = world.send("usage", asked, **old)
    assert (reply.ok, reply.reached) == (False, True)
    assert reply.body["transport_url"] == URL
    assert "transport_url" not in world.send("renew", {}, **old).body  # before SLP nothing moves
