"""Install mode: what is added, active, committed, and when it rolls back by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from slp_sim.router.catalog import Release
from slp_sim.router.device import Device
from slp_sim.router.flash import plain
from slp_sim.router.startup import packages_conf

DEFAULT_ABORT_MINUTES = 120


@dataclass(slots=True)
class Package:
    """An installed version: ``I`` inactive, ``U`` uncommitted, ``C`` committed."""

    release: Release
    row: str
    state: str
    file: str | None = None


class InService(Protocol):
    """What an upgrade in service answers to the installer."""

    def in_progress(self) -> bool:
        """Tells whether one is under way."""
        ...

    def abort(self, reason: str) -> None:
        """Goes back to what is committed."""
        ...

    def committed(self) -> None:
        """What was activated is kept."""
        ...


class InstallState:
    """What ``show install summary`` tells, and what ``packages.conf`` would boot."""

    def __init__(
        self, device: Device, reload: Callable[[str], None], in_service: Callable[[], InService]
    ) -> None:
        self._device = device
        self._reload = reload
        self._in_service = in_service
        self.mode = device.spec.boot_mode
        self.packages: list[Package] = []
        if self.mode == "install":
            self.packages.append(Package(device.release, device.release.row, "C"))
        self.boot_file = "packages.conf" if self.mode == "install" else self.bundle_name()
        self.abort_at: datetime | None = None
        self.abort_minutes = DEFAULT_ABORT_MINUTES
        self.pending: Package | None = None
        """What the next boot of ``packages.conf`` starts, while it is not running yet."""
        self.came_from: str | None = None
        """The bundle that ran before an activation; without anything committed, the way back."""
        self._abort_serial = 0
        self.busy: str | None = None
        """The operation at work; it goes on when the session that began it has ended."""
        self.busy_since = device.now()

    # --- what is there --------------------------------------------------------------------------

    def bundle_name(self) -> str:
        """Returns the image that a bundle-mode router booted."""
        device = self._device
        if device.spec.boot_image:
            return plain(device.spec.boot_image)
        found = next((f.name for f in device.flash.files.values() if f.image()), None)
        release = device.release.padded
        return found or f"{device.platform.image}-universalk9.{release}.SPA.bin"

    def fits(self, image_platform: str) -> bool:
        """Tells whether an image was built for this device."""
        platform = self._device.platform
        allowed = {platform.image, platform.family, platform.becomes}
        if platform.family in ("isr1100",):
            allowed |= {"c1100", "isr1k"}
        return image_platform.lower() in allowed

    def of_state(self, state: str) -> Package | None:
        """Returns the package in a state, if there is one."""
        return next((p for p in self.packages if p.state == state), None)

    def needed(self, size: int) -> int:
        """Returns how many bytes unpacking an image takes."""
        return int(size * 1.02)

    # --- operations -----------------------------------------------------------------------------

    def begin(self, operation: str, seconds: float, act: Callable[[], object]) -> None:
        """Carries an operation out in so many lab seconds, unless the router reloads before."""
        device = self._device
        life = device.life
        self.busy, self.busy_since = operation, device.now()

        def done() -> None:
            if device.up and device.life == life:
                self.busy = None
                act()

        device.clock.at(device.clock.now() + timedelta(seconds=seconds), done)

    def add(self, path: str) -> Package | None:
        """Adds an image that was unpacked, as inactive; None where it has gone meanwhile."""
        device = self._device
        file = device.flash.get(path)
        header = file.image() if file is not None else None
        if file is None or header is None:
            return None
        release = Release.parse(header.release)
        device.learn(header)
        package = Package(release, header.version_row, "I", plain(path))
        self.packages = [p for p in self.packages if p.state != "I"] + [package]
        name = f"{device.platform.image}-rpbase.{release.padded}.SPA.pkg"
        device.flash.fill(name, self.needed(file.size), device.now())
        if device.flash.get("packages.conf") is None:
            device.flash.write("packages.conf", packages_conf(name).encode(), device.now())
        device.record(f"install add {release.short}")
        return package

    def activate(self, package: Package, minutes: int | None, *, commit: bool = False) -> None:
        """Makes an added package the one that boots next, committed at once or not."""
        self.pending = package
        if self.mode == "bundle":
            self.came_from = self.boot_file
        self.abort_minutes = minutes if minutes is not None else DEFAULT_ABORT_MINUTES
        self._device.record(f"install activate {package.release.short}")
        if commit:
            package.state = "C"
            self.packages = [p for p in self.packages if p is package or p.state != "C"]
            self._device.record(f"install commit {package.release.short}")

    def commit(self) -> bool:
        """Keeps what is active; tells whether there was anything to keep."""
        package = self.of_state("U")
        if package is None:
            return False
        self.packages = [p for p in self.packages if p.state != "C"]
        package.state = "C"
        self.stop_timer()
        self._in_service().committed()
        self._device.record(f"install commit {package.release.short}")
        return True

    def roll_back(self, reason: str) -> None:
        """Goes back to what is committed, by a reload; else to the bundle that ran before.

        What came in service goes in service.
        """
        device = self._device
        if self._in_service().in_progress():
            self._in_service().abort(reason)
            return
        self.pending = self.of_state("C")
        uncommitted = self.of_state("U")
        if self.pending is None and uncommitted is not None:
            uncommitted.state = "I"  # packages.conf boots nothing any more
        self.stop_timer()
        device.record(f"install roll back: {reason}")
        self._reload(f"Install {reason}")

    def remove_inactive(self) -> list[str]:
        """Removes what is not active; returns the names of the files removed."""
        device = self._device
        keep = {p.release.padded for p in self.packages if p.state != "I"}
        self.packages = [p for p in self.packages if p.state != "I"]
        names = [
            f.name
            for f in device.flash.files.values()
            if (f.name.endswith(".pkg") or (f.image() is not None and f.name != self.boot_file))
            and not any(k in f.name for k in keep)
        ]
        for name in names:
            device.flash.delete(name)
        return names

    def stop_timer(self) -> None:
        """Stops the auto-abort timer."""
        self.abort_at = None
        self._abort_serial += 1

    # --- boots ----------------------------------------------------------------------------------

    def bootable(self) -> Release | None:
        """Returns what ``packages.conf`` would boot."""
        package = self.pending or self.of_state("U") or self.of_state("C")
        return package.release if package is not None else None

    def booted_from(self, entry: str) -> None:
        """Remembers what is being booted."""
        self.boot_file = plain(entry)
        self.mode = "install" if self.boot_file.endswith("packages.conf") else "bundle"

    def fell_back(self) -> None:
        """Forgets an activation whose image did not boot (F08)."""
        self.pending = None

    def after_boot(self) -> None:
        """Settles states after a boot; starts the auto-abort timer of an activation."""
        package, self.pending = self.pending, None
        self.busy = None
        if self.mode != "install":
            return
        if package is None:
            uncommitted = self.of_state("U")
            if uncommitted is not None:
                self.start_timer()
            return
        if package.state == "I":
            package.state = "U"
            self.start_timer()
        elif package.state == "C":
            for other in self.packages:
                other.state = "I" if other.state == "U" else other.state

    def start_timer(self) -> None:
        """Starts the auto-abort timer of an activation."""
        device = self._device
        minutes = float(self.abort_minutes)
        if device.faults.on("F07"):
            minutes = float(device.faults.param("F07", "minutes", 5))
        self._abort_serial += 1
        serial = self._abort_serial
        if minutes <= 0:
            return
        self.abort_at = device.now() + timedelta(minutes=minutes)

        def abort() -> None:
            if serial == self._abort_serial and self.abort_at is not None and device.up:
                self.roll_back("auto abort timer expired")

        device.clock.at(device.clock.now() + timedelta(minutes=minutes), abort)
