"""What comes and goes by file: usage out; acknowledgements, codes, policies in."""

from __future__ import annotations

from slp_sim.formats import Authorization, FormatError, auth_request_file, parse_import, usage_file
from slp_sim.router.agent import acknowledging, measuring, online
from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Code, CodeEntry
from slp_sim.router.catalog import Release

_NOTES_FILES_FROM = Release(17, 6, 1)
"""Older releases print no ``Last report file write``, whatever was written (17.4.1a: A1745 on)."""


def save_usage(agent: Agent, what: str, number: int | None = None) -> bytes | None:
    """Returns a usage file.

    Args:
        what: ``all``, ``unreported``, ``days`` or ``rum-id``.
        number: of days, or of the report.

    Returns:
        None where there is nothing to report.
    """
    measuring.open_reports(agent)
    measuring.close_reports(agent, "CurrentUsageRequested")
    measuring.open_reports(agent)
    now = agent.now()
    reports = [r for r in agent.slp.reports if r.state != "OPEN"]
    if what == "unreported":
        reports = [r for r in reports if r.state in ("CLOSED", "UNACK")]
    elif what == "days" and number is not None:
        reports = [r for r in reports if (now - r.start).days <= number]
    elif what == "rum-id":
        reports = [r for r in reports if r.report_id == number]
    if not reports:
        return None
    for report in reports:
        if report.state == "CLOSED":
            report.state = "UNACK"
    if agent.device.release >= _NOTES_FILES_FROM:
        agent.slp.last_file = now
    agent.device.record(f"usage saved {len(reports)}")
    signed = [measuring.signed(agent, r) for r in reports]
    return usage_file(signed, measuring.system(agent))


def authorization_request(agent: Agent) -> bytes:
    """Returns the request file for a SLAC."""
    sudi = {"udi_pid": agent.device.pid, "udi_serial_number": agent.device.serial}
    keys = [{"entitlement": agent.hsec[1], "count": "1"}]
    rows = [{"sudi": sudi, "keys": keys, "confirm_code": "", "remove_code": ""}]
    return auth_request_file(measuring.system(agent), rows)


def import_file(agent: Agent, data: bytes) -> str | None:
    """Takes a file from CSSM; returns why not, None where it worked."""
    device = agent.device
    try:
        found = parse_import(data)
    except FormatError as error:
        agent.past("RUM ACK", f"FAIL: {error}")
        return f"{error}"
    if not found.for_udi(device.pid, device.serial):
        agent.past("AUTH", "FAIL: UDI mismatch")
        device.record("import refused")
        return "The file is not for this device: UDI mismatch"
    device.record(f"imported {'+'.join(sorted(found.kinds))}")
    mine = [a for a in found.acks if (a.pid, a.sn) == (device.pid, device.serial)]
    for ack in mine:
        body: dict[str, object] = {"acked": list(ack.acked), "dlc_done": ack.dlc_done}
        if found.policy is not None:
            body["policy"] = found.policy
        if found.account is not None:
            body["account"] = found.account
        acknowledging.take_ack(agent, body, online=False)
    if found.policy is not None and not mine:
        acknowledging.install_policy(agent, found.policy)
    for code in found.authorizations:
        if (code.pid, code.sn) == (device.pid, device.serial):
            _take_code(agent, code)
    return None


def _entries(code: Authorization) -> list[CodeEntry]:
    return [
        CodeEntry.issued(
            e.tag, e.display_name, e.description, e.count, e.license_type or "PERPETUAL"
        )
        for e in code.entitlements
    ]


def _take_code(agent: Agent, code: Authorization) -> None:
    agent.past("AUTH", "SUCCESS")
    if code.kind == "slac":
        online.install_slac(agent, _entries(code), code.confirmation_code)
    else:
        agent.reservation = Code("SPECIFIC", agent.now(), code.confirmation_code, _entries(code))
        agent.reservation_on = True
        online.bring_into_use(agent)


def install_reservation(agent: Agent, data: bytes) -> tuple[str | None, str]:
    """Installs or updates a reservation before SLP.

    Returns:
        Why not (None where it worked), and the new confirmation code.
    """
    device = agent.device
    try:
        found = parse_import(data)
    except FormatError as error:
        return str(error), ""
    codes = [c for c in found.authorizations if c.kind == "slr"]
    if not codes:
        return "Invalid authorization code", ""
    code = codes[0]
    if (code.pid, code.sn) != (device.pid, device.serial):
        return "Authorization code is for another UDI", ""
    agent.reservation = Code("SPECIFIC", agent.now(), code.confirmation_code, _entries(code))
    agent.reservation_at = agent.reservation_at or agent.now()
    agent.eval_ends = None
    device.record("reservation installed")
    device.log(
        "SMART_LIC-6-RESERVED_INSTALLED",
        f"Specific License Reservation Authorization code installed for udi {agent.udi}",
    )
    return None, code.confirmation_code
