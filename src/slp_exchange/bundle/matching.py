"""Which answer is for which router: by what stands in the file, never by its name alone (F25)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from slp_core.errors import InputError
from slp_core.files import MAX_BYTES, LicenseFile, read_license_file, read_license_path
from slp_core.reading import read_bytes
from slp_core.state import Udi
from slp_exchange.bundle.archive import Archive

_MOST = 20_000


@dataclass(frozen=True)
class Expected:
    """A router that waits for an answer.

    Attributes:
        report: hash of the usage report that it saved, where it is known.
    """

    router: str
    udi: Udi | None
    report: str | None = None


@dataclass(frozen=True)
class Answer:
    """The answer for one router, or why what was given for it is refused."""

    router: str
    name: str = ""
    data: bytes | None = field(default=None, repr=False)
    refused: str | None = None


def match_answers(archive: Archive, expected: Iterable[Expected]) -> Iterator[Answer]:
    """Yields an answer for each router for which something is in the archive.

    An archive without a manifest, such as a person packs from downloads, is matched by the product
    instance that each file names.

    Raises:
        InputError: the archive is damaged, or holds no answers.
    """
    if archive.manifest is None:
        files = ((n, archive.read(n)) for n in archive.names)
        yield from _by_content(files, expected)
        return
    if archive.manifest.kind != "answers":
        raise InputError(
            "this archive holds usage reports, no answers",
            where=str(archive.path),
            remedy="carry it to slp cssm upload (or CSSM's web page) first",
        )
    entries = archive.entries()
    for entry in entries:  # all are whole, or none is taken
        archive.read_entry(entry)
    names = Counter(e.router for e in entries)
    if twice := {n for n, count in names.items() if count > 1}:
        raise InputError(f"it holds two answers for {min(twice)}", where=str(archive.path))
    by_router = {e.router: e for e in entries}
    for one in expected:
        if one.router not in by_router:
            continue
        entry = by_router[one.router]
        data = archive.read_entry(entry)
        refused = _refusal(one, data, entry.file)
        if refused is None and one.report and entry.answers and entry.answers != one.report:
            refused = "it answers another usage report than the one that this run saved"
        kept = None if refused else data
        yield Answer(one.router, entry.file, kept, refused)


def match_folder(folder: Path, expected: Iterable[Expected]) -> Iterator[Answer]:
    """Yields an answer for each router that a file in a folder names.

    Raises:
        InputError: two files are for the same router, or there are too many.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    if len(paths) > _MOST:
        raise InputError(f"it holds more than {_MOST} files", where=str(folder))
    yield from _by_content(((str(p.relative_to(folder)), _bytes(p)) for p in paths), expected)


def _bytes(path: Path) -> bytes:
    try:
        read_license_path(path)  # looks at its size before it is read
    except InputError:
        return b""
    return read_bytes(path, limit=MAX_BYTES)


def _by_content(
    files: Iterable[tuple[str, bytes]], expected: Iterable[Expected]
) -> Iterator[Answer]:
    """Yields answers by the routers that files name; by their own name where they name none."""
    found: dict[Udi, tuple[str, bytes]] = {}
    unnamed: list[tuple[str, bytes]] = []
    for name, data in files:
        udis = _acknowledged(name, data)
        if udis == ():
            unnamed.append((name, data))
        for udi in udis or ():
            if udi in found and found[udi][1] != data:
                raise InputError(
                    f"{found[udi][0]!r} and {name!r} are both for {udi.pid} {udi.sn}",
                    remedy="leave only the newer one",
                )
            found[udi] = (name, data)
    for one in expected:
        own = [found[one.udi]] if one.udi and one.udi in found else _by_name(one, unnamed)
        if len(own) > 1:
            raise InputError(
                f"{own[0][0]!r} and {own[1][0]!r} are both named like {one.router}",
                remedy="leave only the newer one",
            )
        yield from (Answer(one.router, name, data) for name, data in own)


def _acknowledged(name: str, data: bytes) -> tuple[Udi, ...] | None:
    """Returns the routers that an acknowledgement names; None: the file is none."""
    try:
        read = read_license_file(data, where=name)
    except InputError:
        return None
    return read.udis if read.kind == "ack" else None


def _by_name(one: Expected, unnamed: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Returns what is named after a router, of the acknowledgements that name none inside."""
    begin = f"{one.router}-".lower()
    found = []
    for name, data in unnamed:
        stem = name.rpartition("/")[2].removeprefix("ACK_")
        if stem.lower().startswith(begin) or (one.udi and one.udi.sn in stem):
            found.append((name, data))
    return found


def _refusal(one: Expected, data: bytes, name: str) -> str | None:
    try:
        read: LicenseFile = read_license_file(data, where=name)
    except InputError as error:
        return error.what
    if read.kind != "ack":
        return f"it is no acknowledgement but of kind {read.kind}"
    if one.udi is not None and not read.fits(one.udi):
        other = read.udis[0]
        return (
            f"it is for PID {other.pid}, serial number {other.sn}, not for this router "
            f"(PID {one.udi.pid}, serial number {one.udi.sn})"
        )
    return None
