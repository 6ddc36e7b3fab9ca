"""What a router boots, and what it says while it does."""

from __future__ import annotations

from slp_sim.router import ssh_keys
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.migrate import boot_agent
from slp_sim.router.catalog import Release
from slp_sim.router.configuration import Configuration
from slp_sim.router.device import Device
from slp_sim.router.install import InstallState
from slp_sim.router.startup import user_lines


def next_boot(device: Device, install: InstallState) -> Release | None:
    """Returns the release that the router will boot; None where it ends in ROMMON."""
    if device.faults.on("F08"):
        device.faults.clear("F08")
        install.fell_back()
        return device.release
    device.config_register = device.next_register
    register = int(device.config_register, 16)
    if register & 0xF == 0:
        return None  # the boot field says to stay in ROMMON
    startup = device.startup
    entries = startup.values("boot system") if startup is not None else []
    entries = [e.removeprefix("flash ").split()[0] for e in entries if e]
    if not entries:
        image = next((f.name for f in device.flash.files.values() if f.image()), None)
        entries = [f"bootflash:{image}"] if image else ["bootflash:packages.conf"]
    if install.came_from is not None:
        entries.append(f"bootflash:{install.came_from}")  # a conversion that rolled back
    for entry in entries:
        if entry.endswith("packages.conf"):
            release = install.bootable()
        else:
            release = _bundle(device, install, entry)
        if release is not None:
            install.booted_from(entry)
            return release
    return None


def _bundle(device: Device, install: InstallState, entry: str) -> Release | None:
    file = device.flash.get(entry)
    header = file.image() if file is not None else None
    if header is None:
        if file is None and entry.split(":")[-1].lstrip("/") == install.bundle_name():
            return device.release  # the running bundle of a scenario that lists no files
        return None
    if not install.fits(header.platform):
        return None
    device.learn(header)
    return Release.parse(header.release)


def register_line(device: Device) -> str:
    """Returns the words in which outputs tell the register, and the one of the next boot."""
    text, later = f"Configuration register is {device.config_register}", device.next_register
    return text if later == device.config_register else f"{text} (will be {later} at next reload)"


def came_up(device: Device, install: InstallState, agent: Agent, release: Release) -> None:
    """Loads configuration and licensing of a new boot."""
    device.release = release
    device.reload_at = None
    if int(device.config_register, 16) & 0x40:  # NVRAM is passed over: nobody can log in
        device.running = Configuration([])
    elif device.startup is not None:
        device.running = device.startup.copy()
    else:  # NVRAM was erased: somebody at the console lets the lab's users in again
        device.running = Configuration(user_lines(device.spec))
    _lose_lines(device)
    device.syslog.clear()
    ssh_keys.booted(device)
    install.after_boot()
    device.settled_level = device.configured_level()
    device.settled_crypto = device.running.value("platform hardware throughput crypto")
    _throughput_message(device)
    boot_agent(agent, release)
    device.log("SYS-5-RESTART", "System restarted --")


def took_over(device: Device, install: InstallState, agent: Agent, release: Release) -> None:
    """Goes on with the other processor: its configuration was kept in step, its log is its own."""
    device.release = release
    _lose_lines(device)
    device.syslog.clear()
    install.busy = None
    device.settled_level = device.configured_level()
    device.settled_crypto = device.running.value("platform hardware throughput crypto")
    boot_agent(agent, release)
    device.log("REDUNDANCY-3-SWITCHOVER", "RP switchover (PEER_REDUNDANCY_STATE_CHANGE)")


def _lose_lines(device: Device) -> None:
    if not device.faults.on("F41"):
        return
    for prefix in device.faults.param("F41", "lines", ["platform hardware throughput"]):
        for line in [x for x in device.running.lines() if x.startswith(str(prefix))]:
            device.running.unset(None, line)


def _throughput_message(device: Device) -> None:
    level = device.settled_level
    if level is not None:
        device.log(
            "ISR_THROUGHPUT-6-LEVEL", f"Throughput level has been set to {level} kbps", ago_s=44
        )
    elif device.platform.crypto and device.spec.crypto_kbps is None:
        device.log("ISR_THROUGHPUT-6-UNTHROTTLED", "Crypto level is unthrottled", ago_s=44)
