"""Reservations before SLP: request, install, return."""

from __future__ import annotations

from typing import Literal

from typing_extensions import override

from slp_core import typed
from slp_core.files import Kind as FileKind
from slp_core.steps.authorization import Scope
from slp_core.steps.base import BOOTFLASH, StepFacts, StepParams


class ReservationInstallParams(StepParams):
    """A reservation code, from a file in ``in/``.

    Attributes:
        tags: licences that must be reserved afterwards.
    """

    facts = StepFacts(kind="reservation_install", title="Install the updated reservation")

    file: typed.FileName
    tags: tuple[typed.Line, ...] = ()

    @override
    def takes(self) -> tuple[str, FileKind] | None:
        return self.file, "slr"

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        there = f"{flash}{self.file}"
        return (f"scp {self.file} {there}", f"license smart reservation install file {there}")


class ReservationRequestParams(StepParams):
    """A request code, kept in ``out/``; the configuration allows it first."""

    facts = StepFacts(
        kind="reservation_request",
        managed="configuration",
        title="Generate a request code for a reservation",
        deadline_s=300,
    )

    scope: Literal["local", "all", "universal"] = "local"
    file: typed.FileName = "request_code.txt"

    @override
    def leaves(self) -> str | None:
        return self.file

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (
            "license smart reservation",
            f"license smart reservation request {self.scope}",
        )


class ReservationReturnParams(StepParams):
    """The reservation goes back; its return code is kept in ``out/``."""

    facts = StepFacts(kind="reservation_return", title="Return the reservation", deadline_s=300)

    scope: Scope = "local"
    file: typed.FileName = "return_code.txt"

    @override
    def leaves(self) -> str | None:
        return self.file

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"license smart reservation return {self.scope}",)
