"""Device-led conversion (DLC)."""

from __future__ import annotations

from slp_core.platforms import Platform
from slp_core.rules.model import CSL_MODELS, Model
from slp_core.state import RouterState


def converts(model: Model, platform: Platform | None) -> bool:
    """Tells whether the router converts its licences itself after the upgrade.

    Source: DLC-1 (CSL licences only), DLC-2 (not on virtual routers).
    """
    return model in CSL_MODELS and platform is not None and platform.row.dlc


def collected(state: RouterState) -> bool:
    """Tells whether conversion data is collected. Source: DLC-4."""
    dlc = state.licensing.dlc if state.licensing else None
    if dlc is None:
        return False
    return (dlc.process_status, dlc.conversion_status) == ("Completed", "SUCCESS")


def outstanding(state: RouterState) -> bool:
    """Tells whether an SLP router has a conversion that began and is not acknowledged.

    Source: DLC-4, DLC-6.
    """
    licensing = state.licensing
    if licensing is None or licensing.dlc is None or not licensing.dlc.features:
        return False
    return not (licensing.conversion_status or "").startswith("Successful")
