"""Licensing outputs under Smart Licensing Using Policy."""

from __future__ import annotations

from datetime import datetime

from slp_sim.formats import Requirement
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Licence
from slp_sim.router.catalog import Release, agent_version, slp_rank
from slp_sim.router.render.authorization import authorization_lines
from slp_sim.router.render.smart import (
    CONVERSION,
    EXPORT_KEY,
    PRIVACY,
    reservation_block,
    udi_lines,
    usage_table,
)
from slp_sim.router.render.text import section, stamp
from slp_sim.router.router import Router

_ACCOUNTS_FROM = Release(17, 6, 1)
_VRF_FROM = Release(17, 7, 1)
_CONVERSION_PUSHES_FROM = Release(17, 9, 1)
_SERVER_CHECK_FROM = _REPORTING_MODE_FROM = Release(17, 12, 1)
_SUMMARY_ACCOUNTS_FROM = Release(17, 7, 1)
_REPORT_COUNTS_FROM = Release(17, 7, 1)


def listed(agent: Agent) -> list[Licence]:
    """Returns the licences in use in the order of an SLP release."""
    return sorted(agent.in_use(), key=lambda x: slp_rank(x.feature))


def licence_status(agent: Agent, licence: Licence) -> str:
    """Returns ``IN USE``, or ``NOT AUTHORIZED`` for an export licence without its code."""
    if licence.restricted and not agent.hseck9_allowed():
        return "NOT AUTHORIZED"
    return licence.status if licence.status == "NOT IN USE" else "IN USE"


def account_lines(router: Router) -> str:
    """Returns the account section of newer releases; empty before them."""
    if router.release < _ACCOUNTS_FROM:
        return ""
    slp = router.agent.slp
    when = f" As of {stamp(slp.account_at)}" if slp.account_at else ""
    account = f"{slp.smart_account}{when}" if slp.smart_account else "<none>"
    return (
        f"Account Information:\n  Smart Account: {account}\n"
        f"  Virtual Account: {slp.virtual_account or '<none>'}\n\n"
    )


def summary(router: Router) -> str:
    """Returns ``show license summary``."""
    agent = router.agent
    text = account_lines(router) if router.release >= _SUMMARY_ACCOUNTS_FROM else ""
    if agent.reservation_on:
        text += "License Reservation is ENABLED\n\n"
    rows = [(x.name, x.tag, x.count, licence_status(agent, x)) for x in listed(agent)]
    return text + usage_table(rows, header="Entitlement Tag")


def transport_lines(router: Router) -> str:
    """Returns the transport section."""
    agent = router.agent
    kind = agent.transport()
    vrf = router.running.value("license smart vrf")
    if kind == "off":
        text = "Transport:\n  Type: Transport Off\n"
    elif kind == "callhome":
        text = "Transport:\n  Type: Callhome\n"
    else:
        if kind == "smart":
            text = f"Transport:\n  Type: Smart\n  URL: {agent.smart_url()}\n"
        else:
            text = f"Transport:\n  Type: cslu\n  Cslu address: {agent.cslu_url() or '<empty>'}\n"
        text += _proxy(router)
        if router.release >= _SERVER_CHECK_FROM:
            checked = router.running.has("license smart server-identity-check")
            text += f"  Server Identity Check: {checked}\n  VRF: {vrf or '<empty>'}\n"
        elif router.release >= _VRF_FROM:
            text += f"  VRF:\n    {vrf or 'Not Configured'}\n"
    return text + "\n"


def _proxy(router: Router) -> str:
    address = router.running.value("license smart proxy address")
    if address is None:
        return "  Proxy:\n    Not Configured\n"
    port = router.running.value("license smart proxy port") or "80"
    return (
        f"  Proxy:\n    Address: {address}\n    Port: {port}\n"
        "    Username: <empty>\n    Password: <empty>\n"
    )


