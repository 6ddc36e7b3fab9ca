"""What was handed to CSSM and how it ended, kept in a file (F36, F42).

What CSSM took is never handed over again. A row is on disk before its request is sent; where the
answer was lost, only CSSM knows: it takes the file now, or says that it is a duplicate.
"""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from slp_core.errors import InputError, SlpError
from slp_core.private_files import private_folder, write_private
from slp_core.reading import MAX_DOCUMENT, read_bytes
from slp_core.state import Udi
from slp_exchange.errors import Refusal
from slp_exchange.models import Receipt


class Row(BaseModel):
    """One file of one router on its way through CSSM."""

    model_config = ConfigDict(extra="forbid")

    router: str
    pid: str
    sn: str
    name: str
    sha256: str
    action: str
    account: str = ""
    poll_id: int | None = None
    interval_s: float = 300.0
    handed: datetime | None = None
    state: Literal["sending", "handed", "answered", "refused"] = "sending"
    error: str | None = None
    wants: str | None = None

    @property
    def udi(self) -> Udi:
        """The router's PID and serial number."""
        return Udi(pid=self.pid, sn=self.sn)

    def receipt(self) -> Receipt | None:
        """Returns what the answer is asked for with; None where CSSM gave nothing."""
        if self.poll_id is None:
            return None
        return Receipt(self.poll_id, self.action, self.interval_s, self.account, self.udi)


class _Page(BaseModel):
    model_config = ConfigDict(extra="forbid")

    schema_version: Literal[1] = 1
    rows: list[Row] = Field(default_factory=list)


class ReceiptBook:
    """The file in which receipts are kept, 0600; one program at a time works on it.

    Raises:
        InputError: it is there and cannot be read, or another program works on it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._page = _Page()
        self._lock = _claimed(path)
        try:
            if not path.exists():
                return
            self._page = _Page.model_validate_json(read_bytes(path, limit=MAX_DOCUMENT))
        except ValidationError as error:
            raise InputError(
                "this is no file of receipts", where=str(path), remedy="give another --receipts"
            ) from error

    def close(self) -> None:
        """Lets other programs work on it."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row."""
        return tuple(self._page.rows)

    def open_rows(self) -> Iterator[Row]:
        """Yields what CSSM took and has not answered yet."""
        yield from (r for r in self._page.rows if r.state == "handed" and r.poll_id is not None)

    def of(self, sha256: str) -> Row | None:
        """Returns the row of a file."""
        return next((r for r in self._page.rows if r.sha256 == sha256), None)

    def hand_over(self, row: Row, send: Callable[[], Receipt]) -> Row:
        """Has a file handed over, unless CSSM took it before.

        Args:
            send: hands it over and returns CSSM's receipt.

        Returns:
            The row, with what became of it.
        """
        known = self.of(row.sha256)
        if known is not None and known.state in ("handed", "answered"):
            return known
        if known is not None:
            self._page.rows.remove(known)
        self._page.rows.append(row)
        self._save()
        try:
            got = send()
        except Refusal as refusal:
            row.error = str(refusal)
            row.state = "sending" if refusal.cause == "unanswered" else "refused"
            self._save()
            return row
        except SlpError:  # nothing was sent
            self._page.rows.remove(row)
            self._save()
            raise
        row.poll_id, row.interval_s, row.account = got.poll_id, got.interval_s, got.account
        row.action, row.state = got.action, "handed"
        self._save()
        return row

    def close_row(self, row: Row, error: str | None = None) -> None:
        """Records how a file ended: answered, or refused for a reason."""
        row.state, row.error = ("refused", error) if error else ("answered", None)
        self._save()

    def _save(self) -> None:
        try:
            write_private(self.path, self._page.model_dump_json(indent=1, exclude_none=True) + "\n")
        except OSError as error:
            raise InputError(
                f"cannot be written: {error.strerror}", where=str(self.path), remedy="check it"
            ) from error


def _claimed(path: Path) -> IO[Any]:
    """Returns the lock of a file of receipts; it ends with the program."""
    try:
        private_folder(path.parent)
        lock = path.with_name(f".{path.name}.lock").open("w", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise InputError(
            "another slp works on these receipts", where=str(path), remedy="let it end first"
        ) from error
    return lock
