"""What the steps before SLP share: what a router says of its registration (B9-6, B9-12, B9-13)."""

from __future__ import annotations

from slp_core.parsing import parse
from slp_core.parsing.commands.license_status import LicenseStatus
from slp_core.parsing.values import Stamped
from slp_tasks.look import STATUS
from slp_tasks.step import StepContext


def read_status(ctx: StepContext) -> LicenseStatus | None:
    """Returns ``show license status`` as it was printed; ``None`` where the router lacks it."""
    found = parse(STATUS, ctx.session.run(STATUS, timeout=ctx.clock.patience(60))).data
    return found if isinstance(found, LicenseStatus) else None


def is_registered(status: LicenseStatus | None) -> bool:
    """Tells whether the router is registered with CSSM, the way before SLP."""
    section = status.registration if status else None
    return bool(section and (section.status or "").strip().upper() == "REGISTERED")


def refused_here(status: LicenseStatus | None) -> str | None:
    """Returns why nothing of the way before SLP can be asked of this router."""
    if status is not None and status.slp is not None:
        return "the router runs SLP: it knows trust codes, no registration"
    if status is None or (status.smart_licensing or "").upper() != "ENABLED":
        return "Smart Licensing is not enabled here: `slp classic mode smart` comes first"
    return None


def succeeded(attempt: Stamped | None) -> bool:
    """Tells whether an attempt that the router shows was successful."""
    return attempt is not None and (attempt.text or "").upper() == "SUCCEEDED"
