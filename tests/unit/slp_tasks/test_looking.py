"""A new boot is told by the router alone; log lines and causes are read as routers print them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from slp_tasks.look import Boot, LogLine, _log_line, config_lines
from slp_tasks.steps.preflight import skew
from slp_tasks.syslog_causes import cause_of, failure_in

T0 = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def boot(at_min: float, *, restarted_min: float | None, uptime_s: int | None) -> Boot:
    restarted = None if restarted_min is None else T0 + timedelta(minutes=restarted_min)
    return Boot(T0 + timedelta(minutes=at_min), restarted, uptime_s)


BEFORE = boot(0, restarted_min=-100, uptime_s=6000)


@pytest.mark.parametrize(
    ("now", "new", "why"),
    [
        (boot(1, restarted_min=-100, uptime_s=6060), False, "F01: the old boot still answers"),
        (boot(8, restarted_min=4, uptime_s=180), True, "a new boot, younger than the look before"),
        (boot(8, restarted_min=None, uptime_s=120), True, "uptime alone proves it"),
        (boot(8, restarted_min=4, uptime_s=None), True, "restart time alone proves it"),
        (boot(9, restarted_min=-40, uptime_s=6540), False, "NTP moved the clock, nothing rebooted"),
        (boot(3000, restarted_min=4, uptime_s=179_700), True, "seen again only days later"),
        (boot(8, restarted_min=None, uptime_s=None), False, "nothing is known"),
        (boot(1, restarted_min=-100.2, uptime_s=6060), False, "rounding is no reboot"),
    ],
)
def test_f01_only_another_later_boot_is_a_new_boot(now: Boot, new: bool, why: str) -> None:
    assert now.newer_than(BEFORE) is new, why


def test_a_boot_survives_being_kept_as_notes() -> None:
    assert Boot.from_notes(BEFORE.as_notes()) == BEFORE


@pytest.mark.parametrize(
    ("raw", "at", "mnemonic"),
    [
        (
            "*Nov 22 01:59:58.123: %SMART_LIC-3-COMM_FAILED: Communications failure",
            datetime(2026, 11, 22, 1, 59, 58, tzinfo=UTC),
            "SMART_LIC-3-COMM_FAILED",
        ),
        (
            "Dec 31 2025 23:59:59.001 UTC: %SIP-1-LICENSING: SIP service is Up.",
            datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
            "SIP-1-LICENSING",
        ),
        ("000123: %SYS-5-RESTART: System restarted --", None, "SYS-5-RESTART"),
    ],
)
def test_log_lines_are_dated_by_the_nearest_year(
    raw: str, at: datetime | None, mnemonic: str
) -> None:
    line = _log_line(raw, T0)
    assert line is not None
    assert (line.at, line.mnemonic) == (at, mnemonic)


def test_a_line_of_december_seen_in_january_is_of_last_year() -> None:
    line = _log_line("*Dec 31 23:59:00.000: %SYS-5-CONFIG_I: x", datetime(2027, 1, 1, tzinfo=UTC))
    assert line is not None
    assert line.at is not None
    assert line.at.year == 2026


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The token has expired", "token-expired"),
        ("token expired", "token-expired"),
        ("the token was used the maximum number of uses", "token-used-up"),
        ("The token was revoked", "token-revoked"),
        ("The token belongs to another virtual account", "other-account"),
        ("The token is not valid", "token-invalid"),
        ("Trust code is already installed, use force to replace it", "trust-present"),
        ("The device clock is off by more than one hour", "clock"),
        ("The hostname must not be the product identifier", "hostname"),
        ("Unable to resolve server hostname/domain name", "dns"),
        ("TLS handshake failed", "tls"),
        ("Received empty response from server", "empty-response"),
        ("Not enough licenses in the virtual account", "balance"),
        ("SSM OnPrem is down rev", "onprem-old"),
    ],
)
def test_f34_each_cause_is_named(text: str, name: str) -> None:
    found = cause_of(text)
    assert found is not None
    assert found.name == name


def log(*lines: str) -> list[LogLine]:
    return [LogLine(None, *line.split(": ", 1)) for line in lines]  # type: ignore[arg-type]


def test_failed_communication_that_was_restored_is_over() -> None:
    failed = "SMART_LIC-3-COMM_FAILED: Unable to resolve server hostname/domain name"
    assert failure_in(log(failed), ()) is not None
    assert failure_in(log(failed, "SMART_LIC-5-COMM_RESTORED: restored"), ()) is None


def test_a_refusal_that_nobody_knows_is_told_in_the_routers_words() -> None:
    found = failure_in(
        log("SMART_LIC-3-TRUST_INSTALL_FAILED: something nobody has seen"),
        ("TRUST_INSTALL_FAILED",),
    )
    assert found is not None
    assert "something nobody has seen" in found.sentence
    assert not found.final


def test_headers_and_comments_are_no_configuration() -> None:
    text = (
        "Building configuration...\n\nCurrent configuration : 1234 bytes\n!\n"
        "! Last configuration change at 01:02:03 UTC\nversion 17.6\nhostname r1\n"
        "interface Gi0\n ip address 1.1.1.1 255.0.0.0\nend\n"
    )
    assert config_lines(text) == (
        "version 17.6", "hostname r1", "interface Gi0", " ip address 1.1.1.1 255.0.0.0",
    )  # fmt: skip


@pytest.mark.parametrize(("router_s", "found"), [(1, 0), (-400, -400), (4000, 3990)])
def test_clock_skew_is_what_lies_outside_the_time_of_asking(router_s: int, found: int) -> None:
    router = T0 + timedelta(seconds=router_s)
    assert skew(router, T0, T0 + timedelta(seconds=10)) == found
