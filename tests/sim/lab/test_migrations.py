"""The six migrations by hand: the guide's own commands, the lab's own services, one world."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from kit.serving import PASSWORD, SECRETS
from slp_sim import inproc
from slp_sim.lab import Lab
from slp_sim.scenario import load_scenario

_WAITS = re.compile(rb"(?:[#>]|\]\??|\? ?|: ?|\[y/n\] ?)\s?\Z")


class Hand:
    """A person at a router's terminal, who looks at the clock on the wall."""

    def __init__(self, lab: Lab, name: str) -> None:
        self.lab = lab
        self.router = lab.routers[name]
        self.line: inproc.Line | None = None

    def type(self, *lines: str) -> str:
        """Types lines and returns all that is shown; ends where the session does."""
        if self.line is None or not self.line.alive:
            self.line = inproc.Line(self.lab, self.router, "admin", PASSWORD)
            self.line.read(5)
            lines = ("terminal length 0", *lines)
        shown = b""
        for text in lines:
            self.line.write(text.encode() + b"\n")
            got = b""
            try:
                while not _WAITS.search(got):
                    got += self.line.read(5)
            except inproc.LineLost:
                return (shown + got).decode()
            shown += got
        return shown.decode().replace("\r", "")

    def wait(self, seconds: float) -> None:
        self.lab.clock.advance(seconds)  # type: ignore[attr-defined]

    def upgrade(self, image: str) -> None:
        """Install mode or bundle mode, as the router runs."""
        self.router.write_file(f"bootflash:{image}", self.lab.images[image])
        if self.router.spec.boot_mode == "install":
            added = self.type("write memory", f"install add file bootflash:{image}")
            assert "SUCCESS: install_add" in added
            self.type("install activate", "y")
        else:
            boot = ["configure terminal", "no boot system", f"boot system bootflash:{image}", "end"]
            self.type(*boot, "write memory", "reload", "")
        self.wait(600)
        if self.router.spec.boot_mode == "install":
            assert "SUCCESS: install_commit" in self.type("install commit")


@pytest.fixture
def hand(request: pytest.FixtureRequest) -> Iterator[Hand]:
    name, _, router = request.param.partition("/")
    made = load_scenario(name)
    lab = inproc.start(made, key=request.node.name, password=PASSWORD, secrets=SECRETS)
    yield Hand(lab, router or made.routers[0].name)
    inproc.forget(request.node.name)


def image_of(hand: Hand) -> str:
    return str(hand.lab.entry(hand.router.spec.name).target["image"])


