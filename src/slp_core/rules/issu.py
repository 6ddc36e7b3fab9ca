"""In-service upgrade (ISSU): what a router must be for it. Source: UP-2, UP-3; A:100-102."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slp_core.platforms import Platform
from slp_core.release import Release
from slp_core.rules.schema import IssuRow
from slp_core.state import RouterState

HOT = "STANDBY HOT"


def issu_row(platform: Platform | None) -> IssuRow | None:
    """Returns how a router is upgraded in service; ``None`` where nobody knows that it can be."""
    row = platform.row.issu if platform is not None else None
    if platform is None or row is None:
        return None
    return row if any(re.match(p, platform.pid) for p in row.pids) else None


def not_ready(state: RouterState, *, alone: bool = False) -> Iterator[str]:
    """Yields what the router shows against an in-service upgrade just now.

    What it does not show is not held against it: the router itself asks once more.

    Args:
        alone: without what stands against every upgrade of two processors.
    """
    redundancy = state.redundancy
    if redundancy is not None:
        standby, mode = redundancy.peer_state, redundancy.operating_mode
        if (redundancy.processors or 1) < 2:
            yield "only one processor is in service"
        elif standby and HOT not in standby.upper() and not alone:
            yield f"the standby processor is not hot ({standby.strip()})"
        if mode and mode.lower() != "sso":
            yield f"redundancy is {mode}, not sso"
        active, peer = redundancy.active_release, redundancy.peer_release
        if active is not None and peer is not None and active != peer and not alone:
            yield f"the processors run different releases ({active} and {peer})"
    if state.boot is not None and state.boot.mode == "bundle":
        yield "the router runs in bundle mode"


def hot(state: RouterState) -> bool:
    """Tells whether a standby is there, in step."""
    found = state.redundancy
    return found is not None and HOT in (found.peer_state or "").upper()


def under_way(state: RouterState) -> str | None:
    """Returns the state of the in-service upgrade that is under way; ``None`` where none is."""
    found = state.issu
    if found is None or found.idle:
        return None
    return found.state or found.last


def settled(state: RouterState) -> bool:
    """Tells whether what is under way has reached both processors."""
    found = state.issu
    return found is not None and (found.terminal or "") == "terminal state reached"


def extended(row: IssuRow, release: Release) -> bool:
    """Tells whether a release is of extended maintenance."""
    return f"{release.major}.{release.minor}" in row.extended
