"""Reads an archive that came from somewhere, and trusts nothing in it.

Nothing is ever unpacked by name: files are read into memory, within bounds, and proven by hash.
"""

from __future__ import annotations

import hashlib
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from pydantic import ValidationError

from slp_core.errors import InputError
from slp_core.files import MAX_BYTES
from slp_core.reading import open_file
from slp_exchange.bundle.manifest import MANIFEST, Manifest, ManifestEntry

MAX_FILES = 20_000
MAX_TOTAL = 1024 * 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DRIVE = re.compile(r"^[A-Za-z]:")
_ANEW = "export the archive again"


class Archive:
    """An archive whose table of contents was found harmless."""

    def __init__(self, path: Path, zipped: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = zipped
        self._infos = {i.filename: i for i in zipped.infolist()}
        self.manifest = self._manifest()

    @property
    def names(self) -> tuple[str, ...]:
        """The files in it, without the manifest."""
        return tuple(n for n in self._infos if n != MANIFEST)

    def entries(self) -> tuple[ManifestEntry, ...]:
        """Returns what the manifest says of each file.

        Raises:
            InputError: there is no manifest, or it and the files do not fit each other.
        """
        if self.manifest is None:
            raise self._bad(f"there is no {MANIFEST} in it", "give an archive of slp bundle export")
        told = [e.file for e in self.manifest.files]
        if twice := {n for n, count in Counter(told).items() if count > 1}:
            raise self._bad(f"the manifest names {min(twice)!r} twice")
        if missing := set(told) - set(self.names):
            raise self._bad(f"{min(missing)!r} stands in the manifest and not in the archive")
        if more := set(self.names) - set(told):
            raise self._bad(f"{min(more)!r} stands in the archive and not in the manifest")
        return self.manifest.files

    def read_entry(self, entry: ManifestEntry) -> bytes:
        """Returns a file, proven to be what the manifest says.

        Raises:
            InputError: it was altered or damaged.
        """
        data = self.read(entry.file)
        if len(data) != entry.bytes or hashlib.sha256(data).hexdigest() != entry.sha256:
            raise self._bad(f"{entry.file!r} is not the file that was put in: its hash differs")
        return data

    def read(self, name: str) -> bytes:
        """Returns a file.

        Raises:
            InputError: it is damaged, or larger than it says.
        """
        info = self._infos[name]
        try:
            with self._zip.open(info) as file:
                data = file.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise self._bad(f"{name!r} in it is damaged") from error
        if len(data) != info.file_size:
            raise self._bad(f"{name!r} in it is not as long as it says")
        return data

    def _manifest(self) -> Manifest | None:
        if MANIFEST not in self._infos:
            return None
        try:
            return Manifest.model_validate_json(self.read(MANIFEST))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(p) for p in first["loc"])
            raise self._bad(f"its {MANIFEST} is wrong: {place}: {first['msg']}") from error

    def _bad(self, what: str, remedy: str = _ANEW) -> InputError:
        return InputError(what, where=str(self.path), remedy=remedy)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Opens an archive whose table of contents is harmless.

    Raises:
        InputError: it cannot be read, is no archive, or one that does harm: paths that lead out of
            it, links, doubles, encryption, too much of anything.
    """
    with open_file(path, limit=MAX_TOTAL) as file:
        yield from _opened(file, path)


def _opened(file: BinaryIO, path: Path) -> Iterator[Archive]:
    try:
        zipped = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise InputError("this is no whole zip archive", where=str(path), remedy=_ANEW) from error
    with zipped:
        problem = _problem(zipped)
        if problem is not None:
            raise InputError(f"the archive is refused: {problem}", where=str(path), remedy=_ANEW)
        yield Archive(path, zipped)


def _problem(zipped: zipfile.ZipFile) -> str | None:
    infos = zipped.infolist()
    if len(infos) > MAX_FILES:
        return f"it holds {len(infos)} files, more than {MAX_FILES}"
    seen: set[str] = set()
    total = 0
    for info in infos:
        name = info.filename
        wrong = _wrong(info)
        if wrong is not None:
            return f"{name[:100]!r} {wrong}"
        if name.lower() in seen:
            return f"{name!r} stands in it twice"
        seen.add(name.lower())
        total += info.file_size
    if total > MAX_TOTAL:
        return f"it would unpack to {total >> 20} MB"
    return None


def _wrong(info: zipfile.ZipInfo) -> str | None:
    name, raw = info.filename, info.orig_filename
    path = PurePosixPath(name)
    if (
        not name
        or "\\" in raw
        or not raw.isprintable()
        or path.is_absolute()
        or _DRIVE.match(name)
        or any(part in ("..", ".", "") for part in name.split("/"))
    ):
        return "is no plain file name: it leads out of the archive"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "is a link or a device, no file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if info.compress_type not in _METHODS:
        return "is packed in an unusual way"
    if info.file_size > MAX_BYTES:
        return f"is larger than {MAX_BYTES >> 20} MB"
    return None
