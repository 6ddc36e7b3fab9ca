"""The steps that report usage, by the way in which a topology reports (TOPO, REP-7)."""

from __future__ import annotations

from typing import Literal

from slp_core.plan import PersonTask
from slp_core.planner.collecting import ACK_FILE, POLICY_FILE, USAGE_FILE, Steps, usage_file
from slp_core.planner.situation import Situation
from slp_core.rules.model import Model
from slp_core.rules.schema import TopologyRow
from slp_core.steps.around import PersonParams
from slp_core.steps.base import DAY
from slp_core.steps.usage import UsageImportParams, UsageSaveParams, UsageSyncParams, What


def reports_first(s: Situation) -> bool:
    """Tells whether a full round of reporting comes before the upgrade (REP-8, DOWN-3)."""
    return s.model is Model.SLP and s.upgrade and s.crosses


def usage_steps(
    s: Situation,
    steps: Steps,
    reasons: tuple[str, ...],
    why: str,
    *,
    row: TopologyRow | None = None,
) -> None:
    """Adds what brings a usage report to CSSM and its acknowledgement back.

    Args:
        row: the way that the router reports, where it is not that of the target.
    """
    scope, row = s.scope, row or s.topology
    reasons = (*reasons, row.rule)
    if row.report == "sync":
        steps.add(UsageSyncParams(scope=scope), reasons, why=why)
    elif row.report == "sync-person":
        steps.add(
            UsageSyncParams(scope=scope),
            reasons,
            title=f"Report usage to {row.where} and wait for the answer",
            why=why,
            person=synchronise(row.where, "Once the router has reported"),
            deadline_s=30 * DAY,
        )
    elif row.report == "pull":
        steps.add(
            PersonParams(provides=(), needs=()),
            reasons,
            title=f"Collect usage with {row.where}",
            why=why,
            person=_collect(s, row.where),
        )
    else:
        _by_files(steps, reasons, why)


def _by_files(steps: Steps, reasons: tuple[str, ...], why: str) -> None:
    """Adds one round by files; a second one in the same plan has files of its own (DLC-5)."""
    earlier = sum(isinstance(x.params, UsageSaveParams) for x in steps.specs)
    nth = earlier + 1 if earlier else None
    save_step(steps, reasons, why, nth=nth)
    carry_step(steps, reasons, nth=nth)
    import_step(steps, reasons[-1:], nth=nth)


def _nth(name: str, nth: int | None) -> str:
    return f"{name}_{nth}" if nth else name


def save_step(
    steps: Steps,
    reasons: tuple[str, ...],
    why: str = "",
    *,
    what: What = "unreported",
    number: int | None = None,
    by: Literal["rest"] | None = None,
    nth: int | None = None,
) -> None:
    """Adds the usage report that leaves the router as a file.

    Args:
        what: ``unreported``, ``all``, or ``days`` and ``rum-id`` with ``number``.
        by: the REST interface; left out, the inventory says.
        nth: which round of the plan, where it is not the only one.
    """
    chosen = {what.replace("-", "_"): number} if what in ("days", "rum-id") else {}
    params = UsageSaveParams(file=_nth(usage_file(what, number), nth), what=what)
    steps.add(params.model_copy(update=chosen | _by(by)), reasons, why=why)


def carry_step(steps: Steps, reasons: tuple[str, ...], *, nth: int | None = None) -> None:
    """Adds the person who carries the report to CSSM and the acknowledgement back."""
    report, ack = _nth(USAGE_FILE, nth), _nth(ACK_FILE, nth)
    task = PersonTask(
        where="CSSM: Reports > Usage Data Files",
        instructions=(
            f"Upload out/{report}; choose the virtual account if CSSM asks.",
            'Wait until the status is "No Errors".',
            f"Download the acknowledgement and drop it as {ack}.",
        ),
    )
    steps.add(
        PersonParams(provides=(ack,), needs=(report,)),
        reasons,
        title="Upload the usage report to CSSM",
        person=task,
    )


def import_step(
    steps: Steps,
    reasons: tuple[str, ...],
    *,
    by: Literal["rest"] | None = None,
    nth: int | None = None,
) -> None:
    """Adds the import of the acknowledgement."""
    params = UsageImportParams(file=_nth(ACK_FILE, nth))
    steps.add(params.model_copy(update=_by(by)), ("REP-9", *reasons))


def policy_step(
    steps: Steps, reasons: tuple[str, ...], *, by: Literal["rest"] | None = None
) -> None:
    """Adds the import of a policy."""
    params = UsageImportParams(file=POLICY_FILE, kind="policy")
    steps.add(params.model_copy(update=_by(by)), ("POL-1", *reasons))


def _by(by: str | None) -> dict[str, str]:
    return {"by": by} if by else {}


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


def _collect(s: Situation, where: str) -> PersonTask:
    return PersonTask(
        where=where,
        instructions=(
            f"Make sure that {where} reaches the router ({s.udi_text}).",
            "Let it collect usage, and synchronise it with CSSM.",
            "Confirm when the acknowledgement has been handed to the router.",
        ),
    )
