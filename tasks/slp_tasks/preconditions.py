"""What a router cannot be asked at all, told before anything is sent to it."""

from __future__ import annotations

from slp_core.state import RouterState

NO_SLP = "the router does not run Smart Licensing Using Policy"
BEFORE_SLP = "reservation commands exist before Smart Licensing Using Policy only"


def barred(state: RouterState, *, asks: bool = False) -> str | None:
    """Returns why nothing of SLP can be sent to this router; ``None`` where it can.

    Args:
        asks: the command makes the router ask its server, which it does not while transport is off.
    """
    licensing = state.licensing
    if not (licensing and licensing.slp):
        return NO_SLP
    if asks and licensing.transport is not None and licensing.transport.kind == "off":
        return "the transport is off: the router would ask nobody (carry files, or `slp topology`)"
    return None
