"""Where CSSM's answers go: one archive to be carried back, or a folder with ``ROUTER/NAME``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from nornir_slp.services.courier import Brought, Courier
from nornir_slp.workspace import Workspace
from slp_core import private_files
from slp_core.errors import InputError
from slp_core.folders import folder_name
from slp_core.planner.collecting import ACK_FILE
from slp_core.state import Udi
from slp_exchange.bundle import Item, open_archive, write_bundle
from slp_exchange.receipts import ReceiptBook, Row

_BATCH = 25
"""Answers that are written at a time: an archive is written whole each time."""


class Basket:
    """Takes answers as they come; each is safe on disk before the next is asked for.

    Args:
        to: an archive where it ends in ``.zip``, else a folder.
    """

    def __init__(self, space: Workspace, to: Path, now: datetime) -> None:
        self._space = space
        self._to = to
        self._now = now
        self._items: list[Item] = []
        if self.is_archive and to.exists():
            self._items = list(_items(to))

    @property
    def is_archive(self) -> bool:
        """Whether all go into one file."""
        return self._to.suffix.lower() == ".zip"

    def lacks(self, row: Row) -> bool:
        """Tells whether the answer to a file is not here, whatever became of it."""
        if not self.is_archive:
            return not _place(self._to, row.router, row.wants).is_file()
        return (row.router, row.sha256) not in {(i.router, i.answers) for i in self._items}

    def put(self, brought: Sequence[Brought]) -> None:
        """Keeps answers; those that came before stay."""
        new = [_item(b, b.data, self._now) for b in brought if b.data is not None]
        if not new:
            return
        if not self.is_archive:
            for item in new:
                write_private(_place(self._to, item.router, item.name), item.data)
            return
        mine = {(i.router, i.answers) for i in new}
        self._items = [i for i in self._items if (i.router, i.answers) not in mine] + new
        write_bundle(self._to, "answers", self._items, made=self._now)

    def told(self) -> str:
        """Says what to do with what was kept."""
        if self.is_archive:
            return f"carry {self._to} back: slp bundle import {self._to}"
        return f"they lie in {self._to}: slp bundle import {self._to}"


def _place(to: Path, router: str, name: str | None) -> Path:
    return to / folder_name(router) / (name or ACK_FILE)


def _item(brought: Brought, data: bytes, now: datetime) -> Item:
    row = brought.row
    return Item(
        router=row.router,
        udi=row.udi,
        name=row.wants or ACK_FILE,
        data=data,
        saved=now,
        wants=row.wants or ACK_FILE,
        answers=row.sha256,
    )


def _items(path: Path) -> list[Item]:
    with open_archive(path) as archive:
        if archive.manifest is None or archive.manifest.kind != "answers":
            raise InputError(
                "it is there, and holds something else than answers",
                where=str(path),
                remedy="give another --to",
            )
        found = []
        for entry in archive.entries():
            item = Item(
                entry.router,
                Udi(pid=entry.pid, sn=entry.sn),
                entry.wants or ACK_FILE,
                archive.read_entry(entry),
                saved=entry.saved,
                wants=entry.wants,
                answers=entry.answers,
            )
            found.append(item)
        return found


def write_private(path: Path, data: bytes) -> None:
    """Writes a file, whole or not at all, for its owner alone."""
    try:
        private_files.write_private(path, data)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), remedy="check the folder"
        ) from error


def bring(
    space: Workspace, courier: Courier, basket: Basket, rows: Iterable[Row], within_min: float
) -> list[Brought]:
    """Returns the answers that came within so many minutes; each is kept as soon as it is there."""
    waiting = [
        r for r in rows if r.state == "handed" or (r.state == "answered" and basket.lacks(r))
    ]
    answers: list[Brought] = []
    batch: list[Brought] = []
    if waiting and within_min:
        space.say(f"waits for {len(waiting)} answers, at most {within_min:.0f} minutes")
        for brought in courier.collect(within_min * 60, waiting):
            answers.append(brought)
            batch.append(brought)
            if len(batch) >= _BATCH:
                _keep(basket, courier.book, batch)
        _keep(basket, courier.book, batch)
    return answers


def _keep(basket: Basket, book: ReceiptBook, batch: list[Brought]) -> None:
    basket.put(batch)
    for brought in batch:
        if brought.data is not None:
            book.close_row(brought.row)
    batch.clear()
