"""The steps of a plan, in the one order that is safe."""

from __future__ import annotations

from slp_core.plan import PersonTask, StepKind, StepSpec
from slp_core.planner.collecting import CODE_FILE, SLAC_FILE, Steps
from slp_core.planner.onprem import cut_over_after, cut_over_before, cut_over_end
from slp_core.planner.situation import Situation
from slp_core.planner.usage_steps import usage_steps
from slp_core.rules.dlc import outstanding
from slp_core.rules.model import Model
from slp_core.rules.throughput import same_level

_ASK_FOR_REPORT = frozenset(
    {
        StepKind.TOPOLOGY,
        StepKind.TRUST,
        StepKind.SLAC,
        StepKind.SLAC_IMPORT,
        StepKind.DLC_WAIT,
    }
)


def steps_of(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps that take a router to its target; none where it is there already."""
    middle = Steps()
    if s.cuts_over:
        cut_over_before(s, middle)
    if s.slac.need == "reservation":
        _reservation(s, middle)
    if s.model is Model.SLP and s.upgrade and s.crosses:
        usage_steps(s, middle, ("REP-8",), "the storage of usage reports changes at 17.7.1a")
    if s.upgrade:
        upgrade_steps(s, middle, (s.transport.rule,))
    if s.leaves_slp:
        _register_again(s, middle)
    else:
        _after(s, middle)
    return framed(middle)


def framed(middle: Steps) -> tuple[StepSpec, ...]:
    """Returns the steps, numbered, between checking and saving; none where nothing is to do."""
    if not middle.found:
        return ()
    steps = Steps()
    steps.add(StepKind.PREFLIGHT, "Check that the router is ready", ("UP-3",))
    steps.add(StepKind.BACKUP, "Keep configurations and licence state", ("UP-3",))
    for step in middle.found:
        steps.found.append(
            step.model_copy(update={"id": f"{len(steps.found) + 1:02d}{step.id[2:]}"})
        )
    steps.add(StepKind.SAVE_CONFIG, "Save the configuration", ("UP-3",))
    steps.add(
        StepKind.VERIFY,
        "Hold the router against the plan",
        ("UP-4", "REP-9"),
        params={"moment": "end"},
    )
    return tuple(steps.found)


def _reservation(s: Situation, steps: Steps) -> None:
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


def upgrade_steps(s: Situation, steps: Steps, reasons: tuple[str, ...]) -> None:
    """Adds the steps that bring the new release up, in the router's own boot mode (UP-2)."""
    goal = s.goal.short if s.goal else None
    name = s.image.name if s.image else ""
    file = f"{s.filesystem}{name}"
    copied = s.image is not None and s.image.source is not None
    if s.image is not None:
        steps.add(
            StepKind.STAGE_IMAGE,
            f"{'Copy and prove' if copied else 'Prove'} the image {name}",
            ("UP-3",),
            why="" if copied else "no source is given: the image is expected on flash",
            params={"image": s.image.to_json(), "filesystem": s.filesystem},
        )
    steps.add(StepKind.SAVE_CONFIG, "Save the configuration before the reload", ("UP-3",))
    if s.boot == "install":
        minutes = s.target.auto_abort_minutes
        steps.add(
            StepKind.INSTALL_ADD, f"Add {name}", ("UP-2",), params={"file": file, "release": goal}
        )
        steps.add(
            StepKind.INSTALL_ACTIVATE,
            f"Activate {goal} and reload",
            ("UP-2", "UP-4"),
            why=f"rolls back by itself after {minutes} minutes unless committed",
            params={"release": goal, "auto_abort_minutes": minutes},
        )
        steps.add(StepKind.INSTALL_COMMIT, f"Commit {goal}", ("UP-4",), params={"release": goal})
    else:
        steps.add(StepKind.BOOT_VARIABLE, f"Boot from {name}", ("UP-2",), params={"file": file})
        steps.add(StepKind.SAVE_CONFIG, "Save the boot variable", ("UP-2",))
        steps.add(
            StepKind.RELOAD,
            f"Reload into {goal}",
            ("UP-2", "UP-4"),
            params={"save": False, "release": goal},
        )
    steps.add(
        StepKind.VERIFY,
        "Hold the router against what the upgrade should leave",
        ("UP-4", *reasons),
        params={"moment": "upgrade"},
    )


def _after(s: Situation, steps: Steps) -> None:
    if s.cuts_over:
        cut_over_after(steps)
    elif not s.transport_settles_itself:
        steps.add(
            StepKind.TOPOLOGY,
            f"Set up the topology {s.topology.kind}",
            (s.topology.rule,),
            params={"topology": s.target.topology.to_json()},
        )
    if s.trust_wanted:
        steps.add(
            StepKind.TRUST,
            "Install a trust code",
            (s.topology.rule, "TOKEN-1"),
            params={
                "token": s.target.topology.token,
                "scope": "all" if s.state.peers else "local",
                "force": False,
            },
        )
    _slac(s, steps)
    _throughput(s, steps)
    if s.cuts_over:
        cut_over_end(s, steps)
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            StepKind.DLC_WAIT,
            "Wait until conversion data is collected",
            ("DLC-3", "DLC-4", "DLC-5"),
            why="about an hour after the upgrade; reporting before it needs a second round",
        )
    if _report_asked_for(s, steps):
        usage_steps(
            s, steps, ("REP-7", *s.reporting.rules[:1]), "one first synchronisation, always"
        )
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            StepKind.DLC_DONE,
            "Wait until the conversion is acknowledged",
            ("DLC-4", "DLC-6"),
            why="can trail the usage acknowledgement by half an hour",
        )


def _register_again(s: Situation, steps: Steps) -> None:
    trust = s.state.licensing.trust if s.state.licensing else None
    trusted = trust is not None and trust.installed_on is not None
    first = (
        "Look whether the router renewed its trust: only then are its licences registered."
        if trusted
        else "The router is in evaluation."
    )
    steps.add(
        StepKind.PERSON,
        "See to its registration, the old way",
        ("DOWN-1" if trusted else "DOWN-2", "DOWN-4"),
        params={"provides": [], "needs": []},
        person=PersonTask(
            where=f"the router ({s.udi_text})",
            instructions=(
                first,
                "If it is not registered: `license smart register idtoken`, with a new token.",
            ),
        ),
    )


def _throughput(s: Situation, steps: Steps) -> None:
    wanted, seen = s.target.throughput, s.state.throughput
    if wanted is None:
        return
    virtual = s.platform is not None and s.platform.virtual
    present = (seen.level if virtual else seen.crypto) if seen else None
    if same_level(present, wanted):
        return
    steps.add(
        StepKind.THROUGHPUT,
        f"Set the throughput to {wanted}",
        ("THR-1", "SLAC-12"),
        why="after the SLAC: hardware refuses more than 250 Mbps before it",
        params={"level": wanted, "crypto": None} if virtual else {"level": None, "crypto": wanted},
    )


def _report_asked_for(s: Situation, steps: Steps) -> bool:
    if s.migrates:
        return True
    changed = any(x.kind in _ASK_FOR_REPORT for x in steps.found)
    reporting = s.state.licensing.reporting if s.state.licensing else None
    return changed or reporting is None or reporting.last_ack is None


def _slac(s: Situation, steps: Steps) -> None:
    if s.slac.need not in ("request", "file"):
        return
    scope = "all" if s.state.peers else "local"
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
