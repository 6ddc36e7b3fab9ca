"""Files that a person hands in: which kind a step takes, and why another file is refused (F25).

One judgement for ``slp confirm``, for the one-step commands and for the steps themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from slp_core.files import Kind, LicenseFile
from slp_core.plan import StepSpec
from slp_core.rules.urls import misfit
from slp_core.state import Udi

_CALLED: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "usage": "a usage report of a router",
        "ack": "an acknowledgement (ACK) of CSSM",
        "policy": "a policy of CSSM",
        "slac": "an authorization code (SLAC) of CSSM",
        "slr": "a reservation code (SLR) of CSSM",
        "request": "the request of a router",
        "url": "an address",
        "unknown": "a file that nothing is known of",
    }
)
_REMEDY: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        "ack": "CSSM, Reports > Usage Data Files: upload the report, then Download under "
        "Acknowledgement",
        "policy": "CSSM, Reports > Reporting Policy: download it",
        "url": "SSM On-Prem, Inventory > General: copy the URL of the tenant into one line",
        "slac": "CSSM, Inventory > Product Instances > Authorize License-Enforced Features: "
        "download it",
        "slr": "CSSM, Inventory > Product Instances > Update Reserved Licenses: download it",
    }
)


def kind_taken(steps: Iterable[StepSpec], name: str) -> Kind | None:
    """Returns which kind of file the step wants that reads ``in/<name>``; ``None``: any."""
    taken = (step.params.takes() for step in steps)
    return next((kind for file, kind in filter(None, taken) if file == name), None)


def refusal(found: LicenseFile, wanted: Kind | None, udi: Udi | None) -> tuple[str, str] | None:
    """Returns why a file is not taken, and what to do; ``None`` where it fits.

    A file whose inside cannot be told (``unknown``) is left to the router to judge.
    """
    if wanted is not None and found.kind not in (wanted, "unknown"):
        return (
            f"it is {_CALLED[found.kind]}, not {_CALLED[wanted]}",
            f"{_REMEDY.get(wanted, 'hand in the right file')}; nothing was imported",
        )
    wrong = misfit("onprem", None, found.url) if found.kind == "url" else None
    if wrong is not None and wrong.severity == "blocker":
        return wrong.text, wrong.remedy
    if udi is not None and not found.fits(udi):
        other = found.udis[0]
        return (
            f"it is for PID {other.pid}, serial number {other.sn}, not for this router "
            f"(PID {udi.pid}, serial number {udi.sn})",
            "take the file of this router from CSSM; nothing was imported",
        )
    return None


def missing_files(step: StepSpec, present: Iterable[str]) -> tuple[str, ...]:
    """Returns the names of files that a step asks a person for and that are not there."""
    there = set(present)
    return tuple(name for name in step.params.asks_for() if name not in there)
