"""Files that only their owner can read, 0600 in folders of 0700, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

PRIVATE_FOLDER: Final = 0o700


def private_folder(path: Path) -> Path:
    """Returns the folder; it and what was missing above it are made 0700.

    Raises:
        OSError: the system does not allow it.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.is_dir():
            folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    return path


@contextlib.contextmanager
def private_file(path: Path) -> Iterator[IO[bytes]]:
    """Gives a file to write; it takes the place of an earlier one when all is on the disk.

    Raises:
        OSError: the folder is missing or cannot be written; an earlier file stays as it was.
    """
    handle, part = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        os.close(handle)
        with Path(part).open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(part).unlink()
        raise


def write_private(path: Path, data: bytes | str) -> Path:
    """Writes a file in place of an earlier one, and makes its folder where it is missing.

    Raises:
        OSError: the folder cannot be made or written.
    """
    private_folder(path.parent)
    with private_file(path) as file:
        file.write(data.encode() if isinstance(data, str) else data)
    return path


def touch_private(path: Path) -> Path:
    """Returns a file that programs write into by its name: empty where it is new, 0600 always.

    Raises:
        OSError: the folder is missing or cannot be written.
    """
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    return path
