"""What an engineer looks at and does beside licensing is made of the router's state."""

from __future__ import annotations

import pytest

from kit.hand import Hand, router_of
from kit.specs import opened, slp, upgraded


def configured() -> Hand:
    """Returns a hand on a router with an uplink, a loopback and a default route."""
    _, _, hand = router_of(slp())
    hand.configure("interface gi0/0/0", "description uplink", "ip address 192.0.2.10 255.255.255.0")
    hand.configure("interface Loopback0", "ip address 198.51.100.1 255.255.255.255", "shutdown")
    hand.configure("ip route 0.0.0.0 0.0.0.0 192.0.2.1")
    return hand


def test_interfaces_show_what_is_configured() -> None:
    hand = configured()
    text = hand.show("show interfaces gi0/0/0")
    assert text.startswith("GigabitEthernet0/0/0 is up, line protocol is up\n")
    assert "  Description: uplink\n  Internet address is 192.0.2.10/24\n" in text
    assert "Loopback0 is administratively down, line protocol is down\n" in hand.show(
        "show interfaces"
    )
    assert "Internet address is 192.0.2.10/24" in hand.show("show ip interface gi0/0/0")
    assert "Internet address" not in hand.show("show ip interface Loopback1")
    row = hand.show("show interfaces description | include Gi0/0/0").split()
    assert row == ["Gi0/0/0", "up", "up", "uplink"]


def test_routes_follow_addresses_and_static_routes() -> None:
    text = configured().show("show ip route")
    assert "Gateway of last resort is 192.0.2.1 to network 0.0.0.0" in text
    assert "S*       0.0.0.0/0 [1/0] via 192.0.2.1\n" in text
    assert "192.0.2.0/24 is directly connected, GigabitEthernet0/0/0" in text
    assert "198.51.100.1" not in text  # its interface is shut


def test_one_interface_of_the_configuration() -> None:
    hand = configured()
    text = hand.show("show running-config interface gi0/0/0")
    assert text.splitlines()[4:-1] == [
        "interface GigabitEthernet0/0/0",
        " description uplink",
        " ip address 192.0.2.10 255.255.255.0",
        " negotiation auto",
        "end",
    ]
    assert "% Invalid input" in hand.show("show running-config interface Loopback9")
    assert "hostname r1" in hand.show("show running-config all")


def test_a_scheduled_reload_comes_unless_it_is_cancelled() -> None:
    router, _, hand = router_of(slp())
    text = hand.press("reload in 5\r")
    assert "Reload scheduled for" in text
    assert "(in 5 minutes)" in text
    hand.press("\r")
    assert "Reload scheduled for" in hand.show("show reload")
    assert "SHUTDOWN ABORTED" in hand.type("reload cancel")
    hand.wait(600)
    assert router.boot_count == 0
    hand.type("reload in 5", "\r")
    hand.wait(299)
    assert router.is_up()
    hand.clock.advance(2)
    assert not router.is_up()
    hand.wait_for_boot()
    assert hand.show("show reload") == "No reload is scheduled.\n"


@pytest.mark.parametrize(("reachable", "rate"), [(True, "100 percent"), (False, "0 percent")])
def test_ping_comes_back_where_routes_lead(reachable: bool, rate: str) -> None:
    loopback = ["interface Loopback0", " ip address 198.51.100.1 255.255.255.255"]
    _, _, hand = router_of(slp(reachable=reachable, config=loopback))
    text = hand.type("ping 192.0.2.1 source Loopback0 repeat 3")
    assert f"Success rate is {rate}" in text
    assert "Packet sent with a source address of 198.51.100.1" in text
    assert "% Invalid source interface" in hand.type("ping 192.0.2.1 source Loopback9")


def test_files_are_renamed_and_directories_made() -> None:
    router, _, hand = opened()
    router.write_file("a.txt", b"hello")
    hand.type("rename bootflash:a.txt bootflash:b.txt", "\r")
    assert router.read_file("a.txt") is None
    assert router.read_file("b.txt") == b"hello"
    assert "Created dir bootflash:/kept" in hand.type("mkdir bootflash:kept", "\r")
    assert " drwx " in hand.show("dir | include kept")
    assert "Removed dir bootflash:/kept" in hand.type("rmdir bootflash:kept", "\r", "\r")
    assert "/bootflash/b.txt" in hand.show("show flash:")
    size = len(router.read_file("packages.conf") or b"")
    assert f" {size} " in hand.show("dir | include packages.conf")


def test_install_log_and_states() -> None:
    _, _, hand = opened()
    upgraded(hand)
    assert "install_add(17.3.2)" in hand.show("show install log")
    assert "IMG   U    17.03.02" in hand.show("show install active")


def test_a_wrong_clock_is_set() -> None:
    router, _, hand = router_of(slp(ntp=False, clock_offset_s=-5000))
    hand.type("clock set 10:20:30 9 August 2021")
    assert hand.show("show clock").startswith("*10:20:30.000 UTC Mon Aug 9 2021")
    assert "CLOCKUPDATE" in hand.show("show logging")
    assert "% Invalid" in hand.type("clock set 99:00:00 1 May 2021")
    assert not router.synchronised()


def test_the_line_knows_itself() -> None:
    _, _, hand = router_of(slp())
    hand.type("show clock")
    lines = hand.show("show history").splitlines()
    assert "  show clock" in lines
    assert lines[-1] == "  show history"
    assert "Length: " in hand.show("show terminal")
    assert hand.type("undebug all") == "All possible debugging has been turned off\n"


def test_user_exec_may_look_at_files_and_messages() -> None:
    users = [
        {"name": "admin", "password": "pw"},
        {"name": "guest", "password": "pw", "privilege": 1},
    ]
    router, _, _ = router_of(slp(users=users))
    hand = Hand(router, router.clock, "guest")  # type: ignore[arg-type]
    assert "packages.conf" in hand.show("dir")
    assert hand.type("terminal monitor") == ""
