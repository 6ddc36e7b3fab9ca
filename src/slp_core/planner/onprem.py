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

TENANT_URL = "tenant_url.txt"
"""What a person hands the URL of the tenant in by."""
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
    """Adds the new registration of the local account.

    Of a router that was on call-home or smart On-Prem rewrites the URL; of any other a person
    reads it there, and hands it in where the target does not name it (ONPREM-4).
    """
    rewritten = s.transport.kept
    handed_in = not rewritten and s.wanted_url is None
    told = (
        "The router is told the new URL when it calls next; confirm, and it is looked for there."
        if rewritten
        else "Copy the URL of the tenant (Inventory > General) into a file of one line, and drop "
        f"it as {TENANT_URL}; or hand it in by slp confirm … --url URL."
        if handed_in
        else "Look there that the URL of the tenant (Inventory > General) is the target's."
    )
    _person(
        steps,
        "Register the local account again",
        ("ONPREM-4", "TOPO-ONPREM"),
        "SSM On-Prem",
        "Register the local account again, online or by files.",
        told,
        shows=_shows(s) if rewritten else None,
        provides=(TENANT_URL,) if handed_in else (),
    )


def _shows(s: Situation) -> Shows:
    return Shows(transport="cslu", url=s.wanted_url) if s.wanted_url else Shows(transport="cslu")


def synchronise_account(steps: Steps) -> None:
    """Adds the synchronisation of the local account once the conversion is verified (ONPREM-10)."""
    _person(
        steps,
        "Synchronise the local account",
        ("ONPREM-10",),
        "SSM On-Prem",
        "See in the event log (Support Centre): `DLC request sent to CSSM`, then "
        "`DLC acknowledgement received from CSSM`.",
        "Synchronise the local account with CSSM (Synchronization widget, online or by files).",
        "Set when On-Prem synchronises with CSSM by itself from now on.",
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
    provides: tuple[str, ...] = (),
) -> None:
    params = PersonParams(provides=provides, needs=())
    steps.add(
        params.model_copy(update={"shows": shows}) if shows else params,
        reasons,
        title=title,
        why=why,
        person=PersonTask(where=where, instructions=instructions),
    )
