"""Acknowledgements, policies and accounts as they arrive, and the deadlines that follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from slp_sim.formats import FormatError, Policy
from slp_sim.router.agent.core import Agent

_WARN_DAYS = 30
"""A made-up notice period; the documents name none."""


def take_ack(agent: Agent, ack: Mapping[str, Any], *, online: bool) -> None:
    """Books an acknowledgement: reports, policy, deadlines, conversion."""
    slp, device = agent.slp, agent.device
    now = agent.now()
    acked = {int(x) for x in ack.get("acked", ())}
    for report in slp.reports:
        if report.report_id in acked and report.state in ("UNACK", "CLOSED"):
            report.state = "ACK"
    slp.reports = slp.reports[-2000:]
    slp.last_ack, slp.next_ack_check = now, None
    agent.past("RUM ACK", "SUCCESS")
    device.record("usage acknowledged")
    device.log("SIP-1-LICENSING", "SIP service is Up. License report acknowledged.")
    if agent.hseck9_allowed():
        export_message(agent)
    _take_account(agent, ack.get("account"))
    _take_policy(agent, ack.get("policy"), after_s=0.48)
    set_deadlines(agent, now, online=online)
    if ack.get("dlc_done"):
        agent.after(device.random.uniform(60, 600), lambda: conversion_booked(agent))


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
    agent.device.log(
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
    watch_deadline(agent)


def watch_deadline(agent: Agent) -> None:
    """Has messages logged when an acknowledgement is due soon, and daily once it is overdue."""
    deadline = agent.slp.deadline
    if deadline is None:
        return
    left = (deadline - agent.now()).total_seconds()
    agent.after(max(left - _WARN_DAYS * 86400.0, 0.0) + 1.0, lambda: _remind(agent, deadline))


def _remind(agent: Agent, deadline: datetime) -> None:
    slp = agent.slp
    if agent.model != "slp" or slp.deadline != deadline:
        return  # acknowledged meanwhile: another deadline counts now
    days = (deadline - agent.now()).days
    if days >= 0:
        text = f"A Usage report acknowledgement will be required in {days} days."
    else:
        text = "A Usage report acknowledgement is overdue."
    agent.device.log("SMART_LIC-6-REPORTING_REQUIRED", text)
    agent.after(86400.0, lambda: _remind(agent, deadline))


def export_message(agent: Agent, *, ago_s: float = 0.0) -> None:
    """Logs that export-controlled features may be used."""
    agent.device.log(
        "SMART_LIC-6-EXPORT_CONTROLLED",
        "Usage of export controlled features is allowed for feature hseck9",
        ago_s=ago_s,
    )


def conversion_booked(agent: Agent) -> None:
    """Notes that CSSM has booked the conversion."""
    dlc = agent.dlc
    if dlc is not None and dlc.done_at is None and dlc.collected_at is not None:
        dlc.done_at = agent.now()
        agent.past("CONVERSION ACK", "SUCCESS")
        agent.device.record("conversion acknowledged")
