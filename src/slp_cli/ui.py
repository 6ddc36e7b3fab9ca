"""What reaches the terminal: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from nornir_slp.inert import inert
from nornir_slp.saved_files import json_text, replacing, write_text
from nornir_slp.view import Answer
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError, UsageError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

FORMATS = ("table", "json", "csv", "markdown", "html")
_SUFFIXES = {".json": "json", ".csv": "csv", ".md": "markdown", ".html": "html", ".htm": "html"}
_WIDE = 160  # columns where standard output is no terminal


def plain_error(error: SlpError) -> str:
    """Returns the lines that a user sees of an error: what, where, what to do, and its code."""
    head = f"{error.where}: {error.what}" if error.where else error.what
    lines = [f"error: {head} [{error.code}]"]
    if error.remedy:
        lines.append(f"       {error.remedy}")
    return inert("\n".join(lines)) + "\n"


@dataclass(frozen=True)
class Ui(Workspace):
    """The options that every command takes, and the ways out of the program."""

    format: str | None = None
    output: Path | None = None
    quiet: bool = False
    verbose: int = 0
    colour: bool = True

    @property
    def form(self) -> str:
        """The format asked for, by name or by the suffix of ``--output``."""
        if self.format:
            return self.format
        return _SUFFIXES.get(self.output.suffix.lower(), "table") if self.output else "table"

    @cached_property
    def out(self) -> Console:
        """Standard output, for results."""
        return _console(sys.stdout, colour=self.colour)

    @cached_property
    def err(self) -> Console:
        """Standard error, for progress and messages."""
        return _console(sys.stderr, colour=self.colour)

    @property
    def interactive(self) -> bool:
        """Whether a person can be asked and be shown a live view."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    def say(self, text: object, *, style: str | None = None) -> None:
        """Tells what goes on, unless ``--quiet``."""
        if not self.quiet:
            self._print(text, style)

    def headline(self, text: object) -> None:
        """Tells what a new part begins with, unless ``--quiet``."""
        self.say(text, style="bold")

    def detail(self, text: object) -> None:
        """Tells what only ``-v`` shows."""
        if self.verbose and not self.quiet:
            self._print(text, "dim")

    def warn(self, text: object) -> None:
        """Tells what must be seen, also with ``--quiet``."""
        self._print(text, "yellow")

    @contextlib.contextmanager
    def reading(self, total: int) -> Iterator[Callable[[str, str], None]]:
        """Shows how many routers are read on a terminal; elsewhere ``-v`` names each."""
        if self.quiet or not self.err.is_terminal:
            with super().reading(total) as each:
                yield each
            return
        count = 0

        def each_shown(name: str, words: str) -> None:
            nonlocal count
            count += 1
            self.detail(f"{name}: {words}")
            status.update(inert(f"read {count} of {total}: {name}"))

        with self.err.status(f"reading {total} routers") as status:
            yield each_shown

    def show(self, what: RenderableType) -> None:
        """Shows something rich on standard error, unless ``--quiet``."""
        if not self.quiet:
            self.err.print(what)

    def answer(self, answer: Answer, *, to: Path | None = None) -> None:
        """Gives the result in the format asked for, to ``--output`` or standard output.

        Args:
            to: overrides ``--output``.

        Raises:
            UsageError: this command has no such format.
        """
        target = to or self.output
        form = self.form
        if form == "table":
            self._table(answer, target)
            return
        if form == "json" and answer.saved is not None:
            self._copy(answer.saved, target)
            return
        if form == "json" and answer.data is not None:
            text = json_text(answer.data())
        elif form in answer.forms:
            text = answer.forms[form]()
        else:
            have = ["table", *(["json"] if answer.data else []), *answer.forms]
            raise UsageError(
                f"this command has no {form} output", remedy=f"choose one of {', '.join(have)}"
            )
        if target is None:
            sys.stdout.write(text if text.endswith("\n") else text + "\n")
            sys.stdout.flush()
        else:
            write_text(target, text)
            self.say(f"wrote {target}")

    def _copy(self, saved: Path, target: Path | None) -> None:
        """Gives a file that is JSON already, however long it is."""
        if target is None:
            with saved.open(encoding="utf-8") as page:
                shutil.copyfileobj(page, sys.stdout)
            sys.stdout.flush()
            return
        with saved.open("rb") as source, replacing(target) as copy:
            shutil.copyfileobj(source, copy)
        self.say(f"wrote {target}")

    def _table(self, answer: Answer, target: Path | None) -> None:
        from slp_cli.tables import print_page

        if target is None:
            print_page(self.out, answer.blocks)
            return
        with tempfile.TemporaryFile("w+", encoding="utf-8") as page:
            print_page(_console(page, colour=False), answer.blocks)
            page.seek(0)
            write_text(target, page.read())
        self.say(f"wrote {target}")

    def _print(self, text: object, style: str | None) -> None:
        self.err.print(inert(text), style=style, markup=False, highlight=False, soft_wrap=True)


def _console(stream: TextIO, *, colour: bool) -> Console:
    from rich.console import Console

    wide = None if stream.isatty() or "COLUMNS" in os.environ else _WIDE
    return Console(
        file=stream, width=wide, no_color=not colour, highlight=False, markup=False, emoji=False
    )
