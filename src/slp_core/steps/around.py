"""What every change is framed by: check, backup, saving, a person's work, the last look."""

from __future__ import annotations

from typing import Final, Literal

from typing_extensions import override

from slp_core import typed
from slp_core.state import Frozen
from slp_core.steps.base import BOOTFLASH, DAY, StepFacts, StepParams

WRITE_MEMORY: Final = "write memory"


class PreflightParams(StepParams):
    """Identity, blockers and readiness (UP-3), read live."""

    facts = StepFacts(
        kind="preflight",
        title="Check that the router is ready",
        deadline_s=300,
        lasting=False,
        skipped="done",
    )


class BackupParams(StepParams):
    """Configurations and licence state, kept on this side."""

    facts = StepFacts(
        kind="backup",
        title="Back up configurations and licence state",
        lasting=False,
    )


class SaveConfigParams(StepParams):
    """The running configuration becomes the startup configuration."""

    facts = StepFacts(
        kind="save_config",
        managed="saving",
        title="Save the configuration",
        deadline_s=300,
        again=True,
    )

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (WRITE_MEMORY,)


class Shows(Frozen):
    """What the router shows once a person's work has taken effect."""

    transport: typed.Name | None = None
    url: typed.WebUrl | None = None


class PersonParams(StepParams):
    """Something that only a person can do.

    Attributes:
        provides: files that the person drops into ``in/``.
        needs: files in ``out/`` that the person takes along.
        shows: what the router shows by then.
    """

    facts = StepFacts(
        kind="person",
        title="Wait for a person",
        deadline_s=30 * DAY,
        lasting=False,
        waits_for="person",
        skipped="done",
    )

    provides: tuple[typed.FileName, ...] = ()
    needs: tuple[typed.FileName, ...] = ()
    shows: Shows | None = None

    @override
    def asks_for(self) -> tuple[str, ...]:
        return self.provides


class TakenBack(StepParams):
    """A step whose failure a later step of the plan takes back by itself."""

    roll_back: bool = False


class VerifyParams(TakenBack):
    """The router's own outputs, compared with what was predicted for a moment."""

    facts = StepFacts(
        kind="verify",
        title="Verify the router against the plan",
        deadline_s=900,
        lasting=False,
        skipped="done",
    )

    moment: Literal["stop", "upgrade", "end"] = "end"

    @override
    def holds_place(self) -> bool:
        return self.moment == "upgrade"
