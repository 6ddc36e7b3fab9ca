"""Asking the process at work on a store to carry another run out too."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from slp_fleet.store import make_private

_FOLDER = "asked"


class Request:
    """One process's request for one run, good for as long as that process lives and waits."""

    def __init__(self, root: Path, run: str) -> None:
        self._path = root / _FOLDER / run
        make_private(self._path.parent, self._path)
        self._file: IO[str] = self._path.open("r+", encoding="ascii")
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def withdraw(self) -> None:
        """Takes it back; harmless where it was taken back already."""
        if not self._file.closed:
            self._path.unlink(missing_ok=True)
            self._file.close()


def is_asked(root: Path, run: str) -> bool:
    """Tells whether somebody who lives still asks for the run."""
    try:
        with (root / _FOLDER / run).open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
