"""``copy`` as each protocol does it: questions, messages, failures, VRF, and files that arrive."""

from __future__ import annotations

from typing import Any

import pytest

from kit.hand import Hand, World, router_of
from kit.serving import PASSWORD, SECRETS, scenario
from kit.specs import SIZE, slp
from slp_sim.lab import Lab
from slp_sim.ports import FileReply
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

IMAGE = make_image("17.6.5", "isr4300", SIZE)
MGMT = [
    "vrf definition Mgmt-intf",
    "interface GigabitEthernet0",
    " vrf forwarding Mgmt-intf",
    " ip address 192.0.2.9 255.255.255.0",
]


def opened(**more: Any) -> tuple[Router, World, Hand]:
    """Returns a router in a world whose servers hold one small file and one image."""
    router, world, hand = router_of(slp(**more))
    for kind in ("http", "tftp", "ftp", "scp"):
        world.files[f"{kind}://10.8.0.6/a.txt"] = b"hello\n"
        world.files[f"{kind}://10.8.0.6/x.bin"] = IMAGE
    return router, world, hand


def test_tftp_asks_for_address_source_and_name() -> None:
    router, _, hand = opened()
    assert hand.press("copy tftp: bootflash:\r").endswith("Address or name of remote host []? ")
    assert hand.press("10.8.0.6\r").endswith("Source filename []? ")
    assert hand.press("a.txt\r").endswith("Destination filename [a.txt]? ")
    text = hand.press("b.txt\r")
    assert "Accessing tftp://10.8.0.6/a.txt...\r\n" in text
    assert "Loading a.txt from 10.8.0.6 (via GigabitEthernet0/0/0): !\r\n" in text
    assert "[OK - 6 bytes]\r\n\r\n6 bytes copied in 0.100 secs (60 bytes/sec)\r\n" in text
    assert router.read_file("bootflash:b.txt") == b"hello\n"


def test_scp_asks_for_a_user_and_a_password_that_is_not_shown() -> None:
    router, world, hand = opened()
    hand.press("copy scp: bootflash:\r")
    assert hand.press("10.8.0.6\r").endswith("Source username [admin]? ")
    assert hand.press("lab\r").endswith("Source filename []? ")
    assert hand.press("a.txt\r").endswith("Destination filename [a.txt]? ")
    assert hand.press("\r").endswith("Password: ")
    text = hand.press("planted-1\r")
    assert " Sending file modes: C0644 6 a.txt\r\n!\r\n6 bytes copied in" in text
    assert (world.carried[-1].username, world.carried[-1].password) == ("lab", "planted-1")
    assert "planted-1" not in hand.text
    assert "planted-1" not in repr(world.carried[-1])
    assert router.read_file("a.txt") == b"hello\n"


@pytest.mark.parametrize("kind", ["http", "tftp", "ftp"])
def test_others_ask_for_no_password(kind: str) -> None:
    _, _, hand = opened()
    assert "6 bytes copied" in hand.type(f"copy {kind}://10.8.0.6/a.txt bootflash:", "\r")
    assert "Password" not in hand.text


def test_a_password_in_the_url_is_used_and_masked() -> None:
    _, world, hand = opened()
    text = hand.type("copy scp://lab:planted-2@10.8.0.6/b.txt bootflash:", "\r")
    assert world.carried[-1].password == "planted-2"
    assert world.carried[-1].url == "scp://10.8.0.6/b.txt"
    assert "%Error opening scp://*:*@10.8.0.6/b.txt (No such file or directory)" in text


