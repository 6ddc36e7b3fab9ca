"""Reads routers, live or from saved outputs: one result each, a state or an error."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from nornir_slp.inert import inert
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError, SlpError, UsageError

if TYPE_CHECKING:
    from nornir_slp.probing import Look
    from slp_core.captures import Capture
    from slp_core.mixed import Serials
    from slp_core.plan import Notice
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
        what = (
            f"{error.where}: {error.what}"
            if isinstance(error, InputError) and error.where
            else error.what
        )
        return cls(error.code, inert(what), inert(error.remedy or ""))

    @classmethod
    def unforeseen(cls, error: Exception) -> Self:
        """Returns an error of our own as a value; its traceback goes to the log."""
        logging.getLogger(__name__).error("while a router was read", exc_info=error)
        return cls(
            SlpError.code,
            f"it could not be understood ({type(error).__name__})",
            "run again with -vv for the details, and report it with them",
        )


NOTHING = Trouble("SLP-E200", "nothing was read")


@dataclass(frozen=True)
class Read:
    """One router as it was read.

    Attributes:
        target: where inventory or captures say that it should go.
        base: folder that the target's relative paths start from.
        group: inventory data that runs are ordered by.
        capture: the saved outputs that it was read from.
        findings: what a look beyond the outputs found (``--probe``).
    """

    name: str
    state: RouterState | None = None
    error: Trouble | None = None
    target: Mapping[str, Any] | None = None
    where: str = ""
    base: Path = field(default_factory=Path)
    group: Mapping[str, Any] = field(default_factory=dict)
    capture: Capture | None = None
    findings: tuple[Notice, ...] = ()


def read_routers(
    space: Workspace,
    from_captures: Path | None,
    *,
    only: Collection[str] | None = None,
    save: Path | None = None,
    look: Look | None = None,
) -> Iterator[Read]:
    """Yields each router: of the inventory, or of a folder of saved outputs.

    Args:
        only: names to read; unset: all that ``--limit`` leaves.
        save: folder that keeps what live routers print, as captures.
        look: at each live router once it is read, in the same session.

    Raises:
        UsageError: there is nothing to read, or a term of ``--limit`` fits no router.
    """
    found = False
    if from_captures:
        reads = _captured(space, from_captures, only)
    else:
        from nornir_slp.live_read import read_inventory

        reads = read_inventory(space, only=only, save=save, look=look)
    for read in reads:
        found = True
        yield read
    if not found and only is None:
        raise UsageError(
            "there is no router to read", remedy="look at --inventory and --from-captures"
        )


def _captured(space: Workspace, folder: Path, only: Collection[str] | None) -> Iterator[Read]:
    from slp_core.captures import folders_in, serials_in

    if not folder.is_dir():
        what = "is no folder" if folder.exists() else "is not there"
        raise InputError(what, where=str(folder), remedy="give a folder of captures")
    lone = any(folder.glob("show-*.txt"))
    places = [folder.resolve() if folder.name in ("", "..") else folder] if lone else []
    places = places or folders_in(folder)
    serials = serials_in(places) if len(places) > 1 else None
    chosen = Chosen(space.limit)
    for place in places:
        if only is not None and place.name not in only:
            continue
        read = _of_folder(place, chosen, serials)
        if read is not None:
            yield read
    chosen.refuse_unmatched("" if only is None else "of the plan")


def _of_folder(place: Path, chosen: Chosen, serials: Serials | None) -> Read | None:
    """Returns the router in a folder; ``None`` where ``--limit`` leaves it out.

    One odd router must not hide the rest: what is wrong with it becomes its error.
    """
    from slp_core.captures import read_router, target_in
    from slp_core.parsing import assemble

    def unread(trouble: Trouble) -> Read:
        where = str(place / "target.yaml")
        return Read(place.name, error=trouble, target=target_in(place), where=where, base=place)

    try:
        capture = read_router(place)
        group = capture.facts.get("group") or {}
        if not chosen(capture.name, {**capture.facts, **group}):
            return None
        state = assemble(capture.name, capture.outputs, facts=capture.facts)
    except SlpError as error:
        if not chosen(place.name, {}):
            return None
        return unread(Trouble.of(error))
    except Exception as error:  # noqa: BLE001 - one odd router must not hide the rest
        return unread(Trouble.unforeseen(error))
    mixed = (*capture.mixed, *(serials.elsewhere(place.name) if serials else ()))
    if mixed:
        state = state.model_copy(update={"mixed": mixed})
    return _capture_read(capture, state, place)


def _capture_read(capture: Capture, state: RouterState, place: Path) -> Read:
    return Read(
        capture.name,
        state=state,
        target=capture.target,
        where=str(place / "target.yaml"),
        base=place,
        group=capture.facts.get("group") or {},
        capture=capture,
    )


def moments_of(capture: Capture) -> dict[str, RouterState]:
    """Returns what the outputs of each moment show, by its name.

    Of what an operator knows besides only the identity counts: it proves nothing of a router.
    """
    from slp_core.parsing import assemble

    who = {k: v for k, v in capture.facts.items() if k in ("pid", "serial")}
    return {
        moment: assemble(capture.name, outputs, facts=who)
        for moment, outputs in capture.moments.items()
    }


class Chosen:
    """Which routers ``--limit`` takes where no inventory holds them; one grammar for both.

    Args:
        limit: unset: all are taken.
    """

    def __init__(self, limit: str | None) -> None:
        from slp_tasks.limit import parse_limit

        self._limit = parse_limit(limit) if limit is not None else None

    def __call__(self, name: str, data: Mapping[str, Any]) -> bool:
        from nornir.core.inventory import Host

        return self._limit is None or self._limit(Host(name=name, data=dict(data)))

    def refuse_unmatched(self, of: str = "") -> None:
        """Refuses a limit of which a term fitted no router.

        Raises:
            UsageError: one did; the nearest names are named.
        """
        if self._limit is not None:
            self._limit.refuse_unmatched(of)
