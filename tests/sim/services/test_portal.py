"""What a person does in CSSM: files, reservations, codes, tokens."""

from __future__ import annotations

import pytest

from kit.portal_world import HSEC, SEC
from slp_sim.formats import Entitlement, parse_import, slr_request_code, system_info, usage_file
from slp_sim.services.account import ProductInstance, Refused, Reservation
from slp_sim.services.portal import DONE, FAILED, PROCESSING

UDI = ("ISR4351/K9", "FDO1")


def saved(world, *reports, conversion=None) -> bytes:
    info = system_info(
        pid=UDI[0],
        sn=UDI[1],
        hostname="r1",
        software_tag="t",
        at=world.clock.now(),
        conversion=conversion,
    )
    return usage_file(list(reports), info)


def reserved(world) -> ProductInstance:
    instance = ProductInstance("CSR1000V", "9A", "r3", "SA", "VA")
    instance.reservation = Reservation((Entitlement(SEC, 1, "Security"),), "4372613e")
    world.virtual.instances[instance.udi] = instance
    return instance


def test_topo_airgap_a_usage_file_is_processed_then_acknowledged(world) -> None:
    upload = world.portal.upload_usage(saved(world, world.report(7)), "u.xml")
    assert world.portal.state(upload) == PROCESSING
    with pytest.raises(Refused, match=PROCESSING):
        world.portal.ack(upload.id)
    world.clock.advance(240)
    assert world.portal.state(upload) == DONE
    name, data = world.portal.ack(upload.id)
    found = parse_import(data)
    assert name == "ACK_u.xml"
    assert [a.acked for a in found.acks] == [(7,)]
    assert found.for_udi(*UDI)
    assert found.account == ("SA", "VA")


def test_f36_the_same_file_twice_is_a_duplicate(world) -> None:
    data = saved(world, world.report(7))
    world.portal.upload_usage(data, "u.xml")
    again = world.portal.upload_usage(data, "u.xml")
    assert world.portal.state(again) == FAILED
    assert "duplicates" in (again.error or "")


def test_f24_an_altered_file_is_refused_with_its_cause(world) -> None:
    data = saved(world, world.report(7)).replace(b"17.03.02", b"17.03.03")
    upload = world.portal.upload_usage(data, "u.xml")
    assert "signature of report 7" in (upload.error or "")
    with pytest.raises(Refused):
        world.portal.ack(upload.id)


def test_conversion_in_a_file_is_booked_and_said_in_a_later_ack(world) -> None:
    features = {"securityk9": {"permanent": 1, "eval_rtu": 0, "rtu": 0, "paper": 0}}
    upload = world.portal.upload_usage(saved(world, world.report(7), conversion=features), "u.xml")
    world.clock.advance(240)
    assert not parse_import(world.portal.ack(upload.id)[1]).acks[0].dlc_done
    world.clock.advance(1800)
    assert parse_import(world.portal.ack(upload.id)[1]).acks[0].dlc_done


def test_slrup_2_the_update_keeps_what_is_reserved_and_adds(world) -> None:
    instance = reserved(world)
    data = world.portal.update_reservation("CSR1000V", "9A", {"DNA_HSEC": 1})
    (code,) = parse_import(data).authorizations
    assert [e.tag for e in code.entitlements] == [SEC, HSEC]
    assert instance.reservation.confirmation_code == "4372613e"  # until it is confirmed
    assert world.virtual.balance(world.virtual.pool(HSEC)).free == 0  # in transition already


def test_slrup_4_only_the_code_that_the_router_shows_completes_it(world) -> None:
    instance = reserved(world)
    data = world.portal.update_reservation("CSR1000V", "9A", {"DNA_HSEC": 1})
    with pytest.raises(Refused, match="not valid"):
        world.portal.enter_confirmation("CSR1000V", "9A", "00000000")
    shown = parse_import(data).authorizations[0].confirmation_code
    world.portal.enter_confirmation("CSR1000V", "9A", f" {shown.upper()} ")
    assert instance.reservation.confirmation_code == shown
    with pytest.raises(Refused, match="no reservation waits"):
        world.portal.enter_confirmation("CSR1000V", "9A", shown)


def test_slrup_1_without_a_balance_there_is_no_update(world) -> None:
    reserved(world)
    world.virtual.pool(HSEC).total = 0
    with pytest.raises(Refused, match="0 free licences"):
        world.portal.update_reservation("CSR1000V", "9A", {"DNA_HSEC": 1})


def test_an_update_without_a_reservation_is_refused(world) -> None:
    with pytest.raises(Refused, match="no product instance"):
        world.portal.update_reservation("CSR1000V", "9A", {"DNA_HSEC": 1})
    world.trust()
    with pytest.raises(Refused, match="no reservation"):
        world.portal.update_reservation(*UDI, {"DNA_HSEC": 1})


def test_a_first_reservation_begins_with_the_routers_request_code(world) -> None:
    code = slr_request_code("CSR1000V", "9B")
    data = world.portal.reserve(code, {"DNA_HSEC": 1}, None)
    assert parse_import(data).for_udi("CSR1000V", "9B")
    with pytest.raises(Refused, match="update it instead"):
        world.portal.reserve(code, {"DNA_HSEC": 1}, None)


def test_a_slac_for_a_router_that_cssm_has_never_seen(world) -> None:
    data = world.portal.generate_slac("ISR4351/K9", "NEW", "DNA_HSEC")
    (code,) = parse_import(data).authorizations
    assert (code.kind, code.sn, code.entitlements[0].tag) == ("slac", "NEW", HSEC)


@pytest.mark.parametrize("days", [0, 366])
def test_token_1_a_token_lives_between_one_day_and_a_year(world, days: int) -> None:
    with pytest.raises(Refused, match="1 to 365"):
        world.portal.create_token(None, name="x", days=days)


def test_a_new_token_works_until_it_is_revoked(world) -> None:
    token = world.portal.create_token("SA/VA", name="new", days=1, uses=5)
    assert world.send("trust", {"token": token.secret}).ok
    assert token.secret not in repr(token)
    world.portal.revoke_token("SA/VA", "new")
    assert not world.send("trust", {"token": token.secret}).ok


def test_b9_9_a_removed_instance_must_register_again(world) -> None:
    world.send("register", {"token": world.token.secret})
    world.portal.remove_instance(*UDI)
    assert not world.send("renew", {"what": "auth"}).ok
    assert world.send("register", {"token": world.token.secret}).ok
