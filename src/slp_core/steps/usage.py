"""Usage reports and their acknowledgement, policies, and the conversion of licences (DLC)."""

from __future__ import annotations

from typing import Any, Final, Literal, get_args

from pydantic import field_validator
from pydantic_core import PydanticCustomError
from typing_extensions import override

from slp_core import typed
from slp_core.errors import UsageError
from slp_core.files import Kind as FileKind
from slp_core.steps.authorization import Scope, import_lines
from slp_core.steps.base import BOOTFLASH, HOUR, StepFacts, StepParams

What = Literal["unreported", "all", "days", "rum-id"]
_REPORTS: Final = ("reporting.", "policy.")
_WHICH: Final = "unreported, all, days with a number, or rum-id with the report's number"


class UsageSyncParams(StepParams):
    """Usage is reported, and acknowledged.

    Attributes:
        answer: off where the report is enough, and its acknowledgement comes later.
    """

    facts = StepFacts(
        kind="usage_sync",
        title="Report usage and wait for the acknowledgement",
        deadline_s=2 * HOUR,
        waits_for="service",
        settle_s=900,  # CSSM takes minutes to answer
        again=True,
        watched=True,
        channels=("Trust Establishment", "Authorization Request"),
        server="uses",
        brings=_REPORTS,
    )

    scope: Scope = "local"
    answer: bool = True

    @override
    def deadline_s(self) -> float:
        return self.facts.deadline_s if self.answer else 1800

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"license smart sync {self.scope}",)


class UsageSaveParams(StepParams):
    """A usage report leaves as a file, on flash and in ``out/``.

    Attributes:
        what: ``days`` are the reports that began within so many days, ``rum-id`` is the one
            report ``rum_id``.
        by: the CLI or the router's REST interface; left out, the inventory says.
    """

    facts = StepFacts(kind="usage_save", title="Save the usage report to a file")

    file: typed.FileName
    what: What = "unreported"
    days: int | None = None
    rum_id: int | None = None
    by: Literal["cli", "rest"] | None = None

    @field_validator("what", mode="before")
    @classmethod
    def _is_one(cls, value: Any) -> Any:
        if value not in get_args(What):
            raise PydanticCustomError("which_reports", f"should be {_WHICH}")
        return value

    @override
    def leaves(self) -> str | None:
        return self.file

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return (f"license smart save usage {self.selection()} file {flash}{self.file}",)

    def selection(self) -> str:
        """Returns which reports are saved, in the words of the command.

        Raises:
            UsageError: the number that ``days`` or ``rum-id`` needs is missing, or is none.
        """
        if self.what in ("unreported", "all"):
            return self.what
        number = self.days if self.what == "days" else self.rum_id
        if number is None or number < 1:
            raise UsageError(
                f"`{self.what}` of which reports are saved is not complete",
                remedy=f"give {_WHICH}",
            )
        return f"{self.what} {number}"


class UsageImportParams(StepParams):
    """An acknowledgement or a policy, from a file in ``in/``.

    Attributes:
        by: the CLI or the router's REST interface; left out, the inventory says.
    """

    facts = StepFacts(
        kind="usage_import",
        title="Import the acknowledgement",
        deadline_s=900,
        waits_for="service",
        brings=_REPORTS,
    )

    file: typed.FileName
    kind: Literal["ack", "policy"] = "ack"
    by: Literal["cli", "rest"] | None = None

    @override
    def title(self) -> str:
        return "Import the policy" if self.kind == "policy" else self.facts.title

    @override
    def takes(self) -> tuple[str, FileKind] | None:
        return self.file, self.kind

    @override
    def lines(self, flash: str = BOOTFLASH) -> tuple[str, ...]:
        return import_lines(self.file, flash)


class DlcWaitParams(StepParams):
    """The router collects its conversion data by itself (DLC-4)."""

    facts = StepFacts(
        kind="dlc_wait",
        title="Wait until conversion data is collected",
        deadline_s=3 * HOUR,
        lasting=False,
        waits_for="time",
        skipped="done",
        watched=True,
        brings=("dlc.",),
        asks_for_report=True,
    )


class DlcDoneParams(StepParams):
    """CSSM has booked the conversion (DLC-6)."""

    facts = StepFacts(
        kind="dlc_done",
        title="Wait until the conversion is acknowledged",
        deadline_s=3 * HOUR,
        lasting=False,
        waits_for="service",
        skipped="done",
        watched=True,
        brings=("conversion.",),
    )
