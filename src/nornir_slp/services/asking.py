"""``Asking``: how a licensing service is asked, where the inventory does not say it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Asking:
    """How a service is asked, as far as options say it."""

    account: str | None = None
    url: str | None = None
    api: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    ca: Path | None = None
