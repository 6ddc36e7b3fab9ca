"""F34: ``slp trust`` names why a trust code is not given, each cause for itself, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.office import Office, office
from kit.routers import slp_router

DIRECT = ["license smart transport smart", "license smart url default"]
TOKEN = "good-token-0001"

REFUSED_BY_CSSM = {
    "F34-expired": ("token-expired", "the token has expired"),
    "F34-used-up": ("token-used-up", "used as often as it may be"),
    "F34-revoked": ("token-revoked", "the token was revoked"),
    "F34-unknown": ("token-invalid", "CSSM does not know the token"),
    "F34-other-account": ("other-account", "belongs to another account"),
}
ON_THE_ROUTER = {
    "F34-present": ("trust-present", "a trust code is installed already"),
    "F34-dns": ("dns", "cannot resolve the name"),
}
CAUSES = REFUSED_BY_CSSM | ON_THE_ROUTER


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    opened = []

    def begin(*routers: dict[str, Any], speed: float = 300.0) -> Office:
        context = office(tmp_path, capsys, *routers, speed=speed)
        made = context.__enter__()
        opened.append(context)
        return made

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


def trust_step(at: Office) -> dict[str, Any]:
    """Returns the trust step of the latest run, as ``slp show --json`` prints it."""
    steps = at.run()["routers"][0]["steps"]
    return next(s for s in steps if s["kind"] == "trust")


SLOW = set(CAUSES) - {"F34-expired", "F34-other-account"}


@pytest.mark.parametrize(
    "fault",
    [pytest.param(f, marks=pytest.mark.slow) if f in SLOW else f for f in sorted(CAUSES)],
)
def test_f34_each_cause_is_named_and_no_other(desk: Any, fault: str) -> None:
    name, words = CAUSES[fault]
    at = desk(slp_router(config=DIRECT, faults=[fault]), speed=3000.0)
    done = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert done.code == 1, done.err + done.out
    step = trust_step(at)
    said = " ".join(f"{step['detail']} {done.err}".split())
    assert words in said, said
    for other, (_, foreign) in CAUSES.items():
        assert other == fault or foreign not in said, f"{other} is named too"
    assert step["notes"]["cause"] == name
    assert TOKEN not in done.out + done.err + str(at.run())
    assert at.events().count("trust requested") == 1, "asked once, not again and again"
    assert "trust installed" not in at.events()


def test_f34_a_clock_more_than_an_hour_off_is_said_before_the_token_is_spent(desk: Any) -> None:
    clock = {"name": "F34-clock", "params": {"seconds": 7200}}
    at = desk(slp_router(config=DIRECT, faults=[clock]))
    done = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert done.code in (1, 3), done.err + done.out
    assert "clock is off by 120 minutes" in " ".join(done.err.split())
    assert "trust requested" not in at.events()


def test_f34_a_clock_that_runs_away_after_the_look_is_named(desk: Any) -> None:
    """The blocker is overridden: then the router asks, and CSSM's own word is told."""
    clock = {"name": "F34-clock", "params": {"seconds": 7200}}
    at = desk(slp_router(config=DIRECT, faults=[clock]))
    words = ["trust", "--token", "env:SLP_TOKEN", "--yes", "--allow", "READY-2=lab without NTP"]
    done = at.slp(*words)
    assert done.code == 1, done.err + done.out
    assert "clock is too far from the true time" in trust_step(at)["detail"]


def test_f34_a_host_name_equal_to_the_pid_is_said_before_the_token_is_spent(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT, hostname="ISR4351"))
    done = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert done.code == 3, done.err + done.out
    assert "equals the PID" in " ".join(done.err.split())
    assert "trust requested" not in at.events()


def test_f34_a_token_that_has_expired_in_cssm_is_named(desk: Any) -> None:
    """Not a fault of the lab: the token of last year, as CSSM keeps it."""
    at = desk(slp_router(config=DIRECT))
    done = at.slp("trust", "--token", "env:SLP_TOKEN_EXPIRED", "--yes")
    assert done.code == 1
    assert "the token has expired" in trust_step(at)["detail"]
    assert "old-token-0002" not in done.out + done.err + str(at.run())


@pytest.mark.parametrize("value", ["", "two words"])
def test_f34_a_token_that_is_none_is_said_before_the_router_hears_of_it(
    desk: Any, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(slp_router(config=DIRECT))
    monkeypatch.setenv("SLP_TOKEN", value)
    done = at.slp("trust", "--token", "env:SLP_TOKEN", "--yes")
    assert done.code in (1, 2), done.err + done.out
    assert "trust requested" not in at.events()
    assert "env:SLP_TOKEN" in done.err or "blank" in done.err + str(at.run())


@pytest.mark.slow
def test_f34_trust_that_is_there_is_not_asked_for_and_replaced_by_force_alone(desk: Any) -> None:
    at = desk(slp_router(config=DIRECT))
    assert at.slp("trust", "--token", "env:SLP_TOKEN", "--yes").code == 0
    assert "nothing to do" in at.slp("trust", "--token", "env:SLP_TOKEN", "--yes").out
    assert at.slp("trust", "--token", "env:SLP_TOKEN", "--force", "--yes").code == 0
    assert at.events().count("trust installed") == 2
