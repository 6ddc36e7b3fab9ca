"""System messages as events; severity is not meaning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kit.cases import case_text
from slp_core.parsing import assemble, parse
from slp_core.parsing.messages import Message
from slp_core.planner.notices import notices_of_state
from slp_core.rules import builtin_rules
from slp_core.rules.messages import meaning_of
from slp_core.rules.schema import MessageRow


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


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("%INSTALL-3-OPERATION_ERROR_MESSAGE: R0/0: install_mgr: Failed to install add", "bad"),
        ("%INSTALL-3-INSTALL_OPERATION_ERROR_MESSAGE: R0/0: install_engine: Failed", "bad"),
        ("%SIP-5-LICENSING: CUBE license reporting period has been set to 8 hours.", "notice"),
        ("%SIP-5-LICENSING: the service is Down, and nobody failed", "notice"),
        ("%CUBE-3-LICENSING:  SIP trunking (CUBE) licensing is now based on sessions", "notice"),
        ("%VXE_THROUGHPUT-2-LOW_THROUGHPUT: CSR throughput set to low default level", "bad"),
        ("%VXE_THROUGHPUT-6-LEVEL: Throughput level has been set to 100 kbps", "notice"),
        ("%CMLIB-6-THROUGHPUT_VALUE: R0/0: cmand: Throughput license found", "notice"),
        ("%CERM-4-TX_BW_LIMIT: Maximum Tx Bandwidth limit of 85000 Kbps reached", "bad"),
        ("%CERM-4-RX_BW_LIMIT: Maximum Rx Bandwidth limit reached", "bad"),
        ("%CERM-4-TUNNEL_LIMIT: Maximum tunnel limit of 225 reached", "bad"),
        ("%CERM-4-TLS_SESSION_LIMIT: Maximum TLS session limit of 1000 reached", "bad"),
        ("%SYS-6-STARTUP_CONFIG_IGNORED: System startup configuration is ignored", "bad"),
        ("%PKI-2-NON_AUTHORITATIVE_CLOCK: PKI functions can not be initialized", "notice"),
        ("%SMART_LIC-6-AGENT_READY: Smart Agent for Licensing is initialized", "notice"),
        ("%SMART_LIC-6-EXPORT_CONTROLLED: Usage of export controlled is not allowed", "notice"),
        ("%SSH-5-SSH_COMPLIANCE_VIOLATION_RSA_KEY_SIZE: SSH RSA Key Size violation", "bad"),
        ("%SYS-5-CONFIG_I: Configured from console by failed on vty0", "notice"),
        ("%LINK-3-UPDOWN: Interface GigabitEthernet1, changed state to down", "unclassified"),
    ],
)
def test_c12_a_message_is_judged_by_its_name_and_not_by_a_word_of_its_text(
    line: str, meaning: str
) -> None:
    assert event(f"*Sep 22 16:05:29.841: {line}").meaning == meaning


@pytest.mark.parametrize("row", builtin_rules().messages, ids=lambda row: row.id)
def test_c12_a_severity_of_5_or_more_is_never_judged_by_a_word(row: MessageRow) -> None:
    words = "failed, error, down, not allowed, service is up, expired"
    for severity in (5, 6, 7):
        said = meaning_of(row.facility, severity, row.mnemonic.replace("*", "X"), words)
        bare = meaning_of(row.facility, severity, row.mnemonic.replace("*", "X"), "")
        assert said == bare


def test_c12_the_case_each_message_of_the_field_has_its_meaning() -> None:
    told: dict[str, str] = {}
    for name in ("", "__isr1100"):
        text = case_text(f"12-system-messages/show-platform-hardware-throughput-level{name}.txt")
        parsed = parse("show platform hardware throughput level", text)
        assert parsed.unknown == ()
        told |= {f"{m.facility}-{m.severity}-{m.mnemonic}": m.meaning for m in parsed.messages}
    assert told == {
        "VXE_THROUGHPUT-6-LEVEL": "notice",
        "VXE_THROUGHPUT-2-LOW_THROUGHPUT": "bad",
        "CUBE-3-LICENSING": "notice",
        "SIP-5-LICENSING": "notice",
        "INSTALL-3-OPERATION_ERROR_MESSAGE": "bad",
        "ISR_THROUGHPUT-6-CRYPTO": "notice",
        "SMART_LIC-6-AGENT_ENABLED": "notice",
        "SMART_LIC-6-EXPORT_CONTROLLED": "notice",
        "CMLIB-6-THROUGHPUT_VALUE": "notice",
        "SMART_LIC-3-COMM_FAILED": "bad",
    }


LOW = "*Oct  3 10:06:47.097: %VXE_THROUGHPUT-2-LOW_THROUGHPUT: CSR throughput set to low"
FAILED = "*Oct  3 10:06:47.097: %SMART_LIC-3-COMM_FAILED: Communications failure with CSLU"
RESTORED = "*Oct  3 10:07:47.097: %SMART_LIC-5-COMM_RESTORED: Communications with CSLU restored"


def told_by(*lines: str) -> list[str]:
    level = "The current throughput level is 100 kb/s"
    state = assemble("r1", {"show platform hardware throughput level": "\n".join([*lines, level])})
    return [n.text for n in notices_of_state(state) if n.rule == "MSG-5"]


def test_msg_5_trouble_among_the_outputs_is_told_with_what_to_do() -> None:
    (text,) = told_by(LOW)
    assert "%VXE_THROUGHPUT-2-LOW_THROUGHPUT" in text
    assert "lowest throughput" in text


def test_msg_5_what_a_later_message_takes_back_is_no_trouble() -> None:
    assert assemble("r1", {"show clock": f"{FAILED}\n{RESTORED}"}).messages == ()
    assert [m.mnemonic for m in assemble("r1", {"show clock": FAILED}).messages] == ["COMM_FAILED"]


def test_msg_1_a_failure_before_the_topology_is_set_is_expected() -> None:
    assert told_by(FAILED) == []
