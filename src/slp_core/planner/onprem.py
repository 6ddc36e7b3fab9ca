"""The order in which an old SSM On-Prem and its routers are cut over to SLP (ONPREM)."""

from __future__ import annotations

from slp_core.plan import PersonTask, StepKind
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation

_RESET_TRAINS = ((17, 3), (17, 4))
"""Trains whose licence data is reset after the local account was registered again (ONPREM-7)."""


def cut_over_before(s: Situation, steps: Steps) -> None:
    """Adds what a person does in CSSM and On-Prem before the router is upgraded."""
    _person(
        steps,
        "Upgrade SSM On-Prem",
        ("ONPREM-1", "UP-6"),
        "SSM On-Prem",
        f"Upgrade SSM On-Prem from {s.target.topology.server_version} to "
        f"{s.topology.min_server} or later.",
    )
    if s.brings_slac:
        _person(
            steps,
            "Bring the SLAC into SSM On-Prem",
            ("ONPREM-2", s.slac.rule),
            "CSSM, then SSM On-Prem",
            f"Generate a SLAC for HSECK9 in CSSM ({s.udi_text}).",
            "Import it into SSM On-Prem.",
        )


def cut_over_after(steps: Steps) -> None:
    """Adds the new registration of the local account: On-Prem then rewrites the router's URL."""
    _person(
        steps,
        "Register the local account again",
        ("ONPREM-4", "TOPO-ONPREM"),
        "SSM On-Prem",
        "Register the local account again, online or by files.",
        "Look whether the router shows transport cslu and the URL of On-Prem afterwards.",
    )


def cut_over_end(s: Situation, steps: Steps) -> None:
    """Adds what comes after the SLAC: saving, and the reset that 17.3 and 17.4 need."""
    steps.add(StepKind.SAVE_CONFIG, "Save the configuration", ("ONPREM-6",))
    if s.goal is None or s.goal.train not in _RESET_TRAINS:
        return
    steps.add(
        StepKind.FACTORY_RESET,
        "Reset the licence data",
        ("ONPREM-7",),
        why="the configuration stays as it was saved before",
        params={"always": True},
    )
    steps.add(
        StepKind.RELOAD,
        "Reload without saving",
        ("ONPREM-7",),
        params={"save": False, "release": None},
    )


def _person(
    steps: Steps, title: str, reasons: tuple[str, ...], where: str, *instructions: str
) -> None:
    steps.add(
        StepKind.PERSON,
        title,
        reasons,
        params={"provides": [], "needs": []},
        person=PersonTask(where=where, instructions=instructions),
    )
