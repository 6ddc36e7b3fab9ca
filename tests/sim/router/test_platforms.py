"""Every family of the table is a router of its own: names, images, tags, what it lacks."""

from __future__ import annotations

import pytest

from kit.hand import router_of
from kit.specs import SIZE, slp
from slp_sim.router.catalog import Release, agent_version, platform_of, short_tag, train
from slp_sim.router.flash import make_image

FAMILIES = [
    ("ISR4461/K9", "isr4400v2", "ISR_4400_Hsec"),
    ("ISR4451-X/K9", "isr4400", "ISR_4400_Hsec"),
    ("ISR4331/K9", "isr4300", "ISR_4331_Hsec"),
    ("ISR4221/K9", "isr4300", "ISR_4221_Hsec"),
    ("C1111-8PLTEEAWB", "c1100", "ISR_1100_8P_Hsec"),
    ("CSR1000V", "csr1000v", "DNA_HSEC"),
    ("C8000V", "c8000v", "DNA_HSEC"),
    ("C8300-1N1S-6T", "c8000be", "DNA_HSEC"),
    ("ASR1001-X", "asr1000rpx86", "ASR_1000_Hsec"),
    ("ASR-920-12CZ-A", "asr920", "none"),
]


@pytest.mark.parametrize(("pid", "image", "hsec"), FAMILIES)
def test_each_family_has_its_image_and_its_tag(pid: str, image: str, hsec: str) -> None:
    platform = platform_of(pid)
    assert platform.image == image
    assert platform.hsec == hsec


@pytest.mark.parametrize("pid", [x[0] for x in FAMILIES if x[0] not in ("CSR1000V",)])
def test_each_family_takes_an_image_of_its_own(pid: str) -> None:
    spec = slp(pid=pid) | {"release": "17.6.1"}
    router, _, hand = router_of(spec)
    image = platform_of(pid).image
    router.flash.write("new.bin", make_image("17.9.4a", image, SIZE), router.now())
    assert "SUCCESS" in hand.type("install add file bootflash:new.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    text = hand.show("show version")
    assert "Cisco IOS XE Software, Version 17.09.04a\n" in text
    assert f"cisco {pid} (" in text
    assert "Cisco IOS Software [Cupertino]" in text


def test_csr1000v_keeps_pid_and_serial_as_a_catalyst_8000v() -> None:
    router, _, hand = router_of(slp(pid="CSR1000V") | {"release": "17.3.4"})
    router.flash.write("new.bin", make_image("17.6.1", "c8000v", SIZE), router.now())
    hand.type("install add file bootflash:new.bin")
    hand.type("install activate", "y")
    hand.wait_for_boot()
    assert f"PID:CSR1000V,SN:{router.serial}" in hand.show("show license udi")


@pytest.mark.parametrize(("pid", "known"), [("ISR4351/K9", True), ("C8000V", False)])
def test_device_led_conversion_is_known_where_it_is_done(pid: str, known: bool) -> None:
    _, _, hand = router_of(slp(pid=pid))
    answer = hand.show("show platform software license dlc")
    assert ("% Invalid input" not in answer) is known


def test_tiers_are_printed_where_platforms_have_them() -> None:
    _, _, hand = router_of(slp(pid="C8300-1N1S-6T"))
    text = hand.show("show platform hardware throughput crypto")
    assert "Current configured crypto throughput level: T1" in text
    assert "above 250M requires hseck9" in hand.configure(
        "platform hardware throughput level MB 1000"
    )


def test_releases_are_ordered_and_named() -> None:
    texts = ["16.9.6", "16.12.04", "17.3.1", "17.3.1a", "17.03.02", "17.12.1"]
    releases = [Release.parse(x) for x in texts]
    assert releases == sorted(releases)
    assert Release.parse("17.03.04a").short == "17.3.4a"
    assert Release.parse("17.3.4a").padded == "17.03.04a"
    assert train(Release.parse("17.3.2"))[0] == "Amsterdam"
    assert agent_version(Release.parse("17.4.1")).startswith("5.0.6")
    assert short_tag("regid.2014-12.com.cisco.ISR_X,1.0_abc") == "ISR_X"


def test_a_release_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="is no release"):
        Release.parse("latest")