@pytest.mark.parametrize("hand", ["s1"], indirect=True)
def test_s1_a_registered_router_has_trust_policy_and_authorization_by_itself(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    shown = hand.type("show license status", "show license authorization")
    assert "Type: Callhome" in shown
    assert "Trust Code Installed: <none>" not in shown
    assert "Policy name: SLP Policy" in shown
    assert "SMART AUTHORIZATION INSTALLED" in shown
    ((virtual, instance),) = [
        hand.lab.network.cssm.accounts.find((hand.router.pid, hand.router.serial))
    ]
    assert instance.trust_id
    assert virtual.balance(virtual.pool("ISR_4400_Hsec")).authorized == 1


@pytest.mark.parametrize("hand", ["s2", "demo/depot-lyon"], indirect=True)
def test_s2_usage_travels_as_files_through_cssm(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    hand.type("license smart save usage unreported file bootflash:usage.xml")
    saved = hand.router.read_file("bootflash:usage.xml")
    upload = hand.lab.portal.upload_usage(saved, "usage.xml")
    assert upload.error is None
    hand.wait(240)
    name, ack = hand.lab.portal.ack(upload.id)
    hand.router.write_file(f"bootflash:{name}", ack)
    assert "Import Data Successful" in hand.type(f"license smart import bootflash:{name}")
    hand.wait(10)
    shown = hand.type("show license status")
    assert "Type: Transport Off" in shown
    assert "Last ACK received: <none>" not in shown
    assert "Policy name: SLP Policy" in shown
    assert hand.lab.network.counts == {}  # nothing ever left by the network


@pytest.mark.parametrize("hand", ["s3", "demo/cloud-oslo"], indirect=True)
def test_s3_the_reservation_gets_hseck9_before_the_upgrade(hand: Hand) -> None:
    router, portal = hand.router, hand.lab.portal
    before = router.agent.reservation.confirmation_code
    code = portal.update_reservation(router.pid, router.serial, {"DNA_HSEC": 1})
    router.write_file("bootflash:code.txt", code)
    shown = hand.type("license smart reservation install file bootflash:code.txt")
    new = re.search(r"Confirmation code: (\w{8})", shown)[1]
    assert new != before
    portal.enter_confirmation(router.pid, router.serial, new)
    hand.upgrade(image_of(hand))
    shown = hand.type(
        "show license authorization",
        "show license summary",
        "show platform hardware throughput level",
    )
    assert f"Last Confirmation code: {new}" in shown
    assert re.search(r"hseck9 +\(DNA_HSEC\) +1 IN USE", shown)
    assert "10000000 kb/s" in shown


@pytest.mark.parametrize("hand", ["s3"], indirect=True)
def test_slac_4_without_the_update_throughput_falls_to_250_mbps(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    assert "250000 kb/s" in hand.type("show platform hardware throughput level")


@pytest.mark.parametrize("hand", ["s4"], indirect=True)
def test_s4_transport_trust_and_slac_after_the_upgrade(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    token = SECRETS["SLP_TOKEN"]
    hand.type(
        "configure terminal",
        "ip name-server 209.165.201.1 209.165.200.225",
        "license smart transport smart",
        "license smart url default",
        "end",
        f"license smart trust idtoken {token} local",
    )
    hand.wait(360)
    hand.type("license smart authorization request add hseck9 local")
    hand.wait(60)
    shown = hand.type("show license status", "show license summary", "show license authorization")
    assert "Trust Code Installed: Jan 21" in shown
    assert "Last ACK received: Jan 21" in shown
    assert re.search(r"hseck9 +\(ISR_4351_Hsec\) +1 IN USE", shown)
    assert "SMART AUTHORIZATION INSTALLED" in shown
    assert token not in "".join(hand.lab.events) + "".join(hand.router.event_log)  # F31


@pytest.mark.parametrize("hand", ["demo/branch-oslo"], indirect=True)
def test_f34_the_demos_expired_token_is_named_by_the_router(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    hand.type(
        "configure terminal",
        "ip name-server 209.165.201.1",
        "license smart transport smart",
        "license smart url default",
        "end",
        f"license smart trust idtoken {SECRETS['SLP_TOKEN_EXPIRED']} local",
    )
    hand.wait(60)
    shown = hand.type("show license status", "show logging | include TRUST")
    assert "Trust Code Installed: <none>" in shown
    assert "the token has expired" in shown


@pytest.mark.parametrize("hand", ["demo/plant-madrid"], indirect=True)
def test_f05_the_demos_full_flash_fails_while_the_image_is_copied(hand: Hand) -> None:
    image = image_of(hand)
    free = hand.router.flash.free
    assert free > 2 * 701_234_567  # nobody could have seen it coming
    with pytest.raises(OSError, match="No space left"):
        hand.router.write_file(f"bootflash:{image}", hand.lab.images[image])
    assert hand.router.flash.free < 50_000_001
    assert "no space left" in hand.type("show logging | include FLASH")


@pytest.mark.parametrize("hand", ["s5"], indirect=True)
def test_s5_pak_licences_are_converted_by_the_device(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    hand.type(
        "configure terminal",
        "license smart transport smart",
        "license smart url default",
        "end",
        f"license smart trust idtoken {SECRETS['SLP_TOKEN']} local",
    )
    hand.wait(3700)
    assert "DLC Process Status: Completed" in hand.type("show platform software license dlc")
    hand.type("license smart sync local")
    hand.wait(2400)
    shown = hand.type("show license all")
    assert re.search(r"License Conversion:\n.*\n  Status: Successful on ", shown)
    assert "Status:PAK" in shown
    assert "RESTRICTED - ALLOWED" in shown


@pytest.mark.parametrize("hand", ["s6"], indirect=True)
def test_s6_right_to_use_licences_report_through_cslu(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    (url,) = hand.lab.network.cslus
    hand.type(
        "configure terminal",
        "license smart transport cslu",
        f"license smart url cslu {url}",
        "end",
    )
    hand.wait(3700)
    hand.type("license smart sync local")
    hand.wait(2400)
    shown = hand.type("show license all")
    assert "Type: cslu" in shown
    assert "Trust Code Installed: <none>" in shown
    assert "Successful on " in shown
    assert "Report on change (days): 25 (Customer Policy)" in shown
    assert "trust" not in hand.lab.network.counts


@pytest.mark.parametrize("hand", ["onprem"], indirect=True)
def test_onprem_cut_over_in_its_order(hand: Hand) -> None:
    (onprem,) = hand.lab.network.onprems.values()
    hand.upgrade(image_of(hand))
    hand.type(
        "configure terminal",
        "license smart transport cslu",
        f"license smart url cslu {onprem.urls()['Local-1']}",
        "end",
        "license smart sync local",
    )
    hand.wait(60)
    assert "down rev" in hand.type("show logging | include SMART_LIC")
    onprem.upgrade("8-202105")
    hand.type("license smart sync local")
    hand.wait(10)
    assert onprem.synchronise() == 1
    assert "Last ACK received: <none>" in hand.type("show license status")
    hand.wait(900)
    shown = hand.type("show license status")
    assert "Last ACK received: Aug 02" in shown
    assert f"Cslu address: {onprem.urls()['Local-1']}" in shown


@pytest.mark.parametrize("hand", ["asr900/metro-pak"], indirect=True)
def test_b9_3_an_asr_920_takes_a_snapshot_of_its_pak_licences_at_17_8(hand: Hand) -> None:
    hand.upgrade(image_of(hand))
    shown = hand.type("show version", "show platform software sl-infra pak-info")
    assert "17.8.1" in shown
    assert "advancedmetroipaccess" in shown
    assert hand.lab.network.counts == {}
