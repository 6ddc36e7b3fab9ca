"""A typing error fails as on a router: refused, marked under the wrong letter, without effect."""

from __future__ import annotations

import random
import string

import pytest

from kit.captures import spec_of
from kit.hand import Hand, router_of
from kit.specs import slp

PROMPTS = {"": "r1(config)#", "interface gi0/0/0": "r1(config-if)#"}
INVALID = "% Invalid input detected at '^' marker."


def on(pid: str = "ISR4351/K9", release: str = "17.9.4a") -> Hand:
    """Returns a hand in configuration mode of a router under SLP."""
    _, _, hand = router_of(slp(pid=pid, release=release))
    hand.type("configure terminal")
    return hand


def marked(hand: Hand, line: str) -> str:
    """Types a line that is refused; returns it from the mark on."""
    prompt = hand.text.rsplit("\n", 1)[-1]
    mark, said, *_ = hand.type(line).split("\n")
    assert said == INVALID, f"{line!r}: {mark!r} {said!r}"
    assert mark.strip() == "^"
    return (prompt + line)[len(mark) - 1 :]


@pytest.mark.parametrize(
    ("mode", "line", "wrong"),
    [
        ("interface gi0/0/0", "sh run int gi0/0/0", "run int gi0/0/0"),
        ("interface gi0/0/0", "show ip int brief", "ow ip int brief"),
        ("interface gi0/0/0", "ip adress 192.0.2.1 255.255.255.0", "ress 192.0.2.1 255.255.255.0"),
        ("interface gi0/0/0", "ip address 192.0.2.1/24", "/24"),
        ("interface gi0/0/0", "ip address 192.0.2.300 255.255.255.0", "300 255.255.255.0"),
        ("interface gi0/0/0", "ip address 192.0.2.1 255.0.255.0", "255.0.255.0"),
        ("interface gi0/0/0", "shutdown now", "now"),
        ("interface gi0/0/0", "mtu 9999999", "9999999"),
        ("", "interface Gi0/0/9", "9"),
        ("", "interface gi 0/0/9", "9"),
        ("", "interface Gi0/9/0", "9/0"),
        ("", "interface xe-0/0/0", "xe-0/0/0"),
        ("", "interface range gi0/0/1 - 9", "9"),
        ("", "default interface gi0/0/9", "9"),
        ("", "ip http client source-interface gi0/0/9", "9"),
        ("", "license boot level bananas", "bananas"),
        ("", "license boot level securityk9 addon dna-advantage", "addon dna-advantage"),
        ("", "license smart usage interval 400", "400"),
        ("", "license smart usage interval soon", "soon"),
        ("", "license smart transport carrier-pigeon", "rrier-pigeon"),
        ("", "license smart url cslu 192.0.2.1/cslu", "192.0.2.1/cslu"),
        ("", "config-register 2102", "2102"),
        ("", "config-register 0x21zz", "zz"),
        ("", "boot system bananas", "ananas"),
        ("", "ip route 0.0.0.0 0.0.0.0 192.0.2.1 banana", "banana"),
        ("", "ip name-server 10.0.0.53 bananas", "nanas"),
        ("", "line vty 15 0", "0"),
        ("", "router opsf 1", "psf 1"),
        ("", "hostname -r1", "-r1"),
        ("", "clock timezone CET 99", "99"),
        ("", "ntp server", ""),
        ("", "no license boot level bananas", "bananas"),
        ("", "username eve privilege 16 secret x", "16 secret x"),
    ],
)
def test_a_wrong_word_is_marked_and_changes_nothing(mode: str, line: str, wrong: str) -> None:
    hand = on()
    if mode:
        hand.type(mode)
    before = hand.router.running.lines()
    if not wrong:
        assert hand.type(line) == "% Incomplete command.\n\n"
    else:
        assert marked(hand, line) == wrong
    assert hand.router.running.lines() == before
    assert hand.text.endswith(PROMPTS[mode])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no ip", "% Incomplete command.\n\n"),
        ("no logging", "% Incomplete command.\n\n"),
        ("no username", "% Incomplete command.\n\n"),
        ("no ip route", "% Incomplete command.\n\n"),
        ("ip address", None),
        ("do", "% Incomplete command.\n\n"),
        ("license smart", "% Incomplete command.\n\n"),
        ("lo", '% Ambiguous command:  "lo"\n'),
        ("do show license u", '% Ambiguous command:  "show license u"\n'),
    ],
)
def test_what_is_too_short_is_told_and_changes_nothing(line: str, said: str | None) -> None:
    hand = on()
    hand.type("ip route 0.0.0.0 0.0.0.0 192.0.2.1")
    hand.type("logging host 192.0.2.9")
    before = hand.router.running.lines()
    answer = hand.type(line)
    assert said is None or answer == said
    assert answer.startswith(("%", " "))
    assert hand.router.running.lines() == before


