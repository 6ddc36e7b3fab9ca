"""The boot file system: files with the sizes that they declare, hashes of the bytes they have."""

from __future__ import annotations

import errno
import hashlib
import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from slp_sim.router.catalog import Release, stable
from slp_sim.router.spec import FileSpec, FlashSpec

IMAGE_KEY = "slp_sim_image"


@dataclass(frozen=True)
class ImageHeader:
    """The first line of a lab's image file."""

    release: str
    platform: str
    size: int
    version_row: str
    build: str | None = None
    compiled: str | None = None


@dataclass(slots=True)
class File:
    """One file; ``size`` is what it counts on flash, ``data`` the bytes that are hashed."""

    name: str
    size: int
    data: bytes
    modified: datetime
    directory: bool = False
    inode: int = 0
    cut: bool = False

    def image(self) -> ImageHeader | None:
        """Returns what image this is; None for other files and damaged images."""
        return None if self.cut else read_header(self.data)


def read_header(data: bytes) -> ImageHeader | None:
    """Returns the header of a lab's image; None where the bytes are none."""
    if not data.startswith(b"{"):
        return None
    try:
        head = json.loads(data.split(b"\n", 1)[0])
        if head.get(IMAGE_KEY) != 1:
            return None
        release = str(head["release"])
        row = str(head.get("version_row") or Release.parse(release).row)
        known = (head.get("build"), head.get("compiled"))
        return ImageHeader(release, str(head["platform"]), int(head["size"]), row, *known)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def make_image(release: str, platform: str, size: int, **more: str) -> bytes:
    """Returns the bytes of a lab's image: always the same for the same image.

    Args:
        more: ``build`` (``fc3``) and ``compiled`` (a date), as ``show version`` prints them.
    """
    row = Release.parse(release).row
    head = {IMAGE_KEY: 1, "release": release, "platform": platform, "size": size}
    noise = random.Random(f"{platform}{release}{size}").randbytes(400)  # noqa: S311 - filling
    return json.dumps(head | {"version_row": row} | more).encode() + b"\n" + noise


class FlashFull(OSError):
    """The file system is full; what fitted was written."""

    def __init__(self, needed: int) -> None:
        super().__init__(errno.ENOSPC, "No space left on device")
        self.needed = needed


def plain(path: str) -> str:
    """Returns the name within the file system of ``bootflash:/x``, ``flash:x`` or ``/x``."""
    head, colon, tail = path.strip().partition(":")
    return (tail if colon else head).lstrip("/").removeprefix("bootflash/")


class Flash:
    """All files by name, and the room that is left."""

    def __init__(self, spec: FlashSpec, now: datetime, more: Iterable[FileSpec] = ()) -> None:
        self.total = spec.total
        self.files: dict[str, File] = {}
        for item in (*spec.files, *more):
            data = (item.text or "").encode()
            if item.release:
                size = item.size or 500_000_000 + stable(item.release, 200_000_000)
                data = make_image(item.release, item.platform or "isr4300", size)
            size = item.size or (size if item.release else len(data))
            self._put(File(item.name, size, data, item.modified or now, item.directory))
        used = sum(f.size for f in self.files.values())
        free = spec.total - used if spec.free is None else spec.free
        self.hidden = max(spec.total - used - free, 0)
        """Bytes taken by what ``dir`` of the root does not list."""

    @property
    def free(self) -> int:
        """Bytes that are left."""
        return max(self.total - self.hidden - sum(f.size for f in self.files.values()), 0)

    def _put(self, file: File) -> None:
        old = self.files.get(file.name)
        file.inode = old.inode if old else 11 + stable(file.name, 120_000)
        self.files[file.name] = file

    def get(self, path: str) -> File | None:
        """Returns a file; None where there is none."""
        file = self.files.get(plain(path))
        return None if file is None or file.directory else file

    def write(self, path: str, data: bytes, now: datetime, *, limit: int | None = None) -> File:
        """Writes a file and returns it.

        Args:
            limit: bytes after which the transfer is cut (a fault); no error is raised then.

        Raises:
            FlashFull: it did not fit; what fitted stays, as on a router.
        """
        name = plain(path)
        header = read_header(data)
        size = header.size if header else len(data)
        self.files.pop(name, None)
        room = self.free
        kept = size if limit is None else min(limit, size)
        kept = min(kept, room)
        cut = kept < size
        if cut:
            data = data[: len(data) * kept // max(size, 1)]
        file = File(name, kept, data, now, cut=cut)
        self._put(file)
        if size > room and (limit is None or limit > room):
            raise FlashFull(size)
        return file

    def fill(self, name: str, size: int, now: datetime) -> None:
        """Takes up room by a file without contents worth reading (unpacked packages)."""
        self._put(File(name, size, name.encode(), now))

    def delete(self, path: str) -> bool:
        """Removes a file; tells whether it was there."""
        return self.get(path) is not None and self.files.pop(plain(path), None) is not None

    def digest(self, path: str, kind: str) -> str | None:
        """Returns the ``md5`` or ``sha512`` of a file's bytes, in hexadecimal."""
        file = self.get(path)
        if file is None:
            return None
        return hashlib.new(kind, file.data, usedforsecurity=False).hexdigest()

    def listing(self) -> Iterable[File]:
        """Yields the files of the root, newest first."""
        inside = (f for f in self.files.values() if "/" not in f.name)
        return sorted(inside, key=lambda f: f.modified, reverse=True)
