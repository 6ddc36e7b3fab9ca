"""Files that people name: ordinary files of bounded size, and JSON that is not too deep.

A pipe would wait for ever, a device never ends, and a file of another kind fills the memory. The
bounds are far above what a file of each kind holds.
"""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any, BinaryIO

from slp_core.errors import InputError

MB = 1024 * 1024
MAX_WORD = 64 * 1024
"""A token or a password in a file of its own."""
MAX_OUTPUT = 64 * MB
"""What a router has printed: also a ``show tech-support``."""
MAX_DOCUMENT = 1024 * MB
"""What slp itself writes: the plan of ten thousand routers has some hundred megabytes."""
MAX_IMAGE = 16 * 1024 * MB
_REMEDY = "give a file that slp has written"


def open_file(path: Path, *, limit: int = MAX_OUTPUT) -> BinaryIO:
    """Opens an ordinary file of at most ``limit`` bytes, without ever waiting.

    Raises:
        InputError: it cannot be opened, is a folder, pipe or device, or is too large.
    """
    try:
        _check(path.stat(), path, limit)
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except (OSError, ValueError) as error:
        raise _unreadable(error, path) from error
    try:
        _check(os.fstat(file.fileno()), path, limit)  # what was opened, should it be another
    except BaseException:
        file.close()
        raise
    return file


def read_bytes(path: Path, *, limit: int = MAX_OUTPUT) -> bytes:
    """Returns what is in an ordinary file; errors as ``open_file``."""
    data = bytearray()
    with open_file(path, limit=limit) as file:
        try:
            # In blocks: a single read takes the memory of what it may bring, not of what it brings.
            while block := file.read(MB):
                data += block
                if len(data) > limit:
                    raise _too_large(path, limit)
        except OSError as error:
            raise _unreadable(error, path) from error
    return bytes(data)


def read_text(path: Path, *, limit: int = MAX_OUTPUT) -> str:
    """Returns the text in an ordinary file.

    Raises:
        InputError: as ``open_file``, or it is no text in UTF-8.
    """
    try:
        return read_bytes(path, limit=limit).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("is no text in UTF-8", where=str(path), remedy="check the file") from error


def parse_json(text: str | bytes, where: str, *, remedy: str = _REMEDY) -> Any:
    """Returns the value of a JSON text.

    Raises:
        InputError: it is none, or nested deeper than anything that slp writes.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise InputError("is nested too deeply", where=where, remedy=remedy) from None
    except ValueError as error:
        line = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError("is not valid JSON", where=f"{where}{line}", remedy=remedy) from error


def _check(found: os.stat_result, path: Path, limit: int) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise InputError("is a folder, no file", where=str(path), remedy="name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(
            "is a pipe or a device, no file", where=str(path), remedy="save it in a file first"
        )
    if found.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> InputError:
    size = f"{limit // MB} MB" if limit >= MB else f"{limit // 1024} KB"
    return InputError(
        f"is larger than {size}", where=str(path), remedy="check that it is the file meant"
    )


def _unreadable(error: OSError | ValueError, path: Path) -> InputError:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "no usable name"
    return InputError(f"cannot be read: {why}", where=str(path), remedy="check the path")
