"""``show boot`` and ``show redundancy``: what boots next, on which processors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.render.text import uptime
from slp_sim.router.render.version import image_lines

if TYPE_CHECKING:
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
    text += f"Configuration register is {router.config_register}\n\n"
    if router.spec.peer_serial is None:
        return text
    if router.faults.on("F11"):
        return f"{text}Standby not ready to show bootvar\n\n"
    return text + f"Standby BOOT variable = {variable}\n"


def redundancy(router: Router) -> str:
    """Returns ``show redundancy``."""
    pair = router.spec.peer_serial is not None
    up = uptime((router.now() - router.booted_at).total_seconds())
    peer = "STANDBY HOT" if pair else "DISABLED"
    if pair and router.faults.on("F11"):
        peer = "STANDBY COLD"
    mode = "sso" if pair else "Non-redundant"
    return (
        "Redundant System Information :\n------------------------------\n"
        f"       Available system uptime = {up}\n"
        "Switchovers system experienced = 0\n              Standby failures = 0\n"
        f"        Last switchover reason = {'none' if pair else 'unsupported'}\n\n"
        f"                 Hardware Mode = {'Duplex' if pair else 'Simplex'}\n"
        f"    Configured Redundancy Mode = {mode}\n     Operating Redundancy Mode = {mode}\n"
        "              Maintenance Mode = Disabled\n"
        f"                Communications = {'Up' if pair else 'Down      Reason: Failure'}\n\n"
        "Current Processor Information :\n-------------------------------\n"
        "               Active Location = slot 6\n        Current Software state = ACTIVE\n"
        f"       Uptime in current state = {up}\n{_image(router)}\n"
        "Peer Processor Information :\n----------------------------\n"
        + (
            f"              Standby Location = slot 7\n        Current Software state = {peer}\n"
            f"       Uptime in current state = {up}\n{_image(router)}"
            if pair
            else "                    Peer (slot: 0) information is not available\n"
        )
    )


def _image(router: Router) -> str:
    image = image_lines(router)
    return (
        f"                 Image Version = {image}"
        f"                          BOOT = {boot_variable(router)}\n"
        "                   CONFIG_FILE = \n"
        f"        Configuration register = {router.config_register}\n"
    )
