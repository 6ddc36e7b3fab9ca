"""What people look for in the configuration of a licensed router, and around it."""

from __future__ import annotations

import re

import pytest

from kit.captures import spec_of
from kit.hand import router_of
from kit.specs import slp, small
from slp_sim.scenario import generate

PROFILE = """call-home
 contact-email-addr sch-smart-licensing@cisco.com
 profile "CiscoTAC-1"
  active
  destination transport-method http
"""
TRUSTPOINT = """crypto pki trustpoint SLA-TrustPoint
 enrollment pkcs12
 revocation-check crl
"""
ORDER = "https://onprem.example.net/Transportgateway/services/DeviceRequestHandler"


@pytest.mark.parametrize("command", ["show running-config", "show startup-config"])
@pytest.mark.parametrize("state", ["registered", "slp"])
def test_licensing_shows_its_trustpoint_and_its_profile(state: str, command: str) -> None:
    _, _, hand = router_of(spec_of("s1") if state == "registered" else slp())
    text = hand.show(command)
    assert PROFILE in text
    assert TRUSTPOINT in text
    chain = text.split("crypto pki certificate chain SLA-TrustPoint\n certificate ca 01\n")[1]
    rows = chain.split("!")[0].splitlines()
    assert rows[-1] == "  quit"
    assert all(re.fullmatch(r"  ([0-9A-F]{8} ?)*[0-9A-F]{2,8}", row) for row in rows[:-1])


@pytest.mark.parametrize("model", ["csl", "eval"])
def test_a_router_that_is_not_registered_shows_neither(model: str) -> None:
    _, _, hand = router_of(small(release="16.9.6", licensing={"model": model}))
    text = hand.show("show running-config")
    assert "SLA-TrustPoint" not in text
    assert "CiscoTAC-1" not in text


def test_what_somebody_configured_stands_instead_of_what_licensing_added() -> None:
    _, _, hand = router_of(slp())
    hand.configure(
        "crypto pki trustpoint SLA-TrustPoint", "revocation-check none", "call-home",
        "contact-email-addr noc@example.net", "profile CiscoTAC-1", "no active",
        f"destination address http {ORDER}",
    )  # fmt: skip
    text = hand.show("show running-config")
    assert text.count("crypto pki trustpoint SLA-TrustPoint\n") == 1
    assert " revocation-check none\n" in text
    assert " revocation-check crl\n" not in text
    assert "sch-smart-licensing" not in text
    assert text.lower().count("profile ") == 1
    assert f"  destination address http {ORDER}\n" in text


@pytest.mark.parametrize(
    ("pid", "release", "feature", "line"),
    [
        ("ISR4351/K9", "16.12.4", "securityk9", "license boot level securityk9"),
        ("ISR4351/K9", "17.9.4a", "appxk9", "license boot level appxk9"),
        ("CSR1000V", "16.12.4", "ax_2500M", "license boot level ax"),
        ("C8300-1N1S-6T", "17.9.4a", "network-advantage_10M",
         "license boot level network-advantage addon dna-advantage"),
    ],
)  # fmt: skip
def test_the_boot_level_is_that_of_the_licences_in_use(
    pid: str, release: str, feature: str, line: str
) -> None:
    model = "slp" if release > "17" else "slr"
    licensing = {"model": model, "licences": [{"feature": feature, "name": feature}]}
    if model == "slr":
        licensing["reservation"] = {
            "installed_at": "2021-01-01T00:00:00Z",
            "confirmation_code": "abcd1234",
        }
    _, _, hand = router_of(small(pid=pid, release=release, licensing=licensing))
    assert f"{line}\n" in hand.show("show running-config")


def test_several_packages_have_a_boot_level_each() -> None:
    router, _, hand = router_of(slp())
    hand.configure("license boot level appxk9", "license boot level uck9")
    levels = router.running.values("license boot level")
    assert sorted(levels) == ["appxk9", "securityk9", "uck9"]


@pytest.mark.parametrize(("release", "there"), [("16.9.6", True), ("16.12.4", False)])
def test_smart_licensing_is_enabled_by_a_line_where_it_can_be_off(
    release: str, there: bool
) -> None:
    licensing = {"model": "eval", "transport": "callhome"}
    _, _, hand = router_of(small(release=release, licensing=licensing))
    assert ("license smart enable\n" in hand.show("show running-config")) is there


@pytest.mark.parametrize(
    ("lines", "command", "servers"),
    [
        (("ip name-server 10.0.0.53",), "nowhere", "(10.0.0.53)"),
        (("ip name-server 10.0.0.53 10.0.0.54",), "ping nowhere", "(10.0.0.53) (10.0.0.54)"),
        (("vrf definition m", "ip name-server vrf m 10.0.0.9"), "ping vrf m nowhere", "(10.0.0.9)"),
        (("ip name-server vrf m 10.0.0.9",), "ping nowhere", "(255.255.255.255)"),
    ],
)
def test_a_name_is_looked_up_at_the_configured_servers(
    lines: tuple[str, ...], command: str, servers: str
) -> None:
    _, _, hand = router_of(slp())
    hand.configure(*lines)
    said = hand.type(command)
    assert f'Translating "nowhere"...domain server {servers}\n' in said


def test_a_configured_address_stands_at_its_interface() -> None:
    _, _, hand = router_of(slp())
    hand.configure("int gi 0/0/1", "ip addr 198.51.100.7 255.255.255.0", "no shut")
    brief = hand.show("show ip interface brief | include 0/0/1")
    assert brief.split()[:4] == ["GigabitEthernet0/0/1", "198.51.100.7", "YES", "manual"]
    shown = hand.show("sh run int gi0/0/1")
    assert " ip address 198.51.100.7 255.255.255.0\n" in shown
    untouched = hand.show("show running-config interface GigabitEthernet0/0/2")
    assert "interface GigabitEthernet0/0/2\n no ip address\n shutdown\nend" in untouched


def test_serial_numbers_have_the_form_of_their_platform() -> None:
    fleet = generate(40, seed=3)
    forms = {True: r"9[0-9A-Z]{10}", False: r"F[DOG][OCL]\d{4}[0-9A-Z]{4}"}
    virtual = {x.router.pid: x.router.pid in ("CSR1000V", "C8000V", "ISRV") for x in fleet.routers}
    assert set(virtual.values()) == {True, False}
    for entry in fleet.routers:
        assert re.fullmatch(forms[virtual[entry.router.pid]], entry.router.serial), entry.router
