"""What a router boots, and what it says while it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slp_sim.router.catalog import Release

if TYPE_CHECKING:
    from slp_sim.router.router import Router


def next_boot(router: Router) -> Release | None:
    """Returns the release that the router will boot; None where it ends in ROMMON."""
    if router.faults.on("F08"):
        router.faults.clear("F08")
        router.install.fell_back()
        return router.release
    router.config_register = router.next_register
    register = int(router.config_register, 16)
    if register & 0xF == 0:
        return None  # the boot field says to stay in ROMMON
    startup = router.startup
    entries = startup.values("boot system") if startup is not None else []
    entries = [e.removeprefix("flash ").split()[0] for e in entries if e]
    if not entries:
        image = next((f.name for f in router.flash.files.values() if f.image()), None)
        entries = [f"bootflash:{image}"] if image else ["bootflash:packages.conf"]
    if router.install.came_from is not None:
        entries.append(f"bootflash:{router.install.came_from}")  # a conversion that rolled back
    for entry in entries:
        if entry.endswith("packages.conf"):
            release = router.install.bootable()
        else:
            release = _bundle(router, entry)
        if release is not None:
            router.install.booted_from(entry)
            return release
    return None


def _bundle(router: Router, entry: str) -> Release | None:
    file = router.flash.get(entry)
    header = file.image() if file is not None else None
    if header is None:
        if file is None and entry.split(":")[-1].lstrip("/") == router.install.bundle_name():
            return router.release  # the running bundle of a scenario that lists no files
        return None
    if not router.install.fits(header.platform):
        return None
    router.learn(header)
    return Release.parse(header.release)


def register_line(router: Router) -> str:
    """Returns the words in which outputs tell the register, and the one of the next boot."""
    text, later = f"Configuration register is {router.config_register}", router.next_register
    return text if later == router.config_register else f"{text} (will be {later} at next reload)"


def came_up(router: Router, release: Release) -> None:
    """Loads configuration and licensing of a new boot."""
    from slp_sim.router.agent.migrate import boot_agent
    from slp_sim.router.configuration import Configuration
    from slp_sim.router.startup import user_lines

    router.release = release
    router.reload_at = None
    if int(router.config_register, 16) & 0x40:  # NVRAM is passed over: nobody can log in
        router.running = Configuration([])
    elif router.startup is not None:
        router.running = router.startup.copy()
    else:  # NVRAM was erased: somebody at the console lets the lab's users in again
        router.running = Configuration(user_lines(router.spec))
    _lose_lines(router)
    router.syslog.clear()
    router.install.after_boot()
    router.settled_level = router.configured_level()
    router.settled_crypto = router.running.value("platform hardware throughput crypto")
    _throughput_message(router)
    boot_agent(router.agent, release)
    router.log("SYS-5-RESTART", "System restarted --")


def took_over(router: Router, release: Release) -> None:
    """Goes on with the other processor: its configuration was kept in step, its log is its own."""
    from slp_sim.router.agent.migrate import boot_agent

    router.release = release
    _lose_lines(router)
    router.syslog.clear()
    router.install.busy = None
    router.settled_level = router.configured_level()
    router.settled_crypto = router.running.value("platform hardware throughput crypto")
    boot_agent(router.agent, release)
    router.log("REDUNDANCY-3-SWITCHOVER", "RP switchover (PEER_REDUNDANCY_STATE_CHANGE)")


def _lose_lines(router: Router) -> None:
    if not router.faults.on("F41"):
        return
    for prefix in router.faults.param("F41", "lines", ["platform hardware throughput"]):
        for line in [x for x in router.running.lines() if x.startswith(str(prefix))]:
            router.running.unset(None, line)


def _throughput_message(router: Router) -> None:
    level = router.settled_level
    if level is not None:
        router.log(
            "ISR_THROUGHPUT-6-LEVEL", f"Throughput level has been set to {level} kbps", ago_s=44
        )
    elif router.platform.crypto and router.spec.crypto_kbps is None:
        router.log("ISR_THROUGHPUT-6-UNTHROTTLED", "Crypto level is unthrottled", ago_s=44)
