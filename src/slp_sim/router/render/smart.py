"""Licensing outputs of Smart Licensing before SLP: registered, reserved, evaluation."""

from __future__ import annotations

from datetime import timedelta

from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Licence
from slp_sim.router.catalog import Release, agent_version
from slp_sim.router.render.text import cut, section, span, stamp
from slp_sim.router.router import Router

_SECOND = timedelta(seconds=1)
_CAPITALS_FROM = Release(16, 10, 1)
_LONG_FORM_FROM = Release(16, 6, 1)
"""Older releases print neither utility, privacy, transport nor export status."""
_HEAD = "Smart Licensing is ENABLED\n"


def usage_table(rows: list[tuple[str, str, int, str]], *, header: str, room: int = 23) -> str:
    """Returns the table of ``show license summary``.

    Args:
        rows: name, tag, count, status.
        header: heading of the tag column, which changed its case between releases.
        room: how much of a name is printed.
    """
    if not rows:
        return "License Usage:\n  No licenses in use\n\n"
    body = "".join(
        f"  {cut(name, room):<24}{f'({cut(tag, 25)})':<30}{count:>5} {status}\n"
        for name, tag, count, status in rows
    )
    head = f"  {'License':<24}{header:<30}Count Status\n  {'-' * 77}\n"
    return f"License Usage:\n{head}{body}\n"


def licence_status(agent: Agent, licence: Licence) -> str:
    """Returns the status of one licence in this era."""
    if licence.status is not None:
        return licence.status
    if agent.universal:
        return "AUTHORIZED"
    if agent.slr:
        reserved = {e.tag for e in agent.reservation.entries} if agent.reservation else set()
        return "AUTHORIZED" if licence.tag in reserved else "NOT AUTHORIZED"
    if agent.registration is not None:
        return "AUTHORIZED"
    ends = agent.eval_ends
    return "EVAL EXPIRED" if ends is not None and ends <= agent.now() else "EVAL MODE"


def authorization_status(agent: Agent) -> str:
    """Returns the overall status without its date."""
    if agent.slr:
        states = {licence_status(agent, x) for x in agent.in_use()}
        return "NOT AUTHORIZED" if "NOT AUTHORIZED" in states else "AUTHORIZED - RESERVED"
    if not agent.in_use():
        return "No Licenses in Use"
    if agent.registration is not None:
        return "AUTHORIZED"
    ends = agent.eval_ends
    return "EVAL EXPIRED" if ends is not None and ends <= agent.now() else "EVAL MODE"


def _left(agent: Agent) -> str:
    ends = agent.eval_ends
    seconds = (ends - agent.now()).total_seconds() if ends is not None else 0.0
    return f"  Evaluation Period Remaining: {span(seconds)}\n"


def _allowed(agent: Agent) -> str:
    allowed = agent.slr or (agent.registration is not None and agent.registration.export_allowed)
    word = "Allowed" if allowed else "Not Allowed"
    return word if agent.device.release < _CAPITALS_FROM else word.upper()


def _registration(agent: Agent, *, brief: bool) -> str:
    if agent.slr:
        kind = "UNIVERSAL" if agent.universal else "SPECIFIC"
        text = f"Registration:\n  Status: REGISTERED - {kind} LICENSE RESERVATION\n"
        text += f"  Export-Controlled Functionality: {_allowed(agent)}\n"
        if not brief:
            text += f"  Initial Registration: SUCCEEDED on {stamp(agent.reservation_at)}\n"
        return text + "\n"
    r = agent.registration
    if r is None:
        return (
            "Registration:\n  Status: UNREGISTERED\n"
            f"  Export-Controlled Functionality: {_allowed(agent)}\n\n"
        )
    gap = " " if brief or agent.device.release >= _LONG_FORM_FROM else ""
    text = (
        "Registration:\n  Status: REGISTERED\n"
        f"  Smart Account: {r.smart_account}\n  Virtual Account:{gap}{r.virtual_account}\n"
        f"  Export-Controlled Functionality: {_allowed(agent)}\n"
    )
    if not brief:
        text += f"  Initial Registration: SUCCEEDED on {stamp(r.registered_at)}\n"
    last = "None" if r.last_renewal is None else f"SUCCEEDED on {stamp(r.last_renewal)}"
    base = r.last_renewal or r.registered_at
    renew = base + timedelta(days=180) - _SECOND
    text += f"  Last Renewal Attempt: {last}\n  Next Renewal Attempt: {stamp(renew)}\n"
    if not brief:
        text += f"  Registration Expires: {stamp(r.expires_at)}\n"
    return text + "\n"


