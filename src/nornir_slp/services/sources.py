"""Usage reports to be handed to CSSM, wherever they lie: an archive, a folder, single files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from slp_core.errors import InputError
from slp_core.files import MAX_BYTES, read_license_path
from slp_core.reading import open_file, read_bytes
from slp_exchange.bundle import open_archive
from slp_exchange.bundle.archive import MAX_TOTAL
from slp_exchange.reports import UsageReports, read_usage

ACK = "ACK"


@dataclass(frozen=True)
class Load:
    """One usage file of one router.

    Attributes:
        wants: name under which the answer is waited for.
    """

    router: str
    name: str
    data: bytes = field(repr=False)
    reports: UsageReports = field(repr=False)
    wants: str | None = None
    saved: datetime | None = None

    @property
    def sha256(self) -> str:
        """Hash of the file."""
        return hashlib.sha256(self.data).hexdigest()


def loads_of(sources: Iterable[Path]) -> list[Load]:
    """Returns the usage files of all sources.

    Raises:
        InputError: one is missing, is no usage file, or the same file comes twice.
    """
    found = [load for source in sources for load in _loads(source)]
    seen: dict[str, Load] = {}
    for load in found:
        other = seen.setdefault(load.sha256, load)
        if other is not load:
            raise InputError(
                f"the file of {other.router} and that of {load.router} are the same",
                remedy="give each report once",
            )
    return found


def _loads(source: Path) -> Iterator[Load]:
    if source.is_dir():
        yield from folder_loads(source)
    elif _is_archive(source):
        yield from _archive_loads(source)
    else:
        read_license_path(source)  # is there, and not too large
        yield _file_load(source, source.stem)


def _is_archive(source: Path) -> bool:
    with open_file(source, limit=MAX_TOTAL) as file:
        return zipfile.is_zipfile(file)


def folder_loads(folder: Path) -> Iterator[Load]:
    """Yields the usage files of ``FOLDER/ROUTER/NAME``, or of files that lie there alone.

    Raises:
        InputError: there is none.
    """
    count = 0
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if path.name.startswith(".") or _kind(path) != "usage":
            continue
        count += 1
        own = path.parent.name if path.parent != folder else path.stem
        yield _file_load(path, own)
    if not count:
        raise InputError(
            "no usage report lies there",
            where=str(folder),
            remedy="save some: slp usage save --to FOLDER",
        )


def _kind(path: Path) -> str:
    try:
        return read_license_path(path).kind
    except InputError:
        return "none"


def _file_load(path: Path, router: str) -> Load:
    data = read_bytes(path, limit=MAX_BYTES)
    saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    reports = read_usage(data, where=str(path))
    return Load(router, path.name, data, reports, saved=saved)


def _archive_loads(path: Path) -> Iterator[Load]:
    with open_archive(path) as archive:
        entries = archive.entries()
        if archive.manifest is not None and archive.manifest.kind != "usage":
            raise InputError(
                "this archive holds answers, no usage reports",
                where=str(path),
                remedy="hand it to slp bundle import",
            )
        for entry in entries:
            data = archive.read_entry(entry)
            reports = read_usage(data, where=f"{path}: {entry.file}")
            if (reports.udi.pid, reports.udi.sn) != (entry.pid, entry.sn):
                raise InputError(
                    f"{entry.file} is of serial number {reports.udi.sn}, the manifest says "
                    f"{entry.sn}",
                    where=str(path),
                    remedy="export the archive again",
                )
            name = entry.file.rpartition("/")[2]
            yield Load(entry.router, name, data, reports, entry.wants, entry.saved)
