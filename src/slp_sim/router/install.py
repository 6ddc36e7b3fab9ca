"""Install mode: what is added, active, committed, and when it rolls back by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from slp_sim.router.catalog import Release
from slp_sim.router.flash import plain
from slp_sim.router.startup import packages_conf

if TYPE_CHECKING:
    from slp_sim.router.router import Router

DEFAULT_ABORT_MINUTES = 120


@dataclass(slots=True)
class Package:
    """An installed version: ``I`` inactive, ``U`` uncommitted, ``C`` committed."""

    release: Release
    row: str
    state: str
    file: str | None = None


class InstallState:
    """What ``show install summary`` tells, and what ``packages.conf`` would boot."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self.mode = router.spec.boot_mode
        self.packages: list[Package] = []
        if self.mode == "install":
            self.packages.append(Package(router.release, router.release.row, "C"))
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
        self.busy_since = router.now()

    # --- what is there --------------------------------------------------------------------------

    def bundle_name(self) -> str:
        """Returns the image that a bundle-mode router booted."""
        router = self._router
        if router.spec.boot_image:
            return plain(router.spec.boot_image)
        found = next((f.name for f in router.flash.files.values() if f.image()), None)
        release = router.release.padded
        return found or f"{router.platform.image}-universalk9.{release}.SPA.bin"

    def fits(self, image_platform: str) -> bool:
        """Tells whether an image was built for this router."""
        platform = self._router.platform
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
        router = self._router
        life = router.life
        self.busy, self.busy_since = operation, router.now()

        def done() -> None:
            if router.up and router.life == life:
                self.busy = None
                act()

        router.clock.at(router.clock.now() + timedelta(seconds=seconds), done)

    def add(self, path: str) -> Package | None:
        """Adds an image that was unpacked, as inactive; None where it has gone meanwhile."""
        router = self._router
        file = router.flash.get(path)
        header = file.image() if file is not None else None
        if file is None or header is None:
            return None
        release = Release.parse(header.release)
        router.learn(header)
        package = Package(release, header.version_row, "I", plain(path))
        self.packages = [p for p in self.packages if p.state != "I"] + [package]
        name = f"{router.platform.image}-rpbase.{release.padded}.SPA.pkg"
        router.flash.fill(name, self.needed(file.size), router.now())
        if router.flash.get("packages.conf") is None:
            router.flash.write("packages.conf", packages_conf(name).encode(), router.now())
        router.record(f"install add {release.short}")
        return package

    def activate(self, package: Package, minutes: int | None, *, commit: bool = False) -> None:
        """Makes an added package the one that boots next, committed at once or not."""
        self.pending = package
        if self.mode == "bundle":
            self.came_from = self.boot_file
        self.abort_minutes = minutes if minutes is not None else DEFAULT_ABORT_MINUTES
        self._router.record(f"install activate {package.release.short}")
        if commit:
            package.state = "C"
            self.packages = [p for p in self.packages if p is package or p.state != "C"]
            self._router.record(f"install commit {package.release.short}")

    def commit(self) -> bool:
        """Keeps what is active; tells whether there was anything to keep."""
        package = self.of_state("U")
        if package is None:
            return False
        self.packages = [p for p in self.packages if p.state != "C"]
        package.state = "C"
        self.stop_timer()
        self._router.issu.committed()
        self._router.record(f"install commit {package.release.short}")
        return True

    def roll_back(self, reason: str) -> None:
        """Goes back to what is committed, by a reload; else to the bundle that ran before.

        What came in service goes in service.
        """
        router = self._router
        if router.issu.in_progress():
            router.issu.abort(reason)
            return
        self.pending = self.of_state("C")
        uncommitted = self.of_state("U")
        if self.pending is None and uncommitted is not None:
            uncommitted.state = "I"  # packages.conf boots nothing any more
        self.stop_timer()
        router.record(f"install roll back: {reason}")
        router.reload(f"Install {reason}")

    def remove_inactive(self) -> list[str]:
        """Removes what is not active; returns the names of the files removed."""
        router = self._router
        keep = {p.release.padded for p in self.packages if p.state != "I"}
        self.packages = [p for p in self.packages if p.state != "I"]
        names = [
            f.name
            for f in router.flash.files.values()
            if (f.name.endswith(".pkg") or (f.image() is not None and f.name != self.boot_file))
            and not any(k in f.name for k in keep)
        ]
        for name in names:
            router.flash.delete(name)
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
        router = self._router
        minutes = float(self.abort_minutes)
        if router.faults.on("F07"):
            minutes = float(router.faults.param("F07", "minutes", 5))
        self._abort_serial += 1
        serial = self._abort_serial
        if minutes <= 0:
            return
        self.abort_at = router.now() + timedelta(minutes=minutes)

        def abort() -> None:
            if serial == self._abort_serial and self.abort_at is not None and router.up:
                self.roll_back("auto abort timer expired")

        router.clock.at(router.clock.now() + timedelta(minutes=minutes), abort)
