"""In-service upgrade: the standby first, then a switchover, then the other processor.

What the operation asks and in which order it goes is public; how long its parts take and what
``show issu state detail`` prints in its course are from memory, not verified.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slp_sim.router.install import Package
    from slp_sim.router.router import Router

PREPARE_S = 45.0
_PAUSE_S = 5.0


class Issu:
    """The operation that is under way, and how the last one ended."""

    def __init__(self, router: Router) -> None:
        self._router = router
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
        router = self._router
        return {
            "Platform ISSU Support": router.platform.processors > 1,
            "Standby Online": router.processors.hot(),
            "Autoboot Enabled": router.config_register == "0x2102",
            "SSO Mode": router.processors.mode() == "sso",
            "Install Boot": router.install.mode == "install",
            "Valid Boot Media": True,
        }

    # --- the upgrade ----------------------------------------------------------------------------

    def begin(self, package: Package, minutes: int | None, *, commit: bool) -> None:
        """Begins; the session that asked is not needed any more."""
        self.package, self.one_shot, self.state = package, commit, "Added"
        self.settled, self.done = False, []
        if minutes is not None:
            self._router.install.abort_minutes = minutes
        self._router.record(f"issu activate {package.release.short}")
        self._after(PREPARE_S, self._load_standby)

    def _load_standby(self) -> None:
        router = self._router
        assert self.package is not None
        release = self.package.release
        if router.faults.on("F08"):  # the standby comes up with the old release
            router.faults.clear("F08")
            release = router.release
        wait = router.processors.boot_standby(release)
        self._after(wait + _PAUSE_S, self._standby_loaded)

    def _standby_loaded(self) -> None:
        router = self._router
        standby = router.processors.standby
        assert standby is not None
        assert self.package is not None
        if standby.release != self.package.release or not router.processors.hot():
            self._fail("the standby did not come up with the new release")
            return
        self.done.append((f"Activate location standby {standby.name}", router.now()))
        self._switch_over(self._took_over)

    def _switch_over(self, then: Callable[[], None]) -> None:
        serial = self._serial

        def up() -> None:
            if serial == self._serial:
                then()

        self._router.processors.switch_over("ISSU", up)

    def _took_over(self) -> None:
        """The new release is active; the processor that was active boots it too."""
        router = self._router
        assert self.package is not None
        self.package.state, self.state = "U", "Activated"
        self.done.append(("Switchover", router.now()))
        wait = router.processors.boot_standby(self.package.release)
        self._after(wait + _PAUSE_S, self._activated)

    def _activated(self) -> None:
        router = self._router
        standby = router.processors.standby
        assert standby is not None
        self.settled = True
        self.done.append((f"Activate location active {standby.name}", router.now()))
        router.record("issu done on both")
        if self.one_shot:
            router.install.commit()
        else:
            router.install.start_timer()

    def committed(self) -> None:
        """What was activated is kept: the operation is over."""
        if self.state is not None:
            self._over("Successful")

    # --- the way back ---------------------------------------------------------------------------

    def abort(self, reason: str) -> None:
        """Goes back to what is committed: before the switchover by the standby alone."""
        router = self._router
        self._serial += 1
        router.install.stop_timer()
        router.record(f"issu abort: {reason}")
        old = router.install.of_state("C")
        assert old is not None
        wait = router.processors.boot_standby(old.release)
        if self.state == "Added":
            self._over("Aborted")
            return
        self.state, self.settled = "Aborting", False
        self._after(wait + _PAUSE_S, lambda: self._switch_over(self._back))

    def _back(self) -> None:
        router = self._router
        old = router.install.of_state("C")
        assert old is not None
        assert self.package is not None
        self.package.state = "I"
        self._over("Aborted")
        router.processors.boot_standby(old.release)

    def _fail(self, why: str) -> None:
        router = self._router
        router.record(f"issu failed: {why}")
        router.log("INSTALL-3-OPERATION_ERROR_MESSAGE", f"Failed to activate ISSU: {why}")
        self._serial += 1
        router.processors.boot_standby(router.release)
        self._over("Failed")

    def chassis_booted(self) -> None:
        """A reload of the whole chassis ends whatever was under way."""
        if self.state is not None:
            self._over("Failed")

    def _over(self, how: str) -> None:
        self._serial += 1
        self.previous, self.state, self.package, self.settled = how, None, None, False

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        serial, clock = self._serial, self._router.clock

        def due() -> None:
            if serial == self._serial and self._router.up:
                act()

        clock.at(clock.now() + timedelta(seconds=seconds), due)
