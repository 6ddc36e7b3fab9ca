"""Writes archives: every byte as it came, proven by reading the archive again (F24)."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from slp_core.errors import InputError
from slp_core.private_files import private_file
from slp_core.state import Udi
from slp_exchange.bundle.archive import open_archive
from slp_exchange.bundle.manifest import MANIFEST, Kind, Manifest, ManifestEntry

_ODD = re.compile(r"[^A-Za-z0-9._-]+")
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Item:
    """One file that goes into an archive."""

    router: str
    udi: Udi
    name: str
    data: bytes = field(repr=False)
    saved: datetime | None = None
    report_ids: tuple[int, ...] = ()
    wants: str | None = None
    answers: str | None = None


def write_bundle(
    path: Path, kind: Kind, items: Iterable[Item], *, made: datetime, run: str | None = None
) -> Manifest:
    """Writes an archive, whole or not at all, and returns what stands in it.

    Raises:
        InputError: the file cannot be written, or is not what was written into it.
    """
    taken: set[str] = {MANIFEST}
    try:
        with private_file(path) as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                entries = [_add(archive, kind, item, taken, made) for item in items]
                manifest = Manifest(kind=kind, made=made, run=run, files=tuple(entries))
                text = manifest.model_dump_json(indent=1, exclude_none=True)
                archive.writestr(_info(MANIFEST, made), text)
            raw.flush()
            _prove(Path(raw.name))
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), remedy="check the folder"
        ) from error
    return manifest


def _add(
    archive: zipfile.ZipFile, kind: Kind, item: Item, taken: set[str], made: datetime
) -> ManifestEntry:
    name = _free(f"{kind}/{_plain(item.router)}-{_plain(item.name)}", taken)
    archive.writestr(_info(name, item.saved or made), item.data)
    return ManifestEntry(
        router=item.router,
        pid=item.udi.pid,
        sn=item.udi.sn,
        file=name,
        sha256=hashlib.sha256(item.data).hexdigest(),
        bytes=len(item.data),
        saved=item.saved,
        report_ids=item.report_ids,
        wants=item.wants,
        answers=item.answers,
    )


def _prove(path: Path) -> None:
    with open_archive(path) as archive:
        for entry in archive.entries():
            archive.read_entry(entry)


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    at = max(at.astimezone(UTC), _EARLIEST)
    info = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _plain(name: str) -> str:
    return _ODD.sub("_", name).strip(".") or "_"


def _free(name: str, taken: set[str]) -> str:
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        found = f"{name}-{number}"
    taken.add(found.lower())
    return found
