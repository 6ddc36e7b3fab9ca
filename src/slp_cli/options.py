"""The options that every command takes, and the decorator that gives them to a command."""

from __future__ import annotations

import inspect
import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from slp_cli.ui import FORMATS, Ui
from slp_core.errors import UsageError

P = ParamSpec("P")
_PANEL = "Options of every command"
_LOG_LINE = "%(asctime)s %(name)s %(levelname)s %(message)s"


def _common(
    inventory: Annotated[
        Path,
        typer.Option(
            "--inventory",
            "-i",
            envvar="SLP_INVENTORY",
            help="Nornir inventory: a folder with hosts.yaml, or a Nornir config file.",
            rich_help_panel=_PANEL,
        ),
    ] = Path("inventory"),
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            envvar="SLP_STORE",
            help="Folder of runs and evidence; default: .slp beside the inventory.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    limit: Annotated[
        str | None,
        typer.Option(
            "--limit",
            "-l",
            help="Only these routers: names with globs, group:NAME, site=NAME, any host data.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"One of {', '.join(FORMATS)}; default: by the suffix of --output, or table.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Same as --format json.", rich_help_panel=_PANEL)
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File for the result instead of standard output.",
            rich_help_panel=_PANEL,
        ),
    ] = None,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Only results and warnings.", rich_help_panel=_PANEL),
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            help="More words; -vv with logs and tracebacks.",
            rich_help_panel=_PANEL,
        ),
    ] = 0,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="Plain text.", rich_help_panel=_PANEL)
    ] = False,
) -> Ui:
    if json and format not in (None, "json"):
        raise UsageError(f"--json and --format {format} contradict each other")
    if format is not None and format not in FORMATS:
        raise UsageError(f"there is no format {format!r}", remedy=f"one of {', '.join(FORMATS)}")
    _set_up_logs(verbose)
    return Ui(
        inventory=inventory,
        store=store,
        limit=limit,
        format="json" if json else format,
        output=output,
        quiet=quiet,
        verbose=verbose,
        colour=not no_color and "NO_COLOR" not in os.environ,
    )


def command(function: Callable[Concatenate[Ui, P], int]) -> Callable[..., None]:
    """Returns ``function`` as a command: it gets a ``Ui`` first and returns the exit code."""
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = list(inspect.signature(_common, eval_str=True).parameters.values())

    @wraps(function)
    def call(**values: Any) -> None:
        ui = _common(**{p.name: values.pop(p.name) for p in shared})
        raise typer.Exit(cast(Any, function)(ui, **values))

    keyword = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in (*own, *shared)]
    described = cast(Any, call)
    del described.__wrapped__  # else its signature would win over ours
    described.__signature__ = inspect.Signature(keyword)
    described.__annotations__ = {p.name: p.annotation for p in keyword}
    return call


class _ToStandardError(logging.Handler):
    """Writes to whatever standard error is when something is logged."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(self.format(record) + "\n")
        except (OSError, ValueError):  # closed: there is nobody to tell
            return


def _set_up_logs(verbose: int) -> None:
    """Sends logs to standard error where asked for; never without the redacting filter (F31)."""
    from slp_core.secrets import guard_loggers

    root = logging.getLogger()
    if not any(isinstance(h, _ToStandardError) for h in root.handlers):
        handler = _ToStandardError()
        handler.setFormatter(logging.Formatter(_LOG_LINE))
        root.addHandler(handler)
    quiet, loud = logging.CRITICAL, logging.DEBUG
    root.setLevel({0: quiet, 1: quiet, 2: logging.INFO}.get(verbose, loud))
    guard_loggers()


def refuse_limit(ui: Ui) -> None:
    """Refuses ``--limit`` where a whole run or document is meant: ignored, it would mislead.

    Raises:
        UsageError: it was given.
    """
    if ui.limit is not None:
        raise UsageError(
            "this command takes no --limit: it is of the whole run or document",
            remedy="leave it out; slp show RUN ROUTER shows one router, "
            "slp retry RUN ROUTER carries chosen ones on",
        )
