"""How a run proceeds, as the command line says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from slp_core.errors import UsageError

if TYPE_CHECKING:
    from slp_fleet.model import RunOptions


def run_options(
    *,
    canary: int,
    wave_size: str,
    max_failures: str,
    per_group: Sequence[str],
    window: str | None,
    workers: int,
    allow: Sequence[str],
    dry_run: bool,
) -> RunOptions:
    """Returns the options of a run.

    Raises:
        UsageError: one of them cannot be.
    """
    from nornir_slp.planning import overrides
    from slp_fleet.model import RunOptions

    return RunOptions(
        canary=canary,
        wave_size=_size(wave_size),
        max_failures=_size(max_failures),
        per_group=_groups(per_group),
        window=window,
        workers=workers,
        allow=overrides(allow),
        dry_run=dry_run,
    )


def _size(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _groups(given: Sequence[str]) -> dict[str, int]:
    found = {}
    for item in given:
        key, sign, number = item.partition("=")
        if not sign or not number.isdigit() or not key:
            raise UsageError(f"--per-group {item!r} is unclear", remedy="write site=2")
        found[key] = int(number)
    return found
