"""The licensing agent: what commands, files, services, time and reloads do to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kit.captures import spec_of
from kit.hand import Hand, policy_with, router_of
from kit.specs import SIZE, opened, slp, small, upgraded
from slp_sim.formats import Ack, Entitlement, ack_file, parse_usage, policy_file, slac_file
from slp_sim.ports import Reply
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

TOKEN = "planted-token-4711"


def converted(scenario: str, release: str, platform: str, **changes: Any) -> tuple[Router, Hand]:
    """Returns a router of a scenario after its upgrade in install mode."""
    spec = spec_of(scenario).model_dump(mode="json", exclude_unset=True)
    spec |= {"boot_mode": "install", "boot_image": None}
    spec["licensing"] |= changes.pop("licensing", {})
    router, _, hand = router_of(spec | changes)
    router.flash.write("new.bin", make_image(release, platform, SIZE), router.now())
    hand.type("install add file bootflash:new.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    return router, hand


@pytest.mark.parametrize(
    ("scenario", "release", "platform", "before", "after"),
    [
        ("s4", "17.4.1a", "isr4300", "callhome", "Type: cslu"),
        ("s4", "17.4.1a", "isr4300", "smart", "Type: Transport Off"),
        ("s2", "17.4.1a", "c1100", "callhome", "Type: Transport Off"),
        ("s2", "17.4.1a", "c1100", "smart", "Type: Transport Off"),
        ("s1", "17.3.2", "isr4400", "callhome", "Type: Callhome"),
        ("s1", "17.3.2", "isr4400", "smart", "Type: Smart"),
        ("s5", "17.3.2", "c1100", None, "Type: cslu"),
    ],
)
def test_transport_after_the_upgrade(
    scenario: str, release: str, platform: str, before: str | None, after: str
) -> None:
    changes = {"licensing": {"transport": before}} if before else {}
    _, hand = converted(scenario, release, platform, **changes)
    assert after in hand.show("show license status | section Transport")


def test_a_kept_transport_stands_in_the_configuration() -> None:
    _, hand = converted("s1", "17.3.2", "isr4400")
    assert "license smart transport callhome\n" in hand.show("show running-config")


def test_rtu_not_in_use_and_hseck9_without_pak_are_not_migrated() -> None:
    _, _, hand = opened()
    upgraded(hand)
    text = hand.show("show license usage")
    for feature in ("FoundationSuiteK9", "cme-srst", "hseck9", "ipbasek9", "internal_service"):
        assert feature not in text
    assert "DISABLED" not in hand.show("show platform software cerm-information")


def test_trust_survives_a_reload_and_an_erased_nvram() -> None:
    router, _, hand = router_of(slp())
    hand.type(f"license smart trust idtoken {TOKEN} local")
    hand.wait(5)
    hand.type("write memory")
    assert "will not clear license trust code" in hand.press("write erase\r")
    hand.press("\r")
    trust = router.agent.slp.trust_at
    assert trust is not None
    hand.type("reload", "no\r", "\r")
    hand.wait_for_boot()
    assert router.agent.slp.trust_at == trust


def test_no_token_is_kept_anywhere() -> None:
    router, _, hand = router_of(slp())
    hand.type("terminal width 511")
    hand.type(f"license smart trust idtoken {TOKEN} local")
    hand.wait(400)
    for command in (
        "show logging",
        "show running-config",
        "show license eventlog",
        "show license history message",
        "show license tech support",
        "show license all",
    ):
        assert TOKEN not in hand.show(command)
    assert TOKEN not in "\n".join(router.event_log)


def test_trust_replies_fail_by_name() -> None:
    router, world, hand = router_of(slp())
    world.refuse["trust"] = Reply(False, "the token has expired")
    hand.type(f"license smart trust idtoken {TOKEN} local")
    hand.wait(5)
    text = hand.show("show logging | include TRUST_INSTALL_FAILED")
    assert text.endswith("the token has expired\n")
    assert "FAIL: the token has expired" in hand.show("show license history message")
    assert not any(x.endswith("trust installed") for x in router.event_log)


def test_slac_replies_fail_by_name() -> None:
    _, world, hand = router_of(slp())
    world.refuse["authorization"] = Reply(False, "not enough licenses")
    hand.type("license smart authorization request add hseck9 local")
    hand.wait(10)
    assert "not enough licenses" in hand.show("show logging | i AUTHORIZATION_INSTALL_FAILED")
    assert "Status: NOT INSTALLED" in hand.show("show license authorization")


def test_a_returned_authorization_ends_its_licence() -> None:
    _, _, hand = router_of(slp())
    hand.type("license smart authorization request add hseck9 local")
    hand.wait(10)
    assert "hseck9" in hand.show("show license summary")
    assert "Return code: " in hand.type("license smart authorization return local online")
    assert "hseck9" not in hand.show("show license summary")


def test_slac_by_file() -> None:
    router, _, hand = router_of(slp(licensing={"transport": "off"}))
    hand.type("license smart authorization request save bootflash:request")
    assert b"smartLicenseAuthRequest" in (router.read_file("request") or b"")
    rows = [Entitlement(router.agent.hsec[1], 1, "x", "Export licence")]
    data = slac_file(pid=router.pid, sn=router.serial, entitlements=rows, issued=datetime.now(UTC))
    router.write_file("slac", data)
    assert "Import Data Successful" in hand.type("license smart import bootflash:slac")
    assert "hseck9" in hand.show("show license summary")
    assert "CERM functionality: DISABLED" in hand.show("show platform software cerm-information")


@pytest.mark.parametrize("what", ["ack", "slac"])
def test_f25_files_of_another_router_are_refused(what: str) -> None:
    router, _, hand = router_of(slp())
    now = datetime(2021, 1, 1, tzinfo=UTC)
    data = ack_file([Ack(router.pid, "OTHER", (1,), now)], policy_with())
    if what == "slac":
        rows = [Entitlement(router.agent.hsec[1])]
        data = slac_file(pid=router.pid, sn="OTHER", entitlements=rows, issued=now)
    router.write_file("file", data)
    assert "UDI mismatch" in hand.type("license smart import bootflash:file")
    status = hand.show("show license status")
    assert "Last ACK received: <none>" in status
    assert "Merged from multiple sources" in status


def test_damaged_and_missing_files_are_not_imported() -> None:
    router, _, hand = router_of(slp())
    router.write_file("file", policy_file(policy_with())[:-40])
    assert "Import Data Failed" in hand.type("license smart import bootflash:file")
    assert "could not be read" in hand.type("license smart import bootflash:nothing")


def test_a_policy_alone_can_be_imported() -> None:
    router, _, hand = router_of(slp())
    router.write_file("file", policy_file(policy_with()))
    assert "Import Data Successful" in hand.type("license smart import bootflash:file")
    assert "Policy name: SLP Policy" in hand.show("show license status")


def test_saved_usage_is_unreported_until_acknowledged() -> None:
    router, _, hand = router_of(slp(licensing={"transport": "off"}))
    hand.type("license smart save usage unreported file bootflash:one")
    hand.type("license smart save usage unreported file bootflash:two")
    first = parse_usage(router.read_file("one") or b"").reports
    second = parse_usage(router.read_file("two") or b"").reports
    assert [r["payload"] for r in second[: len(first)]] == [r["payload"] for r in first]
    ids = [r.report_id for r in router.agent.slp.reports]
    assert len(ids) == len(set(ids))


def test_usage_by_days_and_by_number() -> None:
    router, _, hand = router_of(slp())
    hand.type("license smart save usage all file bootflash:all")
    number = router.agent.slp.reports[0].report_id
    hand.type(f"license smart save usage rum-id {number} file bootflash:one")
    assert len(parse_usage(router.read_file("one") or b"").reports) == 1
    hand.type("license smart save usage days 1 file bootflash:days")
    assert router.read_file("days") is not None
    assert "no RUM reports" in hand.type("license smart save usage rum-id 5 file bootflash:none")


@pytest.mark.parametrize(("release", "key"), [("17.6.1", "meta"), ("17.7.1", "asset")])
def test_the_report_format_changes_with_17_7(release: str, key: str) -> None:
    import json

    router, _, hand = router_of(small(**{**slp(), "release": release}))
    hand.type("license smart save usage all file bootflash:x")
    payload = json.loads(parse_usage(router.read_file("x") or b"").reports[0]["payload"])
    where = payload["meta"] if key == "meta" else payload["asset_identification"]
    assert where["report_id"] > 1_500_000_000
    assert ("version" in payload) is (key == "asset")


def test_reports_are_pushed_again_after_each_interval() -> None:
    _, world, hand = router_of(slp())
    world.trusted = True
    hand.type("license smart sync local")
    hand.wait(300)
    hand.wait(31 * 86400)
    assert len(world.sent("usage")) == 2


def test_usage_interval_moves_the_next_push() -> None:
    router, world, hand = router_of(slp())
    world.trusted = True
    hand.type("license smart sync local")
    hand.wait(300)
    assert "% Invalid" in hand.configure("license smart usage interval 400")
    hand.configure("license smart usage interval 7")
    assert "Reporting push interval: 7 days" in hand.show("show license status")
    last, following = router.agent.slp.last_push, router.agent.slp.next_push
    assert last is not None
    assert following == last + timedelta(days=7)


def test_without_an_address_cslu_cannot_be_reached() -> None:
    _, _, hand = opened()
    upgraded(hand)
    hand.wait(300)
    text = hand.show("show logging | include COMM_FAILED")
    assert "Cisco Smart License Utility (CSLU) : Unable to resolve server hostname" in text


def test_factory_reset_needs_a_reload_and_forgets_trust() -> None:
    router, _, hand = router_of(slp())
    hand.type(f"license smart trust idtoken {TOKEN} local")
    hand.wait(400)
    text = hand.type("license smart factory reset")
    assert 'reload required after "license smart factory reset" command' in text
    hand.type("reload", "\r")
    hand.wait_for_boot()
    hand.wait(60)
    status = hand.show("show license status")
    assert "Trust Code Installed: <none>" in status
    assert "Last ACK received: <none>" in status
    assert router.agent.model == "slp"


@pytest.mark.parametrize("trusted", [True, False])
def test_back_to_a_release_without_slp(trusted: bool) -> None:
    router, _, hand = router_of(slp())
    if trusted:
        hand.type(f"license smart trust idtoken {TOKEN} local")
        hand.wait(5)
    router.flash.write("old.bin", make_image("16.12.4", "isr4300", SIZE), router.now())
    hand.type("install add file bootflash:old.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    assert "Status: UNREGISTERED" in hand.show("show license status")
    hand.wait(120)
    status = hand.show("show license status")
    assert ("Status: REGISTERED" in status) is trusted
    assert ("Status: EVAL MODE" in status) is not trusted


def test_slac_4_throughput_waits_for_its_authorization() -> None:
    router, hand = converted("s3", "17.6.1", "c8000v")
    assert "250000 kb/s" in hand.show("show platform hardware throughput level")
    rows = [Entitlement(router.agent.hsec[1], 1, "x", "Export licence")]
    data = slac_file(pid=router.pid, sn=router.serial, entitlements=rows, issued=router.now())
    router.write_file("slac", data)
    hand.type("license smart import bootflash:slac")
    assert "10000000 kb/s" in hand.show("show platform hardware throughput level")


def test_registration_of_old_and_its_end() -> None:
    router, world, hand = router_of(spec_of("s4"))
    assert "in progress" in hand.type(f"license smart register idtoken {TOKEN}")
    hand.wait(20)
    assert world.sent("register")[0].body["token"] == TOKEN
    status = hand.show("show license status")
    assert "Status: REGISTERED\n" in status
    assert "Virtual Account: Eg-VA-01" in status
    assert "already registered" in hand.type(f"license smart register idtoken {TOKEN}")
    assert "in progress" in hand.type("license smart renew auth")
    assert "deregister: Success" in hand.type("license smart deregister")
    assert "not registered" in hand.type("license smart deregister")
    assert "EVAL MODE" in hand.show("show license summary")
    assert router.agent.registration is None


def test_the_agents_of_two_eras_have_different_commands() -> None:
    _, _, old = router_of(spec_of("s4"))
    assert "% Invalid input" in old.type("license smart trust idtoken x local")
    assert "% Invalid input" in old.type("show license authorization")
    assert "% Invalid input" in old.configure("license smart transport cslu")
    _, _, new = router_of(slp())
    assert "% Invalid input" in new.type("license smart register idtoken x")
    assert "% Invalid input" in new.type("show license feature")


def test_a_pair_shows_both_processors() -> None:
    _, _, hand = router_of(slp(peer_serial="FDO99999XYZ"))
    hand.type(f"license smart trust idtoken {TOKEN} all")
    hand.wait(5)
    status = hand.show("show license status")
    assert "Active: PID:ISR4351/K9,SN:FDO210305DQ\n    INSTALLED on" in status
    assert "Standby: PID:ISR4351/K9,SN:FDO99999XYZ\n    INSTALLED on" in status
    assert "Standby:PID:ISR4351/K9,SN:FDO99999XYZ" in hand.show("show license udi")


def test_asr920_goes_to_no_license_mode_and_back_to_smart() -> None:
    spec = {
        "name": "a1",
        "hostname": "a1",
        "pid": "ASR-920-12CZ-A",
        "serial": "CAT1111X0AA",
        "release": "16.6.10",
        "boot_mode": "bundle",
        "licensing": {
            "model": "csl",
            "boot_level": "metroaggrservices",
            "licences": [{"feature": "metroaggrservices", "kind": "evaluation"}],
        },
    }
    router, _, hand = router_of(spec)
    assert "License Type: EvalRightToUse\n" in hand.show("show version")
    router.flash.write("new.bin", make_image("17.7.1", "asr920", SIZE), router.now())
    hand.configure("no boot system", "boot system bootflash:new.bin")
    hand.type("write memory")
    hand.type("reload", "\r")
    hand.wait_for_boot()
    text = hand.show("show version")
    assert "License Type: No License Mode\n" in text
    assert "Smart Licensing Status: Smart Licensing is DISABLED" in text
    hand.configure("license smart enable")
    hand.type("write memory", "\r")
    hand.type("reload", "\r")
    hand.wait_for_boot()
    assert "License Type: Smart License\n" in hand.show("show version")
    assert "metroaggrservices" in hand.show("show license summary")


@pytest.mark.parametrize(
    ("pid", "release", "line", "asks"),
    [
        ("CSR1000V", "17.6.1", "platform hardware throughput level MB 10000", True),
        ("ISR4351/K9", "17.3.2", "license feature hseck9", True),
        ("ISR4351/K9", "17.3.2", "ip domain name x.example", False),
    ],
)
def test_connected_routers_above_250m_ask_for_their_slac(
    pid: str, release: str, line: str, asks: bool
) -> None:
    spec = spec_of("s1").model_dump(mode="json", exclude_unset=True)
    spec |= {"pid": pid, "config": [line]}
    spec["licensing"]["licences"] = spec["licensing"]["licences"][:2]
    spec["licensing"]["export_flag_throughput"] = True
    if pid == "CSR1000V":
        spec["throughput_kbps"] = 10_000_000
    router, world, hand = router_of(spec)
    image = "c8000v" if pid == "CSR1000V" else "isr4300"
    router.flash.write("new.bin", make_image(release, image, SIZE), router.now())
    hand.type("install add file bootflash:new.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    hand.wait(300)
    assert bool(world.sent("authorization")) is asks
    assert ("hseck9" in hand.show("show license summary")) is asks


def test_a_universal_reservation_is_named_as_such() -> None:
    spec = spec_of("s2").model_dump(mode="json", exclude_unset=True)
    spec["licensing"] |= {"model": "plr", "reservation": None}
    _, _, hand = router_of(spec)
    status = hand.show("show license status")
    assert "Status: REGISTERED - UNIVERSAL LICENSE RESERVATION" in status
    assert "UNIVERSAL INSTALLED" in hand.show("show license reservation")
    assert "NOT AUTHORIZED" not in hand.show("show license summary")


def test_a_deadline_that_comes_near_is_announced_every_day() -> None:
    router, _, hand = opened()
    upgraded(hand)
    hand.type("install commit")
    hand.wait(334 * 86400)
    assert "required in 30 days" not in hand.show("show logging")
    hand.wait(3 * 86400)
    log = hand.show("show logging | include REPORTING_REQUIRED")
    assert "required in 29 days" in log
    assert "required in 28 days" in log
    hand.wait(40 * 86400)
    assert "acknowledgement is overdue" in hand.show("show logging")
    assert router.agent.slp.last_ack is None
