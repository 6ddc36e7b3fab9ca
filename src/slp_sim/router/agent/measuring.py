"""Usage reports before they travel: measured, closed, signed."""

from __future__ import annotations

from typing import Any, Literal

from slp_sim.formats import rum_report, system_info
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Report
from slp_sim.router.catalog import Release, software_tag

_NEW_STORE = Release(17, 7, 1)


def open_reports(agent: Agent) -> None:
    """Begins to measure every licence in use that has no open report."""
    now = agent.now()
    measured = {r.tag for r in agent.slp.reports if r.state == "OPEN"}
    for licence in agent.in_use():
        if licence.regid not in measured:
            agent.slp.reports.append(
                Report(agent.new_report_id(now), licence.regid, licence.count, now)
            )


def close_reports(agent: Agent, reason: str) -> None:
    """Closes what is measured; it can be sent then."""
    now = agent.now()
    for report in agent.slp.reports:
        if report.state == "OPEN":
            report.state, report.end, report.reason = "CLOSED", now, reason


def reopen(reports: list[Report]) -> None:
    """Goes on measuring what could not be sent."""
    for report in reports:
        report.state, report.end, report.signed = "OPEN", None, None


def signed(agent: Agent, report: Report) -> dict[str, Any]:
    """Returns a report in the form that travels; always the same bytes for the same report."""
    if report.signed is None:
        device = agent.device
        schema: Literal["1.0", "2.0"] = "2.0" if device.release >= _NEW_STORE else "1.0"
        report.signed = rum_report(
            pid=device.pid,
            sn=device.serial,
            report_id=report.report_id,
            software_tag=software_tag(device.pid),
            entitlement_tag=report.tag,
            software_version=device.release.padded,
            start=report.start,
            end=report.end or agent.now(),
            count=report.count,
            schema=schema,
            reason=report.reason or "CurrentUsageRequested",
        )
    return report.signed


def system(agent: Agent) -> dict[str, Any]:
    """Returns what the router says of itself in a file that it writes."""
    device = agent.device
    return system_info(
        pid=device.pid,
        sn=device.serial,
        hostname=device.hostname,
        software_tag=software_tag(device.pid),
        at=agent.now(),
        conversion=collected(agent),
    )


def collected(agent: Agent) -> dict[str, dict[str, int]] | None:
    """Returns what device-led conversion collected; None while there is nothing to send."""
    dlc = agent.dlc
    if dlc is None or dlc.collected_at is None or dlc.done_at is not None:
        return None
    return dlc.features
