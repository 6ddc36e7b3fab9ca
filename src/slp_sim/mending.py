"""Faults that begin or end while a lab runs: struck by a test, put right as by a person."""

from __future__ import annotations

from collections.abc import Callable

from slp_sim.fault_list import fault_list, why_it_cannot_strike
from slp_sim.lab import Lab
from slp_sim.router.router import Router
from slp_sim.router.spec import FaultSpec
from slp_sim.scenario import ScenarioError

FROM_THE_START = "from the start"


def strike(lab: Lab, router: str, fault: FaultSpec) -> None:
    """Has a fault strike a router from now on.

    Raises:
        KeyError: the lab has no such router.
        ScenarioError: it cannot strike this router, or only from the start.
    """
    device = lab.routers[router]
    entry = lab.entry(router)
    spec = entry.router.model_copy(update={"faults": [fault]})
    struck = entry.model_copy(update={"router": spec})
    reason = why_it_cannot_strike(struck, fault, lab.scenario.routers)
    if reason is None and fault_list()[fault.name.partition("-")[0].upper()].when == FROM_THE_START:
        reason = f"{fault.name} strikes from the start only: put it into the scenario"
    if reason is not None:
        raise ScenarioError(f"{router}: {reason}")
    with lab.lock:
        device.faults.add(fault)
        if device.faults.on("F34", "clock"):
            device.clock_offset += float(device.faults.param("F34", "seconds", 7200.0))
        lab.network.faults.add((device.pid, device.serial), [fault])


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


def _type_again(router: Router) -> None:
    """Somebody enters the lines again that the reload lost; what they set is in force."""
    if router.startup is not None:
        router.running.merge(router.startup.lines())
    router.settled_level = router.configured_level()
    router.settled_crypto = router.running.value("platform hardware throughput crypto")


_UNDO: dict[str, Callable[[Router], None]] = {
    "F05": _make_room,
    "F10": Router.power_cycle,
    "F34": _set_clock,
    "F41": _type_again,
}
