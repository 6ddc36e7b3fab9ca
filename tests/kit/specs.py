"""Small routers for tests that are not about the captures."""

from __future__ import annotations

from typing import Any

from kit.captures import spec_of
from kit.hand import Hand, World, router_of
from slp_sim.router.flash import make_image
from slp_sim.router.router import Router

IMAGE = "isr4300-universalk9.17.03.02.SPA.bin"
SIZE = 600_000_000


def small(**changes: Any) -> dict[str, Any]:
    """Returns the spec of an ISR4351 with right-to-use licences, changed as asked."""
    spec = spec_of("s6").model_dump(mode="json", exclude_unset=True)
    licensing = changes.pop("licensing", None)
    spec |= {"name": "r1", "hostname": "r1"} | changes
    if licensing is not None:
        spec["licensing"] = licensing
    return spec


def slp(**changes: Any) -> dict[str, Any]:
    """Returns the spec of an ISR4351 that runs SLP already."""
    licensing = {
        "model": "slp",
        "transport": "smart",
        "licences": [{"feature": "securityk9", "name": "securityk9"}],
    } | changes.pop("licensing", {})
    return small(release=changes.pop("release", "17.3.2"), licensing=licensing, **changes)


def opened(**changes: Any) -> tuple[Router, World, Hand]:
    """Returns such a router with a hand on it; the image for its upgrade is on its flash."""
    router, world, hand = router_of(small(**changes))
    router.flash.write(IMAGE, make_image("17.3.2", "isr4300", SIZE), router.now())
    return router, world, hand


def upgraded(hand: Hand) -> None:
    """Adds, activates and boots the image; commits nothing."""
    assert "SUCCESS: install_add" in hand.type(f"install add file bootflash:{IMAGE}")
    assert "SUCCESS: install_activate" in hand.type("install activate", "y")
    hand.wait_for_boot()


MGMT = [
    "vrf definition Mgmt-intf",
    "interface GigabitEthernet0",
    " vrf forwarding Mgmt-intf",
    " ip address 192.0.2.9 255.255.255.0",
]
