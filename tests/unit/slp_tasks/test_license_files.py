"""Files that travel: read as far as they can be, never changed, refused where they do not fit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from slp_core.errors import InputError
from slp_core.files import read_license_file
from slp_core.state import Udi
from slp_sim import formats

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MINE = Udi(pid="ISR4351/K9", sn="FDO210305DQ")
OTHER = Udi(pid="ISR4351/K9", sn="FDO999999ZZ")
HSEC = formats.Entitlement("regid.2019-03.com.cisco.DNA_HSEC,1.0_509c41ab", 1, "Export")


def usage() -> bytes:
    report = formats.rum_report(
        pid=MINE.pid, sn=MINE.sn, report_id=1, software_tag="regid.x", entitlement_tag="regid.y",
        software_version="17.06.05", start=NOW, end=NOW,
    )  # fmt: skip
    system = formats.system_info(
        pid=MINE.pid, sn=MINE.sn, hostname="r1", software_tag="regid.x", at=NOW
    )
    return formats.usage_file([report, report], system)


def ack() -> bytes:
    return formats.ack_file(
        [formats.Ack(MINE.pid, MINE.sn, (1,), NOW)], formats.cisco_default_policy()
    )


FILES = {
    "usage": usage(),
    "ack": ack(),
    "slac": formats.slac_file(pid=MINE.pid, sn=MINE.sn, entitlements=[HSEC], issued=NOW),
    "slr": formats.slr_code_file(pid=MINE.pid, sn=MINE.sn, entitlements=[HSEC], issued=NOW),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_f25_each_kind_is_told_and_names_its_router(kind: str) -> None:
    found = read_license_file(FILES[kind], where="file")
    assert found.kind == kind
    assert found.fits(MINE)
    assert not found.fits(OTHER)


def test_reports_and_tags_are_counted() -> None:
    assert read_license_file(FILES["usage"], where="file").reports == 2
    assert read_license_file(FILES["slr"], where="file").tags == (HSEC.tag,)


def test_a_file_that_names_nobody_may_be_for_anybody() -> None:
    policy = formats.policy_file(formats.cisco_default_policy())
    found = read_license_file(policy, where="file")
    assert found.kind == "policy"
    assert found.fits(OTHER)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (FILES["ack"][:-20], "cut off"),
        (b"<html><body>Sign in</body></html>", "no file of Smart Licensing"),
        (b"PK\x03\x04", "no licence file, or it is cut off"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><smartLicense/>', "another document"),
    ],
)
def test_f24_f33_what_is_no_such_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_license_file(data, where="file")
