"""Usage reports: measured, pushed or saved, acknowledged; policies and deadlines that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from slp_sim.formats import FormatError, Policy, rum_report, system_info
from slp_sim.ports import Reply
from slp_sim.router.agent.state import Report
from slp_sim.router.catalog import Release, software_tag

if TYPE_CHECKING:
    from slp_sim.router.agent.core import Agent

_NEW_STORE = Release(17, 7, 1)
RETRY_S = 3600.0


# --- measuring ----------------------------------------------------------------------------------


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


def signed(agent: Agent, report: Report) -> dict[str, Any]:
    """Returns a report in the form that travels; always the same bytes for the same report."""
    if report.signed is None:
        router = agent.router
        schema: Literal["1.0", "2.0"] = "2.0" if router.release >= _NEW_STORE else "1.0"
        report.signed = rum_report(
            pid=router.pid,
            sn=router.serial,
            report_id=report.report_id,
            software_tag=software_tag(router.pid),
            entitlement_tag=report.tag,
            software_version=router.release.padded,
            start=report.start,
            end=report.end or agent.now(),
            count=report.count,
            schema=schema,
            reason=report.reason or "CurrentUsageRequested",
        )
    return report.signed


def system(agent: Agent) -> dict[str, Any]:
    """Returns what the router says of itself in a file that it writes."""
    router = agent.router
    return system_info(
        pid=router.pid,
        sn=router.serial,
        hostname=router.hostname,
        software_tag=software_tag(router.pid),
        at=agent.now(),
        conversion=collected(agent),
    )


def collected(agent: Agent) -> dict[str, dict[str, int]] | None:
    """Returns what device-led conversion collected; None while there is nothing to send."""
    dlc = agent.dlc
    if dlc is None or dlc.collected_at is None or dlc.done_at is not None:
        return None
    return dlc.features


# --- pushing ------------------------------------------------------------------------------------


def schedule_push(agent: Agent, seconds: float) -> None:
    """Has usage pushed in so many seconds."""
    when = agent.now() + timedelta(seconds=seconds)
    agent.slp.next_push = when
    boot = agent.router.boot_count

    def due() -> None:
        current = agent.slp.next_push
        if agent.model != "slp" or boot != agent.router.boot_count or not agent.router.up:
            return
        if current is not None and abs((current - when).total_seconds()) < 0.5:
            push(agent)

    agent.router.clock.at(agent.router.clock.now() + timedelta(seconds=seconds), due)


def push(agent: Agent) -> None:
    """Sends every report that is not acknowledged; the answer comes by itself."""
    slp = agent.slp
    if agent.transport() == "off":
        return
    dlc = collected(agent)
    if dlc is not None:
        _send_conversion(agent, dlc)
    open_reports(agent)
    close_reports(agent, "CurrentUsageRequested")
    pending = [r for r in slp.reports if r.state in ("CLOSED", "UNACK")]
    if not pending:
        open_reports(agent)
        agent.past("Usage Reporting", "NO DATA TO PROCESS")
        return
    body: dict[str, object] = {"reports": [signed(agent, r) for r in pending]}
    if dlc is not None:
        body["dlc"] = dlc
    reply = agent.send("usage", body)
    open_reports(agent)
    if not reply.ok:
        reason = reply.reason or "Communications failure"
        agent.past("Usage Reporting", f"FAIL: {reason}")
        agent.comm_failed(reason)
        schedule_push(agent, RETRY_S)
        return
    agent.comm_restored()
    slp.last_push = agent.now()
    for report in pending:
        report.state = "UNACK"
    agent.past("Usage Reporting", "OK_POLL")
    agent.event("SAEVT_UTILITY_REPORT_SENT", count=len(pending))
    schedule_push(agent, slp.push_interval * 86400.0) if slp.push_interval else None
    answer(agent, reply)


def _send_conversion(agent: Agent, features: dict[str, dict[str, int]]) -> None:
    """Sends what device-led conversion collected, and asks until it is booked."""
    reply = agent.send("dlc", {"features": features})
    if not reply.ok or reply.poll_id is None:
        return
    poll_id = reply.poll_id
    if agent.dlc is not None:
        agent.dlc.pushed_at = agent.now()

    def poll() -> None:
        found = agent.send("poll", {"poll_id": poll_id})
        ack = found.body.get("ack")
        if isinstance(ack, Mapping) and ack.get("dlc_done"):
            conversion_booked(agent)
        elif found.ok and found.poll_id is not None:
            _later(agent, max(found.poll_after_s, 1.0), poll)

    _later(agent, max(reply.poll_after_s, 1.0), poll)


def answer(agent: Agent, reply: Reply) -> None:
    """Takes an acknowledgement, or asks again when it is said to be ready."""
    if reply.poll_id is not None and "ack" not in reply.body:
        _poll_later(agent, reply.poll_id, max(reply.poll_after_s, 1.0))
        return
    ack = reply.body.get("ack")
    if isinstance(ack, Mapping):
        late = agent.router.faults
        if late.on("F37"):
            seconds = float(late.param("F37", "seconds", 7200.0))
            agent.slp.next_ack_check = agent.now() + timedelta(seconds=seconds)
            _later(agent, seconds, lambda: take_ack(agent, ack, online=True))
            return
        take_ack(agent, ack, online=True)


def _later(agent: Agent, seconds: float, act: Any) -> None:
    boot = agent.router.boot_count

    def due() -> None:
        if agent.router.up and boot == agent.router.boot_count and agent.model == "slp":
            act()

    agent.router.clock.at(agent.router.clock.now() + timedelta(seconds=seconds), due)


def _poll_later(agent: Agent, poll_id: int, seconds: float) -> None:
    agent.slp.next_ack_check = agent.now() + timedelta(seconds=seconds)

    def poll() -> None:
        reply = agent.send("poll", {"poll_id": poll_id})
        if not reply.ok:
            agent.past("Result Polling", f"FAIL: {reply.reason or 'no answer'}")
            if not reply.reached:
                agent.comm_failed(reply.reason or "Communications failure")
                _poll_later(agent, poll_id, 300.0)
            else:
                agent.slp.next_ack_check = None
            return
        if reply.poll_id is not None and "ack" not in reply.body:
            _poll_later(agent, reply.poll_id, max(reply.poll_after_s, 1.0))
            return
        agent.past("Result Polling", "OK")
        answer(agent, reply)

    _later(agent, seconds, poll)


# --- acknowledgements ---------------------------------------------------------------------------


def take_ack(agent: Agent, ack: Mapping[str, Any], *, online: bool) -> None:
    """Books an acknowledgement: reports, policy, deadlines, conversion."""
    slp, router = agent.slp, agent.router
    now = agent.now()
    acked = {int(x) for x in ack.get("acked", ())}
    for report in slp.reports:
        if report.report_id in acked and report.state in ("UNACK", "CLOSED"):
            report.state = "ACK"
    slp.reports = slp.reports[-2000:]
    slp.last_ack, slp.next_ack_check = now, None
    agent.past("RUM ACK", "SUCCESS")
    router.record("usage acknowledged")
    router.log("SIP-1-LICENSING", "SIP service is Up. License report acknowledged.")
    if agent.hseck9_allowed():
        export_message(agent)
    _take_account(agent, ack.get("account"))
    _take_policy(agent, ack.get("policy"), after_s=0.48)
    set_deadlines(agent, now, online=online)
    if ack.get("dlc_done"):
        _later(agent, router.random.uniform(60, 600), lambda: conversion_booked(agent))


def _take_account(agent: Agent, account: Any) -> None:
    if isinstance(account, Mapping):
        account = (account.get("smart_account"), account.get("virtual_account"))
    if account and account[0]:
        slp = agent.slp
        slp.smart_account, slp.virtual_account = str(account[0]), str(account[1])
        slp.account_at = agent.now()
        agent.past("ACCOUNT INFO", "SUCCESS")


def _take_policy(agent: Agent, policy: Any, *, after_s: float = 0.0) -> None:
    if policy is None:
        return
    try:
        found = policy if isinstance(policy, Policy) else Policy.from_mapping(policy)
    except FormatError:
        return
    agent.slp.policy = found
    agent.slp.push_interval = found.push_interval_days
    agent.slp.policy_at = agent.now() + timedelta(seconds=after_s)
    agent.past("POLICY", "SUCCESS")
    agent.router.log(
        "SMART_LIC-6-POLICY_INSTALL_SUCCESS", "A new licensing policy was successfully installed"
    )


def install_policy(agent: Agent, policy: Any) -> None:
    """Installs a policy that came with something else than an acknowledgement."""
    _take_policy(agent, policy)


def set_deadlines(agent: Agent, now: datetime, *, online: bool) -> None:
    """Sets the next deadlines by policy and by where the licences came from (REP)."""
    slp = agent.slp
    rules = slp.policy.requirements
    if slp.origin == "csl-rtu":
        slp.deadline, slp.push_interval, slp.next_push = None, 0, None
        return
    days = rules["perpetual"].frequency
    if slp.origin in ("csl-pak", "slr"):
        days = rules["perpetual"].first
    slp.deadline = now + timedelta(days=days) if days else None
    if not online and slp.deadline is not None:
        slp.deadline += timedelta(seconds=1)
    if not online:
        slp.next_push = now + timedelta(seconds=31)


def export_message(agent: Agent) -> None:
    """Logs that export-controlled features may be used."""
    agent.router.log(
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "Usage of export controlled features is allowed for feature hseck9",
    )


def conversion_booked(agent: Agent) -> None:
    """Notes that CSSM has booked the conversion."""
    dlc = agent.dlc
    if dlc is not None and dlc.done_at is None and dlc.collected_at is not None:
        dlc.done_at = agent.now()
        agent.past("CONVERSION ACK", "SUCCESS")
        agent.router.record("conversion acknowledged")


# --- configuration ------------------------------------------------------------------------------


def transport_changed(agent: Agent) -> None:
    """Notices a change of transport or URL; CSLU is greeted at once."""
    if agent.model != "slp" or not agent.router.up:
        return
    slp = agent.slp
    if slp.started_at is None:
        return
    usable = agent.transport() == "cslu" and agent.cslu_url() is not None
    if usable and slp.last_push is None:
        schedule_push(agent, 3.0)


def interval_changed(agent: Agent, days: int) -> None:
    """Follows ``license smart usage interval``."""
    slp = agent.slp
    slp.push_interval = days
    if slp.last_push is not None:
        slp.next_push = slp.last_push + timedelta(days=days)
