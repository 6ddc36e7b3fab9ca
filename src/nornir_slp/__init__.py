"""The application, and the door for Python users: read routers, plan, verify, run, report.

``__all__`` is what stays stable; ``nornir_slp.tasks`` has the Nornir tasks. Names are loaded when
they are first used. The application knows neither terminal nor simulator.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nornir_slp.assessing import assess
    from nornir_slp.documents import Assessment, RouterAssessment, load_plan, save
    from nornir_slp.views.assessment import assessment_table
    from slp_core.errors import SlpError
    from slp_core.plan import Finding, Notice, Plan, Prediction, RouterPlan, StepSpec
    from slp_core.planner import make_plan
    from slp_core.state import RouterState
    from slp_core.targets import Image, Target, Topology, load_target
    from slp_core.verify import is_proven, verify
    from slp_fleet.api import Fleet
    from slp_fleet.model import Event, RouterRun, Run, RunOptions, RunState
    from slp_playbooks.migrate import target_of
    from slp_tasks.inventory import load_nornir

_HOMES = {
    "nornir_slp.assessing": ("assess",),
    "nornir_slp.views.assessment": ("assessment_table",),
    "nornir_slp.documents": ("Assessment", "RouterAssessment", "load_plan", "save"),
    "slp_core.errors": ("SlpError",),
    "slp_core.plan": ("Finding", "Notice", "Plan", "Prediction", "RouterPlan", "StepSpec"),
    "slp_core.planner": ("make_plan",),
    "slp_core.state": ("RouterState",),
    "slp_core.targets": ("Image", "Target", "Topology", "load_target"),
    "slp_core.verify": ("is_proven", "verify"),
    "slp_fleet.api": ("Fleet",),
    "slp_fleet.model": ("Event", "RouterRun", "Run", "RunOptions", "RunState"),
    "slp_playbooks.migrate": ("target_of",),
    "slp_tasks.inventory": ("load_nornir",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assessment",
    "Event",
    "Finding",
    "Fleet",
    "Image",
    "Notice",
    "Plan",
    "Prediction",
    "RouterAssessment",
    "RouterPlan",
    "RouterRun",
    "RouterState",
    "Run",
    "RunOptions",
    "RunState",
    "SlpError",
    "StepSpec",
    "Target",
    "Topology",
    "assess",
    "assessment_table",
    "is_proven",
    "load_nornir",
    "load_plan",
    "load_target",
    "make_plan",
    "save",
    "target_of",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
