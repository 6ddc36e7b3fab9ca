"""RSA keys at the terminal, and releases from 17.11.1 on that refuse short ones (C06)."""

from __future__ import annotations

import pytest

from kit.hand import router_of
from kit.specs import slp

MAKE = "crypto key generate rsa modulus {} label NEW"


@pytest.mark.parametrize(
    ("release", "bits", "answers"),
    [
        ("17.9.4", 1024, True),
        ("17.10.1a", 1024, True),
        ("17.11.1a", 1024, False),
        ("17.11.1a", 2048, True),
        ("17.15.1a", 2047, False),
        ("17.15.1a", 4096, True),
    ],
)
def test_ssh_answers_by_a_key_that_the_release_takes(
    release: str, bits: int, answers: bool
) -> None:
    router, _, hand = router_of(slp(release=release, ssh_key_bits=bits))
    assert (router.ssh_key() is not None) is answers
    shown = hand.show("show ip ssh")
    assert ("SSH Enabled" in shown) is answers
    assert (f"Modulus Size : {bits} bits" in shown) is answers


def test_a_new_key_is_taken_once_it_is_named_and_stands_in_no_configuration() -> None:
    router, _, hand = router_of(slp(release="17.6.5", ssh_key_bits=1024))
    hand.configure(MAKE.format(2048))
    assert "Modulus Size : 1024 bits" in hand.show("show ip ssh")
    hand.configure("ip ssh rsa keypair-name NEW")
    assert "Modulus Size : 2048 bits" in hand.show("show ip ssh")
    running = hand.show("show running-config")
    assert "crypto key" not in running
    assert "ip ssh rsa keypair-name NEW" in running
    assert hand.show("show crypto key mypubkey rsa").count("Key name:") == 2
    hand.configure("crypto key zeroize rsa NEW")
    assert router.ssh_key() is None


def test_from_17_11_1_no_short_key_is_made() -> None:
    router, _, hand = router_of(slp(release="17.12.4"))
    hand.configure(MAKE.format(1024))
    assert "NEW" not in router.rsa_keys
    hand.configure(MAKE.format(3072))
    assert router.rsa_keys["NEW"] == 3072


def test_the_compliance_line_counts_from_the_next_boot_on() -> None:
    router, world, hand = router_of(slp(release="17.12.4", ssh_key_bits=1024))
    hand.configure("crypto engine compliance shield disable")
    assert router.ssh_key() is None
    hand.show("write memory")
    router.reload("Reload Command")
    world.clock.advance(600)
    assert router.ssh_key() is not None


def test_before_17_7_1_there_is_no_such_line() -> None:
    _, _, hand = router_of(slp(release="17.6.5"))
    hand.press("configure terminal\r")
    assert "% Invalid input" in hand.press("crypto engine compliance shield disable\r")


def test_from_17_6_1_a_short_key_is_warned_of_at_boot() -> None:
    for release, warned in (("17.3.4", False), ("17.6.5", True)):
        router, world, _ = router_of(slp(release=release, ssh_key_bits=1024))
        router.reload("Reload Command")
        world.clock.advance(600)
        shown = "\n".join(router.syslog)
        assert ("SSH_COMPLIANCE_VIOLATION_RSA_KEY_SIZE" in shown) is warned
