"""Which process may carry out the runs of a store, and how another asks it to take a run."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from slp_core.errors import StoreError
from slp_fleet.store import file_identity, make_private

FILE = "engine.lock"


class Lock:
    """The right to be the one worker process of a store; gone with the process that holds it."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE
        self._file: IO[str] | None = None

    def take(self) -> bool:
        """Tries to take it; tells whether it is held now."""
        make_private(self._path.parent, self._path)
        file = self._path.open("r+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def check(self) -> None:
        """Proves that what is held is what another process would ask for.

        Raises:
            StoreError: the file was deleted or replaced, so another process may work here too.
        """
        if self._file is None:
            return
        status = os.fstat(self._file.fileno())
        if file_identity(self._path) != (status.st_dev, status.st_ino):
            raise StoreError(
                "the lock of the store was deleted or replaced while a run went on: "
                "nothing further is sent",
                where=str(self._path),
                remedy="end every other slp command on this store, then `slp resume`",
            )

    def holder(self) -> str:
        """Returns the id of the process that took it last."""
        try:
            return self._path.read_text(encoding="ascii").strip() or "unknown"
        except OSError:
            return "unknown"

    def release(self) -> None:
        """Lets another process take it."""
        if self._file is not None:
            self._file.close()
            self._file = None


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
