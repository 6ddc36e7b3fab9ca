"""How a run proceeds, and how a job is carried out, as the command line says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Concatenate, ParamSpec

import typer

from slp_cli.options import Command, takes
from slp_cli.ui import Ui
from slp_core.errors import UsageError

if TYPE_CHECKING:
    from slp_fleet.model import RunOptions

P = ParamSpec("P")


@dataclass(frozen=True)
class Pace:
    """How a run proceeds: its waves, its limits, what it may pass over."""

    canary: Annotated[
        int, typer.Option(min=0, help="Routers that go first and must be proven.")
    ] = 1
    wave_size: Annotated[
        str, typer.Option(help="Routers per wave, or a share such as 25%.", metavar="N|P%")
    ] = "25%"
    max_failures: Annotated[
        str, typer.Option(help="Failures after which no further router is started.", metavar="N|P%")
    ] = "1"
    per_group: Annotated[
        list[str] | None,
        typer.Option(
            help="Most routers of a group that may be out of service at once; repeatable.",
            metavar="KEY=N",
        ),
    ] = None
    window: Annotated[
        str | None, typer.Option(help="When routers may be started, such as 22:00-04:00.")
    ] = None
    workers: Annotated[int, typer.Option(min=1, help="Routers to work on at the same time.")] = 50
    allow: Annotated[
        list[str] | None,
        typer.Option(help="Override a blocker: RULE=reason; repeatable.", metavar="RULE=REASON"),
    ] = None
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Show every line that would be sent, but send none."),
    ] = False

    def options(self) -> RunOptions:
        """Returns the options of a run.

        Raises:
            UsageError: one of them cannot be.
        """
        from nornir_slp.planning import overrides
        from slp_fleet.model import RunOptions

        return RunOptions(
            canary=self.canary,
            wave_size=_size(self.wave_size),
            max_failures=_size(self.max_failures),
            per_group=_groups(self.per_group or ()),
            window=self.window,
            workers=self.workers,
            allow=overrides(self.allow or ()),
            dry_run=self.dry_run,
        )


@dataclass(frozen=True)
class _Aim:
    """Where routers should go, unless the inventory says it."""

    target: Annotated[
        Path | None,
        typer.Option(
            "--target",
            help="YAML file with the target of the routers; default: the inventory.",
        ),
    ] = None


@dataclass(frozen=True)
class How(Pace, _Aim):
    """How a job is carried out; the same words as ``slp apply`` takes."""

    panel: ClassVar[str] = "How it is carried out"


def job_command(function: Callable[Concatenate[Ui, How, P], int]) -> Command:
    """Returns ``function`` as a command: it gets a ``Ui`` and a ``How`` before its own options."""
    return takes(How)(function)


def _size(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _groups(given: Sequence[str]) -> dict[str, int]:
    limits = {}
    for item in given:
        key, sign, number = item.partition("=")
        if not sign or not number.isdigit() or not key:
            raise UsageError(f"--per-group {item!r} is unclear", remedy="write site=2")
        limits[key] = int(number)
    return limits
