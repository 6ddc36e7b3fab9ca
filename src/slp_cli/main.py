"""The ``slp`` command: finds a command by name, and turns every error into words and a code."""

from __future__ import annotations

import importlib
import os
import re
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from slp_core.errors import SlpError

_SETTINGS = {"help_option_names": ["-h", "--help"]}
READER_LEFT = 128 + 13  # as a shell shows a command that SIGPIPE ended
PANELS = (
    "Look and decide",
    "Carry out",
    "One step",
    "Show",
    "Rehearse",
    "This installation",
    "Licensing services",
)


@dataclass(frozen=True)
class Entry:
    """Where a command is found; its module is imported when it is called, not before."""

    module: str
    function: str
    summary: str
    panel: int


COMMANDS = {
    "assess": Entry("assess", "assess", "Reads routers and shows how each is licensed.", 0),
    "plan": Entry("plan", "plan", "Plans what will change on each router, and why.", 0),
    "verify": Entry("verify", "verify", "Verifies routers against the prediction of a plan.", 0),
    "apply": Entry("apply", "apply", "Carries out a saved plan, in waves.", 1),
    "plans": Entry("plans", "plans", "Lists the plans in the store.", 0),
    "runs": Entry("runs", "runs", "Lists runs.", 1),
    "show": Entry("runs", "show", "Shows a run, or one router of it.", 1),
    "watch": Entry("runs", "watch", "Follows a run until it ends.", 1),
    "pause": Entry("steer", "pause", "Pauses a run: started steps end, nothing new starts.", 1),
    "resume": Entry("steer", "resume", "Resumes a run that was interrupted or paused.", 1),
    "cancel": Entry(
        "steer", "cancel", "Cancels a run: started steps end, the rest is left alone.", 1
    ),
    "retry": Entry("steer", "retry", "Retries the failed routers of a run, and no others.", 1),
    "confirm": Entry("steer", "confirm", "Answers a step that waits for a person.", 1),
    "upgrade": Entry("single", "upgrade", "Upgrades routers, and nothing else.", 2),
    "rollback": Entry("rollback", "rollback", "Rolls back an upgrade that is not committed.", 2),
    "topology": Entry("single", "topology", "Configures how routers report.", 2),
    "trust": Entry("single", "trust", "Requests a trust code, by token.", 2),
    "slac": Entry("single", "slac", "Requests or imports the HSECK9 authorization (SLAC).", 2),
    "slr": Entry(
        "single", "slr", "Installs updated reservation codes (classic Smart Licensing).", 2
    ),
    "usage": Entry("usage", "app", "Saves, imports and synchronises usage reports.", 2),
    "throughput": Entry("single", "throughput", "Sets the throughput.", 2),
    "save": Entry("single", "save", "Saves unsaved configurations.", 2),
    "classic": Entry(
        "classic", "app", "Classic Smart Licensing: registers, renews, deregisters.", 2
    ),
    "cssm": Entry("cssm", "app", "Asks CSSM: tokens, balances, usage reports.", 6),
    "onprem": Entry("onprem", "app", "Asks SSM On-Prem: devices, licences, tokens.", 6),
    "bundle": Entry("bundle", "app", "Carries usage reports across an air gap.", 6),
    "report": Entry("report", "report", "Writes a report of a run, plan or assessment.", 3),
    "parse": Entry("parse", "parse", "Parses one saved output.", 3),
    "explain": Entry("explain", "explain", "Explains a rule, fault or error code.", 3),
    "lab": Entry("lab", "app", "Starts and stops a simulated network.", 4),
    "demo": Entry("demo", "demo", "Migrates a simulated fleet over SSH, before your eyes.", 4),
    "doctor": Entry("doctor", "doctor", "Checks installation, inventory and store.", 5),
}


class Commands(TyperGroup):
    """All commands by name; a module is imported only for the command that is called."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in COMMANDS.items():
            self.add_command(
                TyperCommand(name, help=entry.summary, rich_help_panel=PANELS[entry.panel])
            )

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Finds the command that ``args`` start with, and imports it."""
        if args and args[0] in COMMANDS:
            self.add_command(_load(args[0]), args[0])
        return super().resolve_command(ctx, args)


def _load(name: str) -> Any:
    entry = COMMANDS[name]
    module = importlib.import_module(f"slp_cli.commands.{entry.module}")
    found = getattr(module, entry.function)
    if not isinstance(found, typer.Typer):
        holder = typer.Typer(add_completion=False, context_settings=_SETTINGS)
        holder.command(name)(found)
        found = holder
    command = typer.main.get_command(found)
    command.name = name
    return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"nornir-slp {version('nornir-slp')}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Shows the version."
    ),
) -> None:
    """Moves fleets of Cisco IOS-XE routers to Smart Licensing Using Policy, and proves it.

    Workflow: slp assess, slp plan, slp apply latest, slp verify, slp report.
    """


def run(args: Sequence[str]) -> int:
    """Returns the exit code of ``slp`` with these arguments; never a traceback, unless ``-vv``."""
    if "--no-color" in args:
        os.environ["NO_COLOR"] = "1"
    try:
        app(args=list(args), prog_name="slp")
    except SystemExit as ended:
        if _reader_left(ended):
            return READER_LEFT
        return ended.code if isinstance(ended.code, int) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return READER_LEFT
    except SlpError as error:
        return _failed(error, args)
    except Exception as error:  # noqa: BLE001 - the last resort: a user gets words, not a traceback
        return _failed(_internal(error), args)
    return 0


def main() -> None:
    """Entry point of ``slp``."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = READER_LEFT
    if code == READER_LEFT:  # what is left in buffers has no reader: no words of it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)


def _reader_left(ended: BaseException) -> bool:
    """Tells whether a library ended ``slp`` because nobody reads its output (``| head -1``)."""
    while ended.__context__ is not None:
        ended = ended.__context__
        if isinstance(ended, BrokenPipeError):
            return True
    return False


def _internal(error: Exception) -> SlpError:
    internal = SlpError(
        f"this should not have happened: {type(error).__name__}",
        remedy="run again with -vv for the details, and report it with them",
    )
    internal.__cause__ = error
    return internal


def _failed(error: SlpError, args: Sequence[str]) -> int:
    from slp_cli.ui import plain_error
    from slp_core.secrets import REDACTOR

    sys.stderr.write(plain_error(error))
    if verbosity(args) > 1:
        sys.stderr.write(REDACTOR.mask("".join(traceback.format_exception(error))))
    return error.exit_code


def verbosity(args: Sequence[str]) -> int:
    """Counts ``-v``, ``-vv`` and ``--verbose`` without parsing, for errors before parsing ends."""
    letters = sum(a.count("v") for a in args if re.fullmatch(r"-v+", a))
    return letters + sum(a == "--verbose" for a in args)