def policy_lines(agent: Agent) -> str:
    """Returns the policy section."""
    policy, installed = agent.slp.policy, agent.slp.policy_at
    if installed is None:
        text = "Policy:\n  Policy in use: Merged from multiple sources.\n"
    else:
        text = f"Policy:\n  Policy in use: Installed On {stamp(installed)}\n"
        text += f"  Policy name: {policy.name or '<empty>'}\n"
    answer = "yes" if policy.ack_required else "no"
    text += f"  Reporting ACK required: {answer} ({policy.ack_source})\n"
    titles = {
        "perpetual": "Unenforced/Non-Export Perpetual Attributes",
        "subscription": "Unenforced/Non-Export Subscription Attributes",
        "enforced": "Enforced (Perpetual/Subscription) License Attributes",
        "export": "Export (Perpetual/Subscription) License Attributes",
    }
    for key, title in titles.items():
        text += _requirement(title, policy.requirements[key])
    return text + "\n"


def _requirement(title: str, row: Requirement) -> str:
    return (
        f"  {title}:\n    First report requirement (days): {row.first} ({row.first_source})\n"
        f"    Reporting frequency (days): {row.frequency} ({row.source})\n"
        f"    Report on change (days): {row.on_change} ({row.source})\n"
    )


def reporting_lines(router: Router) -> str:
    """Returns the usage reporting section and the trust code's line."""
    agent = router.agent
    slp = agent.slp
    started = slp.started_at is not None
    none: datetime | None = None
    days = router.running.value("license smart usage interval")
    interval = int(days) if days and days.isdigit() else slp.push_interval
    words = f"{interval} days" if slp.push_interval else "0 (no reporting)"
    return (
        "Usage Reporting:\n"
        f"  Last ACK received: {stamp(slp.last_ack)}\n"
        f"  Next ACK deadline: {stamp(slp.deadline if started else none)}\n"
        f"  Reporting push interval: {words}\n"
        f"  Next ACK push check: {stamp(slp.next_ack_check)}\n"
        f"  Next report push: {stamp(slp.next_push)}\n"
        f"  Last report push: {stamp(slp.last_push)}\n"
        f"  Last report file write: {stamp(slp.last_file)}\n\n"
    )


def trust_lines(router: Router) -> str:
    """Returns the trust code's line; with a second processor one line each."""
    when = router.agent.slp.trust_at
    members = router.processors.members()
    if not members or when is None:
        return f"Trust Code Installed: {stamp(when)}\n"
    rows = "".join(f"  {role}: {udi}\n    INSTALLED on {stamp(when)}\n" for role, udi in members)
    return f"Trust Code Installed:\n{rows}"


_CUSTOM = "Miscellaneous:\n  Custom Id: {}\n\n"


def _slp_status(router: Router, *, reserved: bool = True) -> str:
    agent = router.agent
    text = "Smart Licensing Using Policy:\n  Status: ENABLED\n"
    if router.release >= _REPORTING_MODE_FROM:
        text += "  Reporting Mode: STANDARD\n"
    if reserved and agent.reservation_on and router.release < _ACCOUNTS_FROM:
        text += "  License Reservation is ENABLED\n"
    return text + "\n"


def _reservation_line(router: Router) -> str:
    if router.agent.reservation_on and router.release >= _ACCOUNTS_FROM:
        return "License Reservation is ENABLED\n\n"
    return ""


def _custom(router: Router) -> str:
    return _CUSTOM.format(router.running.value("license smart custom_id") or "<empty>")


def status(router: Router) -> str:
    """Returns ``show license status``."""
    return (
        f"Utility:\n  Status: DISABLED\n\n{_slp_status(router)}{account_lines(router)}"
        f"{_reservation_line(router)}{PRIVACY}{transport_lines(router)}"
        f"{policy_lines(router.agent)}{_custom(router)}{reporting_lines(router)}"
        f"{trust_lines(router)}\n"
    )


