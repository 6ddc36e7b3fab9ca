"""The steps that bring export-controlled features: reservation before, SLAC after (SLRUP, SLAC)."""

from __future__ import annotations

from slp_core.plan import PersonTask, StepKind
from slp_core.planner.collecting import CODE_FILE, SLAC_FILE, Steps
from slp_core.planner.situation import Situation


def reservation_steps(s: Situation, steps: Steps) -> None:
    """Adds what brings HSECK9 into an installed reservation before the upgrade."""
    update = PersonTask(
        where="CSSM: Inventory > Product Instances > Actions > Update Reserved Licenses",
        instructions=(
            f"Find the product instance ({s.udi_text}).",
            "Keep every licence that is reserved; add the HSECK9 licence, quantity 1.",
            f"Generate the authorization code, download it and drop it as {CODE_FILE}.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        "Add HSECK9 to the reservation in CSSM",
        (s.slac.rule, "SLRUP-1", "SLRUP-2"),
        why=s.slac.why,
        params={"provides": [CODE_FILE], "needs": []},
        person=update,
    )
    tags = [o.key for o in s.licences if o.fate == "migrated"]
    known = s.platform.tag("hseck9") if s.platform else None
    steps.add(
        StepKind.RESERVATION_INSTALL,
        "Install the updated reservation",
        ("SLRUP-3", "SLRUP-5"),
        why="the code must be on the router before the upgrade",
        params={"file": CODE_FILE, "tags": tags + ([known[0]] if known else [])},
    )
    enter = PersonTask(
        where="CSSM: Inventory > Product Instances > Enter Confirmation Code",
        instructions=(
            f"Enter the new confirmation code that the router showed for {s.udi_text}.",
            "It stands in the notes of the step before, and in `show license reservation`.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        "Enter the new confirmation code in CSSM",
        ("SLRUP-4",),
        why="CSSM counts the reservation as pending until it has the code",
        params={"provides": [], "needs": []},
        person=enter,
    )


def slac_steps(s: Situation, steps: Steps) -> None:
    """Adds what brings a SLAC, in the way in which the topology brings it."""
    if s.slac.need not in ("request", "file"):
        return
    scope = s.scope
    by_file = s.slac.need == "file" or s.topology.slac in ("file", "person")
    how = "file" if by_file else s.topology.slac
    if how in ("request", "onprem"):
        if how == "onprem" and not s.cuts_over:
            brought = PersonTask(
                where="CSSM, then SSM On-Prem",
                instructions=(
                    f"Generate a SLAC for HSECK9 in CSSM ({s.udi_text}).",
                    "Import it into SSM On-Prem (SL Using Policy > Export/Import All).",
                ),
            )
            steps.add(
                StepKind.PERSON,
                "Bring the SLAC into SSM On-Prem",
                (s.slac.rule, s.topology.rule),
                params={"provides": [], "needs": []},
                person=brought,
            )
        steps.add(
            StepKind.SLAC,
            "Request the HSECK9 authorization",
            (s.slac.rule, "ONPREM-5" if s.cuts_over else "TOKEN-2"),
            why=s.slac.why,
            params={"feature": "hseck9", "scope": scope, "mode": "add"},
        )
        return
    task = PersonTask(
        where="CSSM: Inventory > Product Instances > Authorize License-Enforced Features",
        instructions=(
            f"Give {s.udi_text}; leave the other fields empty.",
            "Choose the HSECK9 licence, quantity 1, and generate the authorization code.",
            f"Download the file and drop it as {SLAC_FILE}.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        "Generate the SLAC in CSSM",
        (s.slac.rule, s.topology.rule),
        why=s.slac.why,
        params={"provides": [SLAC_FILE], "needs": []},
        person=task,
    )
    steps.add(
        StepKind.SLAC_IMPORT,
        "Import the SLAC",
        (s.slac.rule, s.topology.rule),
        params={"file": SLAC_FILE},
    )
