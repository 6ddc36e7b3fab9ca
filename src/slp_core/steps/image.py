"""A new release: copy, add, activate, commit, boot, reload, and the way back."""

from __future__ import annotations

import re
from typing import Final

from typing_extensions import override

from slp_core import typed
from slp_core.steps.around import TakenBack
from slp_core.steps.base import BOOTFLASH, HOUR, StepFacts, StepParams
from slp_core.targets import Image

_URL: Final = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CLIENTS: Final = {"http": "http client", "https": "http client", "scp": "ssh", "sftp": "ssh"}
"""What of the router copies from a scheme; SCP and SFTP go by its SSH client."""


def is_url(source: str | None) -> bool:
    """Tells whether the router itself copies from there."""
    return source is not None and _URL.match(source) is not None


def _named(file: str) -> str:
    """Returns the name of a file on flash; a plan that is blocked for want of an image has none."""
    return file.rpartition(":")[2] or "an image that is yet to be named"


class StageImageParams(StepParams):
    """The image lies on flash, whole, proven by its hash.

    Attributes:
        tries: how often a copy that is cut is made at most.
    """

    facts = StepFacts(
        kind="stage_image", title="Copy and verify the image", deadline_s=2 * HOUR, installs="works"
    )

    image: Image
    filesystem: typed.Filesystem = BOOTFLASH
    tries: int = 4

    @override
    def title(self) -> str:
        return f"{'Copy and verify' if self.image.source else 'Verify'} the image {self.image.name}"

    @override
    def filesystem_named(self) -> str | None:
        return self.filesystem

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        image, there = self.image, f"{self.filesystem}{self.image.name}"
        if image.source is None:
            return (f"verify /sha512 {there}",)
        if not is_url(image.source):
            return (f"scp {image.source} {there}",)
        vrf = f" vrf {image.vrf}" if image.vrf else ""
        copy = f"copy {image.source} {there}{vrf}"
        if image.source_interface is None:
            return (copy,)
        scheme = image.source.partition(":")[0].lower()
        client = _CLIENTS.get(scheme, scheme)
        return (f"ip {client} source-interface {image.source_interface}", copy)


class InstallAddParams(StepParams):
    """The image is unpacked; ``file`` is on flash."""

    facts = StepFacts(
        kind="install_add",
        managed="release",
        title="Add the image",
        deadline_s=1800,
        settle_s=300,
        installs="works",
    )

    file: typed.StepFile
    release: typed.Release

    @override
    def title(self) -> str:
        return f"Add {_named(self.file)}"

    @override
    def release_named(self) -> str | None:
        return self.release

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"install add file {self.file}",)


class InstallActivateParams(TakenBack):
    """The new release becomes active, by a reload; with ``file`` in one command: add, activate
    and commit.
    """

    facts = StepFacts(
        kind="install_activate",
        managed="release",
        title="Activate the release and reload",
        deadline_s=1800,
        waits_for="time",
        settle_s=1800,  # a one-shot install unpacks the image first
        disruptive=True,
        reloads=True,
        uncommitted=True,
        installs="works",
    )

    release: typed.Release
    auto_abort_minutes: typed.AutoAbort | None = None
    file: typed.StepFile | None = None

    @override
    def title(self) -> str:
        if self.file is not None:
            return f"Add, activate and commit {self.release}, and reload"
        return f"Activate {self.release} and reload"

    @override
    def deadline_s(self) -> float:
        return self.facts.deadline_s if self.file is None else 1.5 * HOUR

    @override
    def release_named(self) -> str | None:
        return self.release

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        if self.file is not None:
            return (f"install add file {self.file} activate commit",)
        return (self.activation(),)

    def activation(self) -> str:
        """Returns the command for what is added already: it cannot be added again."""
        minutes = self.auto_abort_minutes
        return "install activate" + (f" auto-abort-timer {minutes}" if minutes else "")


class IssuActivateParams(TakenBack):
    """The new release becomes active in service, one processor after the other."""

    facts = StepFacts(
        kind="issu_activate",
        managed="release",
        title="Activate the release in service",
        deadline_s=2 * HOUR,
        waits_for="time",
        settle_s=300,
        disruptive=True,
        reloads=True,
        uncommitted=True,
        installs="works",
    )

    release: typed.Release

    @override
    def title(self) -> str:
        return f"Activate {self.release} in service"

    @override
    def release_named(self) -> str | None:
        return self.release

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return ("install activate issu",)


class InstallCommitParams(StepParams):
    """The new release is kept."""

    facts = StepFacts(
        kind="install_commit",
        managed="release",
        title="Commit the release",
        commits=True,
        installs="settles",
    )

    release: typed.Release

    @override
    def title(self) -> str:
        return f"Commit {self.release}"

    @override
    def release_named(self) -> str | None:
        return self.release

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return ("install commit",)


class BootVariableParams(StepParams):
    """What boots next; what booted before stays as the second choice.

    Attributes:
        later: the file is yet to be written, by an install.
    """

    facts = StepFacts(
        kind="boot_variable",
        managed="release",
        title="Set the boot variable",
        deadline_s=300,
        installs="restarts",
    )

    file: typed.StepFile
    later: bool = False

    @override
    def title(self) -> str:
        return f"Boot from {_named(self.file)}"

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"boot system {self.file}",)


class ReloadParams(TakenBack):
    """The router boots anew, once.

    Attributes:
        save: the answer to the router's question whether to save.
        release: expected after it.
    """

    facts = StepFacts(
        kind="reload",
        managed="release",
        title="Reload",
        deadline_s=1800,
        waits_for="time",
        settle_s=300,
        disruptive=True,
        reloads=True,
        installs="restarts",
    )

    save: bool = False
    release: typed.Release | None = None

    @override
    def title(self) -> str:
        return f"Reload into {self.release}" if self.release else self.facts.title

    @override
    def release_named(self) -> str | None:
        return self.release

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return ("reload",)


class RollbackParams(StepParams):
    """The release from before. Which line takes it back depends on what the router shows.

    Attributes:
        release: to go back to; by default the plan's, from before the upgrade.
        boot: files or ``boot system`` lines from before; by default as an earlier step noted.
        on_failure: only where an earlier step failed, of which this one then tells.
    """

    facts = StepFacts(
        kind="rollback",
        managed="release",
        title="Roll back",
        deadline_s=1800,
        waits_for="time",
        settle_s=900,
        disruptive=True,
        installs="settles",
    )

    release: typed.Release | None = None
    boot: tuple[typed.BootFile, ...] = ()
    on_failure: bool = False

    @override
    def release_named(self) -> str | None:
        return self.release
