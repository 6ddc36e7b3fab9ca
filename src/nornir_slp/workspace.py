"""``Workspace``: where an inventory and its store are, which routers are meant, and who listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Workspace:
    """What every function of the application starts from; silent by itself.

    A subclass that overrides ``say``, ``detail``, ``warn`` and ``reading`` hears what goes on.

    Attributes:
        inventory: a folder with ``hosts.yaml``, or a Nornir config file.
        store: folder of runs and evidence; unset: ``.slp`` beside the inventory.
        limit: only these routers; unset: all.
        workers: how many routers are read at a time; unset: as the inventory's runner has it, 50
            for a folder.
    """

    inventory: Path = Path("inventory")
    store: Path | None = None
    limit: str | None = None
    workers: int | None = None

    @property
    def base(self) -> Path:
        """The folder that relative paths of the inventory start from."""
        return self.inventory if self.inventory.is_dir() else self.inventory.parent

    @property
    def store_path(self) -> Path:
        """The store: the one given, or ``.slp`` beside the inventory."""
        return self.store if self.store is not None else self.base / ".slp"

    def say(self, text: object) -> None:
        """Hears what goes on."""

    def headline(self, text: object) -> None:
        """Hears what a new part begins with."""

    def detail(self, text: object) -> None:
        """Hears what only a curious person wants to know."""

    def warn(self, text: object) -> None:
        """Hears what must be seen."""

    @contextmanager
    def reading(self, total: int) -> Iterator[Callable[[str, str], None]]:
        """Hears how many routers are read; what it yields hears each name, and how that went."""
        self.say(f"reading {total} routers")
        yield lambda name, words: self.detail(f"{name}: {words}")
