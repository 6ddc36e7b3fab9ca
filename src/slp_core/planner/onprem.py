"""The order in which an old SSM On-Prem and its routers are cut over to SLP (ONPREM)."""

from __future__ import annotations

from slp_core.plan import PersonTask
from slp_core.planner.collecting import Steps
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.steps.around import PersonParams, SaveConfigParams, Shows
from slp_core.steps.authorization import SlacParams
from slp_core.steps.classic import FactoryResetParams
from slp_core.steps.image import ReloadParams

_RESET_TRAINS = ((17, 3), (17, 4))
"""Trains whose licence data is reset after the local account was registered again (ONPREM-7)."""
_TAKEN = "the reset of 17.3 and 17.4 clears authorization codes too; On-Prem gives it out again"


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
    if s.brings_slac or _reset_may_take_code(s):
        _person(
            steps,
            "Import the SLAC into SSM On-Prem",
            ("ONPREM-2", s.slac.rule),
            "CSSM, then SSM On-Prem",
            f"Generate a SLAC for HSECK9 in CSSM ({s.udi_text}).",
            "Import it into SSM On-Prem.",
            why="" if s.brings_slac else _TAKEN,
        )


def cut_over_after(s: Situation, steps: Steps) -> None:
    """Adds the new registration of the local account: On-Prem then rewrites the router's URL."""
    _person(
        steps,
        "Register the local account again",
        ("ONPREM-4", "TOPO-ONPREM"),
        "SSM On-Prem",
        "Register the local account again, online or by files.",
        "The router is told the new URL when it calls next; confirm, and it is looked for there.",
        shows=Shows(transport="cslu", url=s.wanted_url),
    )


def cut_over_end(s: Situation, steps: Steps) -> None:
    """Adds what comes after the SLAC: saving, and the reset that 17.3 and 17.4 need."""
    steps.add(SaveConfigParams(), ("ONPREM-6",))
    if not _resets(s):
        return
    steps.add(
        FactoryResetParams(always=True),
        ("ONPREM-7",),
        why="the configuration stays as it was saved before",
    )
    reload = ReloadParams(save=False, release=None)
    steps.add(reload, ("ONPREM-7",), title="Reload without saving")
    if s.brings_slac or _reset_may_take_code(s):
        steps.add(
            SlacParams(feature="hseck9", scope=s.scope, mode="add"),
            ("ONPREM-5", "SLAC-10"),
            title="Request the HSECK9 authorization where the reset took it",
            why="nothing is sent where the router still shows it",
        )


def _resets(s: Situation) -> bool:
    return s.goal is not None and s.goal.train in _RESET_TRAINS


def _reset_may_take_code(s: Situation) -> bool:
    """Whether an authorization is carried over the upgrade that the reset may then clear.

    One by PAK is not among the licence data that is reset.
    """
    carried = any(o.restricted and o.fate == "migrated" for o in s.licences)
    return _resets(s) and s.model is Model.REGISTERED and carried


def _person(
    steps: Steps,
    title: str,
    reasons: tuple[str, ...],
    where: str,
    *instructions: str,
    why: str = "",
    shows: Shows | None = None,
) -> None:
    params = PersonParams(provides=(), needs=())
    steps.add(
        params.model_copy(update={"shows": shows}) if shows else params,
        reasons,
        title=title,
        why=why,
        person=PersonTask(where=where, instructions=instructions),
    )
