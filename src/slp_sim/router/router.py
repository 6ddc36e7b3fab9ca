"""One simulated router: a device with its parts, and how it goes down and boots."""

from __future__ import annotations

import re
from datetime import timedelta

from slp_sim.ports import LabClock, Network
from slp_sim.router import boot, ssh_keys, storage
from slp_sim.router.accounts import may_log_in
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.redirect import follow
from slp_sim.router.catalog import Release
from slp_sim.router.device import Device, OpenLine
from slp_sim.router.flash import File
from slp_sim.router.install import InstallState
from slp_sim.router.issu import Issu
from slp_sim.router.processors import Processors
from slp_sim.router.spec import RouterSpec


class Router(Device):
    """A router of a lab.

    Args:
        spec: what the scenario says of it.
        clock: the lab's clock.
        network: the world beyond its interfaces.
        seed: of the lab; the same seed gives the same codes and delays.
    """

    def __init__(self, spec: RouterSpec, clock: LabClock, network: Network, *, seed: int = 0):
        super().__init__(spec, clock, network, seed=seed)
        self.install = InstallState(self, self.reload, lambda: self.issu)
        self.processors = Processors(self, lambda: self.issu.mixes(), self._took_over)
        self.issu = Issu(self, self.install, self.processors)
        self.agent = Agent(self, spec.licensing, follow)
        self.record("in service")

    # --- what the lab asks ----------------------------------------------------------------------

    def ssh_key(self) -> tuple[str, int] | None:
        """Returns the key by which its SSH server answers; None where nobody answers."""
        return ssh_keys.in_use(self) if self.is_up() and ssh_keys.serves(self) else None

    def is_up(self) -> bool:
        """Tells whether it answers; False while it boots."""
        self.settle()
        return self.up

    def check_login(self, username: str, password: str) -> bool:
        """Tells whether SSH lets this user in."""
        if self.faults.on("F28") and self.faults.strikes_first("F28", 2):
            return False  # AAA is overloaded, which looks like a wrong password
        return may_log_in(self.running, username, password)

    def too_many_lines(self) -> bool:
        """Tells whether the newest line is one too many."""
        limit = int(self.faults.param("F27", "lines", 1)) if self.faults.on("F27") else None
        return len(self.lines) > (limit or self.spec.max_vty)

    def banner(self, kind: str) -> str | None:
        """Returns a banner (``login``, ``motd``, ``exec``); None where none is configured."""
        text = self.running.value(f"banner {kind}") or ""
        return text.removeprefix("^C").removesuffix("^C").strip("\n") or None

    def banners(self) -> list[str]:
        """Returns what is printed after login, before the first prompt."""
        found = [x for x in (self.banner("motd"), self.banner("exec")) if x]
        if self.faults.on("F17"):
            found += ["#" * 60, f"{self.hostname}#", "Authorised people only>"]
        return found

    def line_closed(self, line: OpenLine) -> None:
        """Takes a line back."""
        if line in self.lines:
            self.lines.remove(line)

    def read_file(self, path: str) -> bytes | None:
        """Returns a file's bytes (SCP from the router); None where there is none."""
        with self.lock:
            self.settle()
            return storage.read(self, path)

    def write_file(self, path: str, data: bytes) -> File:
        """Writes a file (SCP to the router, ``copy``).

        Raises:
            FlashFull: it did not fit; what fitted stays, as on a router.
        """
        with self.lock:
            self.settle()
            return storage.write(self, path, data)

    @staticmethod
    def above_250m(throughput: str) -> bool:
        """Tells whether a level (``500000``, ``MB 500``), figure or tier is above 250 Mbit/s."""
        words = throughput.upper().split()
        found = re.fullmatch(r"([\d.]+)([MG]?)", words[-1])
        if found is None:
            return words[-1] in ("T2", "T3", "UNTHROTTLED")
        unit = "M" if words[0] == "MB" else found[2]
        return float(found[1]) * {"": 1, "M": 1000, "G": 1_000_000}[unit] > 250_000

    def held_at_250m(self) -> bool:
        """Tells whether its encryption stays at 250 Mbit/s under SLP, authorised or not (F38)."""
        return self.faults.on("F38") and self.agent.model == "slp"

    def level(self) -> int | None:
        """Returns the platform throughput in force; None = unthrottled."""
        level = self.settled_level
        throttled = self.held_at_250m() and not self.faults.on("F38", "crypto")
        if self.platform.virtual and (level is None or level > 250_000):
            throttled = throttled or not self.agent.authorized_above_250m()
        return 250_000 if throttled else level

    # --- saving and booting ---------------------------------------------------------------------

    def reload_in(self, seconds: float, reason: str, *, outage_s: float | None = None) -> None:
        """Reloads in so many lab seconds, whatever becomes of the session that asked for it."""
        when = self.clock.now() + timedelta(seconds=seconds)
        self.clock.at(when, lambda: self.reload(reason, outage_s=outage_s))

    def reload(self, reason: str, *, outage_s: float | None = None) -> None:
        """Goes down and boots again; sessions end when it goes down.

        Args:
            outage_s: how long nobody can reach it; a whole boot by default.
        """
        self.outage_s = self.spec.boot_s if outage_s is None else outage_s
        self.record(f"reload: {reason}")
        self.reload_reason = reason
        self.log("SYS-5-RELOAD", f"Reload requested. Reload Reason: {reason}.")
        linger = float(self.faults.param("F01", "seconds", 45.0)) if self.faults.on("F01") else 0.0
        if linger:
            self.clock.at(self.clock.now() + timedelta(seconds=linger), self._go_down)
        else:
            self._go_down()

    def _go_down(self) -> None:
        if not self.up:
            return
        self.up = False
        for line in list(self.lines):
            line.close()
        if self.faults.on("F10") and self.faults.strikes_first("F10", 1):
            self.record("did not come back")
            return
        release = boot.next_boot(self, self.install)
        if release is None:
            self.record("stopped in ROMMON")
            return
        self.clock.at(
            self.clock.now() + timedelta(seconds=self.outage_s), lambda: self._come_up(release)
        )

    def power_cycle(self) -> None:
        """Has somebody at the console boot a router that did not come back."""
        release = None if self.up else boot.next_boot(self, self.install)
        if release is not None:
            self.record("power cycled")
            when = self.clock.now() + timedelta(seconds=self.spec.boot_s)
            self.clock.at(when, lambda: self._come_up(release))

    def _come_up(self, release: Release) -> None:
        self.boot_count += 1
        self.life += 1
        self.booted_at = self.now()
        self.issu.chassis_booted()
        self.processors.chassis_booted(release)
        boot.came_up(self, self.install, self.agent, release)
        self.up = True
        self.record(f"boot {self.boot_count} {self.release.short}")

    def _took_over(self, release: Release) -> None:
        self.life += 1
        boot.took_over(self, self.install, self.agent, release)
        self.up = True
