"""The scenarios, put together: what a router is, from all that was captured of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.state import RouterState

DATA = Path(__file__).parent / "data"
SCENARIOS = sorted(path.parent for path in DATA.glob("s*/router.yaml"))


def state_of(scenario: str, phase: str) -> RouterState:
    folder = next(path for path in DATA.iterdir() if path.name.startswith(scenario))
    import yaml

    facts = yaml.safe_load((folder / "router.yaml").read_text())
    return assemble(scenario, read_router(folder / phase).outputs, facts=facts)


@pytest.mark.parametrize("phase", ["pre", "post"])
@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda path: path.name)
def test_a_state_survives_json_and_every_value_is_proven(folder: Path, phase: str) -> None:
    state = state_of(folder.name, phase)
    again = RouterState.from_json(json.loads(json.dumps(state.to_json())))
    assert again == state
    assert again.to_json() == state.to_json()
    assert state.unknown == ()
    outputs = read_router(folder / phase).outputs
    for path, evidence in state.evidence.items():
        if evidence.command == "router.yaml":
            assert evidence.lines == ()
            continue
        count = len(outputs[evidence.command].split("\n"))
        assert evidence.lines, path
        assert all(1 <= line <= count for line in evidence.lines), path
    assert state.udi is not None
    assert state.release is not None


def test_s1_registered_keeps_callhome_and_its_licences_by_tag() -> None:
    before, after = state_of("s1", "pre"), state_of("s1", "post")
    assert before.licensing.registration.status == "REGISTERED"
    assert before.licensing.slp is None
    assert not before.known("licensing.slp")
    assert before.licensing.transport.kind == after.licensing.transport.kind == "callhome"
    assert [x.tag for x in before.licensing.licenses] == [
        "ISR_4400_Application",
        "ISR_4400_UnifiedCommunication",
        "ISR_4400_Security",
        "ISR_4460_BOOST",
        "ISR_4400_Hsec",
    ]
    hsec = after.license("ISR_4400_Hsec")
    assert hsec.name == "hseck9"  # usage and all say so; the summary of the seed has a slip
    assert hsec.enforcement == "EXPORT RESTRICTED"
    assert after.license("ISR_4460_BOOST").regid.startswith(
        "regid.2017-12.com.cisco.ISR_4460_BOOST"
    )
    member = after.licensing.authorization.members[0]
    assert (member.status, member.confirmation_code) == (
        "SMART AUTHORIZATION INSTALLED",
        "30bdf595",
    )
    assert after.licensing.trust.installed_on == datetime(2021, 1, 15, 3, 21, 29, tzinfo=UTC)
    assert after.licensing.policy.perpetual.first_report == 30
    assert after.throughput.level == "unthrottled"
    assert after.cerm.functionality == "DISABLED"


def test_s2_reservation_lines_stay_and_nothing_is_confused_with_not_printed() -> None:
    before, after = state_of("s2", "pre"), state_of("s2", "post")
    assert before.licensing.registration.status == "REGISTERED - SPECIFIC LICENSE RESERVATION"
    assert before.licensing.reservation.enabled is True
    assert not before.licensing.reservation.known("confirmation_code")
    assert before.license("ISR_1100_8P_Hsec").reserved_count == "UNLIMITED"
    assert after.licensing.reservation.enabled is True
    assert after.licensing.slp == "ENABLED"
    assert after.licensing.transport.kind == "off"
    assert after.licensing.trust.known("installed_on")
    assert after.licensing.trust.installed_on is None
    assert not before.known("licensing.trust")
    assert after.storage[0].free == 1558736896
    assert after.storage[0].files[-1].name == "c1100-universalk9.16.12.04.SPA.bin"


def test_s3_the_reservation_after_its_update_counts_and_facts_fill_the_rest() -> None:
    before, after = state_of("s3", "pre"), state_of("s3", "post")
    reservation = before.licensing.reservation
    assert reservation.confirmation_code == "3290c177"
    assert [x.tag for x in reservation.licenses] == ["ax_10G", "DNA_HSEC"]
    assert before.throughput.level == 10_000_000
    assert before.evidence["throughput.level"].command == "router.yaml"
    assert before.licensing.transport.kind == "callhome"
    assert after.throughput.level == 10_000_000
    assert after.evidence["throughput.level"].command == "show platform hardware throughput level"
    assert after.boot.image == "bootflash:c8000v-universalk9.SSA.bin"
    assert after.boot.mode == "bundle"
    assert after.boot.uptime_s == 60
    assert after.hostname == "Router"
    assert (after.udi.pid, after.udi.sn) == ("CSR1000V", "95QS2T1KUJX")
    assert after.licensing.smart_account is None
    assert after.licensing.known("smart_account")


def test_s4_later_moments_win_and_licences_of_all_moments_are_united() -> None:
    """Usage was taken before the SLAC, summary and all after it; status lies in between."""
    before, after = state_of("s4", "pre"), state_of("s4", "post")
    assert before.licensing.evaluation_left_s == ((89 * 24 + 23) * 60 + 57) * 60
    assert before.license("ISR_4351_Security").name is None
    assert before.cerm.tunnels_max == 1000
    tags = [x.tag for x in after.licensing.licenses]
    assert tags.count("ISR_4351_Hsec") == 1
    assert not any(tag.endswith("...") for tag in tags)
    assert after.licensing.policy.name == "SLE Policy"
    assert after.licensing.reporting.last_ack == datetime(2021, 1, 21, 4, 4, 10, tzinfo=UTC)
    assert after.evidence["licensing.reporting.last_ack"].command == "show license all"
    assert after.licensing.transport.url.startswith("https://smartreceiver.cisco.com/")
    assert after.licensing.transport.known("proxy")
    assert after.licensing.transport.proxy is None
    assert after.throughput.level == 400_000


def test_s5_pak_what_is_installed_goes_before_its_built_in_duplicate() -> None:
    before, after = state_of("s5", "pre"), state_of("s5", "post")
    assert before.licensing.licenses is None
    features = {x.feature: x for x in before.licensing.csl_features}
    assert features["hseck9"].license_state == "Active, In Use"
    assert features["appxk9"].store == "Primary License Storage"
    assert features["appxk9"].right_to_use is True
    assert features["hseck9"].right_to_use is False
    assert features["ipbasek9"].enabled is False
    member = after.licensing.authorization.members[0]
    assert (member.status, member.legacy_status) == ("NOT INSTALLED", "PAK")
    assert not member.known("confirmation_code")
    assert [x.tag for x in after.licensing.authorization.licenses] == [
        "ISR_1100_8P_Application",
        "ISR_1100_8P_Security",
        "ISR_1100_8P_Hsec",
    ]
    assert (after.licensing.conversion_status, after.licensing.dlc.process_status) == (
        "Successful",
        "Completed",
    )
    assert after.licensing.conversion_on == datetime(2021, 1, 20, 3, 17, 23, tzinfo=UTC)


def test_s6_rtu_status_after_the_sync_goes_before_all_from_before_it() -> None:
    after = state_of("s6", "post")
    assert after.licensing.transport.cslu_address == "http://192.168.0.1:8182/cslu/v1/pi"
    assert after.licensing.reporting.known("next_ack_deadline")
    assert after.licensing.reporting.next_ack_deadline is None
    assert after.licensing.reporting.push_interval_days == 0
    assert after.licensing.policy.name == "SLP Policy"
    assert after.licensing.dlc.conversion_status == "SUCCESS"
    assert after.throughput.level == 400_000


@pytest.mark.parametrize("name", ["s1", "s5"])
def test_rep_12_when_reporting_is_due_next_is_read(name: str) -> None:
    licensing = state_of(name, "post").licensing
    assert licensing is not None
    assert licensing.reporting is not None
    assert licensing.reporting.next_report_push is not None
    assert licensing.reporting.next_ack_deadline is not None
