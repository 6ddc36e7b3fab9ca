"""How an upgrade is done: options that ``slp plan`` and ``slp upgrade`` share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import typer


class InstallWay(StrEnum):
    """How install mode brings a release up."""

    STEPS = "steps"
    ONE_SHOT = "one-shot"
    ISSU = "issu"


class RollbackWay(StrEnum):
    """Who takes an upgrade back that is not as predicted."""

    ASK = "ask"
    AUTO = "auto"


@dataclass(frozen=True)
class Upgrade:
    """How an upgrade is done."""

    panel: ClassVar[str] = "How it is upgraded"

    install: Annotated[
        InstallWay | None,
        typer.Option(
            "--install",
            help="Add, activate, commit one by one (default), in one command, or in service "
            "(ISSU).",
        ),
    ] = None
    no_reload: Annotated[
        bool,
        typer.Option(
            "--no-reload",
            help="Only stage the image: what takes routers out of service waits for a later run.",
        ),
    ] = False
    rollback: Annotated[
        RollbackWay | None,
        typer.Option(
            "--rollback",
            help="auto: the run rolls back an upgrade that is not as predicted, and commits only "
            "after verification; ask (default): it stops there, and slp rollback takes it "
            "back.",
        ),
    ] = None

    def wishes(self) -> dict[str, Any]:
        """Returns the options in the form of a target file; nothing for what was not given."""
        return {
            "install": self.install.value if self.install else None,
            "rollback": self.rollback.value if self.rollback else None,
            "reload": "later" if self.no_reload else None,
        }