def _authorization(agent: Agent, *, brief: bool) -> str:
    status = authorization_status(agent)
    text = f"License Authorization:\n  Status: {status}"
    r = agent.registration
    if r is None or agent.slr:
        text += "\n"
        return text + (_left(agent) if status == "EVAL MODE" else "") + "\n"
    done, failed = r.authorized_at, r.failed_at
    upcoming = r.next_attempt_at or done + timedelta(days=30)
    outcome = "SUCCEEDED" if failed is None else "FAILED"
    if brief:
        text += f"\n  Last Communication Attempt: {outcome}\n"
        return text + f"  Next Communication Attempt: {stamp(upcoming)}\n\n"
    text += (
        f" on {stamp(done)}\n  Last Communication Attempt: {outcome} on {stamp(failed or done)}\n"
    )
    if failed is not None:
        text += f"   Failure reason: {r.failure_reason}\n"
    text += f"  Next Communication Attempt: {stamp(upcoming - _SECOND)}\n"
    text += f"  Communication Deadline: {stamp(r.deadline_at)}\n"
    return text + "\n"


def summary(router: Router) -> str:
    """Returns ``show license summary``."""
    agent = router.agent
    text = _HEAD
    if agent.reservation_on:
        text += "License Reservation is ENABLED\n"
    rows = [(x.name, x.tag, x.count, licence_status(agent, x)) for x in agent.in_use()]
    header = "Entitlement Tag" if router.release.major >= 17 else "Entitlement tag"
    room = 22 if router.release < _LONG_FORM_FROM else 23
    return (
        f"{text}\n{_registration(agent, brief=True)}{_authorization(agent, brief=True)}"
        f"{usage_table(rows, header=header, room=room)}"
    )


PRIVACY = """\
Data Privacy:
  Sending Hostname: yes
    Callhome hostname privacy: DISABLED
    Smart Licensing hostname privacy: DISABLED
  Version privacy: DISABLED

"""

CONVERSION = "License Conversion:\n  Automatic Conversion Enabled: False\n  Status: {}\n\n"
EXPORT_KEY = "Export Authorization Key:\n  Features Authorized:\n    <none>\n\n"


def transport_lines(agent: Agent) -> str:
    """Returns the transport section of the earlier era."""
    if agent.transport() == "smart":
        text = f"Transport:\n  Type: Smart\n  URL: {agent.smart_url()}\n"
        return text + "  Proxy:\n    Not Configured\n\n"
    return "Transport:\n  Type: Callhome\n\n"


def status(router: Router) -> str:
    """Returns ``show license status``."""
    agent = router.agent
    if router.release < _LONG_FORM_FROM:
        return f"{_HEAD}\n{_registration(agent, brief=False)}{_authorization(agent, brief=False)}"
    text = f"{_HEAD}\nUtility:\n  Status: DISABLED\n\n"
    if agent.reservation_on:
        text += "License Reservation is ENABLED\n\n"
    return (
        f"{text}{PRIVACY}{transport_lines(agent)}"
        f"{_registration(agent, brief=False)}{_authorization(agent, brief=False)}"
        f"{CONVERSION.format('Not started')}{EXPORT_KEY}"
    )


