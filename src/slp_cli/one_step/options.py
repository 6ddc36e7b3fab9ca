"""The options that every command of one job takes, and the decorator that gives them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from slp_cli.options import command
from slp_cli.ui import Ui

P = ParamSpec("P")
_PANEL = "How it is carried out"


@dataclass(frozen=True)
class How:
    """How a job is carried out; the same words as ``slp apply`` takes."""

    target: Path | None = None
    canary: int = 1
    wave_size: str = "25%"
    max_failures: str = "1"
    per_group: tuple[str, ...] = ()
    window: str | None = None
    workers: int = 50
    allow: tuple[str, ...] = ()
    yes: bool = False
    dry_run: bool = False


def _how(
    target: Annotated[
        Path | None,
        typer.Option(
            "--target",
            help="YAML file that says where routers should go; default: the inventory.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    canary: Annotated[
        int,
        typer.Option(
            min=0, help="Routers that go first and must be proven.", rich_help_panel=_PANEL
        ),
    ] = 1,
    wave_size: Annotated[
        str,
        typer.Option(
            help="Routers a wave, or a share such as 25%.", metavar="N|P%", rich_help_panel=_PANEL
        ),
    ] = "25%",
    max_failures: Annotated[
        str,
        typer.Option(
            help="Failures after which no router is started.",
            metavar="N|P%",
            rich_help_panel=_PANEL,
        ),
    ] = "1",
    per_group: Annotated[
        list[str] | None,
        typer.Option(
            help="At most so many of a group out of service at once; repeatable.",
            metavar="KEY=N",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(
            help="When routers may be started, such as 22:00-04:00.", rich_help_panel=_PANEL
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            min=1, help="Routers that are worked on at the same time.", rich_help_panel=_PANEL
        ),
    ] = 50,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            help="Override a blocker: RULE=reason; repeatable.",
            metavar="RULE=REASON",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask.", rich_help_panel=_PANEL)
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Show every line that would be sent, and send none.",
            rich_help_panel=_PANEL,
        ),
    ] = False,
) -> How:
    return How(
        target=target,
        canary=canary,
        wave_size=wave_size,
        max_failures=max_failures,
        per_group=tuple(per_group or ()),
        window=window,
        workers=workers,
        allow=tuple(allow or ()),
        yes=yes,
        dry_run=dry_run,
    )


def job_command(function: Callable[Concatenate[Ui, How, P], int]) -> Callable[..., None]:
    """Returns ``function`` as a command: it gets a ``Ui`` and a ``How`` before its own options."""
    parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    first, own = parameters[0], parameters[2:]
    shared = list(inspect.signature(_how, eval_str=True).parameters.values())

    @wraps(function)
    def call(ui: Ui, **values: Any) -> int:
        how = _how(**{p.name: values.pop(p.name) for p in shared})
        carry_out = cast("Callable[..., int]", function)
        return carry_out(ui, how, **values)

    described = cast(Any, call)
    del described.__wrapped__  # else its signature would win over ours
    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared)]
    described.__signature__ = inspect.Signature([first, *keyword])
    described.__annotations__ = {p.name: p.annotation for p in (first, *keyword)}
    return command(cast("Callable[..., int]", call))
