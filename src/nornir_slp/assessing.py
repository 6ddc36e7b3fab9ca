"""From routers to an assessment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.documents import Assessment, RouterAssessment, stamp
from nornir_slp.reads import NOTHING, Read
from nornir_slp.routers import read_routers
from nornir_slp.workspace import Workspace

if TYPE_CHECKING:
    from nornir.core import Nornir


def assess_routers(
    space: Workspace, from_captures: Path | None, *, save: Path | None = None
) -> Assessment:
    """Returns what each router is; one that cannot be read is in it with its error."""
    source = str(from_captures or space.inventory)
    routers = tuple(_one(read) for read in read_routers(space, from_captures, save=save))
    return Assessment(
        schema_version=1, kind="assessment", **stamp(), source=source, routers=routers
    )


def assess(nornir: Nornir, *, save: Path | None = None) -> Assessment:
    """Returns what each host of ``nornir`` is, read by its own runner; changes nothing.

    A host that cannot be read is in it with its error; Nornir does not mark it as failed.

    Args:
        save: folder that keeps the outputs as captures, masked of secrets.
    """
    from nornir_slp.live_read import read_hosts

    routers = tuple(_one(read) for read in read_hosts(nornir, save=save))
    return Assessment(**stamp(), source="nornir", routers=routers)


def unusable(found: Assessment) -> list[str]:
    """Returns what speaks against saved outputs: of no use, of two routers, or saved twice."""
    from slp_core.planner.check_read import nothing_usable, useless

    told = []
    for router in found.routers:
        state = router.state
        if state is None:
            continue
        told += [f"{router.router}: {mixed.text} [{mixed.rule}]" for mixed in state.mixed]
        told += [f"{router.router}: {command}: {why}" for command, why in useless(state)]
        if nothing_usable(state):
            told.append(f"{router.router}: nothing of what was saved could be used")
    return told


def _one(read: Read) -> RouterAssessment:
    fields: dict[str, Any] = {"router": read.name}
    if read.target:
        fields["target"] = dict(read.target)
    if read.group:
        fields["group"] = dict(read.group)
    if read.state is None:
        error = read.error or NOTHING
        return RouterAssessment(
            error=error.what, error_code=error.code, remedy=error.remedy, **fields
        )
    from slp_core.planner import notices_of_state
    from slp_core.verify import observe

    told = notices_of_state(read.state)
    if told:
        fields["notices"] = told
    fields["observed"] = {path: seen.value for path, seen in observe(read.state).items()}
    return RouterAssessment(state=read.state, **fields)
