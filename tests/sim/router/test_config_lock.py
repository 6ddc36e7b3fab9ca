"""The exclusive configuration lock keeps all other lines out, as the router tells them."""

from __future__ import annotations

import re

from kit.hand import Hand, router_of
from kit.specs import slp

ENTERED = "Enter configuration commands"


def test_a_line_that_configures_keeps_the_others_out() -> None:
    router, _, hand = router_of(slp(config=["configuration mode exclusive auto"]))
    other = Hand(router, hand.clock)
    assert ENTERED in hand.type("configure terminal")
    said = other.type("configure terminal")
    locked = "Configuration mode locked exclusively by user 'admin' process '3' from terminal '2'."
    assert f"{locked} Please try later.\n" in said.replace("\r", "")
    assert ENTERED not in said
    hand.type("end")
    assert ENTERED in other.type("configure terminal")


def test_by_manual_only_who_asks_for_the_lock_has_it() -> None:
    router, _, hand = router_of(slp(config=["configuration mode exclusive manual"]))
    other = Hand(router, hand.clock)
    hand.type("configure terminal")
    assert "FREE" in other.type("show configuration lock")
    assert ENTERED in other.type("configure terminal")
    other.type("end")
    hand.type("end")
    assert ENTERED in hand.type("configure terminal lock")
    assert re.search(r"State +: LOCKED", other.type("show configuration lock"))
    assert "locked exclusively" in other.type("configure terminal")


def test_without_that_mode_nobody_can_ask_for_the_lock() -> None:
    _, _, hand = router_of(slp())
    assert "% Invalid input" in hand.type("configure terminal lock")