def report_counts(router: Router) -> str:
    """Returns how many usage reports there are; empty before the release that counts them."""
    if router.release < _REPORT_COUNTS_FROM:
        return ""
    reports = router.agent.slp.reports
    acked = sum(1 for r in reports if r.state == "ACK")
    waiting = sum(1 for r in reports if r.state == "UNACK")
    closed = sum(1 for r in reports if r.state == "CLOSED")
    open_ = sum(1 for r in reports if r.state == "OPEN")
    return (
        f"{section('Usage Report Summary:').rstrip()}\nTotal: {len(reports)},  Purged: 0\n"
        f"Total Acknowledged Received: {acked},  Waiting for Ack: {waiting}\n"
        f"Available to Report: {closed}  Collecting Data: {open_}\n\n"
    )


def export_status(agent: Agent, licence: Licence) -> str:
    """Returns whether a licence is export restricted, and allowed."""
    if not licence.restricted:
        return "NOT RESTRICTED"
    return f"RESTRICTED - {'ALLOWED' if agent.hseck9_allowed() else 'NOT ALLOWED'}"


def usage_block(agent: Agent, licence: Licence) -> str:
    """Returns one licence as ``show license usage`` describes it."""
    label = f"{licence.name} ({licence.tag})" if licence.name else f"({licence.tag})"
    export = export_status(agent, licence)
    enforcement = "EXPORT RESTRICTED" if licence.restricted else "NOT ENFORCED"
    return (
        f"{label}:\n  Description: {licence.description}\n  Count: {licence.count}\n"
        f"  Version: 1.0\n  Status: {licence_status(agent, licence)}\n"
        f"  Export status: {export}\n  Feature Name: {licence.feature}\n"
        f"  Feature Description: {licence.feature}\n  Enforcement type: {enforcement}\n"
        f"  License type: {licence.license_type}\n{reservation_block(agent, licence)}\n"
    )


def usage(router: Router) -> str:
    """Returns ``show license usage``."""
    agent = router.agent
    blocks = "".join(usage_block(agent, x) for x in listed(agent))
    return f"License Authorization: \n  Status: Not Applicable\n\n{blocks}"


def conversion_lines(router: Router) -> str:
    """Returns how far device-led conversion has come."""
    agent = router.agent
    done = agent.dlc.done_at if agent.dlc is not None else None
    word = f"Successful on {stamp(done)}" if done is not None else "Not started"
    if router.release < _CONVERSION_PUSHES_FROM:
        return CONVERSION.format(word)
    pushed = agent.dlc.pushed_at if agent.dlc is not None else None
    status = f"  Status: {word}\n" if agent.dlc is not None else ""
    pushes = f"{status}  Last Data Push: {stamp(pushed)}\n  Last File Export: <none>"
    return CONVERSION.replace("  Status: {}", pushes)


def status_in_full(router: Router, *, support: bool = False) -> str:
    """Returns the status as ``show license all`` and ``tech support`` print it."""
    agent = router.agent
    early = agent.reservation_on and router.release < _ACCOUNTS_FROM
    reserved = "License Reservation is ENABLED\n" if early else ""
    reporting = reporting_lines(router)
    if support:
        days = f"{agent.slp.push_interval} days"
        reporting = reporting.replace(
            days, f"{agent.slp.push_interval}  days State(4) InPolicy(60)"
        )
    return (
        f"{section('Smart Licensing Status')}Smart Licensing is ENABLED\n{reserved}\n"
        f"{conversion_lines(router)}{EXPORT_KEY}"
        f"Utility:\n  Status: DISABLED\n\n{_slp_status(router, reserved=False)}"
        f"{account_lines(router)}{_reservation_line(router)}{PRIVACY}"
        f"{transport_lines(router)}{_custom(router)}{policy_lines(agent)}{reporting}"
    )


def show_all(router: Router) -> str:
    """Returns ``show license all``."""
    agent = router.agent
    blocks = "".join(usage_block(agent, x) for x in listed(agent))
    return (
        f"{status_in_full(router)}{trust_lines(router)}\n"
        f"{section('License Usage')}{blocks or 'No licenses in use' + chr(10) * 2}"
        f"{section('Product Information')}{udi_lines(router)}"
        f"{section('Agent Version')}Smart Agent for Licensing: {agent_version(router.release)}\n\n"
        f"{section('License Authorizations')}{authorization_lines(router)}\n"
        f"{report_counts(router)}"
    )
