"""One device: what it is, what it holds, what it writes down, before anything runs on it."""

from __future__ import annotations

import hashlib
import random
import threading
from collections import deque
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any, Protocol

from slp_sim.ports import LabClock, Network
from slp_sim.router.accounts import kept
from slp_sim.router.catalog import Platform, Release, build_of, platform_of
from slp_sim.router.configuration import Configuration
from slp_sim.router.faults import Faults
from slp_sim.router.flash import Flash, ImageHeader
from slp_sim.router.spec import AgentModel, RouterSpec
from slp_sim.router.startup import first_configuration, first_files

_LOG_LINES = 500
_TYPED_LINES = 5000
_NTP_REACH_S = 1000.0


class OpenLine(Protocol):
    """A VTY line that somebody uses, as others see it."""

    username: str
    vty: int
    used_at: datetime
    exclusive: bool
    config_paths: list[tuple[str, ...]] | None

    def close(self) -> None:
        """Ends the session; the line is free again."""
        ...


class Device:
    """What the parts of a router stand on.

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
        self.boot_count = 0
        self.licensing_model: AgentModel = spec.licensing.agent_model
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
        self.lines: list[OpenLine] = []
        first = first_configuration(spec, self.platform, self.release, self.flash)
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
        self.rsa_keys = {self._first_key(): spec.ssh_key_bits}
        """Length of each RSA key pair, by its name."""
        self.unshielded = self.running.has("crypto engine compliance shield disable")
        """Whether weak cryptography was allowed when it booted."""
        self.settled_level = self.configured_level()
        self.settled_crypto = self.running.value("platform hardware throughput crypto")

    def _first_key(self) -> str:
        """Returns the name of the key pair that it has from the beginning."""
        named = self.running.value("ip ssh rsa keypair-name")
        return named or f"{self.hostname}.{self.running.value('ip domain name')}"

    def settle(self) -> None:
        """Has everything happen that is due by now."""
        self.clock.settle()

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

    def stamp_ms(self, ago_s: float = 0.0) -> str:
        """Returns the router's time as messages carry it."""
        now = self.now() - timedelta(seconds=ago_s)
        return f"{now:%b} {now.day:2} {now:%H:%M:%S}.{now.microsecond // 1000:03}"

    def synchronised(self) -> bool:
        """Tells whether NTP keeps the clock right."""
        near = abs(self.clock_offset) < _NTP_REACH_S
        return self.spec.ntp and near and bool(self.running.values("ntp server"))

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

    def save(self) -> None:
        """Writes the running configuration to NVRAM."""
        self.startup = self.running.copy()
        self.startup_release = self.release
        self.saved_at = self.now()
        self.record("configuration saved")

    def other_writer(self) -> bool:
        """Tells whether NVRAM was last written by another release (F14)."""
        return self.faults.on("F14") or self.startup_release != self.release
