"""The steps that bring export-controlled features: reservation before, SLAC after (SLRUP, SLAC)."""

from __future__ import annotations

from typing import Literal

from slp_core.plan import PersonTask
from slp_core.planner.collecting import CODE_FILE, SLAC_FILE, Steps
from slp_core.planner.situation import Situation
from slp_core.rules.slac import typed_line
from slp_core.rules.throughput import LEVEL_LINE
from slp_core.state import short_tag
from slp_core.steps.around import PersonParams, SaveConfigParams
from slp_core.steps.authorization import Scope, SlacImportParams, SlacParams, SlacWaitParams
from slp_core.steps.reservation import ReservationInstallParams
from slp_core.steps.throughput import ThroughputParams


def reservation_steps(s: Situation, steps: Steps) -> None:
    """Adds what brings HSECK9 into an installed reservation before the upgrade."""
    update = PersonTask(
        where="CSSM: Inventory > Product Instances > Actions > Update Reserved Licenses",
        instructions=(
            f"Find the product instance ({s.udi_text}).",
            "Keep every licence that is reserved.",
            f"Add {hseck9_licence(s)}, quantity 1.",
            f"Generate the authorization code, download it and drop it as {CODE_FILE}.",
            "Leave the window of CSSM open: the new confirmation code is entered there.",
        ),
    )
    steps.add(
        PersonParams(provides=(CODE_FILE,), needs=()),
        (s.slac.rule, "SLRUP-1", "SLRUP-2"),
        title="Add HSECK9 to the reservation in CSSM",
        why=s.slac.why,
        person=update,
    )
    tags = [o.key for o in s.licences if o.fate == "migrated"]
    known = s.platform.tag("hseck9") if s.platform else None
    steps.add(
        ReservationInstallParams(file=CODE_FILE, tags=(*tags, *(known[:1] if known else ()))),
        ("SLRUP-3", "SLRUP-5"),
        why="the code must be on the router before the upgrade",
    )
    enter = PersonTask(
        where="CSSM: Inventory > Product Instances > Enter Confirmation Code",
        instructions=(
            "Go back to the window that was left open; it may be closed only after this.",
            f"Enter the new confirmation code that the router showed for {s.udi_text}.",
            "It stands in the notes of the step before, and in `show license reservation`.",
        ),
    )
    steps.add(
        PersonParams(provides=(), needs=()),
        ("SLRUP-4",),
        title="Enter the new confirmation code in CSSM",
        why="CSSM counts the reservation as pending until it has the code",
        person=enter,
    )


def hseck9_licence(s: Situation) -> str:
    """Returns which HSECK9 licence a person chooses for this product, by its name and tag.

    Source: SLRUP-2 (A2346), SLAC-13.
    """
    own = s.state.licensing.hseck9_tag if s.state.licensing else None
    known = s.platform.tag("hseck9") if s.platform else None
    tag = short_tag(own) if own else (known[0] if known else None)
    if tag is None:
        return "the HSECK9 licence of this product (`show license tech support` names its tag)"
    name = s.rules.features.hseck9_names.get(tag)
    named = f'the HSECK9 licence "{name}" ({tag})' if name else f"the HSECK9 licence {tag}"
    sure = own is not None or (known is not None and known[1] != "memory")
    return named if sure else f"{named} (not verified: `show license tech support` names its tag)"


def slac_line_steps(s: Situation, steps: Steps) -> None:
    """Adds what an automatic SLAC needs in startup-config, entered and saved before the upgrade."""
    if not (s.upgrade and s.slac.writes):
        return
    virtual = s.platform is not None and s.platform.virtual
    level = typed_line(s.state, virtual=virtual).removeprefix(LEVEL_LINE)
    params = ThroughputParams(level=level) if virtual else ThroughputParams(hseck9=True)
    steps.add(
        params,
        (s.slac.rule,),
        title="Enter what the automatic SLAC needs",
        why="asked for (slac_line write): the router asks for its SLAC only with this line saved",
    )
    steps.add(SaveConfigParams(), (s.slac.rule,), title="Save what the automatic SLAC needs")


def awaited_slac(s: Situation, steps: Steps) -> None:
    """Adds the wait for a SLAC that the router asks for by itself.

    Nothing of its way to CSSM is changed before it is in (SLAC-5, SLAC-6).
    """
    if s.slac.need == "automatic":
        steps.add(SlacWaitParams(), (s.slac.rule, "SLAC-0"), why=s.slac.why)


def slac_steps(
    s: Situation,
    steps: Steps,
    *,
    mode: Literal["add", "replace"] = "add",
    scope: Scope | None = None,
) -> None:
    """Adds what brings a SLAC, in the way in which the topology brings it."""
    if s.slac.need not in ("request", "file"):
        return
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
                PersonParams(provides=(), needs=()),
                (s.slac.rule, s.topology.rule),
                title="Import the SLAC into SSM On-Prem",
                person=brought,
            )
        steps.add(
            SlacParams(feature="hseck9", scope=scope or s.scope, mode=mode),
            (s.slac.rule, "ONPREM-5" if s.cuts_over else "TOKEN-2"),
            why=s.slac.why,
        )
        return
    task = PersonTask(
        where="CSSM: Inventory > Product Instances > Authorize License-Enforced Features",
        instructions=(
            f"Give {s.udi_text}; leave the other fields empty.",
            f"Choose {hseck9_licence(s)}, quantity 1, and generate the authorization code.",
            f"Download the file and drop it as {SLAC_FILE}.",
        ),
    )
    steps.add(
        PersonParams(provides=(SLAC_FILE,), needs=()),
        (s.slac.rule, s.topology.rule),
        title="Generate the SLAC in CSSM",
        why=s.slac.why,
        person=task,
    )
    steps.add(SlacImportParams(file=SLAC_FILE), (s.slac.rule, s.topology.rule))
