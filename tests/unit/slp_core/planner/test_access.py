"""C06, ACCESS: an upgrade that cuts off access is told before it is made."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import case_state
from kit.states import PLAIN, registered, router, slp, target
from slp_core.parsing import assemble
from slp_core.plan import Notice, RouterPlan
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.state import RouterState

SHIELD = "crypto engine compliance shield disable"


def of(plan: RouterPlan, rule: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule == rule]


def keyed(bits: int | None, release: str = "17.6.5", **parts: Any) -> RouterState:
    ssh: dict[str, Any] = {"enabled": True, "version": "2.0", "key_name": "OLD"}
    if bits is not None:
        ssh["modulus_bits"] = bits
    parts.setdefault("licensing", slp(PLAIN))
    return router(release=release, ssh=ssh, **parts)


def configured(*lines: str, release: str = "17.6.5", pid: str = "ISR4351/K9") -> RouterState:
    return router(pid, release, licensing=slp(PLAIN), config=("hostname edge", *lines))


@pytest.mark.parametrize("bits", [512, 768, 1024, 2047])
@pytest.mark.parametrize("goal", ["17.11.1", "17.12.4", "17.15.1a"])
def test_access_1_a_short_key_blocks_and_the_new_key_is_told(bits: int, goal: str) -> None:
    (blocker,) = of(make_plan(keyed(bits), target(goal)), "ACCESS-1")
    assert (blocker.severity, blocker.overridable) == ("blocker", True)
    assert "crypto key generate rsa modulus 2048 label" in blocker.remedy
    assert "ip ssh rsa keypair-name" in blocker.remedy
    assert "known_hosts" in blocker.remedy
    assert "FN72511" in blocker.source


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_access_1_a_long_key_is_no_concern(bits: int) -> None:
    assert of(make_plan(keyed(bits), target("17.12.4")), "ACCESS-1") == []


@pytest.mark.parametrize(("release", "goal"), [("17.6.5", "17.10.1a"), ("17.11.1a", "17.12.4")])
def test_access_1_only_where_the_upgrade_crosses_the_release_that_refuses(
    release: str, goal: str
) -> None:
    assert of(make_plan(keyed(1024, release), target(goal)), "ACCESS-1") == []


def test_access_1_a_key_that_was_not_seen_is_a_warning() -> None:
    (warning,) = of(make_plan(keyed(None), target("17.12.4")), "ACCESS-1")
    assert warning.severity == "warning"
    assert "show ip ssh" in warning.remedy
    unread = router(release="17.6.5", licensing=slp(PLAIN))
    assert of(make_plan(unread, target("17.12.4")), "ACCESS-1")[0].severity == "warning"


@pytest.mark.parametrize(
    ("name", "keys", "severity"),
    [
        ("A", [("A", 1024), ("B", 4096)], "blocker"),
        ("B", [("A", 1024), ("B", 4096)], None),
        (None, [("A", 1024), ("B", 512)], "blocker"),
        (None, [("A", 1024), ("B", 4096)], "warning"),
        (None, [("A", 4096), ("B", 2048)], None),
        ("GONE", [("A", 1024)], "warning"),
        (None, [("A", 2048), ("A.server", 768)], None),
        (None, [("A.server", 768)], "warning"),
        (None, [("A", None)], "warning"),
    ],
)
def test_access_1_the_key_of_the_configuration_counts_among_several(
    name: str | None, keys: list[tuple[str, int | None]], severity: str | None
) -> None:
    rows = [{"name": n, **({"bits": b} if b else {})} for n, b in keys]
    config = (f"ip ssh rsa keypair-name {name}",) if name else ()
    state = router(release="17.6.5", licensing=slp(PLAIN), rsa_keys=rows, config=config)
    shown = of(make_plan(state, target("17.12.4")), "ACCESS-1")
    assert [n.severity for n in shown] == ([severity] if severity else [])


def test_access_1_without_ssh_nothing_is_lost() -> None:
    state = router(release="17.6.5", licensing=slp(PLAIN), ssh={"enabled": False})
    assert of(make_plan(state, target("17.12.4")), "ACCESS-1") == []


@pytest.mark.parametrize(
    ("boot", "words"),
    [("bundle", "in bundle mode nothing takes the upgrade back"), ("install", "auto-abort timer")],
)
def test_access_1_says_whether_anything_takes_the_upgrade_back(boot: str, words: str) -> None:
    plan = make_plan(keyed(1024, boot={"mode": boot}), target("17.12.4"))
    assert words in of(plan, "ACCESS-1")[0].text


def test_access_1_the_compliance_line_silences_it_and_its_brothers() -> None:
    lines = ("hostname edge", "snmp-server user u G v3 auth md5 ********", SHIELD)
    plan = make_plan(keyed(1024, config=lines), target("17.12.4"))
    assert [n.severity for n in of(plan, "ACCESS-1")] == ["note"]
    assert of(plan, "ACCESS-4") == []
    old = configured("ip ssh version 1", SHIELD)
    assert of(make_plan(old, target("17.12.4")), "ACCESS-2")


def test_access_1_can_be_overridden_and_the_one_step_upgrade_says_the_same() -> None:
    aim = target("17.12.4", allow={"ACCESS-1": "a console server is at hand"})
    assert not [n for n in make_plan(keyed(1024), aim).blockers if n.rule == "ACCESS-1"]
    alone = plan_step(keyed(1024), UpgradeJob(), target=target("17.12.4"))
    assert of(alone, "ACCESS-1") == of(make_plan(keyed(1024), target("17.12.4")), "ACCESS-1")


SECTION_LINES = [
    ("crypto isakmp policy 10", "encr 3des", True),
    ("crypto isakmp policy 10", "encr des", True),
    ("crypto isakmp policy 10", "encryption des", True),
    ("crypto isakmp policy 10", "hash md5", True),
    ("crypto isakmp policy 10", "group 1", True),
    ("crypto isakmp policy 10", "group 2", True),
    ("crypto isakmp policy 10", "group 5", True),
    ("crypto isakmp policy 10", "encr aes 256", False),
    ("crypto isakmp policy 10", "hash sha256", False),
    ("crypto isakmp policy 10", "group 14", False),
    ("crypto isakmp policy 10", "group 21", False),
    ("crypto ikev2 proposal P", "encryption aes-cbc-256 3des", True),
    ("crypto ikev2 proposal P", "encryption des", True),
    ("crypto ikev2 proposal P", "integrity sha256 md5", True),
    ("crypto ikev2 proposal P", "group 14 24", True),
    ("crypto ikev2 proposal P", "group 2", True),
    ("crypto ikev2 proposal P", "group 14 19 21", False),
    ("crypto ikev2 proposal P", "encryption aes-gcm-256", False),
    ("crypto ipsec profile P", "set pfs group2", True),
    ("crypto ipsec profile P", "set pfs group24", True),
    ("crypto ipsec profile P", "set pfs group14", False),
    ("crypto map M 10 ipsec-isakmp", "set pfs group5", True),
    ("crypto dynamic-map D 5", "set pfs group2", True),
    ("crypto ikev2 keyring K", "group 2", False),
]


@pytest.mark.parametrize(("head", "line", "weak"), SECTION_LINES)
def test_access_5_weak_lines_of_a_block_are_quoted(head: str, line: str, weak: bool) -> None:
    shown = of(make_plan(configured(head, f" {line}"), target("17.12.4")), "ACCESS-5")
    assert bool(shown) is weak
    if weak:
        assert shown[0].severity == "warning"
        assert f"`{head}: {line}`" in shown[0].text


@pytest.mark.parametrize(
    ("rule", "line", "weak"),
    [
        ("ACCESS-2", "ip ssh version 1", True),
        ("ACCESS-2", "ip ssh version 2", False),
        ("ACCESS-3", "ip ssh server algorithm mac hmac-sha1 hmac-sha1-96", True),
        ("ACCESS-3", "ip ssh server algorithm mac hmac-sha2-256 hmac-sha1", False),
        ("ACCESS-3", "ip ssh server algorithm kex diffie-hellman-group14-sha1", True),
        ("ACCESS-3", "ip ssh server algorithm encryption aes256-ctr aes128-cbc", False),
        ("ACCESS-4", "snmp-server user u G v3 auth md5 ******** priv aes 128 ********", True),
        ("ACCESS-4", "snmp-server user u G v3 auth sha ******** priv des ********", True),
        ("ACCESS-4", "snmp-server user u G v3 auth sha ******** priv 3des ********", True),
        ("ACCESS-4", "snmp-server user u G v3 auth sha ******** priv aes 256 ********", False),
        ("ACCESS-4", "snmp-server group G v3 priv", True),
        ("ACCESS-4", "snmp-server group G v3 noauth", False),
        ("ACCESS-5", "crypto ipsec transform-set T esp-3des esp-sha-hmac", True),
        ("ACCESS-5", "crypto ipsec transform-set T esp-aes esp-md5-hmac", True),
        ("ACCESS-5", "crypto ipsec transform-set T esp-null esp-sha-hmac", True),
        ("ACCESS-5", "crypto ipsec transform-set T ah-md5-hmac", True),
        ("ACCESS-5", "crypto ipsec transform-set T esp-aes 256 esp-sha256-hmac", False),
        ("ACCESS-6", "ospfv3 encryption ipsec spi 500 esp 3des 0 ******** md5 0 ********", True),
        ("ACCESS-6", "area 1 encryption ipsec spi 256 esp aes-cbc 128 ******** md5 ********", True),
        ("ACCESS-6", "ospfv3 encryption ipsec spi 500 esp aes-cbc 256 ******** sha1 ****", False),
    ],
)
def test_access_2_access_4_and_access_6_single_lines_are_quoted(
    rule: str, line: str, weak: bool
) -> None:
    shown = of(make_plan(configured(line), target("17.12.4")), rule)
    assert bool(shown) is weak
    assert all(line in n.text and n.severity == "warning" for n in shown)


@pytest.mark.parametrize(("goal", "told"), [("17.11.1a", False), ("17.12.1", True)])
def test_access_5_the_asr_900_refuses_later(goal: str, told: bool) -> None:
    state = configured("crypto isakmp policy 1", " group 2", pid="ASR-903")
    assert bool(of(make_plan(state, target(goal)), "ACCESS-5")) is told


def test_access_3_what_is_not_verified_says_so() -> None:
    state = configured("ip ssh server algorithm kex diffie-hellman-group14-sha1")
    assert "not verified" in of(make_plan(state, target("17.12.4")), "ACCESS-3")[0].source


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("aaa authentication login default group tacacs+", True),
        ("aaa authentication login VTY group radius group tacacs+", True),
        ("aaa authentication login default group tacacs+ local", False),
        ("aaa authentication login default local", False),
    ],
)
def test_access_7_servers_that_alone_decide_are_named(line: str, told: bool) -> None:
    plan = make_plan(configured("aaa new-model", line), target("17.9.4"))
    assert bool(of(plan, "ACCESS-7")) is told


def test_access_keys_of_users_and_neighbours_are_never_kept() -> None:
    text = (
        "hostname edge\n"
        "snmp-server user u NMS v3 encrypted auth md5 AB:CD priv des56 EF:00 access 99\n"
        "crypto isakmp key S3cret address 192.0.2.1\n"
        "interface Tunnel0\n ospfv3 encryption ipsec spi 500 esp 3des 0 DEADBEEF md5 7 CAFE\n"
        "router ospfv3 1\n area 0 encryption ipsec spi 256 esp des 0123ABCD md5 4567\nend\n"
    )
    kept = "\n".join(assemble("edge", {"show running-config": text}).config or ())
    assert "spi 500 esp 3des 0 ******** md5 7 ********" in kept
    for secret in ("AB:CD", "EF:00", "S3cret", "DEADBEEF", "CAFE", "0123ABCD", "4567"):
        assert secret not in kept


def test_c06_the_case_is_told_in_full() -> None:
    plan = make_plan(case_state("06-weak-ssh-keys-17-11/br2"), target("17.12.4"))
    shown = {n.rule: n for n in plan.notices if n.rule.startswith("ACCESS-")}
    assert shown["ACCESS-1"].severity == "warning"
    assert "OLD-KEY" in shown["ACCESS-1"].text
    assert "`ip ssh version 1`" in shown["ACCESS-2"].text
    assert "auth md5 ******** priv des ********" in shown["ACCESS-4"].text
    for line in ("encr 3des", "hash md5", "group 2"):
        assert f"crypto isakmp policy 10: {line}" in shown["ACCESS-5"].text
    assert (
        of(make_plan(case_state("06-weak-ssh-keys-17-11/br2"), target("17.9.4")), "ACCESS-5") == []
    )


def test_c06_the_case_with_its_key_read_is_blocked() -> None:
    state = case_state("06-weak-ssh-keys-17-11/br2")
    read = assemble("br2", {"show ip ssh": "SSH Enabled - version 1.99\n"
                            "IOS Keys in SECSH format(ssh-rsa, base64 encoded): OLD-KEY\n"
                            "Modulus Size : 1024 bits\n"})  # fmt: skip
    state = state.model_copy(update={"ssh": read.ssh})
    (blocker,) = of(make_plan(state, target("17.12.4")), "ACCESS-1")
    assert blocker.severity == "blocker"
    assert "1,024 bits" in blocker.text


def test_access_a_registered_router_below_slp_is_asked_the_same() -> None:
    state = router(
        release="16.12.5", licensing=registered(PLAIN), ssh={"enabled": True, "modulus_bits": 1024}
    )
    assert of(make_plan(state, target("17.12.4")), "ACCESS-1")[0].severity == "blocker"


def test_access_a_configuration_that_was_not_seen_is_noted() -> None:
    shown = of(make_plan(keyed(2048), target("17.12.4")), "ACCESS-5")
    assert [n.severity for n in shown] == ["note"]
    assert of(make_plan(keyed(2048), target("17.9.4")), "ACCESS-5") == []


@pytest.mark.parametrize(
    ("authentication", "privacy", "told"),
    [
        ("MD5", "DES", "MD5, DES"),
        ("SHA", "3DES", "3DES"),
        ("MD5", None, "MD5"),
        ("SHA", "AES256", None),
        ("SHA-2 256", None, None),
    ],
)
def test_access_4_users_that_stand_in_no_configuration_are_read(
    authentication: str, privacy: str | None, told: str | None
) -> None:
    text = (
        "User name: nms\nEngine ID: 8000000903\nstorage-type: nonvolatile\t active\n"
        f"Authentication Protocol: {authentication}\nPrivacy Protocol: {privacy}\n"
        "Group-name: NMS\n"
    )
    users = assemble("edge", {"show snmp user": text}).snmp_users
    state = configured("snmp-server group NMS v3 priv").model_copy(update={"snmp_users": users})
    shown = of(make_plan(state, target("17.12.4")), "ACCESS-4")
    assert [f"`user nms: {told}`" in n.text for n in shown] == ([True] if told else [])


@pytest.mark.parametrize("line", ["Modulus Size : 1024 bits", "Modulus Size : 1024 bit"])
def test_access_1_the_one_line_of_the_field_notice_is_enough(line: str) -> None:
    ssh = assemble("edge", {"show ip ssh": f"{line}\n"}).ssh
    state = router(release="17.6.5", licensing=slp(PLAIN)).model_copy(update={"ssh": ssh})
    assert of(make_plan(state, target("17.12.4")), "ACCESS-1")[0].severity == "blocker"


BOUNDARIES = [
    ("ACCESS-1", "", "17.11.1"),
    ("ACCESS-2", "ip ssh version 1", "17.10.1"),
    ("ACCESS-3", "ip ssh server algorithm mac hmac-sha1", "17.10.1"),
    ("ACCESS-4", "snmp-server user u G v3 auth md5 ********", "17.11.1"),
    ("ACCESS-5", "crypto ipsec transform-set T esp-3des", "17.11.1"),
    ("ACCESS-6", "ospfv3 encryption ipsec spi 256 esp des ********", "17.11.1"),
]
BELOW = {"17.10.1": "17.9.8", "17.11.1": "17.10.9"}


@pytest.mark.parametrize(("rule", "line", "since"), BOUNDARIES)
def test_access_each_rule_counts_where_its_release_is_reached_from_below(
    rule: str, line: str, since: str
) -> None:
    def told(present: str, goal: str) -> bool:
        lines = ("hostname edge", *([line] if line else []))
        state = keyed(1024, present, config=lines)
        return bool(of(make_plan(state, target(goal)), rule))

    below = BELOW[since]
    assert told("17.6.5", since)
    assert told(below, f"{since}a")
    assert not told("17.6.5", below)
    assert not told(since, "17.12.4")
    assert not told("17.12.4", "17.15.1")
    assert not told("17.12.4", "17.6.5")
