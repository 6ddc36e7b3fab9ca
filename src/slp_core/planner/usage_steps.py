"""The steps that report usage, by the way in which a topology reports (TOPO, REP-7)."""

from __future__ import annotations

from typing import Any

from slp_core.plan import PersonTask, StepKind
from slp_core.planner.collecting import ACK_FILE, DAY, USAGE_FILE, Steps, usage_file
from slp_core.planner.situation import Situation


def usage_steps(s: Situation, steps: Steps, reasons: tuple[str, ...], why: str) -> None:
    """Adds what brings a usage report to CSSM and its acknowledgement back."""
    scope = s.scope
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
            person=synchronise(s.topology.where, "Once the router has reported"),
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
    save_step(steps, reasons, why)
    carry_step(steps, reasons)
    import_step(steps, reasons[-1:])


def save_step(
    steps: Steps,
    reasons: tuple[str, ...],
    why: str = "",
    *,
    what: str = "unreported",
    number: int | None = None,
) -> None:
    """Adds the usage report that leaves the router as a file.

    Args:
        what: ``unreported``, ``all``, or ``days`` and ``rum-id`` with ``number``.
    """
    params: dict[str, Any] = {"file": usage_file(what, number), "what": what}
    if what in ("days", "rum-id"):
        params[what.replace("-", "_")] = number
    steps.add(
        StepKind.USAGE_SAVE,
        "Save the usage report to a file",
        reasons,
        why=why,
        params=params,
    )


def carry_step(steps: Steps, reasons: tuple[str, ...]) -> None:
    """Adds the person who carries the report to CSSM and the acknowledgement back."""
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


def import_step(steps: Steps, reasons: tuple[str, ...]) -> None:
    """Adds the import of the acknowledgement."""
    steps.add(
        StepKind.USAGE_IMPORT,
        "Import the acknowledgement",
        ("REP-9", *reasons),
        params={"file": ACK_FILE},
    )


def synchronise(where: str, why: str) -> PersonTask:
    """Returns what a person does in CSLU or SSM On-Prem so that CSSM hears of it and answers."""
    connected = f"{why}, synchronise {where} with CSSM"
    if where == "SSM On-Prem":
        connected += " (Reports > Usage Schedules > Synchronize now with Cisco)"
    return PersonTask(
        where=where,
        instructions=(
            f"{connected}; the router then fetches the acknowledgement by itself.",
            f"Where {where} is not connected: export its usage data, upload it in CSSM "
            f"(Reports > Usage Data Files), import the acknowledgement into {where}.",
        ),
    )


def _collect(s: Situation) -> PersonTask:
    return PersonTask(
        where=s.topology.where,
        instructions=(
            f"Make sure that {s.topology.where} reaches the router ({s.udi_text}).",
            "Have it collect usage, and synchronise it with CSSM.",
            "Confirm when the acknowledgement has been handed to the router.",
        ),
    )