def usage_block(agent: Agent, licence: Licence) -> str:
    """Returns one licence as ``show license usage`` describes it."""
    label = f"{licence.name} ({licence.tag})" if licence.name else f"({licence.tag})"
    export = "RESTRICTED - ALLOWED" if licence.restricted else "NOT RESTRICTED"
    if licence.restricted and licence_status(agent, licence) != "AUTHORIZED":
        export = "RESTRICTED - NOT ALLOWED"
    description = f" {licence.description}" if licence.description else ""
    text = (
        f"{label}:\n  Description:{description}\n  Count: {licence.count}\n  Version: 1.0\n"
        f"  Status: {licence_status(agent, licence)}\n"
    )
    if agent.device.release >= _LONG_FORM_FROM:
        text += f"  Export status: {export}\n"
    if licence.restricted:
        text += (
            f"  Feature Name: {licence.feature}\n"
            f"  Feature Description: Export Controlled Feature {licence.feature}\n"
        )
    return text + reservation_block(agent, licence) + "\n"


def reservation_block(agent: Agent, licence: Licence) -> str:
    """Returns what a usage block says of the licence's reservation; empty without one."""
    code = agent.reservation
    if code is None or agent.universal:
        return ""
    entry = next((e for e in code.entries if e.tag == licence.tag), None)
    if entry is None:
        return "  Reservation:\n    Reservation status: NOT INSTALLED\n"
    if entry.restricted:
        return (
            "  Reservation:\n"
            "    Reservation status: SPECIFIC EXPORT AUTHORIZATION KEY INSTALLED\n"
            "    Total reserved count: UNLIMITED\n"
        )
    return (
        "  Reservation:\n    Reservation status: SPECIFIC INSTALLED\n"
        f"    Total reserved count: {entry.count}\n"
    )


def usage(router: Router) -> str:
    """Returns ``show license usage``."""
    agent = router.agent
    head = authorization_status(agent)
    registered = agent.registration is not None and not agent.slr and head == "AUTHORIZED"
    if registered and agent.registration is not None:
        head += f" on {stamp(agent.registration.authorized_at)}"
    text = f"License Authorization: \n  Status: {head}\n"
    if head == "EVAL MODE":
        text += _left(agent)
    return text + "\n" + "".join(usage_block(agent, x) for x in agent.in_use())


def udi_lines(router: Router) -> str:
    """Returns the product information of ``show license all``."""
    text = f"UDI: PID:{router.pid},SN:{router.serial}\n"
    members = router.processors.members()
    if members:
        text += "\nHA UDI List:\n" + "".join(f"    {role}:{udi}\n" for role, udi in members)
    return text + "\n"


def show_all(router: Router) -> str:
    """Returns ``show license all``."""
    return (
        f"{section('Smart Licensing Status')}{status(router)}"
        f"{section('License Usage')}{usage(router)}"
        f"{section('Product Information')}{udi_lines(router)}"
        f"{section('Agent Version')}Smart Agent for Licensing: {agent_version(router.release)}\n\n"
        f"{section('Reservation Info')}{reservation(router)}"
    )


def reservation(router: Router) -> str:
    """Returns ``show license reservation``."""
    agent = router.agent
    code = agent.reservation
    text = f"License reservation: {'ENABLED' if agent.reservation_on else 'DISABLED'}\n"
    if not agent.reservation_on:
        return text
    text += f"\nOverall status:\n  Active: {agent.udi}\n"
    if code is None:
        return f"{text}    Reservation status: NOT INSTALLED\n    Last Confirmation code: <none>\n"
    kind = "UNIVERSAL" if agent.universal else "SPECIFIC"
    text += (
        f"    Reservation status: {kind} INSTALLED on {stamp(code.installed_at)}\n"
        "    Export-Controlled Functionality: ALLOWED\n"
        f"    Last Confirmation code: {code.confirmation_code}\n\n"
        "Specified license reservations:\n"
    )
    for entry in code.entries:
        text += (
            f"  {entry.name} ({entry.tag}):\n    Description: {entry.description}\n"
            f"    Total reserved count: {entry.count}\n    Term information:\n"
            f"      Active: {agent.udi}\n        License type: {entry.license_type}\n"
            f"          Term Count: {entry.count}\n"
        )
    return text
