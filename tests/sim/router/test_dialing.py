"""``telnet`` from a router: what it says of names, ways and ports, and how a session is left."""

from __future__ import annotations

from typing import Any

import pytest

from kit.hand import Hand, World, router_of
from kit.specs import MGMT, slp
from slp_sim.ports import Connected

LEAVE = "\x1ex"
SERVER = "server.example"


def world(hand: Hand) -> World:
    network = hand.router.network
    assert isinstance(network, World)
    return network


def hand_of(**spec: Any) -> Hand:
    return router_of(slp(**{"config": MGMT, **spec}))[2]


def test_a_session_opens_is_left_and_is_closed() -> None:
    hand = hand_of()
    opened = hand.press(f"telnet {SERVER} 443\r")
    assert f'Translating "{SERVER}"...domain server (' in opened
    assert f"Trying {SERVER} (198.51.100." in opened
    assert opened.endswith(", 443)... Open\r\n")
    assert hand.press("anything at all\r") == ""  # it goes to the other host
    left = hand.press(LEAVE)
    assert left.endswith("#")
    assert SERVER in hand.type("show sessions")
    assert hand.type("disconnect", "\r") == f"Closing connection to {SERVER} [confirm]\n"
    assert hand.type("show sessions") == "% No connections open\n"


def test_an_empty_line_goes_back_into_a_session_that_was_left() -> None:
    hand = hand_of()
    hand.press(f"telnet {SERVER} 443\r")
    hand.press(LEAVE)
    assert f"[Resuming connection 1 to {SERVER} ... ]" in hand.press("\r")
    assert hand.press("show clock\r") == ""
    assert hand.press(LEAVE).endswith("#")


def test_another_host_may_end_the_session() -> None:
    hand = hand_of()
    hand.press(f"telnet {SERVER} 443\r")
    said = hand._take(hand.shell.far_closed())
    assert f"[Connection to {SERVER} closed by foreign host]" in said
    assert said.endswith("#")


@pytest.mark.parametrize(
    ("bar", "says"),
    [
        ("refused", "% Connection refused by remote host"),
        ("silent", "% Connection timed out; remote host not responding"),
        ("unreachable", "% Destination unreachable; gateway or host down"),
    ],
)
def test_a_way_that_is_barred_is_told_in_the_routers_words(bar: Connected, says: str) -> None:
    hand = hand_of()
    world(hand).bars["192.0.2.9"] = bar
    said = hand.type("telnet 192.0.2.9 443")
    assert said.startswith("Trying 192.0.2.9, 443 ... \n")
    assert says in said


def test_nobody_listens_on_another_port() -> None:
    hand = hand_of()
    assert "% Connection refused" in hand.type(f"telnet {SERVER} 8443")
    assert "% Connection refused" in hand.type("telnet 192.0.2.9")


def test_a_name_that_nobody_knows() -> None:
    hand = hand_of(config=[*MGMT, "ip name-server 192.0.2.53"])
    said = hand.type("telnet nowhere.example 443")
    assert 'Translating "nowhere.example"...domain server (192.0.2.53)' in said
    assert "% Bad IP address or host name\n" in said
    assert "% Unknown command or computer name, or unable to find computer address\n" in said


def test_without_lookup_no_server_is_asked() -> None:
    hand = hand_of(config=[*MGMT, "no ip domain lookup"])
    said = hand.type("telnet nowhere.example 443")
    assert "Translating" not in said
    assert "unable to find computer address" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("443 /vrf NOWHERE", "% VRF NOWHERE does not exist"),
        ("443 /source-interface Loopback77", "% Invalid input"),
        ("443 /source-interface", "% Incomplete command"),
        ("443 /sideways", "% Invalid input"),
        ("99999", "% Invalid input"),
    ],
)
def test_arguments_that_are_wrong(words: str, says: str) -> None:
    hand = hand_of()
    assert says in hand.type(f"telnet 192.0.2.9 {words}")


def test_the_way_is_that_of_the_vrf_and_of_an_interface_within_it() -> None:
    hand = hand_of(vrf="Mgmt-intf")
    inside = "/vrf Mgmt-intf /source-interface GigabitEthernet0"
    assert "Open" in hand.press(f"telnet 192.0.2.9 443 {inside}\r")
    hand.press(LEAVE)
    hand.press("disconnect\r\r")
    assert "timed out" in hand.type("telnet 192.0.2.9 443")
    outside = "/source-interface GigabitEthernet0"
    assert "% Destination unreachable" in hand.type(f"telnet 192.0.2.9 443 {outside}")


def test_a_line_may_be_forbidden_to_dial_out() -> None:
    hand = hand_of()
    hand.configure("line vty 0 15", "transport output ssh")
    assert "% telnet connections not permitted" in hand.type("telnet 192.0.2.9 443")
