"""How an upgrade is done: options that ``slp plan`` and ``slp upgrade`` share."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

_PANEL = "How it is upgraded"


class InstallWay(StrEnum):
    """How install mode brings a release up."""

    STEPS = "steps"
    ONE_SHOT = "one-shot"
    ISSU = "issu"


class RollbackWay(StrEnum):
    """Who takes an upgrade back that is not as predicted."""

    ASK = "ask"
    AUTO = "auto"


Install = Annotated[
    InstallWay | None,
    typer.Option(
        "--install",
        help="Add, activate, commit one by one (default), in one command, or in service (ISSU).",
        rich_help_panel=_PANEL,
    ),
]
NoReload = Annotated[
    bool,
    typer.Option(
        "--no-reload",
        help="Lay the image ready only: what takes routers out of service waits for a later run.",
        rich_help_panel=_PANEL,
    ),
]
Rollback = Annotated[
    RollbackWay | None,
    typer.Option(
        "--rollback",
        help="auto: an upgrade that is not as predicted is taken back by the run, and is committed "
        "only after the look; ask (default): it stops there, slp rollback takes it back.",
        rich_help_panel=_PANEL,
    ),
]


def upgrading(
    install: InstallWay | None, rollback: RollbackWay | None, *, no_reload: bool
) -> dict[str, Any]:
    """Returns the options in the form of a target file; nothing for what was not given."""
    return {
        "install": install.value if install else None,
        "rollback": rollback.value if rollback else None,
        "reload": "later" if no_reload else None,
    }
