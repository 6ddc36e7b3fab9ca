"""Options that commands share: groups of them, declared once, and the decorator that gives them."""

from __future__ import annotations

import copy
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import (
    Annotated,
    Any,
    ClassVar,
    Concatenate,
    ParamSpec,
    TypeVar,
    cast,
    get_args,
    overload,
)

import typer
from typer.models import ParameterInfo

from slp_cli.ui import FORMATS, Ui
from slp_core.errors import UsageError

P = ParamSpec("P")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
Command = Callable[..., None]
_LOG_LINE = "%(asctime)s %(name)s %(levelname)s %(message)s"


@dataclass(frozen=True)
class Common:
    """The options of every command."""

    panel: ClassVar[str] = "Options of every command"

    inventory: Annotated[
        Path,
        typer.Option(
            "--inventory",
            "-i",
            envvar="SLP_INVENTORY",
            help="Nornir inventory: a folder with hosts.yaml, or a Nornir config file.",
        ),
    ] = Path("inventory")
    store: Annotated[
        Path | None,
        typer.Option(
            "--store",
            envvar="SLP_STORE",
            help="Folder of runs and evidence; default: .slp beside the inventory.",
        ),
    ] = None
    limit: Annotated[
        str | None,
        typer.Option(
            "--limit",
            "-l",
            help="Only these routers: names with globs, group:NAME, site=NAME, any host data.",
        ),
    ] = None
    format: Annotated[
        str | None,
        typer.Option(
            "--format",
            help=f"One of {', '.join(FORMATS)}; default: by the suffix of --output, or table.",
        ),
    ] = None
    json: Annotated[bool, typer.Option("--json", help="Same as --format json.")] = False
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File for the result instead of standard output."),
    ] = None
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only results and warnings.")] = False
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose", "-v", count=True, help="More detail; -vv with logs and tracebacks."
        ),
    ] = 0
    no_color: Annotated[bool, typer.Option("--no-color", help="Plain text.")] = False

    def ui(self) -> Ui:
        """Returns the way out of the program that these options ask for, and sets logging up.

        Raises:
            UsageError: they contradict each other.
        """
        if self.json and self.format not in (None, "json"):
            raise UsageError(f"--json and --format {self.format} contradict each other")
        if self.format is not None and self.format not in FORMATS:
            raise UsageError(
                f"there is no format {self.format!r}", remedy=f"one of {', '.join(FORMATS)}"
            )
        _set_up_logs(self.verbose)
        return Ui(
            inventory=self.inventory,
            store=self.store,
            limit=self.limit,
            format="json" if self.json else self.format,
            output=self.output,
            quiet=self.quiet,
            verbose=self.verbose,
            colour=not self.no_color and "NO_COLOR" not in os.environ,
        )


@overload
def takes() -> Callable[[Callable[Concatenate[Ui, P], int]], Command]: ...
@overload
def takes(one: type[A], /) -> Callable[[Callable[Concatenate[Ui, A, P], int]], Command]: ...
@overload
def takes(
    one: type[A], two: type[B], /
) -> Callable[[Callable[Concatenate[Ui, A, B, P], int]], Command]: ...
@overload
def takes(
    one: type[A], two: type[B], three: type[C], /
) -> Callable[[Callable[Concatenate[Ui, A, B, C, P], int]], Command]: ...
def takes(*groups: type[Any]) -> Callable[[Callable[..., int]], Command]:
    """Returns what makes a function a command that takes these groups beside its own options.

    A group is a dataclass of annotated options; those without a panel stand in the group's
    ``panel``. The function gets a ``Ui``, one value a group, its own options by name, and returns
    the exit code.
    """

    def decorate(function: Callable[..., int]) -> Command:
        own = list(inspect.signature(function, eval_str=True).parameters.values())
        parts = [(group, list(_options_of(group))) for group in (*groups, Common)]

        @wraps(function)
        def call(**values: Any) -> None:
            *given, common = (
                group(**{p.name: values.pop(p.name) for p in parameters})
                for group, parameters in parts
            )
            raise typer.Exit(function(common.ui(), *given, **values))

        shared = (p for _, parameters in parts for p in parameters)
        keyword = [
            p.replace(kind=inspect.Parameter.KEYWORD_ONLY)
            for p in (*own[1 + len(groups) :], *shared)
        ]
        described = cast(Any, call)
        del described.__wrapped__  # else its signature would win over ours
        described.__signature__ = inspect.Signature(keyword)
        described.__annotations__ = {p.name: p.annotation for p in keyword}
        return cast(Command, call)

    return decorate


def command(function: Callable[Concatenate[Ui, P], int]) -> Command:
    """Returns ``function`` as a command: it gets a ``Ui`` first and returns the exit code."""
    return takes()(function)


def _options_of(group: type[Any]) -> Iterator[inspect.Parameter]:
    panel = getattr(group, "panel", None)
    for parameter in inspect.signature(group, eval_str=True).parameters.values():
        kind, *marks = get_args(parameter.annotation)
        for i, mark in enumerate(marks):
            if isinstance(mark, ParameterInfo) and panel and not mark.rich_help_panel:
                marks[i] = copy.copy(mark)
                marks[i].rich_help_panel = panel
        yield parameter.replace(annotation=Annotated[(kind, *marks)])


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
            "this command takes no --limit: it concerns a whole run or document",
            remedy="leave it out; slp show RUN ROUTER shows one router, "
            "slp retry RUN ROUTER continues chosen ones",
        )
