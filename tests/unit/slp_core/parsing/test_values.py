"""Dates, durations, counts and identities, in every form in which routers print them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from slp_core.parsing import values
from slp_core.parsing.values import Stamped


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("Jan 15 02:15:40 2021 UTC", 0),
        ("Jan 15 02:15:40 2021 utc", 0),
        ("Jan 15 02:15:40 2021 GMT", 0),
        ("Jan 15 02:15:40 2021 CET", 1),
        ("Jan 15 02:15:40 2021 PDT", -7),
        ("Jan 15 02:15:40 2021 PST", -8),
        ("Jan 15 02:15:40 2021 EDT", -4),
        ("Jan 15 02:15:40 2021 est", -5),
        ("Jan 15 02:15:40 2021 IST", 5.5),
        ("Jan 15 2021 02:15:40 +00:00", 0),
        ("Jan 15 2021 02:15:40 -08:00", -8),
        ("2021-01-15 02:15:40.266 UTC", 0),
        ("02:15:40 UTC Fri Jan 15 2021", 0),
        ("*02:15:40.123 CET Fri Jan 15 2021", 1),
        ("Fri Jan 15 02:15:40 2021 UTC", 0),
        ("Jan  15 02:15:40 2021 UTC", 0),
    ],
)
def test_a_date_is_aware_where_its_zone_is_known(text: str, hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    assert values.when(text) == datetime(2021, 1, 15, 2, 15, 40, tzinfo=zone)
    assert values.when(text).tzinfo is not None


@pytest.mark.parametrize("zone", ["pacific", "CST", "HQ-Time", ""])
def test_a_date_in_a_zone_that_nobody_knows_has_none(zone: str) -> None:
    found = values.when(f"Jan 15 02:15:40 2021 {zone}".strip())
    assert found == datetime(2021, 1, 15, 2, 15, 40)
    assert found.tzinfo is None


@pytest.mark.parametrize(
    "text", ["", "Jan 15", "None", "Foo 15 02:15:40 2021 UTC", "Feb 30 02:15:40 2021 UTC", "12:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        values.when(text)


@pytest.mark.parametrize(
    ("text", "state", "dated"),
    [
        ("AUTHORIZED on Jan 15 02:37:24 2021 UTC", "AUTHORIZED", True),
        ("Installed On Jan 15 02:37:24 2021 UTC", "Installed", True),
        (
            "SMART AUTHORIZATION INSTALLED on Jan 15 02:37:24 2021 UTC",
            "SMART AUTHORIZATION INSTALLED",
            True,
        ),
        ("Example Corp. As of Jan 15 02:37:24 2021 UTC", "Example Corp.", True),
        ("Jan 15 02:37:24 2021 UTC", None, True),
        ("Merged from multiple sources.", "Merged from multiple sources.", False),
        ("Depending on the day", "Depending on the day", False),
    ],
)
def test_a_state_and_its_date_are_told_apart(text: str, state: str | None, dated: bool) -> None:
    found = values.stamped(text)
    assert found.text == state
    assert found.at == (datetime(2021, 1, 15, 2, 37, 24, tzinfo=UTC) if dated else None)
    assert ("at" in found.printed) is dated
    assert isinstance(found, Stamped)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("89 days, 23 hours, 57 minutes, 0 seconds", 7775820),
        ("1 minute", 60),
        ("2 years, 5 weeks, 1 minute", 66096060),
        ("1w2d", 777600),
        ("0  minute  0  second", 0),
    ],
)
def test_a_duration_is_in_seconds(text: str, seconds: int) -> None:
    assert values.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "Life time", "5 fortnights"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        values.seconds(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 days", 30),
        ("30  days", 30),
        ("0 (no reporting)", 0),
        ("30  days State(4) InPolicy(90)", 30),
        ("365 (CISCO default)", 365),
    ],
)
def test_a_push_interval_is_in_days(text: str, days: int) -> None:
    assert values.days(text) == days


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("400000 kb/s", 400000),
        ("400000 kbps", 400000),
        ("10000000 kb/s", 10_000_000),
        ("500M", 500_000),
        ("2.5G", 2_500_000),
        ("unthrottled", "unthrottled"),
        ("T3", "T3"),
    ],
)
def test_thr_4_a_throughput_is_a_number_or_a_word(text: str, level: int | str) -> None:
    assert values.level(text) == level


def test_yes_and_no_in_all_words() -> None:
    assert all(values.truth(word) for word in ("yes", "True", "ENABLED", "Enabled"))
    assert not any(values.truth(word) for word in ("no", "False", "DISABLED", "Not Configured"))
    with pytest.raises(ValueError, match="perhaps"):
        values.truth("perhaps")


@pytest.mark.parametrize(
    "text",
    [
        "PID:ISR4461/K9,SN:FDO222815Y4",
        "PID: ISR4461/K9 , SN: FDO222815Y4",
        "P:ISR4461/K9,S:FDO222815Y4",
    ],
)
def test_an_identity(text: str) -> None:
    found = values.udi(text)
    assert (found.pid, found.sn) == ("ISR4461/K9", "FDO222815Y4")
