"""Putting right what a fault did to a router, as a person would who was told of it."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.lab import Lab
from slp_sim.router.router import Router


def mend(lab: Lab, router: str, fault: str) -> None:
    """Ends a fault on a router and undoes what it left behind, where a person could.

    Args:
        fault: as it was asked for (``F05``, ``F34-clock``).

    Raises:
        KeyError: the lab has no such router.
    """
    number = fault.partition("-")[0].upper()
    device = lab.routers[router]
    with lab.lock:
        device.faults.clear(number)
        lab.network.faults.clear((device.pid, device.serial), number)
        undo = _UNDO.get(number)
        if undo is not None:
            undo(device)


def _make_room(router: Router) -> None:
    """Takes away what filled the flash."""
    router.flash.hidden -= router.faults.filled
    router.faults.filled = 0


def _set_clock(router: Router) -> None:
    router.clock_offset = router.spec.clock_offset_s


_UNDO: dict[str, Callable[[Router], None]] = {
    "F05": _make_room,
    "F10": Router.power_cycle,
    "F34": _set_clock,
}
