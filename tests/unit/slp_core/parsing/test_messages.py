"""System messages as events; severity is not meaning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from slp_core.parsing import parse
from slp_core.parsing.messages import Message


def event(line: str) -> Message:
    parsed = parse("show license summary", f"License Usage:\n{line}\n  No licenses in use")
    assert len(parsed.messages) == 1
    return parsed.messages[0]


@pytest.mark.parametrize(
    ("line", "facility", "severity", "mnemonic", "meaning"),
    [
        ("*Jan 15 03:26:07.1: %SIP-1-LICENSING: SIP service is Up. License report acknowledged.",
         "SIP", 1, "LICENSING", "good"),
        ("%SIP-1-LICENSING: SIP service is Up.", "SIP", 1, "LICENSING", "good"),
        ("%SIP-1-LICENSING: SIP service is Down. License report acknowledgement timed out.",
         "SIP", 1, "LICENSING", "bad"),
        ("%SMART_LIC-6-TRUST_INSTALL_SUCCESS: A new licensing trust code was installed",
         "SMART_LIC", 6, "TRUST_INSTALL_SUCCESS", "good"),
        ("Jan 15 03:26:07.1 UTC: %SMART_LIC-3-COMM_FAILED: Communications failure",
         "SMART_LIC", 3, "COMM_FAILED", "bad"),
        ("000017: *Jan 15 03:26:07.1: %ISR_THROUGHPUT-6-LEVEL: Throughput level has been set",
         "ISR_THROUGHPUT", 6, "LEVEL", "notice"),
        ("<189>41: r1: *Jan 15 03:26:07.1: %SMART_LIC-5-IN_COMPLIANCE: All entitlements",
         "SMART_LIC", 5, "IN_COMPLIANCE", "good"),
        ("%INSTALL-5-INSTALL_COMPLETED_INFO: R0/0: install_engine: Completed install_add",
         "INSTALL", 5, "INSTALL_COMPLETED_INFO", "good"),
        ("%SMART_LIC-4-SOMETHING_NEW: nobody has seen this one",
         "SMART_LIC", 4, "SOMETHING_NEW", "unclassified"),
        ("%PLATFORM-SUB-3-ODD_NAME: a facility of two words",
         "PLATFORM-SUB", 3, "ODD_NAME", "unclassified"),
    ],
)  # fmt: skip
def test_msg_3_what_a_message_means(
    line: str, facility: str, severity: int, mnemonic: str, meaning: str
) -> None:
    found = event(line)
    assert (found.facility, found.severity, found.mnemonic) == (facility, severity, mnemonic)
    assert found.meaning == meaning
    assert found.line == 2
    assert found.text


def test_a_message_with_a_year_and_a_zone_has_its_time() -> None:
    found = event("Jan 15 2021 03:26:07.123 UTC: %SMART_LIC-5-COMM_RESTORED: back")
    assert found.at == datetime(2021, 1, 15, 3, 26, 7, tzinfo=UTC)


def test_a_message_without_a_year_has_none() -> None:
    assert event("*Jan 15 03:26:07.123: %SMART_LIC-5-COMM_RESTORED: back").at is None
    assert event("00:01:12: %SMART_LIC-5-COMM_RESTORED: back").at is None
