"""Route processors: one, or an active and a standby that is kept in step with it.

Licensing counts the chassis: who is active changes nothing in what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slp_sim.router.catalog import Release
from slp_sim.router.device import Device

SWITCHOVER_S = 15.0
"""How long nobody reaches the router while the standby takes over."""
_NO_PAK_FROM = Release(17, 7, 1)
_LOOP_S = 300.0  # a standby in a reload loop fails about so often (F11)
# What a standby goes through after its boot, each for an equal share of the synchronisation.
_COLD = ((5, "STANDBY COLD-CONFIG"), (6, "STANDBY COLD-FILESYS"), (7, "STANDBY COLD-BULK"))
HOT = (8, "STANDBY HOT")
_DISABLED = (1, "DISABLED")
_MIXED = (4, "STANDBY COLD")


@dataclass(slots=True)
class Processor:
    """One route processor.

    Attributes:
        up_at: lab time at which its present boot is done.
        boots: how often it has booted since the scenario began.
    """

    slot: int
    release: Release
    up_at: datetime
    boots: int = 0

    @property
    def name(self) -> str:
        """As ``show platform`` and the installer name its slot."""
        return f"R{self.slot}"

    @property
    def location(self) -> str:
        """As ``show redundancy`` names its slot."""
        return f"slot {self.slot + 6}"


@dataclass(frozen=True, slots=True)
class Switchover:
    """One change of who is active."""

    at: datetime
    before: Processor
    after: Processor
    reason: str


class Processors:
    """Who is active, who stands by, and how far the standby is."""

    def __init__(
        self, device: Device, mixes: Callable[[], bool], took_over: Callable[[Release], None]
    ) -> None:
        self._device = device
        self._mixes = mixes
        self._took_over = took_over
        spec = device.spec
        since = device.clock.now() - timedelta(seconds=spec.up_s)
        self.active = Processor(0, device.release, since)
        self.standby: Processor | None = None
        self.sync_s = spec.standby.sync_s if spec.standby else 90.0
        self.switchovers: list[Switchover] = []
        self._failures = 0
        if spec.standby is not None or spec.peer_serial is not None:
            own = spec.standby.release if spec.standby else None
            release = Release.parse(own) if own else device.release
            self.standby = Processor(1, release, since - timedelta(seconds=self.sync_s))

    @property
    def pair(self) -> bool:
        """Whether a second processor is there."""
        return self.standby is not None

    def slots(self) -> list[Processor]:
        """Returns the processors by slot."""
        both = [self.active, *([self.standby] if self.standby else [])]
        return sorted(both, key=lambda p: p.slot)

    def peer(self) -> tuple[int, str]:
        """Returns number and name of the standby's state."""
        standby, now = self.standby, self._device.clock.now()
        if standby is None or now < standby.up_at:
            return _DISABLED
        if self._loops(standby):
            turn = (now - standby.up_at).total_seconds() % _LOOP_S
            return _DISABLED if turn < _LOOP_S / 2 else _COLD[0]
        if standby.release != self.active.release and not self._mixes():
            return _MIXED
        if self._device.faults.on("F11"):
            return _MIXED
        done = (now - standby.up_at).total_seconds() / self.sync_s if self.sync_s else 1.0
        return HOT if done >= 1 else _COLD[max(int(done * len(_COLD)), 0)]

    def hot(self) -> bool:
        """Tells whether the standby is in step, ready to take over."""
        return self.peer() == HOT

    def mode(self) -> str:
        """Returns the redundancy mode in force."""
        if self.standby is None or self.peer()[0] <= _DISABLED[0]:
            return "Non-redundant"
        unequal = self.standby.release != self.active.release and not self._mixes()
        return "rpr" if unequal else "sso"

    def failures(self) -> int:
        """Returns how often the standby failed."""
        standby = self.standby
        if standby is None or not self._loops(standby):
            return self._failures
        up = (self._device.clock.now() - standby.up_at).total_seconds()
        return self._failures + int(up // _LOOP_S)

    def _loops(self, standby: Processor) -> bool:
        """Tells whether the standby reloads again and again: by its PAK store, or by a fault."""
        device = self._device
        if device.faults.on("F11", "loop"):
            return True
        unequal = device.spec.standby is not None and device.spec.standby.unequal_paks
        return unequal and device.platform.classic and standby.release >= _NO_PAK_FROM

    def members(self) -> list[tuple[str, str]]:
        """Returns what licensing lists of a pair: role and UDI; nothing of a single processor."""
        device = self._device
        if self.standby is None:
            return []
        second = device.spec.peer_serial or device.serial
        return [
            ("Active", f"PID:{device.pid},SN:{device.serial}"),
            ("Standby", f"PID:{device.pid},SN:{second}"),
        ]

    # --- boots ----------------------------------------------------------------------------------

    def boot_standby(self, release: Release) -> float:
        """Boots the standby alone; returns in how many lab seconds it will be in step."""
        standby = self.standby
        assert standby is not None
        seconds = self._device.spec.boot_s
        standby.release = release
        standby.boots += 1
        standby.up_at = self._device.clock.now() + timedelta(seconds=seconds)
        self._device.record(f"standby {standby.name} boots {release.short}")
        return seconds + self.sync_s

    def chassis_booted(self, release: Release) -> None:
        """Both processors came up with the chassis; the standby is yet to be brought into step."""
        now = self._device.clock.now()
        for processor in self.slots():
            processor.release = release
            processor.up_at = now
            processor.boots += 1

    def switch_over(self, reason: str, then: Callable[[], None] | None = None) -> None:
        """Has the standby take over: sessions end, the chassis stays up.

        The processor that was active is down until it is told to boot.

        Args:
            then: called when the router can be reached again.
        """
        device, before, after = self._device, self.active, self.standby
        if not device.up or after is None:
            return
        device.up = False
        for line in list(device.lines):
            line.close()
        self.active, self.standby = after, before
        before.up_at = device.clock.now() + timedelta(days=36500)
        self.switchovers.append(Switchover(device.now(), before, after, reason))
        device.record(f"switchover {before.name} to {after.name}: {reason}")

        def reachable() -> None:
            self._took_over(after.release)
            if then is not None:
                then()

        device.clock.at(device.clock.now() + timedelta(seconds=SWITCHOVER_S), reachable)
