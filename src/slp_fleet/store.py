"""``runs.sqlite``: the file that says what was meant, begun and done. No DBOS, no Nornir.

It is opened by every command, also while another process carries a run out, so it is in WAL mode,
each change is one short transaction, and whatever SQLite complains about becomes a ``StoreError``
with a remedy before a router is touched (F44).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from slp_core.errors import StoreError
from slp_core.private_files import PRIVATE_FOLDER, private_folder, touch_private
from slp_core.secrets import REDACTOR
from slp_fleet.schema import STEPS_UP, TABLES, VERSION

FILE = "runs.sqlite"
_BUSY_S = 10.0
_ROOM = 256 * 1024  # bytes that must be free before a run


class Store:
    """The store of one inventory.

    Args:
        root: folder, made 0700 if it is missing; the file in it is 0600, as are its ``-wal`` and
            ``-shm``, which take their mode from it.

    Raises:
        StoreError: the folder or the file cannot be used.
    """

    def __init__(self, root: Path, *, busy_s: float = _BUSY_S) -> None:
        self.root = root
        self.path = root / FILE
        self._lock = threading.RLock()
        make_private(root, self.path)
        with self._speaking():
            self._db = sqlite3.connect(
                self.path, timeout=busy_s, isolation_level=None, check_same_thread=False
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._check_version()
        self._opened = file_identity(self.path)

    def close(self) -> None:
        """Closes the file; the store is of no use afterwards."""
        with self._lock:
            self._db.close()

    @contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction, undone if the block raises.

        Args:
            durable: on disk (synced) when the block is left, not merely in the system's cache:
                what was written survives a loss of power too.

        Raises:
            StoreError: it cannot be written, or the file is no longer the one at its path: what
                is written into a deleted file is lost, so nothing may be done that relies on it.
        """
        with self._lock, self._speaking():
            self._check_place()
            if durable:
                self._db.execute("PRAGMA synchronous=FULL")
            try:
                self._db.execute("BEGIN IMMEDIATE")
                try:
                    yield self._db
                except BaseException:
                    self._undo()
                    raise
                self._commit()
            finally:
                if durable:
                    self._db.execute("PRAGMA synchronous=NORMAL")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Returns what a query finds."""
        with self._lock, self._speaking():
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Row | None:
        """Returns the first row that a query finds."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def check(self) -> None:
        """Looks through the file and proves that it can be written.

        Raises:
            StoreError: it is damaged, full, read-only or held by another process.
        """
        found = self.rows("PRAGMA quick_check(1)")
        if not found or found[0][0] != "ok":
            raise self._corrupt()
        with self.write(durable=True) as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('room', zeroblob(?))", (_ROOM,))
        with self.write() as db:
            db.execute("DELETE FROM meta WHERE key='room'")

    def _check_place(self) -> None:
        if file_identity(self.path) != self._opened:
            raise StoreError(
                "the store was deleted or replaced while it was in use: nothing further is sent",
                where=str(self.path),
                remedy="put it back where it was and `slp resume`; without it, look at what the "
                "routers show (`slp assess`) and plan again",
            )

    def _commit(self) -> None:
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._db.in_transaction:  # SQLite has undone it by itself where the disk is full
            self._db.execute("ROLLBACK")

    def _check_version(self) -> None:
        tables = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables == 0:
            self._create()
        found = self._db.execute("SELECT value FROM meta WHERE key='schema'").fetchone()
        if found is not None and found[0].isdigit() and int(found[0]) in STEPS_UP:
            self._bring_up()
            found = self._db.execute("SELECT value FROM meta WHERE key='schema'").fetchone()
        if found is None or found[0] != str(VERSION):
            raise StoreError(
                f"the store is of version {found[0] if found else 'unknown'}, "
                f"this program reads version {VERSION}",
                where=str(self.path),
                remedy="use the version that made it, or another --store",
            )

    def _create(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            if self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0:
                for statement in TABLES.split(";\n"):
                    if statement.strip():
                        self._db.execute(statement)
                self._db.execute(
                    "INSERT INTO meta(key, value) VALUES ('schema', ?)", (str(VERSION),)
                )
        except BaseException:
            self._undo()
            raise
        self._commit()

    def _bring_up(self) -> None:
        """Brings a store of an earlier version up to this one, whoever comes first."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            row = self._db.execute("SELECT value FROM meta WHERE key='schema'").fetchone()
            for version in range(int(row[0]), VERSION):
                for statement in STEPS_UP[version]:
                    self._db.execute(statement)
            self._db.execute("UPDATE meta SET value=? WHERE key='schema'", (str(VERSION),))
        except BaseException:
            self._undo()
            raise
        self._commit()

    def _corrupt(self) -> StoreError:
        return StoreError(
            "the store is damaged",
            where=str(self.path),
            remedy="move the file aside and restore a copy, or use another --store; "
            "nothing was sent to any router",
        )

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._translate(error) from error

    def _translate(self, error: sqlite3.Error) -> StoreError:
        text = str(error).lower()
        where = str(self.path)
        if "locked" in text or "busy" in text:
            return StoreError(
                "the store is held by another process",
                where=where,
                remedy="wait for the other slp command, or end it, then run again",
            )
        if "full" in text:
            return StoreError(
                "the disk of the store is full",
                where=where,
                remedy="free space there, then `slp resume`",
            )
        if "malformed" in text or "not a database" in text or "disk image" in text:
            return self._corrupt()
        if "readonly" in text or "unable to open" in text:
            return StoreError(
                "the store cannot be opened for writing",
                where=where,
                remedy="check owner and mode of the folder, or use another --store",
            )
        return StoreError(
            f"the store failed ({type(error).__name__}: {error})",
            where=where,
            remedy="run `slp doctor`; nothing further was sent to any router",
        )


def make_private(root: Path, file: Path) -> None:
    """Makes the folder 0700 and the file 0600 before anything is written into them.

    Raises:
        StoreError: the system does not allow it.
    """
    try:
        private_folder(root).chmod(PRIVATE_FOLDER)
        touch_private(file)
    except OSError as error:
        raise StoreError(
            f"the store cannot be made: {error.strerror}",
            where=str(file),
            remedy="check the folder, or use another --store",
        ) from error


def file_identity(path: Path) -> tuple[int, int] | None:
    """Returns device and inode of the file at a path; nothing where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def masked(value: Any) -> Any:
    """Returns a JSON value with every known secret masked, text by text."""
    if isinstance(value, str):
        return REDACTOR.mask(value)
    if isinstance(value, dict):
        return {REDACTOR.mask(str(key)): masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item) for item in value]
    return value


def dumps(value: Any) -> str:
    """Returns masked JSON for a column."""
    return json.dumps(masked(value), ensure_ascii=False, separators=(",", ":"))
