"""Usage reports on their way: pushed when due, asked after until they are acknowledged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from slp_sim.ports import Reply
from slp_sim.router.agent.acknowledging import conversion_booked, take_ack
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.measuring import close_reports, collected, open_reports, reopen, signed
from slp_sim.router.agent.state import RETRY_S

RETRY_AT_MOST_S = 86400.0


def schedule_push(agent: Agent, seconds: float) -> None:
    """Has usage pushed in so many seconds."""
    when = agent.now() + timedelta(seconds=seconds)
    agent.slp.next_push = when
    life = agent.device.life

    def due() -> None:
        current = agent.slp.next_push
        if agent.model != "slp" or life != agent.device.life or not agent.device.up:
            return
        if current is not None and abs((current - when).total_seconds()) < 0.5:
            push(agent)

    agent.device.clock.at(agent.device.clock.now() + timedelta(seconds=seconds), due)


def push(agent: Agent) -> None:
    """Sends every report that is not acknowledged; the answer comes by itself."""
    slp = agent.slp
    if agent.transport() == "off":
        return
    dlc = collected(agent)
    if dlc is not None:
        _send_conversion(agent, dlc)
    open_reports(agent)
    measured = [r for r in slp.reports if r.state == "OPEN"]
    close_reports(agent, "CurrentUsageRequested")
    pending = [r for r in slp.reports if r.state in ("CLOSED", "UNACK")]
    if not pending:
        agent.past("Usage Reporting", "NO DATA TO PROCESS")
        return
    body: dict[str, object] = {"reports": [signed(agent, r) for r in pending]}
    if dlc is not None:
        body["dlc"] = dlc
    reply = agent.send("usage", body)
    if not reply.ok:
        reopen(measured)
        reason = reply.reason or "Communications failure"
        agent.past("Usage Reporting", f"FAIL: {reason}")
        agent.comm_failed(reason)
        schedule_push(agent, slp.retry_s)
        slp.retry_s = min(slp.retry_s * 2, RETRY_AT_MOST_S)
        return
    slp.retry_s = RETRY_S
    open_reports(agent)
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
        life = agent.device.life
        if not reply.reached and agent.dlc is not None and agent.dlc.waits != life:
            agent.dlc.waits = life  # nobody said no: the agent sends it again
            agent.after(RETRY_S, lambda: _send_again(agent))
        return
    poll_id = reply.poll_id
    if agent.dlc is not None:
        agent.dlc.pushed_at = agent.now()

    def poll() -> None:
        found = agent.send("poll", {"poll_id": poll_id})
        ack = found.body.get("ack")
        if isinstance(ack, Mapping) and ack.get("dlc_done"):
            conversion_booked(agent)
        elif (found.ok and found.poll_id is not None) or not found.reached:
            agent.after(max(found.poll_after_s, 300.0 if not found.ok else 1.0), poll)

    agent.after(max(reply.poll_after_s, 1.0), poll)


def _send_again(agent: Agent) -> None:
    """Sends the conversion that did not get through, unless that has happened meanwhile."""
    features = collected(agent)
    if agent.dlc is not None:
        agent.dlc.waits = None
        if features is not None and agent.dlc.pushed_at is None:
            _send_conversion(agent, features)


def answer(agent: Agent, reply: Reply) -> None:
    """Takes an acknowledgement, or asks again when it is said to be ready."""
    if reply.poll_id is not None and "ack" not in reply.body:
        _poll_later(agent, reply.poll_id, max(reply.poll_after_s, 1.0))
        return
    ack = reply.body.get("ack")
    if isinstance(ack, Mapping):
        late = agent.device.faults
        if late.on("F37"):
            seconds = float(late.param("F37", "seconds", 7200.0))
            agent.slp.next_ack_check = agent.now() + timedelta(seconds=seconds)
            agent.after(seconds, lambda: take_ack(agent, ack, online=True))
            return
        take_ack(agent, ack, online=True)


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

    agent.after(seconds, poll)


# --- configuration ------------------------------------------------------------------------------


def transport_changed(agent: Agent) -> None:
    """Notices a change of transport or URL; CSLU is greeted at once."""
    if agent.model != "slp" or not agent.device.up:
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
