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

from slp_core.clock import Clock, clock_from_inventory
from slp_core.errors import StoreError
from slp_core.folders import folder_name
from slp_core.private_files import PRIVATE_FOLDER, private_folder, touch_private
from slp_core.secrets import REDACTOR

VERSION = 2

STEPS_UP = {
    1: ("ALTER TABLE router_runs ADD COLUMN looks TEXT",),
}
"""What brings a store of a version to the next one; a program of that version goes on with it."""

TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL,
  wanted TEXT NOT NULL DEFAULT 'run',          -- run | pause | cancel: what the operator asked for
  reason TEXT NOT NULL DEFAULT '',
  plan_hash TEXT NOT NULL,
  plan_file TEXT NOT NULL,
  plan_bytes TEXT NOT NULL,                    -- SHA-256 of the file when the run was made
  inventory TEXT NOT NULL,
  options TEXT NOT NULL,
  clock TEXT,                                  -- the lab's clock, null: the machine's
  joined INTEGER NOT NULL DEFAULT 0,           -- another process is asked to carry it out
  failures_forgiven INTEGER NOT NULL DEFAULT 0,
  created TEXT NOT NULL,
  ended TEXT
);

CREATE TABLE router_runs (
  run TEXT NOT NULL REFERENCES runs(id),
  router TEXT NOT NULL,
  position INTEGER NOT NULL,
  wave INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  error_code TEXT,
  current_step TEXT,
  turn INTEGER NOT NULL DEFAULT 0,             -- number of the workflow that may act on it
  parked INTEGER NOT NULL DEFAULT 0,           -- no workflow stands for it
  wake INTEGER NOT NULL DEFAULT 0,             -- a new workflow is asked for
  for_place TEXT,                              -- parked until this place ('site=x') is free
  due_s REAL NOT NULL DEFAULT 0,
  committed INTEGER NOT NULL DEFAULT 0,        -- its disruptive step is behind it
  finish_first INTEGER NOT NULL DEFAULT 0,     -- mid-reload or not committed: no place to pause
  started TEXT,
  ended TEXT,
  plan TEXT NOT NULL,
  findings TEXT,
  after TEXT,
  looks TEXT,                                  -- when and by what each part of `after` was seen
  PRIMARY KEY (run, router)
) WITHOUT ROWID;
CREATE INDEX router_runs_by_state ON router_runs(run, state, wave);

CREATE TABLE steps (
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  position INTEGER NOT NULL,
  step TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  state TEXT NOT NULL,
  phase TEXT NOT NULL DEFAULT 'probe',         -- what is to be done next: probe | confirm
  started TEXT,
  ended TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,         -- how often the act was begun
  misses INTEGER NOT NULL DEFAULT 0,           -- looks in a row that did not reach the router
  looks INTEGER NOT NULL DEFAULT 0,            -- waits so far, for the pace of the next
  deadline_s REAL,
  watcher TEXT,                                -- the process by whose watch the deadline counts
  changed INTEGER NOT NULL DEFAULT 0,
  detail TEXT NOT NULL DEFAULT '',
  evidence TEXT NOT NULL DEFAULT '[]',
  notes TEXT NOT NULL DEFAULT '{}',
  instructions TEXT,
  place TEXT,
  PRIMARY KEY (run, router, position)
) WITHOUT ROWID;

CREATE TABLE effects (                         -- written and synced before each act
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  noted TEXT NOT NULL,
  noted_s REAL NOT NULL,
  returned TEXT,                               -- null: nobody knows whether it was sent
  PRIMARY KEY (run, router, step, attempt)
) WITHOUT ROWID;

CREATE TABLE confirmations (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  step TEXT NOT NULL,
  by TEXT NOT NULL,
  file TEXT,
  at TEXT NOT NULL
);
CREATE INDEX confirmations_by_step ON confirmations(run, router, step);

CREATE TABLE leases (
  kind TEXT NOT NULL,                          -- 'router', or a group such as 'site'
  name TEXT NOT NULL,
  run TEXT NOT NULL,
  router TEXT NOT NULL,
  taken TEXT NOT NULL,
  PRIMARY KEY (kind, name, run, router)
) WITHOUT ROWID;
CREATE INDEX leases_by_holder ON leases(run, router);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  run TEXT NOT NULL,
  router TEXT,
  step TEXT,
  state TEXT NOT NULL,
  detail TEXT NOT NULL DEFAULT '',
  at TEXT NOT NULL
);
CREATE INDEX events_by_run ON events(run, id);
"""


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


def router_folder(store: Store, run: str, router: str) -> Path:
    """Returns the folder of one router's files within a run."""
    return store.root / "backups" / run / folder_name(router)


def make_router_folder(root: Path, router: str) -> Path:
    """Returns a router's folder below the run's, made 0700 with all above it."""
    return private_folder(root / folder_name(router))


def run_clock(row: sqlite3.Row) -> Clock:
    """Returns the clock by which a run's times are kept."""
    return clock_from_inventory(json.loads(row["clock"]) if row["clock"] else None)
