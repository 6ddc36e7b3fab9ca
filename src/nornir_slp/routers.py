"""Reads routers, live or from saved outputs: one result each, a state or an error."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.reads import Look, Read, Trouble
from nornir_slp.workspace import Workspace
from slp_core.errors import InputError, SlpError, UsageError

if TYPE_CHECKING:
    from slp_core.captures import Capture
    from slp_core.mixed import Serials
    from slp_core.state import RouterState


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
