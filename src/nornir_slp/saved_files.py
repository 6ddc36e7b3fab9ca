"""Files that a user keeps: JSON as text, and files that are written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from slp_core.errors import InputError
from slp_core.private_files import private_file


def json_text(value: Any) -> str:
    """Returns ``value`` as the JSON that files and standard output hold; secrets masked."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"


def write_text(path: Path, text: str) -> None:
    """Writes a file whole or not at all, in place of an earlier one.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    with replacing(path) as page:
        page.write(text.encode())


@contextlib.contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Gives a file to write; it takes the place of an earlier one only when all is written.

    Args:
        private: nobody but its owner may read it.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    try:
        with private_file(path) as page:
            yield page
            if not private:
                mask = os.umask(0)
                os.umask(mask)
                os.fchmod(page.fileno(), 0o666 & ~mask)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), remedy="check the folder"
        ) from error


def copy_file(source: Path, target: Path) -> None:
    """Copies a document, whole or not at all.

    Raises:
        InputError: the folder is missing or cannot be written.
    """
    with source.open("rb") as page, replacing(target) as copy:
        shutil.copyfileobj(page, copy)
