"""In-service upgrade: the standby first, then a switchover, then the other processor.

What the operation asks and in which order it goes is public; how long its parts take and what
``show issu state detail`` prints in its course are from memory, not verified.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from slp_sim.router.device import Device
from slp_sim.router.install import InstallState, Package
from slp_sim.router.processors import Processors

PREPARE_S = 45.0
_PAUSE_S = 5.0


class Issu:
    """The operation that is under way, and how the last one ended."""

    def __init__(self, device: Device, install: InstallState, processors: Processors) -> None:
        self._device = device
        self._install = install
        self._processors = processors
        self.package: Package | None = None
        self.state: str | None = None
        """``Added``, ``Activated`` or ``Aborting`` while an operation is under way."""
        self.settled = False
        """Whether the present state is reached on both processors."""
        self.one_shot = False
        self.previous = "N/A"
        self.done: list[tuple[str, datetime]] = []
        self._serial = 0

    # --- questions ------------------------------------------------------------------------------

    def in_progress(self) -> bool:
        """Tells whether an operation is under way; nothing else may be installed then."""
        return self.state is not None

    def mixes(self) -> bool:
        """Tells whether two releases may be in step just now: only in the course of an upgrade."""
        return self.state is not None and not self.settled

    def checks(self) -> dict[str, bool]:
        """Returns what the platform asks before it begins, by the names that it prints."""
        device = self._device
        return {
            "Platform ISSU Support": device.platform.processors > 1,
            "Standby Online": self._processors.hot(),
            "Autoboot Enabled": device.config_register == "0x2102",
            "SSO Mode": self._processors.mode() == "sso",
            "Install Boot": self._install.mode == "install",
            "Valid Boot Media": True,
        }

    # --- the upgrade ----------------------------------------------------------------------------

    def begin(self, package: Package, minutes: int | None, *, commit: bool) -> None:
        """Begins; the session that asked is not needed any more."""
        self.package, self.one_shot, self.state = package, commit, "Added"
        self.settled, self.done = False, []
        if minutes is not None:
            self._install.abort_minutes = minutes
        self._device.record(f"issu activate {package.release.short}")
        self._after(PREPARE_S, self._load_standby)

    def _load_standby(self) -> None:
        device = self._device
        assert self.package is not None
        release = self.package.release
        if device.faults.on("F08"):  # the standby comes up with the old release
            device.faults.clear("F08")
            release = device.release
        wait = self._processors.boot_standby(release)
        self._after(wait + _PAUSE_S, self._standby_loaded)

    def _standby_loaded(self) -> None:
        device = self._device
        standby = self._processors.standby
        assert standby is not None
        assert self.package is not None
        if standby.release != self.package.release or not self._processors.hot():
            self._fail("the standby did not come up with the new release")
            return
        self.done.append((f"Activate location standby {standby.name}", device.now()))
        self._switch_over(self._took_over)

    def _switch_over(self, then: Callable[[], None]) -> None:
        serial = self._serial

        def up() -> None:
            if serial == self._serial:
                then()

        self._processors.switch_over("ISSU", up)

    def _took_over(self) -> None:
        """The new release is active; the processor that was active boots it too."""
        device = self._device
        assert self.package is not None
        self.package.state, self.state = "U", "Activated"
        self.done.append(("Switchover", device.now()))
        wait = self._processors.boot_standby(self.package.release)
        self._after(wait + _PAUSE_S, self._activated)

    def _activated(self) -> None:
        device = self._device
        standby = self._processors.standby
        assert standby is not None
        self.settled = True
        self.done.append((f"Activate location active {standby.name}", device.now()))
        device.record("issu done on both")
        if self.one_shot:
            self._install.commit()
        else:
            self._install.start_timer()

    def committed(self) -> None:
        """What was activated is kept: the operation is over."""
        if self.state is not None:
            self._over("Successful")

    # --- the way back ---------------------------------------------------------------------------

    def abort(self, reason: str) -> None:
        """Goes back to what is committed: before the switchover by the standby alone."""
        device = self._device
        self._serial += 1
        self._install.stop_timer()
        device.record(f"issu abort: {reason}")
        old = self._install.of_state("C")
        assert old is not None
        wait = self._processors.boot_standby(old.release)
        if self.state == "Added":
            self._over("Aborted")
            return
        self.state, self.settled = "Aborting", False
        self._after(wait + _PAUSE_S, lambda: self._switch_over(self._back))

    def _back(self) -> None:
        old = self._install.of_state("C")
        assert old is not None
        assert self.package is not None
        self.package.state = "I"
        self._over("Aborted")
        self._processors.boot_standby(old.release)

    def _fail(self, why: str) -> None:
        device = self._device
        device.record(f"issu failed: {why}")
        device.log("INSTALL-3-OPERATION_ERROR_MESSAGE", f"Failed to activate ISSU: {why}")
        self._serial += 1
        self._processors.boot_standby(device.release)
        self._over("Failed")

    def chassis_booted(self) -> None:
        """A reload of the whole chassis ends whatever was under way."""
        if self.state is not None:
            self._over("Failed")

    def _over(self, how: str) -> None:
        self._serial += 1
        self.previous, self.state, self.package, self.settled = how, None, None, False

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        serial, clock = self._serial, self._device.clock

        def due() -> None:
            if serial == self._serial and self._device.up:
                act()

        clock.at(clock.now() + timedelta(seconds=seconds), due)
