"""Where the files of one router within a run lie."""

from __future__ import annotations

from pathlib import Path

from slp_core.folders import folder_name
from slp_core.private_files import private_folder
from slp_fleet.store import Store


def router_folder(store: Store, run: str, router: str) -> Path:
    """Returns the folder of one router's files within a run."""
    return store.root / "backups" / run / folder_name(router)


def make_router_folder(root: Path, router: str) -> Path:
    """Returns a router's folder below the run's, made 0700 with all above it."""
    return private_folder(root / folder_name(router))
