"""YAML that people write: judged before it is built, so that a small file cannot grow without end.

libyaml reads depth by recursion and would end the program; aliases multiply what they name.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from slp_core.errors import InputError, SlpError
from slp_core.reading import MAX_OUTPUT, read_text

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 60
MAX_REPEATED = 1_000_000
"""How many values aliases may add, each with all that is in it."""


def load_yaml(text: str, where: str) -> Any:
    """Returns the value of a YAML text.

    Raises:
        InputError: it is none, too deep, or grows by aliases; the line is named.
    """
    try:
        _judge(text, where)
        return yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe one
    except (yaml.YAMLError, ValueError) as error:  # a date of month 13 is a ValueError
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        problem = getattr(error, "problem", None) or "a value cannot be read"
        raise InputError(
            f"is no YAML: {problem}", where=place, remedy="correct it, then run again"
        ) from error
    except RecursionError:
        raise _too_much("is nested too deeply", where) from None


def read_yaml(path: Path, *, limit: int = MAX_OUTPUT) -> Any:
    """Returns the value of a YAML file.

    Raises:
        InputError: as ``load_yaml``, or the file cannot be read.
    """
    return load_yaml(read_text(path, limit=limit), str(path))


def line_of(path: Path, keys: Sequence[str]) -> int | None:
    """Returns the line in which the last of ``keys`` stands, each within the one before."""
    try:
        text = read_text(path, limit=MAX_OUTPUT)
        _judge(text, str(path))
        node, line = yaml.compose(text, Loader=_LOADER), None
    except (yaml.YAMLError, SlpError, RecursionError):  # gone or changed meanwhile
        return None
    for wanted in keys:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        pair = next((p for p in pairs if str(p[0].value) == wanted), None)
        if pair is None:
            return None
        node, line = pair[1], pair[0].start_mark.line + 1
    return line


def _judge(text: str, where: str) -> None:
    """Refuses what is too deep or grows too much, event by event: nothing is built for it."""
    sizes: dict[str, int] = {}
    begun: list[tuple[str | None, int]] = []
    size = repeated = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in begun):
                raise _too_much("holds an alias of what it stands in", where, event)
            more = sizes.get(str(event.anchor), 0)
            size, repeated = size + more, repeated + more
            if repeated > MAX_REPEATED:
                raise _too_much("grows without end by its aliases", where, event)
        elif isinstance(event, yaml.ScalarEvent):
            size += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            begun.append((event.anchor, size))
            size += 1
            if len(begun) > MAX_DEPTH:
                raise _too_much("is nested too deeply", where, event)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = begun.pop()
            if anchor:
                sizes[anchor] = size - before


def _too_much(what: str, where: str, event: yaml.Event | None = None) -> InputError:
    mark = event.start_mark if event else None
    place = f"{where}:{mark.line + 1}" if mark else where
    return InputError(what, where=place, remedy="give the file that was meant")
