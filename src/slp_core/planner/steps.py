"""The steps of a plan, in the one order that is safe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from slp_core.plan import PersonTask, StepKind, StepSpec
from slp_core.planner.situation import Situation
from slp_core.rules.dlc import outstanding
from slp_core.rules.model import Model
from slp_core.rules.reporting import crosses_rum_change

HOUR = 3600.0
DAY = 24 * HOUR
DEADLINES: dict[StepKind, float] = {
    StepKind.PREFLIGHT: 300,
    StepKind.BACKUP: 600,
    StepKind.SAVE_CONFIG: 300,
    StepKind.PERSON: 30 * DAY,
    StepKind.RESERVATION_INSTALL: 600,
    StepKind.STAGE_IMAGE: 2 * HOUR,
    StepKind.INSTALL_ADD: 1800,
    StepKind.INSTALL_ACTIVATE: 1800,
    StepKind.INSTALL_COMMIT: 600,
    StepKind.BOOT_VARIABLE: 300,
    StepKind.RELOAD: 1800,
    StepKind.TOPOLOGY: 300,
    StepKind.TRUST: 1800,
    StepKind.SLAC: 1800,
    StepKind.SLAC_IMPORT: 600,
    StepKind.USAGE_SYNC: 2 * HOUR,
    StepKind.USAGE_SAVE: 600,
    StepKind.USAGE_IMPORT: 900,
    StepKind.DLC_WAIT: 3 * HOUR,
    StepKind.DLC_DONE: 3 * HOUR,
    StepKind.THROUGHPUT: 600,
    StepKind.VERIFY: 900,
}
_READS = frozenset(
    {
        StepKind.PREFLIGHT,
        StepKind.BACKUP,
        StepKind.PERSON,
        StepKind.DLC_WAIT,
        StepKind.DLC_DONE,
        StepKind.VERIFY,
    }
)
_WAITS: dict[StepKind, Literal["time", "service", "person"]] = {
    StepKind.INSTALL_ACTIVATE: "time",
    StepKind.RELOAD: "time",
    StepKind.DLC_WAIT: "time",
    StepKind.DLC_DONE: "service",
    StepKind.TRUST: "service",
    StepKind.SLAC: "service",
    StepKind.USAGE_SYNC: "service",
    StepKind.USAGE_IMPORT: "service",
    StepKind.PERSON: "person",
}
_ASK_FOR_REPORT = frozenset(
    {
        StepKind.TOPOLOGY,
        StepKind.TRUST,
        StepKind.SLAC,
        StepKind.SLAC_IMPORT,
        StepKind.DLC_WAIT,
    }
)
USAGE_FILE, ACK_FILE, SLAC_FILE, CODE_FILE = (
    "usage_report",
    "ACK_usage_report",
    "slac.txt",
    "slr_code.txt",
)


class Steps:
    """Collects steps and numbers them."""

    def __init__(self) -> None:
        self.found: list[StepSpec] = []

    def add(
        self,
        kind: StepKind,
        title: str,
        reasons: Sequence[str],
        *,
        why: str = "",
        params: dict[str, Any] | None = None,
        person: PersonTask | None = None,
        deadline_s: float | None = None,
    ) -> None:
        """Appends one step; what its kind implies (deadline, waiting, lasting) comes from here."""
        number = f"{len(self.found) + 1:02d}-{kind.value.replace('_', '-')}"
        extra: dict[str, Any] = {}
        if kind in _WAITS:
            extra["waits_for"] = _WAITS[kind]
        if person is not None:
            extra["person"] = person
        self.found.append(
            StepSpec(
                id=number,
                kind=kind,
                title=title,
                reasons=tuple(reasons),
                why=why,
                params=params or {},
                lasting=kind not in _READS,
                deadline_s=deadline_s or DEADLINES[kind],
                **extra,
            )
        )


def steps_of(s: Situation) -> tuple[StepSpec, ...]:
    """Returns the steps that take a router to its target; none where it is there already."""
    steps, middle = Steps(), Steps()
    if s.slac.need == "reservation":
        _reservation(s, middle)
    if s.model is Model.SLP and s.upgrade and crosses_rum_change(s.state.release, s.goal, s.rules):
        _usage(s, middle, ("REP-8",), "the storage of usage reports changes at 17.7.1a")
    if s.upgrade:
        _upgrade(s, middle)
    _after(s, middle)
    if not middle.found:
        return ()
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


def udi_text(s: Situation) -> str:
    """Returns PID and serial number as a person looks them up in CSSM."""
    udi = s.state.udi
    return f"PID {udi.pid}, serial number {udi.sn}" if udi else "the router's PID and serial number"


def _reservation(s: Situation, steps: Steps) -> None:
    update = PersonTask(
        where="CSSM: Inventory > Product Instances > Actions > Update Reserved Licenses",
        instructions=(
            f"Find the product instance ({udi_text(s)}).",
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
            f"Enter the new confirmation code that the router showed for {udi_text(s)}.",
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


def _upgrade(s: Situation, steps: Steps) -> None:
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
        ("UP-4", s.transport.rule),
        params={"moment": "upgrade"},
    )


def _after(s: Situation, steps: Steps) -> None:
    if not s.transport_settles_itself:
        steps.add(
            StepKind.TOPOLOGY,
            f"Set up the topology {s.topology.kind}",
            (s.topology.rule,),
            params={"topology": s.target.topology.to_json()},
        )
    if _trust_asked_for(s):
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
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            StepKind.DLC_WAIT,
            "Wait until conversion data is collected",
            ("DLC-3", "DLC-4", "DLC-5"),
            why="about an hour after the upgrade; reporting before it needs a second round",
        )
    if _report_asked_for(s, steps):
        _usage(s, steps, ("REP-7", *s.reporting.rules[:1]), "one first synchronisation, always")
    if s.dlc or (s.model is Model.SLP and outstanding(s.state)):
        steps.add(
            StepKind.DLC_DONE,
            "Wait until the conversion is acknowledged",
            ("DLC-4", "DLC-6"),
            why="can trail the usage acknowledgement by half an hour",
        )


def _trust_asked_for(s: Situation) -> bool:
    if not s.topology.trust:
        return False
    if s.model is Model.REGISTERED and s.transport.kept:
        return False  # a registered router has trust after the reload already
    trust = s.state.licensing.trust if s.state.licensing else None
    return trust is None or trust.installed_on is None


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
    how = (
        "file"
        if s.slac.need == "file" or s.topology.slac in ("file", "person")
        else s.topology.slac
    )
    if how in ("request", "onprem"):
        if how == "onprem":
            brought = PersonTask(
                where="CSSM, then SSM On-Prem",
                instructions=(
                    f"Generate a SLAC for HSECK9 in CSSM ({udi_text(s)}).",
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
            (s.slac.rule, "TOKEN-2"),
            why=s.slac.why,
            params={"feature": "hseck9", "scope": scope, "mode": "add"},
        )
        return
    task = PersonTask(
        where="CSSM: Inventory > Product Instances > Authorize License-Enforced Features",
        instructions=(
            f"Give {udi_text(s)}; leave the other fields empty.",
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


def _usage(s: Situation, steps: Steps, reasons: tuple[str, ...], why: str) -> None:
    scope = "all" if s.state.peers else "local"
    reasons = (*reasons, s.topology.rule)
    if s.topology.report == "sync":
        steps.add(
            StepKind.USAGE_SYNC,
            "Report usage and wait for the acknowledgement",
            reasons,
            why=why,
            params={"scope": scope},
        )
    elif s.topology.report == "sync-person":
        steps.add(
            StepKind.USAGE_SYNC,
            f"Report usage to {s.topology.where} and wait for the answer",
            reasons,
            why=why,
            params={"scope": scope},
            person=_carry(s),
            deadline_s=30 * DAY,
        )
    elif s.topology.report == "pull":
        steps.add(
            StepKind.PERSON,
            f"Collect usage with {s.topology.where}",
            reasons,
            why=why,
            params={"provides": [], "needs": []},
            person=_collect(s),
        )
    else:
        _by_files(steps, reasons, why)


def _by_files(steps: Steps, reasons: tuple[str, ...], why: str) -> None:
    steps.add(
        StepKind.USAGE_SAVE,
        "Save the usage report to a file",
        reasons,
        why=why,
        params={"file": USAGE_FILE, "what": "unreported"},
    )
    task = PersonTask(
        where="CSSM: Reports > Usage Data Files",
        instructions=(
            f"Upload out/{USAGE_FILE}; choose the virtual account if CSSM asks.",
            'Wait until the status is "No Errors".',
            f"Download the acknowledgement and drop it as {ACK_FILE}.",
        ),
    )
    steps.add(
        StepKind.PERSON,
        "Carry the usage report to CSSM",
        reasons,
        params={"provides": [ACK_FILE], "needs": [USAGE_FILE]},
        person=task,
    )
    steps.add(
        StepKind.USAGE_IMPORT,
        "Import the acknowledgement",
        ("REP-9", reasons[-1]),
        params={"file": ACK_FILE},
    )


def _carry(s: Situation) -> PersonTask:
    where = s.topology.where
    return PersonTask(
        where=where,
        instructions=(
            f"If {where} is not connected to CSSM: export its usage data once the router reported.",
            "Upload it in CSSM (Reports > Usage Data Files) and download the acknowledgement.",
            f"Import the acknowledgement into {where}; the router fetches it by itself.",
        ),
    )


def _collect(s: Situation) -> PersonTask:
    return PersonTask(
        where=s.topology.where,
        instructions=(
            f"Make sure that {s.topology.where} reaches the router ({udi_text(s)}).",
            "Have it collect usage, and synchronise it with CSSM.",
            "Confirm when the acknowledgement has been handed to the router.",
        ),
    )
