"""``show boot`` and ``show redundancy``: what boots next, on which processors."""

from __future__ import annotations

from datetime import datetime, timedelta

from slp_sim.router.boot import register_line
from slp_sim.router.catalog import Release
from slp_sim.router.render.text import uptime
from slp_sim.router.render.version import image_lines
from slp_sim.router.router import Router


def boot_variable(router: Router) -> str:
    """Returns what the BOOT variable holds."""
    startup = router.startup
    entries = startup.values("boot system") if startup is not None else []
    names = [e.removeprefix("flash ").split()[0] for e in entries if e]
    return "".join(f"{n.replace(':/', ':')},12;" for n in names)


def boot(router: Router) -> str:
    """Returns ``show boot`` (``show bootvar``)."""
    variable = boot_variable(router)
    text = f"BOOT variable = {variable}\n" if variable else "BOOT variable does not exist\n"
    text += "CONFIG_FILE variable does not exist\nBOOTLDR variable does not exist\n"
    text += f"{register_line(router)}\n\n"
    if not router.processors.pair:
        return text
    if not router.processors.hot():
        return f"{text}Standby not ready to show bootvar\n\n"
    return text + f"Standby BOOT variable = {variable}\n"


def redundancy(router: Router) -> str:
    """Returns ``show redundancy``."""
    processors = router.processors
    pair, standby = processors.pair, processors.standby
    last = processors.switchovers[-1].reason if processors.switchovers else "none"
    configured = "sso" if pair else "Non-redundant"
    number, state = processors.peer()
    text = (
        "Redundant System Information :\n------------------------------\n"
        f"       Available system uptime = {_up(router, router.booted_at)}\n"
        f"Switchovers system experienced = {len(processors.switchovers)}\n"
        f"              Standby failures = {processors.failures()}\n"
        f"        Last switchover reason = {last if pair else 'unsupported'}\n\n"
        f"                 Hardware Mode = {_hardware(router)}\n"
        f"    Configured Redundancy Mode = {configured}\n"
        f"     Operating Redundancy Mode = {processors.mode()}\n"
        "              Maintenance Mode = Disabled\n"
        f"                Communications = {_talks(router)}\n\n"
        "Current Processor Information :\n-------------------------------\n"
        f"               Active Location = {processors.active.location}\n"
        "        Current Software state = ACTIVE\n"
        f"       Uptime in current state = {_up(router, active_since(router))}\n"
        f"{_image(router, router.release)}\n"
        "Peer Processor Information :\n----------------------------\n"
    )
    if standby is None:
        return f"{text}                    Peer (slot: 0) information is not available\n"
    if number < 4:
        return (
            f"{text}              Peer (slot: {standby.slot}) information is not available "
            f"because it is in '{state}' state\n"
        )
    up = _up(router, standby.up_at + timedelta(seconds=router.clock_offset))
    return (
        f"{text}              Standby Location = {standby.location}\n"
        f"        Current Software state = {state} \n"
        f"       Uptime in current state = {up}\n{_image(router, standby.release)}"
    )


def states(router: Router) -> str:
    """Returns ``show redundancy states``."""
    processors = router.processors
    pair, (number, name) = processors.pair, processors.peer()
    mode = processors.mode()
    swact = (
        "enabled" if processors.hot() else "disabled (the peer unit is not yet in terminal state)"
    )
    if not pair:
        swact = "disabled (system is simplex (no peer unit))"
    return (
        f"       my state = 13 -ACTIVE \n     peer state = {number:<2} -{name} \n"
        f"           Mode = {_hardware(router)}\n"
        f"           Unit = {'Secondary' if processors.active.slot else 'Primary'}\n"
        f"        Unit ID = {48 + processors.active.slot}\n\n"
        f"Redundancy Mode (Operational) = {mode}\n"
        f"Redundancy Mode (Configured)  = {'sso' if pair else 'Non-redundant'}\n"
        f"Redundancy State              = {mode.replace('-r', ' R')}\n"
        + ("     Maintenance Mode = Disabled\n" if pair else "")
        + f"    Manual Swact = {swact}\n Communications = {_talks(router)}\n\n"
        "   client count = 79\n client_notification_TMR = 30000 milliseconds\n"
        "           RF debug mask = 0x0   \n\n"
    )


def history(router: Router) -> str:
    """Returns ``show redundancy switchover history``."""
    rows = "".join(
        f"{n:>4}{x.before.slot + 48:>8}{x.after.slot + 48:>9}     {x.reason:<23}"
        f"{x.at:%H:%M:%S} UTC {x.at:%a %b} {x.at.day} {x.at:%Y}\n"
        for n, x in enumerate(router.processors.switchovers, 1)
    )
    if not rows:
        return "\n"
    return (
        "Index  Previous  Current  Switchover             Switchover\n"
        "       active    active   reason                 time\n"
        f"-----  --------  -------  ----------             ----------\n{rows}\n"
    )


def active_since(router: Router) -> datetime:
    """Returns since when the active processor is active, by the router's own time."""
    last = router.processors.switchovers[-1].at if router.processors.switchovers else None
    return max(last, router.booted_at) if last else router.booted_at


def _hardware(router: Router) -> str:
    """A processor that boots is not counted."""
    return "Duplex" if router.processors.peer()[0] > 1 else "Simplex"


def _talks(router: Router) -> str:
    if not router.processors.pair:
        return "Down      Reason: Failure"
    return "Up" if router.processors.peer()[0] > 1 else "Down      Reason: Simplex mode"


def _up(router: Router, since: datetime) -> str:
    return uptime(max((router.now() - since).total_seconds(), 0))


def _image(router: Router, release: Release) -> str:
    image = image_lines(router, release)
    return (
        f"                 Image Version = {image}"
        f"                          BOOT = {boot_variable(router)}\n"
        "                   CONFIG_FILE = \n"
        f"        Configuration register = {router.config_register}\n"
    )
