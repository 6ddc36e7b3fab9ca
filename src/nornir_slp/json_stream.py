"""The items of one long list in a JSON file, one in memory at a time."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from slp_core.errors import InputError
from slp_core.reading import MAX_DOCUMENT, open_file

_CHUNK = 1 << 20
_LARGEST = 64 << 20
"""One item: what a router is, or its plan, has some kilobytes."""
_BETWEEN = re.compile(r"[\s,]*")


def head_of(path: Path, name: str) -> dict[str, Any] | None:
    """Returns what stands before the list ``name``; ``None`` where the list does not come last.

    Raises:
        InputError: the file cannot be read.
    """
    with _open(path) as file:
        text, at = _until(file, name, path)
    try:
        head = json.loads(text[:at].rstrip().rstrip(",") + "}") if at >= 0 else None
    except (json.JSONDecodeError, RecursionError):
        return None
    return head if isinstance(head, dict) else None


def items_of(path: Path, name: str) -> Iterator[Any]:
    """Yields the items of the list ``name`` of the file's object.

    Raises:
        InputError: the file cannot be read, or is not valid JSON.
    """
    decoder = json.JSONDecoder()
    with _open(path) as file:
        text, at = _until(file, name, path)
        if at < 0:
            raise InputError(f"holds no list of {name}", where=str(path))
        at = text.index("[", at) + 1
        while True:
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
            if text.startswith("]", at):
                return
            try:
                item, at = decoder.raw_decode(text, at)
            except RecursionError:
                raise InputError(
                    "is nested too deeply",
                    where=str(path),
                    remedy="give a file that slp has written",
                ) from None
            except json.JSONDecodeError:
                more = _read(file, path) if len(text) - at < _LARGEST else ""
                if not more:
                    raise InputError(
                        "is not valid JSON, or ends in the middle",
                        where=str(path),
                        remedy="give a file that slp has written",
                    ) from None
                text, at = text[at:] + more, 0
                continue
            yield item


def _until(file: TextIO, name: str, path: Path) -> tuple[str, int]:
    """Returns the text up to the list and some more, and where its name stands; -1: nowhere."""
    wanted = re.compile(rf'"{name}"\s*:\s*\[')
    text = ""
    while more := _read(file, path):
        text += more
        match = wanted.search(text)
        if match is not None:
            return text, match.start()
    return text, -1


def _open(path: Path) -> TextIO:
    return io.TextIOWrapper(open_file(path, limit=MAX_DOCUMENT), encoding="utf-8")


def _read(file: TextIO, path: Path) -> str:
    try:
        return file.read(_CHUNK)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "is not valid JSON", where=str(path), remedy="give a file that slp has written"
        ) from error