@pytest.mark.parametrize(
    ("pid", "release", "levels", "others"),
    [
        ("ISR4351/K9", "17.9.4a", ["appxk9", "securityk9", "uck9"], ["network-advantage", "ax"]),
        ("C1111-8PLTEEAWB", "17.9.4a", ["securityk9", "network-essentials"], ["uck9", "ax"]),
        ("C8300-1N1S-6T", "17.9.4a", ["network-advantage addon dna-advantage"], ["securityk9"]),
        ("C8000V", "17.9.4a", ["network-premier addon dna-premier"], ["ax", "ipbase"]),
        ("CSR1000V", "17.3.4", ["ax", "appx", "network-essentials"], ["adventerprise"]),
        ("ASR1001-X", "17.9.4a", ["adventerprise", "advipservices", "ipbase"], ["metroaccess"]),
        ("ASR-920-12CZ-A", "17.6.1", ["advancedmetroipaccess", "metroaccess"], ["ipbase"]),
    ],
)
def test_the_boot_levels_are_those_of_the_platform(
    pid: str, release: str, levels: list[str], others: list[str]
) -> None:
    hand = on(pid, release)
    for level in levels:
        assert INVALID not in hand.type(f"license boot level {level}")
        assert level in hand.router.running.values("license boot level")
    for level in others:
        assert INVALID in hand.type(f"license boot level {level}"), level


@pytest.mark.parametrize(
    ("pid", "there", "missing"),
    [
        ("ISR4351/K9", "GigabitEthernet0/0/2", "GigabitEthernet0/0/3"),
        ("ISR4461/K9", "TenGigabitEthernet0/0/4", "TenGigabitEthernet0/0/3"),
        ("C8300-1N1S-6T", "GigabitEthernet0/0/5", "GigabitEthernet0/0/6"),
        ("C8000V", "GigabitEthernet2", "GigabitEthernet0/1/0"),
        ("ASR-920-12CZ-A", "TenGigabitEthernet0/0/13", "TenGigabitEthernet0/0/14"),
        ("ISR4351/K9", "Loopback0", "Port-channel99"),
        ("ISR4351/K9", "GigabitEthernet0/0/1.100", "GigabitEthernet0/0/9.100"),
    ],
)
def test_an_interface_is_entered_where_the_platform_has_it(
    pid: str, there: str, missing: str
) -> None:
    hand = on(pid)
    assert INVALID not in hand.type(f"interface {there.lower()}")
    assert hand.router.running.section(f"interface {there}") == ["no ip address"]
    assert INVALID in hand.type(f"interface {missing}")
    assert f"interface {missing}" not in hand.router.running.lines()


def test_an_abbreviation_is_kept_written_out() -> None:
    hand = on()
    for line in (
        "ip http cl source gi 0/0/1",
        "int lo 7",
        "desc a  b",
        "ip addr 192.0.2.7 255.255.255.255",
    ):
        assert "%" not in hand.type(line)
    lines = hand.router.running.lines()
    assert "ip http client source-interface GigabitEthernet0/0/1" in lines
    assert hand.router.running.section("interface Loopback7") == [
        "description a b",
        "ip address 192.0.2.7 255.255.255.255",
    ]


def test_a_captured_line_that_nobody_could_type_is_kept_and_can_be_taken_back() -> None:
    _, _, hand = router_of(
        slp(config=["frobnicate 7", "interface GigabitEthernet0/7/9", " quux 1"])
    )
    assert "frobnicate 7" in hand.show("show running-config")
    assert " quux 1" in hand.show("show running-config interface gi0/7/9")
    hand.type("configure terminal")
    assert INVALID in hand.type("frobnicate 8")
    hand.type("no frobnicate 7")
    hand.type("interface gi0/7/9")
    hand.type("no quux 1")
    assert "frobnicate 7" not in hand.router.running.lines()
    assert hand.router.running.section("interface GigabitEthernet0/7/9") == []


