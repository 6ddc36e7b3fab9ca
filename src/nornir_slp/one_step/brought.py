"""Files that came off routers: copied out of a run's folder, byte for byte (F24)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from slp_core.errors import InputError
from slp_core.folders import folder_name
from slp_core.plan import Plan
from slp_core.private_files import private_folder, write_private

if TYPE_CHECKING:
    from slp_fleet.api import Fleet

SUMS = "SHA256SUMS"


def copy_out(fleet: Fleet, run_id: str, plan: Plan, to: Path) -> list[Path]:
    """Returns the copies, as ``ROUTER/NAME`` and readable by their owner alone.

    Raises:
        InputError: a copy is not what was copied.
    """
    made = []
    for router in plan.routers:
        out = fleet.router_folder(run_id, router.router) / "out"
        for path in sorted(out.glob("*")) if out.is_dir() else ():
            own = private_folder(to / folder_name(router.router))
            made.append(_copied(path, own / path.name))
    return made


def _copied(path: Path, to: Path) -> Path:
    data = path.read_bytes()
    write_private(to, data)
    if _digest(to) != hashlib.sha256(data).hexdigest():
        raise InputError(
            "the copy is not what was copied", where=str(to), remedy=f"the report itself is {path}"
        )
    return to


def write_sums(folder: Path) -> Path:
    """Returns the list of the hashes of everything in a folder, as ``sha256sum -c`` reads it."""
    private_folder(folder)
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    lines = [f"{_digest(p)}  {p.relative_to(folder).as_posix()}\n" for p in files]
    path = folder / SUMS
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
