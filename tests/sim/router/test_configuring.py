"""Configuration goes where a router puts it: sections, replacement, `no`, order, secrets."""

from __future__ import annotations

import pytest

from kit.hand import router_of
from kit.specs import slp


def section(text: str, header: str) -> list[str]:
    """Returns the lines of one section of a configuration that is shown."""
    lines = text.splitlines()
    at = lines.index(header) + 1
    end = next(n for n, line in enumerate(lines[at:], at) if not line.startswith(" "))
    return lines[at:end]


def test_a_line_that_global_configuration_knows_too_stays_in_its_section() -> None:
    _, _, hand = router_of(slp())
    hand.configure("interface gi0/0/0", "ip address 198.51.100.5 255.255.255.0", "desc uplink")
    rows = section(hand.show("show running-config"), "interface GigabitEthernet0/0/0")
    assert rows == [
        " description uplink",
        " ip address 198.51.100.5 255.255.255.0",
        " negotiation auto",
    ]
    row = hand.show("show ip interface brief | include 0/0/0").split()
    assert row == ["GigabitEthernet0/0/0", "198.51.100.5", "YES", "manual", "up", "up"]


def test_a_line_that_the_section_does_not_know_leaves_it_for_global_configuration() -> None:
    _, _, hand = router_of(slp())
    hand.press("configure terminal\rinterface gi0/0/0\r")
    assert hand.press("ip route 0.0.0.0 0.0.0.0 198.51.100.1\r").endswith("(config)#")
    hand.press("interface gi0/0/0\r")
    answer = hand.press("license smart nonsense\r")
    assert "% Invalid input detected" in answer
    assert answer.endswith("(config-if)#")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("description one", "description two"),
        ("ip address 192.0.2.1 255.255.255.0", "ip address 192.0.2.2 255.255.255.0"),
        ("no negotiation auto", "negotiation auto"),
        ("mtu 1500", "mtu 9000"),
    ],
)
def test_a_second_line_replaces_the_first(first: str, second: str) -> None:
    router, _, hand = router_of(slp())
    hand.configure("interface Loopback5", first, second)
    rows = router.running.section("interface Loopback5")
    assert second in rows
    assert first not in rows


def test_no_takes_back_a_line_of_a_section() -> None:
    router, _, hand = router_of(slp())
    hand.configure(
        "interface gi0/0/0", "shutdown", "description x", "no shutdown", "no description"
    )
    hand.configure("interface gi0/0/0", "no ip address")
    rows = router.running.section("interface GigabitEthernet0/0/0")
    assert rows == ["no ip address", "negotiation auto"]
    hand.configure("interface gi0/0/0", "description x", "exit", "default interface gi0/0/0")
    assert router.running.section("interface GigabitEthernet0/0/0") == ["no ip address"]
    hand.configure("interface Loopback5", "no interface Loopback5")
    assert "interface Loopback5" not in router.running.lines()


def test_a_line_and_its_no_replace_each_other() -> None:
    router, _, hand = router_of(slp())
    for line in ("aaa new-model", "no aaa new-model", "no ip http server", "ip http server"):
        hand.configure(line)
        opposite = line[3:] if line.startswith("no ") else f"no {line}"
        assert router.running.has(line)
        assert not router.running.has(opposite)


def test_vty_lines_are_cut_where_somebody_configures_some_of_them() -> None:
    router, _, hand = router_of(slp())
    hand.configure("line vty 0 4", "exec-timeout 5 0")
    assert "exec-timeout 5 0" in router.running.section("line vty 0 4")
    assert "exec-timeout 5 0" not in router.running.section("line vty 5 15")
    assert "login local" in router.running.section("line vty 5 15")
    hand.configure("line vty 0 15", "exec-timeout 7 0")
    assert "exec-timeout 7 0" in router.running.section("line vty 0 4")
    assert "exec-timeout 7 0" in router.running.section("line vty 5 15")
    assert router.running.section("line vty 0 15") == []


def test_a_range_of_interfaces_is_configured_at_once() -> None:
    router, _, hand = router_of(slp())
    hand.press("configure terminal\r")
    assert hand.press("interface range gi0/0/1 - 2 , gi0/0/0\r").endswith("(config-if-range)#")
    hand.press("description several\r\x1a")
    for number in (0, 1, 2):
        assert "description several" in router.running.section(
            f"interface GigabitEthernet0/0/{number}"
        )


def test_sections_within_sections() -> None:
    router, _, hand = router_of(slp())
    hand.press('configure terminal\rcall-home\rprofile "X"\ractive\r')
    assert hand.press("exit\r").endswith("(cfg-call-home)#")
    hand.press("contact-email-addr a@example.org\r\x1a")
    assert router.running.section("call-home") == [
        'profile "X"',
        " active",
        "contact-email-addr a@example.org",
    ]


def test_new_lines_stand_where_the_router_writes_them() -> None:
    _, _, hand = router_of(slp())
    hand.configure("interface Loopback0", "ip http server", "logging host 192.0.2.9")
    lines = hand.show("show running-config").splitlines()
    order = ["interface Loopback0", "interface GigabitEthernet0/0/0", "ip http server"]
    order += ["logging host 192.0.2.9", "line con 0"]
    assert [lines.index(x) for x in order] == sorted(lines.index(x) for x in order)


@pytest.mark.parametrize(
    "line",
    [
        "username eve privilege 15 secret planted-1",
        "username eve privilege 15 secret 0 planted-1",
        "username eve privilege 15 algorithm-type scrypt secret planted-1",
    ],
)
def test_a_configured_user_logs_in_until_it_is_lost(line: str) -> None:
    router, _, hand = router_of(slp())
    hand.configure(line)
    assert router.check_login("eve", "planted-1")
    assert not router.check_login("eve", "planted-2")
    shown = hand.show("show running-config | include username eve")
    assert shown.startswith("username eve privilege 15 secret 9 $9$")
    hand.type("reload", "no\r", "\r")
    hand.wait_for_boot()
    assert not router.check_login("eve", "planted-1")
    assert router.check_login("admin", "admin")


def test_a_hash_that_is_configured_is_kept() -> None:
    router, _, hand = router_of(slp())
    hand.configure("username eve privilege 15 secret planted-1")
    kept = hand.show("show running-config | include username eve").strip()
    hand.configure("no username eve", kept)
    assert router.check_login("eve", "planted-1")
    assert hand.show("show running-config | include username eve").strip() == kept


def test_an_interface_line_is_none_of_global_configuration() -> None:
    _, _, hand = router_of(slp())
    hand.type("configure terminal")
    assert "% Invalid input" in hand.type("ip address 192.0.2.1 255.255.255.0")
    assert "% Invalid input" not in hand.type("ip name-server 192.0.2.1")
    assert hand.router.running.value("ip name-server") == "192.0.2.1"


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("wrong 1", 0),
        ("   wrong 1", 3),
        ("no   wrong  thing", 5),
        ("license   smart  nonsense", 17),
        ("do show  zebra", 9),
        ("nonsense 1", 1),
        ("license   smrat  x", 12),
    ],
)
def test_the_mark_stands_under_the_first_letter_that_no_command_has(line: str, mark: int) -> None:
    _, _, hand = router_of(slp())
    hand.type("configure terminal")
    text = hand.type(line)
    assert text.index("^") == len("r1(config)#") + mark, text
