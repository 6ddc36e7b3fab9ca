"""Reads routers, live or from saved outputs: one result each, a state or an error."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from slp_cli.ui import Ui, inert
from slp_core.errors import InputError, SlpError, UsageError

if TYPE_CHECKING:
    from slp_core.captures import Capture

    from slp_core.state import RouterState


@dataclass(frozen=True)
class Trouble:
    """Why a router could not be read: an error as a value."""

    code: str
    what: str
    remedy: str = ""

    @classmethod
    def of(cls, error: SlpError) -> Self:
        """Returns the error as a value."""
        return cls(error.code, inert(error.what), inert(error.remedy or ""))


NOTHING = Trouble("SLP-E200", "nothing was read")


@dataclass(frozen=True)
class Read:
    """One router as it was read.

    Attributes:
        target: where inventory or captures say that it should go.
        base: folder that the target's relative paths start from.
        group: inventory data that runs are ordered by.
    """

    name: str
    state: RouterState | None = None
    error: Trouble | None = None
    target: Mapping[str, Any] | None = None
    where: str = ""
    base: Path = field(default_factory=Path)
    group: Mapping[str, Any] = field(default_factory=dict)


def read_routers(ui: Ui, from_captures: Path | None) -> Iterator[Read]:
    """Yields each router: of the inventory, or of a folder of saved outputs.

    Raises:
        UsageError: there is nothing to read, or ``--limit`` leaves nothing.
    """
    reads = _captured(ui, from_captures) if from_captures else _live(ui)
    found = False
    for read in reads:
        found = True
        yield read
    if not found:
        raise UsageError(
            f"no router matches {ui.limit!r}" if ui.limit else "there is no router to read",
            remedy="look at --inventory, --from-captures and --limit",
        )


def _captured(ui: Ui, folder: Path) -> Iterator[Read]:
    from slp_core.captures import read_captures, read_router

    from slp_core.parsing import assemble

    if not folder.is_dir():
        raise InputError("is no folder", where=str(folder), remedy="give a folder of captures")
    lone = any(folder.glob("show-*.txt"))
    for capture in [read_router(folder)] if lone else read_captures(folder):
        group = capture.facts.get("group") or {}
        if ui.limit and not selects(ui.limit, capture.name, {**capture.facts, **group}):
            continue
        place = folder if lone else folder / capture.name
        try:
            state = assemble(capture.name, capture.outputs, facts=capture.facts)
        except SlpError as error:
            yield Read(capture.name, error=Trouble.of(error), where=str(place))
            continue
        yield _capture_read(capture, state, place)


def _capture_read(capture: Capture, state: RouterState, place: Path) -> Read:
    return Read(
        capture.name,
        state=state,
        target=capture.target,
        where=str(place / "target.yaml"),
        base=place,
        group=capture.facts.get("group") or {},
    )


def selects(limit: str, name: str, data: Mapping[str, Any]) -> bool:
    """Tells whether ``--limit`` takes this router: a name with globs, or ``key=value``."""
    for part in filter(None, (p.strip() for p in limit.replace(";", ",").split(","))):
        key, sign, value = part.partition("=")
        if sign and fnmatch.fnmatchcase(str(data.get(key, "")), value):
            return True
        if not sign and fnmatch.fnmatchcase(name, part):
            return True
    return False


def _live(ui: Ui) -> Iterator[Read]:
    from slp_cli.live_read import read_inventory

    return read_inventory(ui)
