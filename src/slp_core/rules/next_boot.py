"""What the next reload of a router will do: register, boot statement, saved lines (UP-3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from slp_core.rules.flash import listing
from slp_core.state import Boot, RouterState

BOOTS = "boots its configuration"
_IGNORES_STARTUP = 0x40
_BOOT_FIELD = 0xF
_REMOTE = ("tftp", "ftp", "http", "https", "rcp", "scp", "sftp")
REGISTER_REMEDY = "config-register 0x2102 in configuration mode, save, then look at show boot"


@dataclass(frozen=True)
class NextRegister:
    """The configuration register with which one processor boots next.

    Attributes:
        path: in the vocabulary of predictions.
        source: the field of ``Boot`` that shows it.
        whose: the processor, in words that stand behind the value.
    """

    path: str
    source: str
    value: str
    whose: str = ""

    @property
    def trouble(self) -> str | None:
        """What it does wrong at the next reload, as one clause; None for the usual."""
        why = register_trouble(self.value)
        return None if why is None else f"configuration register {self.value}{self.whose}: {why}"


def next_registers(boot: Boot | None) -> Iterator[NextRegister]:
    """Yields the register of each processor: what is announced for the next reload goes first.

    Source: UP-3, C01. Plan, preflight and verify all ask here.
    """
    if boot is None:
        return
    for source in ("next_config_register", "config_register"):
        value = getattr(boot, source)
        if value is not None:
            yield NextRegister("next_boot.register", source, value)
            break
    if boot.standby_config_register is not None:
        yield NextRegister(
            "next_boot.standby_register",
            "standby_config_register",
            boot.standby_config_register,
            " of the standby processor",
        )


def boot_troubles(boot: Boot | None) -> Iterator[tuple[str, str]]:
    """Yields why the next reload does not come back by itself, each with its remedy (UP-3)."""
    for register in next_registers(boot):
        if register.trouble is not None:
            yield register.trouble, REGISTER_REMEDY
    if boot is not None and boot.manual:
        yield (
            "manual boot is set: the next reload waits at the boot prompt",
            "no boot manual in configuration mode, save, then look at show boot",
        )


def register_trouble(register: str) -> str | None:
    """Returns what a configuration register does wrong at the next reload; None for the usual.

    Only two of its parts matter here: the boot field and the bit that passes over NVRAM (C01).
    """
    value = int(register, 16)
    if value & _BOOT_FIELD == 0:
        return "it stops in ROMMON"
    if value & _IGNORES_STARTUP:
        return "the startup configuration is ignored"
    return None


def register_outcome(register: str) -> str:
    """Returns what the next reload does by its register, in words that a plan can predict."""
    trouble = register_trouble(register)
    return BOOTS if trouble is None else f"{register}: {trouble}"


def boot_entries(lines: Iterable[str]) -> tuple[str, ...]:
    """Returns what the ``boot system`` lines of a configuration name, in order."""
    entries = []
    for line in lines:
        words = line.split()
        if words[:2] != ["boot", "system"] or len(words) < 3:
            continue
        named = words[3:] if words[2] in ("flash", *_REMOTE) and len(words) > 3 else words[2:]
        entries.append(f"{words[2]}:{named[0]}" if words[2] in _REMOTE else named[0])
    return tuple(entries)


def first_that_boots(entries: Iterable[str], state: RouterState) -> str | None:
    """Returns the file that boots: of several the first that flash has; None without any.

    A file that a complete listing lacks is passed over, as the router does; where flash has none
    of them the first is named with that word. What was not listed counts as there.
    """
    names = list(entries)
    for entry in names:
        if not _missing(entry, state):
            return file_name(entry)
    return f"{file_name(names[0])} (not on flash)" if names else None


def _missing(entry: str, state: RouterState) -> bool:
    """Tells whether the complete listing of its file system lacks a file."""
    filesystem, colon, path = entry.rpartition(":")
    name = path.lstrip("/")
    if "/" in name:
        return False  # what stands in a folder is not listed
    files = listing(state, f"{filesystem}:" if colon else "bootflash:")
    return files is not None and all(file.name != name for file in files)


def file_name(entry: str) -> str:
    """Returns the name of a file without its file system and folder."""
    return entry.rpartition(":")[2].rpartition("/")[2]
