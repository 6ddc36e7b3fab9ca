"""Which parsers there are, and which of them an (abbreviated) command means."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from slp_core.errors import UsageError
from slp_core.parsing import commands
from slp_core.parsing.command import Command, Parsed


@cache
def _all() -> dict[str, Command]:
    """Every ``COMMANDS`` of the modules in ``commands/``: a new parser is a new file there."""
    found: dict[str, Command] = {}
    for module in iter_modules(commands.__path__):
        loaded = import_module(f"{commands.__name__}.{module.name}")
        for command in loaded.COMMANDS:
            found[command.name] = command
    return dict(sorted(found.items()))


def known_commands() -> list[str]:
    """Returns the commands that have a parser, in full."""
    return list(_all())


def command_of(name: str) -> Command:
    """Returns the parser of a command that ``known_commands`` names."""
    return _all()[name]


@cache
def resolve(command: str) -> tuple[Command, str]:
    """Returns the parser that ``command`` means, abbreviated or not, and the command in full.

    Raises:
        UsageError: no parser, or more than one, answers to it.
    """
    words = command.partition("|")[0].lower().split()
    found = [(parser, full) for parser in _all().values() if (full := _expand(words, parser.name))]
    # `show boot` is a command, although it also abbreviates `show bootvar`
    whole = [sum(a == b for a, b in zip(words, full.split(), strict=False)) for _, full in found]
    found = [one for one, count in zip(found, whole, strict=True) if count == max(whole)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            f"no parser for {' '.join(words)!r}", remedy="`slp parse --list` shows what is known"
        )
    names = ", ".join(sorted(full for _, full in found))
    raise UsageError(f"{' '.join(words)!r} is ambiguous", remedy=f"one of: {names}")


def _expand(words: list[str], name: str) -> str | None:
    """Returns ``name`` with the arguments of ``words``, or None where they are not this command."""
    pattern = name.split()
    optional = sum(word.isupper() for word in pattern)
    if not len(pattern) - optional <= len(words) <= len(pattern):
        return None
    full = []
    for given, wanted in zip(words, pattern, strict=False):
        if wanted.isupper():
            full.append(given)
        elif wanted.startswith(given):
            full.append(wanted)
        else:
            return None
    return " ".join(full)


def parse(command: str, text: str) -> Parsed:
    """Returns what ``text`` says as the output of ``command``, which may be abbreviated.

    Raises:
        UsageError: no parser, or more than one, answers to ``command``. The text itself never
            raises: what is not understood comes back under ``unknown``.
    """
    parser, full = resolve(command)
    return parser.parse(text, full)