@pytest.mark.parametrize(
    ("kind", "host", "reachable", "why"),
    [
        ("tftp", "10.8.0.6", True, "No such file or directory"),
        ("tftp", "10.8.0.6", False, "Timed out"),
        ("tftp", "nowhere.example", True, "Invalid IP address or hostname"),
        ("http", "10.8.0.6", True, "No such file or directory"),
        ("http", "10.8.0.6", False, "I/O error"),
        ("http", "nowhere.example", True, "I/O error"),
        ("ftp", "10.8.0.6", False, "Timed out"),
    ],
)
def test_each_failure_has_its_words(kind: str, host: str, reachable: bool, why: str) -> None:
    router, _, hand = opened(reachable=reachable)
    began = hand.clock.now()
    text = hand.type(f"copy {kind}://{host}/none.txt bootflash:", "\r")
    assert f"%Error opening {kind}://{host}/none.txt ({why})\n" in text
    waited = (hand.clock.now() - began).total_seconds()
    assert (waited >= 30) == (not reachable), "only what nobody answers takes long"
    assert router.read_file("none.txt") is None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("http", "%Error writing bootflash:/x.bin (No space left on device)"),
        ("scp", "%Error copying scp://*:*@10.8.0.6/x.bin (Not enough space on device)"),
    ],
)
def test_flash_may_be_too_small(kind: str, words: str) -> None:
    _, _, hand = opened(flash={"total": SIZE // 2 + 10**9, "free": SIZE // 2})
    who = "lab:pw@" if kind == "scp" else ""
    assert words in hand.type(f"copy {kind}://{who}10.8.0.6/x.bin bootflash:", "\r")


@pytest.mark.parametrize("kind", ["http", "tftp", "scp"])
def test_the_vrf_is_honoured(kind: str) -> None:
    client = {"http": "ip http client", "tftp": "ip tftp", "scp": "ip ssh"}[kind]
    _, _, hand = opened(vrf="Mgmt-intf", config=MGMT)
    url = f"{kind}://lab:pw@10.8.0.6/a.txt" if kind == "scp" else f"{kind}://10.8.0.6/a.txt"
    assert "%Error opening" in hand.type(f"copy {url} bootflash:", "\r")
    assert "6 bytes copied" in hand.type(f"copy {url} bootflash: vrf Mgmt-intf", "\r")
    through = url.replace("10.8.0.6", "10.8.0.6;Mgmt-intf")
    assert "6 bytes copied" in hand.type(f"copy {through} bootflash:b.txt", "\r")
    hand.configure(f"{client} source-interface GigabitEthernet0")
    assert "6 bytes copied" in hand.type(f"copy {url} bootflash:c.txt", "\r")


def test_the_vrf_of_the_source_interface_can_be_the_wrong_one() -> None:
    config = [*MGMT, "ip tftp source-interface GigabitEthernet0"]
    _, _, hand = opened(vrf="global", config=config)
    assert "(Timed out)" in hand.type("copy tftp://10.8.0.6/a.txt bootflash:", "\r")
    hand.configure("no ip tftp source-interface GigabitEthernet0")
    assert "6 bytes copied" in hand.type("copy tftp://10.8.0.6/a.txt bootflash:", "\r")


def test_a_report_is_stored_as_the_guide_does_it() -> None:
    router, world, hand = opened()
    router.write_file("usage_report", b"<smartLicense/>")
    line = "copy bootflash:usage_report tftp://10.8.0.6//user01/usage_report\r"
    assert hand.press(line).endswith("Address or name of remote host [10.8.0.6]? ")
    assert hand.press("\r").endswith("Destination filename [/user01/usage_report]? ")
    assert "15 bytes copied in" in hand.press("\r")
    assert world.files["tftp://10.8.0.6//user01/usage_report"] == b"<smartLicense/>"


def test_scp_stores_a_file_with_a_user_of_its_own() -> None:
    router, world, hand = opened()
    router.write_file("a.bin", b"abc")
    hand.press("copy bootflash:a.bin scp:\r")
    assert hand.press("10.8.0.6\r").endswith("Destination username [r1]? ")
    assert hand.press("lab\r").endswith("Destination filename [a.bin]? ")
    text = hand.press("\r")
    assert "Writing a.bin \r\n" in text
    assert text.endswith("Password: ")
    assert " Sink: C0644 3 a.bin\r\n" in hand.press("pw\r")
    assert world.files["scp://10.8.0.6/a.bin"] == b"abc"


def test_configurations_travel_both_ways() -> None:
    router, world, hand = opened()
    hand.press("copy running-config tftp:\r")
    hand.press("10.8.0.6\r")
    assert "Destination filename [r1-confg]? " in hand.text
    assert "bytes copied" in hand.press("\r")
    assert b"hostname r1" in world.files["tftp://10.8.0.6/r1-confg"]
    world.files["http://10.8.0.6/more.cfg"] = b"ip domain name new.example\n"
    assert "bytes copied" in hand.type("copy http://10.8.0.6/more.cfg running-config", "\r")
    assert router.running.value("ip domain name") == "new.example"
    hand.configure("ip domain name other.example")
    assert "bytes copied" in hand.type("copy startup-config running-config", "\r")
    assert router.running.value("ip domain name") == "example.net"


def test_file_prompt_quiet_asks_nothing() -> None:
    router, _, hand = opened(config=["file prompt quiet"])
    assert "6 bytes copied" in hand.type("copy tftp://10.8.0.6/a.txt bootflash:")
    assert "6 bytes copied" in hand.type("copy tftp://10.8.0.6/a.txt bootflash:")
    assert router.read_file("a.txt") == b"hello\n"


def test_a_copy_can_be_stopped_and_leaves_nothing() -> None:
    router, _, hand = opened()
    hand.press("copy http://10.8.0.6/x.bin bootflash:\r")
    hand.shell.feed(b"\r")
    assert hand.press("\x1e").endswith("r1#")
    assert router.read_file("x.bin") is None


def test_a_server_may_refuse() -> None:
    _, world, hand = opened()
    world.carry = lambda request: FileReply(problem="denied")  # type: ignore[method-assign]
    text = hand.type("copy tftp://10.8.0.6/a.txt bootflash:", "\r")
    assert "%Error opening tftp://10.8.0.6/a.txt (Permission denied)" in text


def in_a_lab() -> tuple[Lab, Hand]:
    lab = Lab.from_scenario(
        scenario(
            {"name": "edge", "home": "Eg-SA-01/Eg-VA-01", "router": {**slp(), "name": "edge"}}
        ),
        password=PASSWORD,
        secrets=SECRETS,
    )
    return lab, Hand(lab.routers["edge"], lab.clock)  # type: ignore[arg-type]


def test_files_arrive_at_the_file_server_of_a_lab_and_come_back() -> None:
    lab, hand = in_a_lab()
    lab.routers["edge"].write_file("usage", b"report")
    assert "bytes copied" in hand.type("copy bootflash:usage tftp://10.8.0.6/in/usage", "\r", "\r")
    assert lab.network.files.read("in/usage") == b"report"
    assert "6 bytes copied" in hand.type("copy http://images.lab/in/usage flash:back", "\r")
    assert lab.routers["edge"].read_file("back") == b"report"


def test_the_file_server_of_a_lab_knows_its_user() -> None:
    lab, hand = in_a_lab()
    lab.network.files.offer([("a.txt", b"hello\n")])
    user = lab.scenario.login.username
    text = hand.type(f"copy scp://{user}@images.lab/a.txt bootflash:", "\r", "wrong\r")
    assert "(Permission denied)" in text
    text = hand.type(f"copy scp://{user}@images.lab/a.txt bootflash:", "\r", f"{PASSWORD}\r")
    assert "6 bytes copied" in text
    lab.network.paths[(lab.routers["edge"].pid, lab.routers["edge"].serial)].dns = False
    text = hand.type("copy tftp://images.lab/a.txt bootflash:c", "\r")
    assert "(Invalid IP address or hostname)" in text
    assert "6 bytes copied" in hand.type("copy tftp://10.8.0.6/a.txt bootflash:c", "\r")
