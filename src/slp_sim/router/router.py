"""One simulated router: what it is, what it remembers, and how it boots."""

from __future__ import annotations

import hashlib
import random
import re
import threading
from collections import deque
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from slp_sim.ports import LabClock, Network
from slp_sim.router import storage
from slp_sim.router.accounts import kept, may_log_in, privilege_of
from slp_sim.router.agent.core import Agent
from slp_sim.router.catalog import Platform, Release, build_of, platform_of
from slp_sim.router.configuration import Configuration
from slp_sim.router.console.terminal import Terminal
from slp_sim.router.faults import Faults
from slp_sim.router.flash import File, Flash, ImageHeader
from slp_sim.router.install import InstallState
from slp_sim.router.issu import Issu
from slp_sim.router.processors import Processors
from slp_sim.router.spec import RouterSpec
from slp_sim.router.startup import first_configuration, first_files

_LOG_LINES = 500
_TYPED_LINES = 5000
_NTP_REACH_S = 1000.0


class Router:
    """A router of a lab.

    Args:
        spec: what the scenario says of it.
        clock: the lab's clock.
        network: the world beyond its interfaces.
        seed: of the lab; the same seed gives the same codes and delays.
    """

    def __init__(self, spec: RouterSpec, clock: LabClock, network: Network, *, seed: int = 0):
        self.spec = spec
        self.clock = clock
        self.network = network
        lock = getattr(clock, "lock", None)
        self.lock: AbstractContextManager[Any] = lock if lock is not None else threading.RLock()
        self.random = random.Random(f"{seed}/{spec.name}/{spec.serial}")  # noqa: S311 - a lab
        self.pid = spec.pid
        self.serial = spec.serial
        self.platform: Platform = platform_of(spec.pid)
        self.release = Release.parse(spec.release)
        self.faults = Faults(self, spec.faults)
        self.clock_offset = spec.clock_offset_s
        if self.faults.on("F34", "clock"):
            self.clock_offset += float(self.faults.param("F34", "seconds", 7200.0))
        self.flash = Flash(spec.flash, self.now(), first_files(spec, self.platform, self.release))
        self.builds: dict[str, tuple[str, str]] = {}
        if spec.build or spec.compiled:
            made_up = build_of(spec.pid, self.release)
            known = (spec.build or made_up[0], spec.compiled or made_up[1])
            self.builds[self.release.short] = known
        self.boot_count = 0
        self.life = 0
        """Changes with each boot and switchover: what began in an earlier one is over."""
        self.up = True
        self.booted_at: datetime = self.now() - timedelta(seconds=spec.up_s)
        self.reload_reason = "Reload Command"
        self.outage_s = spec.boot_s
        self.reload_at: datetime | None = None
        self.born = self.now()
        self.syslog: list[str] = []
        self.debugging: list[str] = []
        self.event_log: list[str] = []
        self.typed: deque[str] = deque(maxlen=_TYPED_LINES)
        """Every line that was entered at a prompt, with the prompt's end: ``#write memory``."""
        self.lines: list[Terminal] = []
        self.install = InstallState(self)
        self.issu = Issu(self)
        self.processors = Processors(self)
        first = first_configuration(self)
        self.startup: Configuration | None = first
        self.running: Configuration = first.copy()
        self.running.merge(kept(line, spec.serial) for line in spec.unsaved)
        self.startup_release = self.release
        self.config_changed_at: datetime | None = None
        self.config_changed_by: str | None = None
        self.saved_at: datetime | None = None
        self.config_register = spec.config_register
        self.next_register = spec.config_register
        """What ``config-register`` sets: it counts from the next boot on."""
        self.agent = Agent(self, spec.licensing)
        self.settled_level = self.configured_level()
        self.settled_crypto = self.running.value("platform hardware throughput crypto")
        self.record("in service")

    # --- what the lab asks ----------------------------------------------------------------------

    def is_up(self) -> bool:
        """Tells whether it answers; False while it boots."""
        self.settle()
        return self.up

    def settle(self) -> None:
        """Has everything happen that is due by now."""
        self.clock.settle()

    def check_login(self, username: str, password: str) -> bool:
        """Tells whether SSH lets this user in."""
        if self.faults.on("F28") and self.faults.strikes_first("F28", 2):
            return False  # AAA is overloaded, which looks like a wrong password
        return may_log_in(self.running, username, password)

    def shell(self, username: str) -> Terminal:
        """Returns a new VTY line for a user who has logged in."""
        with self.lock:
            line = Terminal(self, username, privilege_of(self.running, username))
            self.lines.append(line)
            return line

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

    def line_closed(self, line: Terminal) -> None:
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

    # --- what it knows of itself ----------------------------------------------------------------

    def now(self) -> datetime:
        """Returns the router's own time, which may be wrong."""
        return self.clock.now() + timedelta(seconds=self.clock_offset)

    @property
    def hostname(self) -> str:
        """The host name in force."""
        return self.running.value("hostname") or "Router"

    @property
    def filesystem(self) -> str:
        """The boot file system."""
        return "bootflash:"

    def slp_capable(self, release: Release) -> bool:
        """Tells whether a release brings Smart Licensing Using Policy to this platform."""
        start = self.platform.slp_from
        return start is not None and release >= start

    def modified(self) -> bool:
        """Tells whether the running configuration differs from the saved one."""
        return self.startup is None or self.running != self.startup

    def configured_level(self) -> int | None:
        """Returns the configured platform throughput in kbit/s; None = unthrottled."""
        value = self.running.value("platform hardware throughput level")
        if value is None:
            return self._level_without_line()
        words = value.lower().split()
        if words[0] == "mb" and words[-1].isdigit():
            return int(words[-1]) * 1000
        return int(words[0]) if words[0].isdigit() else None

    def _level_without_line(self) -> int | None:
        if self.spec.throughput_kbps is None:
            return None
        return 1000 if self.platform.virtual else min(200_000, self.spec.throughput_kbps)

    @staticmethod
    def above_250m(throughput: str) -> bool:
        """Tells whether a level (``500000``, ``MB 500``), figure or tier is above 250 Mbit/s."""
        words = throughput.upper().split()
        found = re.fullmatch(r"([\d.]+)([MG]?)", words[-1])
        if found is None:
            return words[-1] in ("T2", "T3", "UNTHROTTLED")
        unit = "M" if words[0] == "MB" else found[2]
        return float(found[1]) * {"": 1, "M": 1000, "G": 1_000_000}[unit] > 250_000

    def level(self) -> int | None:
        """Returns the platform throughput in force; None = unthrottled."""
        level = self.settled_level
        throttled = self.faults.on("F38") and self.agent.model == "slp"
        if self.platform.virtual and (level or 0) > 250_000:
            throttled = throttled or not self.agent.authorized_above_250m()
        return 250_000 if throttled else level

    def stamp_ms(self, ago_s: float = 0.0) -> str:
        """Returns the router's time as messages carry it."""
        now = self.now() - timedelta(seconds=ago_s)
        return f"{now:%b} {now.day:2} {now:%H:%M:%S}.{now.microsecond // 1000:03}"

    def synchronised(self) -> bool:
        """Tells whether NTP keeps the clock right."""
        near = abs(self.clock_offset) < _NTP_REACH_S
        return self.spec.ntp and near and bool(self.running.values("ntp server"))

    def load_lines(self) -> str:
        """Returns what ``terminal exec prompt timestamp`` puts before an output."""
        from slp_sim.router.render.text import clock_line

        source = "NTP" if self.synchronised() else "hardware calendar"
        load = "Load for five secs: 3%/0%; one minute: 2%; five minutes: 2%\n"
        return f"{load}Time source is {source}, {clock_line(self)}\n\n"

    # --- what it writes down --------------------------------------------------------------------

    def log(self, mnemonic: str, text: str, *, ago_s: float = 0.0) -> None:
        """Adds a system message to the buffer that ``show logging`` prints.

        Args:
            ago_s: how many seconds ago it was said (while the router booted).
        """
        mark = "" if self.synchronised() else "*"
        self.syslog.append(f"{mark}{self.stamp_ms(ago_s)}: %{mnemonic}: {text}")
        del self.syslog[:-_LOG_LINES]

    def record(self, what: str) -> None:
        """Adds to the log that tests count by; nothing of it is visible at the terminal."""
        self.event_log.append(f"{self.clock.now().isoformat()} {what}")

    def learn(self, image: ImageHeader) -> None:
        """Remembers build and compile date of an image, where it names them."""
        if image.build and image.compiled:
            self.builds[Release.parse(image.release).short] = (image.build, image.compiled)

    def digest(self, text: str) -> str:
        """Returns a short code that belongs to this router and ``text``."""
        return hashlib.sha256(f"{self.serial}/{text}".encode()).hexdigest()[:8]

    # --- saving and booting ---------------------------------------------------------------------

    def save(self) -> None:
        """Writes the running configuration to NVRAM."""
        self.startup = self.running.copy()
        self.startup_release = self.release
        self.saved_at = self.now()
        self.record("configuration saved")

    def other_writer(self) -> bool:
        """Tells whether NVRAM was last written by another release (F14)."""
        return self.faults.on("F14") or self.startup_release != self.release

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
        from slp_sim.router.boot import next_boot

        if not self.up:
            return
        self.up = False
        for line in list(self.lines):
            line.close()
        if self.faults.on("F10") and self.faults.strikes_first("F10", 1):
            self.record("did not come back")
            return
        boot = next_boot(self)
        if boot is None:
            self.record("stopped in ROMMON")
            return
        self.clock.at(
            self.clock.now() + timedelta(seconds=self.outage_s), lambda: self._come_up(boot)
        )

    def power_cycle(self) -> None:
        """Has somebody at the console boot a router that did not come back."""
        from slp_sim.router.boot import next_boot

        boot = None if self.up else next_boot(self)
        if boot is not None:
            self.record("power cycled")
            when = self.clock.now() + timedelta(seconds=self.spec.boot_s)
            self.clock.at(when, lambda: self._come_up(boot))

    def _come_up(self, release: Release) -> None:
        from slp_sim.router.boot import came_up

        self.boot_count += 1
        self.life += 1
        self.booted_at = self.now()
        self.issu.chassis_booted()
        self.processors.chassis_booted(release)
        came_up(self, release)
        self.up = True
        self.record(f"boot {self.boot_count} {self.release.short}")
