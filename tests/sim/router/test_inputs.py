"""Altering any input of a router changes every output that depends on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from kit.captures import spec_of
from kit.hand import Hand, router_of
from slp_sim.router.spec import RouterSpec

SLP = {
    "model": "slp",
    "transport": "cslu",
    "url": "http://192.0.2.5:8182/cslu/v1/pi",
    "licences": [{"feature": "securityk9", "name": "securityk9"}],
    "trust": {
        "installed_at": "2021-01-10T01:02:03Z",
        "smart_account": "SA",
        "virtual_account": "VA",
    },
}


class Case(NamedTuple):
    """One input, its new value, and where that must be seen."""

    scenario: str
    path: str
    value: Any
    where: tuple[str, ...]
    seen: str = ""
    """What the outputs print then; empty: that they differ is enough."""


def case(scenario: str, path: str, value: Any, where: str, seen: str = "") -> Case:
    return Case(scenario, path, value, tuple(w.strip() for w in where.split("|")), seen)


def base(scenario: str) -> dict[str, Any]:
    """Returns a router as data; ``slp`` is one that runs Smart Licensing Using Policy already."""
    if scenario == "slp":
        changed = {"release": "17.6.5", "licensing": SLP, "build": None, "compiled": None}
        return {**spec_of("s6").model_dump(mode="json", exclude_unset=True), **changed}
    if scenario == "asr":
        licences = [{"feature": "metroaggrservices", "name": "metroaggrservices"}]
        licensing = {"model": "eval", "boot_level": "metroaggrservices", "licences": licences}
        return {
            "name": "a",
            "pid": "ASR-920-12CZ-A",
            "serial": "CAT1111X0AA",
            "release": "17.3.4",
            "boot_mode": "bundle",
            "licensing": licensing,
        }
    return spec_of(scenario).model_dump(mode="json", exclude_unset=True)


L, R, S = "licensing.licences.0", "licensing.registration", "licensing.reservation"
CASES = [
    case("s1", "hostname", "edge-77", "version|running-config|startup-config", "edge-77"),
    case(
        "s1", "pid", "ISR4431/K9", "version|license all|inventory|license udi|platform", "ISR4431"
    ),
    case("s1", "serial", "FDO0000NEW1", "version|license all|license udi|inventory", "FDO0000NEW1"),
    case("s1", "release", "16.12.9", "version|install summary|flash:|redundancy", r"16\.0?12\.0?9"),
    case("s1", "build", "fc9", "version", r"\(fc9\)"),
    case("s1", "compiled", "Mon 01-Jun-20 01:02", "version", "Compiled Mon 01-Jun-20 01:02"),
    case(
        "s6", "throughput_kbps", 100000, "platform hardware throughput level|running-config", "1000"
    ),
    case("s5", "crypto_kbps", 50000, "platform hardware throughput crypto|running-config", "50000"),
    case("slp", "controller_mode", True, "version", "Controller-Managed"),
    case("s1", "boot_mode", "bundle", "version|install summary|boot", ""),
    case("s3", "boot_image", "other.16.12.02.bin", "version|boot|running-config", "other.16.12.02"),
    case("s1", "config_register", "0x2142", "version|boot|redundancy", "0x2142"),
    case("s1", "peer_serial", "FDO1111PEER", "redundancy|boot|install summary", ""),
    case("s1", "clock_offset_s", 86400.0, "clock", ""),
    case("s1", "ntp", False, "clock|ntp status|running-config", ""),
    case("s1", "up_s", 7200.0, "version|redundancy|platform", "2 hours|02:00:00"),
    case("s1", "flash.total", 9_000_000_000, "file systems|version", "9000000000|8789062K"),
    case("s1", "flash.free", 123_456_789, "file systems|flash:", "123456789"),
    case("s1", "flash.files", [{"name": "seen.txt", "text": "x"}], "flash:", "seen.txt"),
    case(
        "s1",
        "users",
        [{"name": n, "password": "p"} for n in ("admin", "eve")],
        "running-config",
        "username eve",
    ),
    case("s1", "enable_secret", "x", "running-config", "enable secret 9"),
    case(
        "s1", "config", ["ip domain name a.example"], "running-config|startup-config|hosts", "a.exa"
    ),
    case("s1", "unsaved", ["ip domain name b.example"], "running-config|hosts", r"b\.example"),
    case("s1", "banner_motd", "Keep out", "banner motd", "Keep out"),
    case("s6", f"{L}.feature", "newk9", "license|license feature|license all", "newk9"),
    case("s6", f"{L}.kind", "pak", "license|license all", ""),
    case("s6", f"{L}.in_use", False, "license|license all", "Not in Use"),
    case("s6", f"{L}.period_used_s", 100_000.0, "license", ""),
    case("s6", f"{L}.counted", True, "license", "0/0"),
    case("s6", f"{L}.priority", "High", "license", ""),
    case("s6", f"{L}.enforced", False, "license feature", ""),
    case("s6", f"{L}.has_evaluation", False, "license feature", ""),
    case("s6", f"{L}.right_to_use", False, "license feature", ""),
    case("s5", f"{L}.stored", -1, "license all", ""),
    case("s1", f"{L}.tag", "ISR_X_Tag", "license summary|license usage|license all", "ISR_X_Tag"),
    case("slp", f"{L}.regid", "regid.2020-01.com.cisco.Z,1.0_a", "license tech support", "cisco.Z"),
    case("s1", f"{L}.name", "Other name", "license summary|license usage", "Other name"),
    case("s1", f"{L}.description", "Other words", "license usage|license all", "Other words"),
    case("s1", f"{L}.count", 7, "license summary|license usage|license all", "7"),
    case("s4", f"{L}.restricted", True, "license usage", "RESTRICTED - NOT ALLOWED"),
    case("slp", f"{L}.license_type", "Subscription", "license usage", "type: Subscription"),
    case("s1", f"{L}.status", "NOT AUTHORIZED", "license summary|license usage", "NOT AUTHORIZED"),
    case(
        "slp",
        "licensing.transport",
        "smart",
        "license status|license all|running-config",
        "smart|Smart",
    ),
    case(
        "slp",
        "licensing.url",
        "http://192.0.2.6:8182/cslu/v1/pi",
        "license status|running-config",
        "192.0.2.6",
    ),
    case(
        "s4",
        "licensing.evaluation_left_s",
        5 * 86400.0,
        "license summary|license status",
        "[45] days",
    ),
    case("asr", "licensing.boot_level", "metroipaccess", "version|running-config", "metroipaccess"),
    case(
        "slp",
        "licensing.trust.installed_at",
        "2021-01-11T04:05:06Z",
        "license status|license all",
        "04:05:06",
    ),
    case(
        "slp", "licensing.trust.smart_account", "Other-SA", "license status|license all", "Other-SA"
    ),
    case(
        "slp",
        "licensing.trust.virtual_account",
        "Other-VA",
        "license status|license all",
        "Other-VA",
    ),
    case("slp", "licensing.unacknowledged_reports", 9, "license rum id all", ""),
    case("slp", "licensing.hseck9_tag", "Own_Hsec", "license tech support", ""),
    case(
        "slp",
        "licensing.hseck9_regid",
        "regid.2020-01.com.cisco.H,1.0_b",
        "license tech support",
        "cisco.H,1.0_b",
    ),
    case("s1", f"{R}.smart_account", "Other-SA", "license summary|license status", "Other-SA"),
    case("s1", f"{R}.virtual_account", "Other-VA", "license summary|license status", "Other-VA"),
    case(
        "s1", f"{R}.registered_at", "2021-01-02T03:04:05Z", "license status", "Jan 02 03:04:05 2021"
    ),
    case("s1", f"{R}.expires_at", "2022-02-02T02:02:02Z", "license status", "Feb 02 02:02:02 2022"),
    case(
        "s1",
        f"{R}.authorized_at",
        "2021-01-14T01:02:03Z",
        "license summary|license status",
        "Feb 13 01:02:0[23]",
    ),
    case(
        "s1",
        f"{R}.deadline_at",
        "2021-09-09T09:09:09Z",
        "license status",
        "Sep 09 09:09:09",
    ),
    case(
        "s1",
        f"{R}.failed_at",
        "2021-01-14T05:05:05Z",
        "license status",
        "FAILED on Jan 14 05:05:05",
    ),
    case("s1", f"{R}.export_controlled", False, "license summary|license status", "NOT ALLOWED"),
    case("s2", f"{S}.confirmation_code", "abcd1234", "license reservation", "abcd1234"),
    case(
        "s2",
        f"{S}.installed_at",
        "2021-01-01T01:01:01Z",
        "license reservation",
        "Jan 01 01:01:01 2021",
    ),
    case(
        "s2", f"{S}.registered_at", "2021-01-03T01:01:01Z", "license status", "Jan 03 01:01:01 2021"
    ),
    case("s2", f"{S}.licences.0.count", 5, "license reservation", "Total reserved count: 5"),
    case("s2", f"{S}.licences.0.tag", "ISR_Y_Tag", "license reservation", "ISR_Y_Tag"),
    case("s2", f"{S}.licences.0.name", "Another", "license reservation", "Another"),
    case("s2", f"{S}.licences.0.license_type", "TERM", "license reservation", "TERM"),
]
"""What is printed without anybody doing anything."""

FAILED = {"failure_reason": "No answer", "failed_at": "2021-01-14T05:05:05Z"}
FAILED_TOO = {f"{R}.failure_reason", f"{R}.next_attempt_at"}
ELSEWHERE = {
    "name": "the lab's name of the router; test_scenario",
    "licensing": "its fields",
    "flash": "its fields",
    "users.name": "users", "users.password": "test_logins_are_checked",
    "users.privilege": "test_user_exec_shows_little_until_enabled",
    "flash.files.name": "flash.files", "flash.files.text": "test_terminal, more and verify",
    "flash.files.size": "below", "flash.files.release": "below", "flash.files.platform": "below",
    "flash.files.modified": "below", "flash.files.directory": "below",
    "faults": "test_faults", "faults.name": "test_faults", "faults.params": "test_faults",
    "boot_s": "test_times_of_the_scenario_are_kept", "add_s": "test_times_of_the_scenario_are_kept",
    "max_vty": "test_sessions_end_with_exit_and_lines_are_free_again",
    "reachable": "test_ping_comes_back_where_routes_lead",
    "vrf": "test_copying, test_daily",
    "standby": "test_pair", "standby.release": "test_pair", "standby.sync_s": "test_pair",
    "standby.unequal_paks": "test_pair",
    "ssh_key_bits": "test_ssh_keys",
    "banner_login": "test_server, before the login", "banner_exec": "test_banners_greet",
    "licensing.model": "every test of fidelity",
    "licensing.licences": "its fields", "licensing.registration": "its fields",
    "licensing.reservation": "its fields", "licensing.trust": "its fields",
    "licensing.reservation.licences": "its fields",
    "licensing.reservation.licences.regid": "below",
    "licensing.reservation.licences.description": "below",
    "licensing.reservation.licences.restricted": "below",
    "licensing.export_flag_throughput": "test_s3_reservation_is_updated_before_the_upgrade",
}  # fmt: skip
"""Fields that are not in a ``show`` at rest, and where they are proven."""


def with_(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    at: Any = data
    *heads, last = path.split(".")
    for head in heads:
        at = at[int(head)] if head.isdigit() else at.setdefault(head, {})
    at[last] = value
    return data


def opened(data: dict[str, Any]) -> Hand:
    data.setdefault("name", "r")
    return router_of(RouterSpec.model_validate(data))[2]


@pytest.mark.parametrize("one", CASES, ids=lambda c: f"{c.scenario}-{c.path}")
def test_altering_an_input_changes_every_output_that_depends_on_it(one: Case) -> None:
    before, after = (
        opened(base(one.scenario)),
        opened(with_(base(one.scenario), one.path, one.value)),
    )
    for words in one.where:
        old, new = before.show(f"show {words}"), after.show(f"show {words}")
        assert "% Invalid" not in old + new, words
        assert old != new, f"show {words} does not depend on {one.path}"
        assert re.search(one.seen, new), f"show {words}: {one.seen} is not printed:\n{new}"


def test_a_failed_renewal_tells_why_and_when_it_is_tried_again() -> None:
    data = base("s1")
    for key, value in {**FAILED, "next_attempt_at": "2021-01-15T06:06:06Z"}.items():
        with_(data, f"{R}.{key}", value)
    text = opened(data).show("show license status")
    assert "Failure reason: No answer" in text
    assert "Jan 15 06:06:0" in text


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("size", 4321, " 4321 "),
        ("modified", "2020-02-03T04:05:06Z", "Feb 3 2020 04:05:06 +00:00"),
        ("directory", True, "drwx"),
    ],
)
def test_files_are_listed_as_the_scenario_has_them(field: str, value: Any, seen: str) -> None:
    data = base("s1") | {"flash": {"files": [{"name": "f", field: value}]}}
    assert seen in opened(data).show(
        "dir bootflash:f" if field != "directory" else "dir bootflash:"
    )


def test_an_image_is_of_its_release_and_platform() -> None:
    for platform, words in (("isr4400", "SUCCESS"), ("asr1000rpx86", "not compatible")):
        file = {"name": "i.bin", "release": "17.3.2", "platform": platform}
        hand = opened(base("s1") | {"flash": {"total": 9 * 10**9, "files": [file]}})
        text = hand.show("install add file bootflash:i.bin")
        assert words in text
        assert ("17.03.02" in text) == (words == "SUCCESS")


@pytest.mark.parametrize(
    ("field", "value", "seen"),
    [
        ("description", "Other words", "Other words"),
        ("restricted", True, "SPECIFIC EXPORT AUTHORIZATION|RESTRICTED"),
    ],
)
def test_reserved_licences_are_shown_after_the_upgrade_too(
    field: str, value: Any, seen: str
) -> None:
    data = with_(base("s2"), f"{S}.licences.0.{field}", value)
    hand, plain = opened(data), opened(base("s2"))
    outputs = ("show license reservation", "show license usage", "show license all")
    changed = [hand.show(x) for x in outputs if hand.show(x) != plain.show(x)]
    assert any(re.search(seen, x) for x in changed), f"no output depends on {field}"


def test_times_of_the_scenario_are_kept() -> None:
    hand = opened(base("s1") | {"boot_s": 555.0})
    hand.type("reload", "\r")
    began = hand.clock.now()
    hand.wait_for_boot()
    assert 555 <= (hand.clock.now() - began).total_seconds() < 560


def test_banners_greet() -> None:
    banners = {"banner_exec": "Behave", "banner_motd": "Welcome", "banner_login": "Keep out"}
    hand = opened(base("s1") | banners)
    assert "Welcome" in hand.text
    assert "Behave" in hand.text
    assert "Keep out" not in hand.text, "that is said before the login"
    for kind, words in banners.items():
        kind = kind.removeprefix("banner_")
        assert hand.show(f"show banner {kind}") == f"{words}\n"
        assert f"banner {kind} ^C" in hand.show("show running-config")


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{prefix}{name}"
        for part in _models(field.annotation):
            yield from _fields(part, f"{prefix}{name}.")


def _models(kind: Any) -> Iterator[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    elif get_origin(kind) in (list, dict, Union, UnionType):
        for part in get_args(kind):
            yield from _models(part)


def test_no_field_of_a_router_is_forgotten() -> None:
    proven = {".".join(p for p in c.path.split(".") if not p.isdigit()) for c in CASES} | FAILED_TOO
    every = set(_fields(RouterSpec))
    assert sorted(every - proven - set(ELSEWHERE)) == []
    assert sorted(set(ELSEWHERE) - every) == [], "fields that are gone"
    assert sorted(set(ELSEWHERE) & proven) == []
