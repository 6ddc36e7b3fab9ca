"""What a router hears when its services cannot be reached (F34 no DNS, MSG-1)."""

from __future__ import annotations

import pytest

from kit.portal_world import CSLU_URL
from slp_sim.services.network import NO_DNS, NO_ROUTE, Path

UDI = ("ISR4351/K9", "FDO1")


@pytest.mark.parametrize(
    ("path", "request_", "reason"),
    [
        (Path(dns=False), {"via": "smart"}, NO_DNS),
        (Path(cssm=False), {"via": "smart"}, NO_ROUTE),
        (Path(cssm=False), {"via": "callhome"}, "Fail to send out Call Home HTTP message."),
        (Path(), {"via": "smart", "url": "https://nowhere.example/x"}, NO_DNS),
        (Path(), {"via": "smart", "url": "https://192.0.2.1/x"}, NO_ROUTE),
        (Path(), {"via": "cslu", "url": None}, NO_DNS),
        (Path(), {"via": "cslu", "url": "http://192.168.0.9:8182/cslu/v1/pi"}, NO_ROUTE),
        (Path(cslu=False), {"via": "cslu", "url": CSLU_URL}, NO_ROUTE),
    ],
)
def test_an_unreached_service_is_named_by_its_cause(world, path, request_, reason) -> None:
    world.network.paths[UDI] = path
    reply = world.trust(**request_)
    assert (reply.ok, reply.reached, reply.reason) == (False, False, reason)


@pytest.mark.parametrize(
    "request_",
    [
        {"via": "smart", "url": "https://smartreceiver.cisco.com/licservice/wrong"},
        {"via": "cslu", "url": "http://192.168.0.1:8182/cslu/v1/other"},
    ],
)
def test_a_wrong_path_on_the_right_server_gets_an_empty_answer(world, request_) -> None:
    reply = world.trust(**request_)
    assert (reply.ok, reply.reached) == (False, True)
    assert "empty response" in (reply.reason or "")


@pytest.mark.parametrize(
    "request_",
    [
        {"via": "smart"},
        {"via": "smart", "url": "https://smartreceiver.cisco.com/licservice/license"},
        {
            "via": "callhome",
            "url": "https://tools.cisco.com/its/service/oddce/services/DDCEService",
        },
    ],
)
def test_the_lab_answers_for_ciscos_own_addresses(world, request_) -> None:
    assert world.trust(**request_).ok


def test_an_address_needs_no_dns(world) -> None:
    world.network.paths[UDI] = Path(dns=False)
    sent = world.send("usage", {"reports": [world.report()]}, via="cslu", url=CSLU_URL)
    assert sent.ok


def test_cslu_local_is_found_where_the_dns_has_it(world) -> None:
    world.network.cslus["http://cslu-local:8182/cslu/v1/pi"] = world.cslu
    assert world.send("usage", {"reports": [world.report()]}, via="cslu", url=None).ok
