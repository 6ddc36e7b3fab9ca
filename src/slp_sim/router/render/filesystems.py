"""File systems and their files: ``dir`` and ``show file systems``."""

from __future__ import annotations

from datetime import datetime
from fnmatch import fnmatchcase

from slp_sim.router.flash import File, plain
from slp_sim.router.render.config import startup_config
from slp_sim.router.router import Router

NVRAM_BYTES = 33_554_432
_FLASH = ("bootflash", "flash")


def directory(router: Router, path: str) -> str | None:
    """Returns ``dir``; None for a file system that the router does not have."""
    system, colon, _ = path.partition(":")
    name = system.lower() if colon else "bootflash"
    if name == "nvram":
        return _nvram(router)
    return _flash(router, path) if name in _FLASH else None


def every_directory(router: Router) -> str:
    """Returns ``dir all``."""
    return f"{_flash(router, 'bootflash:')}\n{_nvram(router)}"


def _flash(router: Router, path: str) -> str:
    wanted, flash = plain(path).rstrip("/"), router.flash
    inside = flash.files.get(wanted)
    if wanted and (inside is None or inside.directory):
        pattern = f"{wanted}/*" if inside is not None else wanted
        rows = [f for f in flash.files.values() if fnmatchcase(f.name, pattern)]
        if not rows and inside is None:
            return f"%Error opening {path} (No such file or directory)\n"
    else:
        rows = [inside] if inside is not None else list(flash.listing())
    head = f"Directory of bootflash:/{wanted}\n\n"
    body = "".join(_row(x, x.name.removeprefix(f"{wanted}/")) for x in rows)
    none = "" if body else "No files in directory\n"
    return f"{head}{body}{none}\n{flash.total} bytes total ({flash.free} bytes free)\n"


def _row(file: File, name: str) -> str:
    mode = "drwx" if file.directory else "-rw-"
    return f"{file.inode:<7} {mode} {file.size:>16}  {_date(file.modified)}  {name}\n"


def _date(when: datetime) -> str:
    return f"{when:%b} {when.day} {when:%Y %H:%M:%S} +00:00"


def _nvram(router: Router) -> str:
    size = 0 if router.startup is None else len(startup_config(router))
    rows = [(size, "startup-config"), (3 * (size > 0), "private-config"), (0, "persistent-data")]
    body = "".join(
        f"{32764 + n:<7} {'----' if n else '-rw-'} {held:>16} {'<no date>':>28}  {name}\n"
        for n, (held, name) in enumerate(rows)
    )
    left = NVRAM_BYTES - size
    return f"Directory of nvram:/\n\n{body}\n{NVRAM_BYTES} bytes total ({left} bytes free)\n"


def file_systems(router: Router) -> str:
    """Returns ``show file systems``."""
    flash = router.flash
    rows = [
        (flash.total, flash.free, "disk", "rw", "bootflash: flash:"),
        (NVRAM_BYTES, NVRAM_BYTES - len(startup_config(router)), "nvram", "rw", "nvram:"),
    ]
    text = "File Systems:\n\n       Size(b)       Free(b)      Type  Flags  Prefixes\n"
    for number, (size, free, kind, flags, names) in enumerate(rows):
        mark = "*" if number == 0 else " "
        text += f"{mark}{size:>13} {free:>13} {kind:>9}     {flags}   {names}\n"
    for kind, flags, names in (
        ("opaque", "rw", "system:"),
        ("network", "rw", "tftp:"),
        ("network", "rw", "ftp:"),
        ("network", "rw", "http:"),
        ("network", "rw", "scp:"),
    ):
        text += f"{'-':>14} {'-':>13} {kind:>9}     {flags}   {names}\n"
    return f"{text}\n"