@pytest.mark.parametrize(
    ("inside", "line", "prompt"),
    [
        ("interface gi0/0/0", "ip route 192.0.2.0 255.255.255.0 198.51.100.1", "(config)#"),
        ("interface gi0/0/0", "flow record x", "(config-flow)#"),
        ("interface gi0/0/0", "vlan 10", "(config-vlan)#"),
        ("interface gi0/0/0", "line vty 0 4", "(config-line)#"),
        ("line vty 0 4", "access-list 7 permit any", "(config)#"),
        ("interface gi0/0/0", "ip access-gr x in", "(config-if)#"),
    ],
)
def test_a_word_in_full_of_a_mode_further_out_is_no_abbreviation(
    inside: str, line: str, prompt: str
) -> None:
    hand = on()
    hand.type(inside)
    assert hand.press(f"{line}\r").endswith(prompt)


@pytest.mark.parametrize("state", ["s1", "s3", "s4"])
def test_garbage_is_refused_in_every_mode_and_changes_nothing(state: str) -> None:
    rng = random.Random(state)
    router, _, hand = router_of(spec_of(state))
    hand.type("configure terminal")
    hand.type("hostname r1")
    for mode in ("", "line vty 0 4", "call-home", "redundancy", "interface Loopback1"):
        if mode:
            hand.type(mode)
        before = router.running.lines()
        for _ in range(40):
            word = "z" + "".join(rng.choices(string.ascii_lowercase, k=6))
            line = rng.choice([word, f"{word} 1", f"no {word}", f"license {word}", f"ip {word} x"])
            answer = hand.type(line)
            assert INVALID in answer, f"{mode}: {line!r}: {answer!r}"
        assert router.running.lines() == before


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("show license bananas", "bananas"),
        ("show running-config interface gi0/0/9", "9"),
        ("show running-config interface lo9", "9"),
        ("show interfaces xe0", "xe0"),
        ("show ip interface gi0/0/9", "9"),
        ("terminal length 513", "513"),
        ("terminal width wide", "wide"),
        ("terminal history size 1000", "1000"),
        ("clock set 25:00:00 1 jan 2026", "25:00:00 1 jan 2026"),
        ("clock set 10:00:00 31 feb 2026", "31 feb 2026"),
        ("clock set 10:00:00 jan 2026", "2026"),
        ("ping 192.0.2.1 repeat many", "many"),
        ("ping 192.0.2.1 bananas", "bananas"),
        ("reload in soon", "soon"),
        ("reload at 25:00", "25:00"),
        ("license smart save usage days many file bootflash:x", "many file bootflash:x"),
        ("license smart trust idtoken abc everywhere", "everywhere"),
        ("license smart sync remote", "remote"),
        ("copy running-config startup-config now", "now"),
    ],
)
def test_a_wrong_word_in_exec_is_marked(line: str, wrong: str) -> None:
    _, _, hand = router_of(slp(release="17.9.4a"))
    for before in ("", "do "):
        if before:
            hand.type("configure terminal")
        assert marked(hand, f"{before}{line}") == wrong
        hand.type("end" if before else "show privilege")


@pytest.mark.parametrize(
    "line",
    ["license smart trust idtoken", "copy foo:", "copy", "terminal length", "show license",
     "license smart save usage days", "reload in", "ping vrf", "show running-config interface"],
)  # fmt: skip
def test_a_command_of_exec_without_its_argument_is_incomplete(line: str) -> None:
    _, _, hand = router_of(slp(release="17.9.4a"))
    assert hand.type(line) == "% Incomplete command.\n\n"


def test_help_lists_what_is_taken() -> None:
    hand = on("C8300-1N1S-6T")
    for line, words in (
        ("license boot level ", ["network-essentials", "network-advantage", "network-premier"]),
        ("license smart usage interval ", ["<1-365>"]),
        ("interface ", ["range", "INTERFACE"]),
        ("ip route ", ["vrf", "A.B.C.D"]),
        ("no license smart ", ["transport", "url"]),
    ):
        text = hand.press(f"{line}?")
        hand.press("\x15")
        assert [w for w in words if f"  {w} " not in text.replace("\r", " ")] == [], text
