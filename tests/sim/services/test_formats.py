"""The files that travel: what was written is read again, and no altered byte passes (F24, F25)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from slp_sim.formats import (
    Ack,
    Entitlement,
    FormatError,
    Policy,
    ack_file,
    auth_request_file,
    cisco_default_policy,
    parse_auth_request,
    parse_import,
    parse_slr_request_code,
    parse_usage,
    policy_file,
    read_report,
    rum_report,
    slac_file,
    slr_code_file,
    slr_request_code,
    system_info,
    usage_file,
)

NOW = datetime(2021, 8, 2, 8, tzinfo=UTC)
HSEC = Entitlement(
    "regid.2019-03.com.cisco.DNA_HSEC,1.0_509c", 1, "Router US <Export>", "U.S. & so"
)


def report(**changes: object) -> dict:
    facts = {
        "pid": "ISR4351/K9",
        "sn": "FDO1",
        "report_id": 1627891200,
        "software_tag": "regid.x,1.0_a",
        "entitlement_tag": "regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d",
        "software_version": "17.03.02",
        "start": NOW,
        "end": NOW,
    }
    return rum_report(**(facts | changes))


def system() -> dict:
    return system_info(pid="ISR4351/K9", sn="FDO1", hostname="r1", software_tag="t", at=NOW)


@pytest.mark.parametrize("schema", ["1.0", "2.0"])
def test_usage_file_brings_every_report_back_byte_for_byte(schema: str) -> None:
    reports = [report(schema=schema, entitlement_tag="a]]>b <c>"), report(report_id=2)]
    content = parse_usage(usage_file(reports, system()))
    assert [r["payload"] for r in content.reports] == [r["payload"] for r in reports]
    assert content.system["hostname"] == "r1"
    usage = read_report(content.reports[0])
    assert (usage.pid, usage.sn, usage.report_id, usage.intact) == (
        "ISR4351/K9",
        "FDO1",
        1627891200,
        True,
    )


def test_f24_a_blank_more_in_the_payload_breaks_the_signature() -> None:
    altered = report()
    altered["payload"] = altered["payload"].replace(",", ", ", 1)
    assert not read_report(altered).intact


def test_a_signature_of_foreign_letters_does_not_fit_and_does_not_crash() -> None:
    altered = report()
    altered["signature"] = {"value": "ünfug"}
    assert not read_report(altered).intact


@pytest.mark.parametrize("make", [slac_file, slr_code_file])
def test_codes_carry_owner_licences_and_confirmation_code(make) -> None:
    data = make(pid="CSR1000V", sn="9A&B", entitlements=[HSEC], issued=NOW)
    (code,) = parse_import(data).authorizations
    assert (code.pid, code.sn, code.issued) == ("CSR1000V", "9A&B", NOW)
    assert code.entitlements == (HSEC,)
    assert len(code.confirmation_code) == 8
    other = make(pid="CSR1000V", sn="OTHER", entitlements=[HSEC], issued=NOW)
    assert parse_import(other).authorizations[0].confirmation_code != code.confirmation_code


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"<count>1", b"<count>9"), (b"P:CSR1000V", b"P:CSR1001V"), (b"DNA_HSEC", b"DNA_HSED")],
)
def test_an_altered_code_is_refused(old: bytes, new: bytes) -> None:
    data = slr_code_file(pid="CSR1000V", sn="9A", entitlements=[HSEC], issued=NOW)
    assert old in data
    with pytest.raises(FormatError, match="signature"):
        parse_import(data.replace(old, new, 1))


def test_ack_brings_policy_and_account_and_says_whose_it_is() -> None:
    acks = [Ack("A", "1", (7, 8), NOW, dlc_done=True)]
    found = parse_import(ack_file(acks, cisco_default_policy(), ("SA", "VA")))
    assert found.acks == tuple(acks)
    assert found.policy == cisco_default_policy()
    assert found.account == ("SA", "VA")
    assert found.kinds == {"ack", "policy"}
    assert found.for_udi("A", "1")
    assert not found.for_udi("A", "2")  # F25


def test_an_altered_ack_is_refused() -> None:
    data = ack_file([Ack("A", "1", (7,), NOW)])
    with pytest.raises(FormatError, match="signature"):
        parse_import(data.replace(b"[7]", b"[8]"))


def test_a_policy_alone_is_for_every_router() -> None:
    found = parse_import(policy_file(cisco_default_policy()))
    assert found.kinds == {"policy"}
    assert found.for_udi("any", "router")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        b"<smartLicense></smartLicense>",
        b"<smartLicense><RUMReport>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><smartLicense/>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_file_of_ours_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(FormatError):
        parse_import(data)
    with pytest.raises(FormatError):
        parse_usage(data)


def test_policy_mapping_with_a_gap_is_refused() -> None:
    data = cisco_default_policy().as_mapping()
    del data["requirements"]["export"]
    with pytest.raises(FormatError, match="export"):
        Policy.from_mapping(data)


def test_request_code_names_the_router_and_notices_typing_errors() -> None:
    code = slr_request_code("CSR1000V", "95QS2T1KUJX")
    assert parse_slr_request_code(f" {code}\n") == ("CSR1000V", "95QS2T1KUJX")
    with pytest.raises(FormatError):
        parse_slr_request_code(code.replace("UJX", "UJY"))


def test_authorization_request_file_brings_its_requests_back() -> None:
    request = {"sudi": {"udi_pid": "A", "udi_serial_number": "1"}, "keys": [{"entitlement": "t"}]}
    assert parse_auth_request(auth_request_file(system(), [request])) == (request,)
