"""What ``dir`` showed of a file system, under any of its names."""

from __future__ import annotations

from slp_core.state import FlashFile, RouterState, Storage

_ONE_PLACE = ("bootflash:", "flash:")
"""Two names of the same file system on IOS-XE routers."""


def listing(state: RouterState, filesystem: str) -> tuple[FlashFile, ...] | None:
    """Returns the files of a file system; ``None`` unless all of its listing was seen."""
    storage = storage_of(state, filesystem)
    if storage is None or storage.files is None or storage.free is None:
        return None  # what is free stands in the last line
    names = _names(filesystem)
    partial = any(
        c.status != "ok" and _place(c.command) in names and c.status != "rejected"
        for c in state.commands
    )
    strange = any(_place(u.command) in names for u in state.unknown)
    return None if partial or strange else storage.files


def storage_of(state: RouterState, filesystem: str) -> Storage | None:
    """Returns what was seen of a file system, under any of its names."""
    shown = {x.filesystem: x for x in state.storage or ()}
    return next((shown[name] for name in _names(filesystem) if name in shown), None)


def _names(filesystem: str) -> tuple[str, ...]:
    stby = "stby-" if filesystem.startswith("stby-") else ""
    names = tuple(f"{stby}{name}" for name in _ONE_PLACE)
    return tuple(dict.fromkeys((filesystem, *names))) if filesystem in names else (filesystem,)


def _place(command: str) -> str | None:
    """Returns the file system that a ``dir`` lists; without one it is the router's flash."""
    verb, _, place = command.partition(" ")
    return (place.strip().rstrip("/") or "flash:") if verb == "dir" else None
