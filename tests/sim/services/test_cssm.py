"""CSSM as a router meets it: F34, F36, F37 and the everyday in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.portal_world import CSLU_URL, HSEC, SEC


def test_token_1_trust_takes_one_use_and_names_the_account(world) -> None:
    reply = world.trust()
    assert reply.ok
    assert (reply.body["smart_account"], reply.body["virtual_account"]) == ("SA", "VA")
    assert reply.body["trust_id"]
    assert world.token.uses_left == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"uses_left": 0}, "maximum number of uses"),
        ({"revoked": True}, "revoked"),
        ({"expires": "past"}, "expired"),
        ({"secret": "another"}, "not valid"),
    ],
)
def test_f34_each_way_in_which_a_token_fails_is_named(world, change, reason) -> None:
    sent = world.token.secret
    for key, value in change.items():
        past = world.clock.now() - timedelta(seconds=1)
        setattr(world.token, key, past if value == "past" else value)
    reply = world.send("trust", {"token": sent})
    assert not reply.ok
    assert reply.reached
    assert reason in (reply.reason or "")
    assert sent not in repr(reply) + "".join(world.log)  # F31


@pytest.mark.parametrize(("off", "fits"), [(3599, True), (3600, False), (-3600, False)])
def test_f34_a_clock_an_hour_off_is_refused(world, off: int, fits: bool) -> None:
    reply = world.trust(sent_at=world.clock.now() + timedelta(seconds=off))
    assert reply.ok is fits


def test_f34_a_host_name_equal_to_the_pid_is_refused(world) -> None:
    reply = world.trust(hostname="ISR4351/K9")
    assert not reply.ok
    assert "host name" in (reply.reason or "")


def test_a_refused_trust_uses_up_no_token(world) -> None:
    world.trust(hostname="ISR4351/K9")
    assert world.token.uses_left == 2


def test_a_registered_router_gets_trust_without_a_token_and_others_do_not(world) -> None:
    assert not world.send("trust", {"token": None}).ok
    assert world.send("register", {"token": world.token.secret}).ok
    assert world.send("trust", {"token": None}).ok


def test_the_policy_of_the_account_comes_with_trust_that_a_token_asked_for(world) -> None:
    assert world.trust().body["policy"] == world.virtual.policy.as_mapping()
    assert "policy" not in world.send("trust", {"token": None}).body


def test_usage_before_trust_is_refused_over_the_direct_way(world) -> None:
    reply = world.send("usage", {"reports": [world.report()]})
    assert (reply.ok, reply.reason) == (False, "trust is not established")


def test_the_acknowledgement_comes_after_a_while_and_by_polling(world) -> None:
    world.trust()
    reply = world.send("usage", {"reports": [world.report(1), world.report(2)]})
    assert reply.ok
    assert reply.poll_after_s == 240
    early = world.send("poll", {"poll_id": reply.poll_id})
    assert early.ok
    assert early.poll_id == reply.poll_id
    assert early.poll_after_s == 240
    world.clock.advance(240)
    ack = world.send("poll", {"poll_id": reply.poll_id}).body["ack"]
    assert ack["acked"] == [1, 2]
    assert ack["policy"] == world.virtual.policy.as_mapping()
    assert ack["dlc_done"] is False


def test_the_poll_id_is_too_long_for_a_float(world) -> None:
    world.trust()
    poll_id = world.send("usage", {"reports": [world.report()]}).poll_id
    assert len(str(poll_id)) == 18
    assert int(float(poll_id)) != poll_id


def test_another_routers_poll_id_is_refused(world) -> None:
    world.trust()
    poll_id = world.send("usage", {"reports": [world.report()]}).poll_id
    world.clock.advance(240)
    assert not world.send("poll", {"poll_id": poll_id}, sn="FDO2").ok
    assert not world.send("poll", {"poll_id": 5}).ok


def test_f24_an_altered_report_is_refused_whole(world) -> None:
    world.trust()
    altered = world.report(2)
    altered["payload"] = altered["payload"].replace("17.03.02", "17.03.03")
    reply = world.send("usage", {"reports": [world.report(1), altered]})
    assert not reply.ok
    assert "signature of report 2" in (reply.reason or "")
    assert world.cssm.accounts.find(("ISR4351/K9", "FDO1"))[1].reports == {}


def test_a_foreign_report_is_refused(world) -> None:
    world.trust()
    reply = world.send("usage", {"reports": [world.report(sn="FDO9")]})
    assert "FDO9" in (reply.reason or "")


def test_f36_a_report_id_with_other_content_is_refused(world) -> None:
    world.trust()
    assert world.send("usage", {"reports": [world.report(1)]}).ok
    assert not world.send("usage", {"reports": [world.report(1, count=3)]}).ok


def test_a_router_that_lost_the_answer_may_send_the_same_again(world) -> None:
    world.trust()
    same = world.report(1)
    assert world.send("usage", {"reports": [same]}).ok
    assert world.send("usage", {"reports": [same]}).ok


def test_usage_is_counted_against_the_account(world) -> None:
    world.trust()
    world.send("usage", {"reports": [world.report(1, count=6)]})
    balance = world.virtual.balance(world.virtual.pool(SEC))
    assert (balance.in_use, balance.free, balance.status) == (6, -1, "Out Of Compliance")


def test_slac_takes_from_the_balance_and_the_last_one_is_the_last(world) -> None:
    world.token.uses_left = None
    world.trust()
    world.trust(sn="FDO2")
    asked = {"feature": "hseck9", "tag": "DNA_HSEC", "regid": HSEC, "count": 1}
    first = world.send("authorization", asked)
    assert first.ok
    assert len(first.body["confirmation_code"]) == 8
    again = world.send("authorization", asked)
    assert again.body["confirmation_code"] == first.body["confirmation_code"]
    second = world.send("authorization", asked, sn="FDO2")
    assert not second.ok
    assert "0 free licences DNA_HSEC" in (second.reason or "")
    assert world.send("authorization_return", {"confirmation_code": "x"}).ok
    assert world.send("authorization", asked, sn="FDO2").ok


def test_token_2_without_export_control_there_is_no_slac(world) -> None:
    world.token.export_allowed = False
    world.trust()
    reply = world.send("authorization", {"tag": "DNA_HSEC", "count": 1})
    assert not reply.ok
    assert "export-controlled" in (reply.reason or "")


def test_dlc_is_booked_after_its_time_and_said_with_each_ack_from_then_on(world) -> None:
    world.trust()
    sent = world.send("dlc", {"features": {"securityk9": {"paper": 1}}})
    assert sent.ok
    world.clock.advance(240)
    reports = world.send("usage", {"reports": [world.report(1)]})
    world.clock.advance(240)
    assert not world.send("poll", {"poll_id": reports.poll_id}).body["ack"]["dlc_done"]
    world.clock.advance(1800)
    assert world.send("poll", {"poll_id": sent.poll_id}).body["ack"]["dlc_done"]


def test_topo_cslu_forwards_without_trust_and_carries_no_trust(world) -> None:
    direct = {"via": "cslu", "url": CSLU_URL}
    reply = world.send("usage", {"reports": [world.report()]}, **direct)
    assert reply.ok
    assert world.virtual.instances[("ISR4351/K9", "FDO1")].trust_id is None
    assert not world.send("trust", {"token": world.token.secret}, **direct).ok


def test_topo_cslu_offline_keeps_reports_until_a_person_brings_the_answer(world) -> None:
    from slp_sim.formats import parse_import

    world.cslu.connected = False
    by_cslu = {"via": "cslu", "url": CSLU_URL}
    sent = world.send("usage", {"reports": [world.report(4)]}, **by_cslu)
    assert world.send("poll", {"poll_id": sent.poll_id}, **by_cslu).poll_after_s > 0
    ((name, data),) = world.cslu.export_files()
    upload = world.portal.upload_usage(data, name)
    world.clock.advance(240)
    world.cslu.import_file(parse_import(world.portal.ack(upload.id)[1]))
    assert world.send("poll", {"poll_id": 1}, **by_cslu).body["ack"]["acked"] == [4]
