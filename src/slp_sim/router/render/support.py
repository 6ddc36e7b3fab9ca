"""``show license udi|tech support|data conversion`` and the PAK snapshot of the classic family."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from slp_sim.router.catalog import agent_version, software_tag
from slp_sim.router.render import slp as slp_text
from slp_sim.router.render import smart as smart_text
from slp_sim.router.render.authorization import authorization_lines
from slp_sim.router.render.text import section, span

if TYPE_CHECKING:
    from slp_sim.router.router import Router


def udi(router: Router) -> str:
    """Returns ``show license udi``."""
    if router.agent.model == "csl":
        pid, serial = router.pid, router.serial
        rule = "-" * 70
        return (
            f"SlotID   PID                    SN                      UDI\n{rule}\n"
            f"*        {pid:<22} {serial:<23} {pid}:{serial}\n\n"
        )
    return smart_text.udi_lines(router)


def tech_support(router: Router) -> str:
    """Returns ``show license tech support``."""
    agent = router.agent
    slp = agent.model == "slp"
    status = slp_text.status(router) if slp else smart_text.status(router)
    if not slp:
        left = (agent.eval_ends - router.now()).total_seconds() if agent.eval_ends else 90 * 86400
        mode = "In Use" if agent.eval_ends else "Not In Use"
        status += (
            f"Evaluation Period:\n  Evaluation Mode: {mode}\n"
            f"  Evaluation Period Remaining: {span(left)}\n\n"
        )
    text = (
        f"{section('Smart Licensing Tech Support info')}{section('Smart Licensing Status')}{status}"
    )
    text += section("License Usage") + _handles(router)
    text += section("Product Information") + smart_text.udi_lines(router)
    text += (
        f"{section('Agent Version')}Smart Agent for Licensing: {agent_version(router.release)}\n\n"
    )
    if slp:
        text += section("License Authorizations") + authorization_lines(router)
        text += _statistics(router)
    regid = agent.hsec[1]
    text += (
        f"\nSoftware Tag: {software_tag(router.pid)}\n"
        "\nPlatform Provided Mapping Table\n===============================\n"
        f"  <empty>\n\nEnforced Licenses:\n  P:{router.pid},S:{router.serial}:\n"
        f"    hseck9: {regid} (3)\n\n"
    )
    return text


def _handles(router: Router) -> str:
    agent = router.agent
    text = ""
    for number, licence in enumerate(agent.in_use(), 1):
        if agent.model == "slp":
            state = f"{slp_text.licence_status(agent, licence)}(15)"
        else:
            state = smart_text.licence_status(agent, licence)
        text += (
            f"Handle: {number}\n    License: {licence.name or licence.feature}\n"
            f"    Entitlement Tag: {licence.regid}\n    Description: {licence.description}\n"
            f"    Count: {licence.count}\n    Version: 1.0\n    Status: {state}\n"
            f"    Feature Name: {licence.feature}\n\n"
        )
    return text


def _statistics(router: Router) -> str:
    slp = router.agent.slp
    waiting = sum(1 for r in slp.reports if r.state == "UNACK")
    last = "OK" if slp.last_ack else ("OK_POLL" if slp.last_push else "<none>")
    return (
        "Communication Statistics:\n=======================\n"
        "Communication Level Allowed: DIRECT\nOverall State: <empty>\n"
        f"Usage Reporting:\n  Attempts: Total={len(slp.reports)}\n  Last Response: {last}\n"
        f"  Waiting for Ack: {waiting}\n"
        f"Clock sync-ed with NTP: {router.spec.ntp}\n"
        f"Overall Trust: {'INSTALLED (2)' if slp.trust_at else 'No ID'}\n"
    )


def conversion(router: Router) -> str:
    """Returns ``show license data conversion``: what device-led conversion collected."""
    record = router.agent.dlc
    if record is None or record.collected_at is None:
        return "No conversion data\n"
    rows = [
        {"conversion_type": "DLC", "conversion_string": feature, "conversion_count": 1}
        for feature in record.features
    ]
    sudi = {"udi_pid": router.pid, "udi_serial_number": router.serial}
    return json.dumps([{"sudi": sudi, "conversion_lines": rows}], indent=1) + "\n"


def pak_info(router: Router) -> str:
    """Returns ``show platform software sl-infra pak-info``."""
    snapshot = router.agent.csl_before
    if router.release.major == 17 and not 8 <= router.release.minor <= 10:
        return "Platform does not support PAK License snapshot\n"
    text = "Pak License Snapshot Information\nPlatform Supports PAK License snapshot\n"
    if not snapshot:
        return text + "PAK License Snapshot not available\n"
    text += "PAK License Snapshot integrity check pass\nPAK License Snapshot available\n\n"
    for index, licence in enumerate(x for x in snapshot if x.kind == "pak"):
        text += (
            f"License Name            : {licence.feature}\nIndex                   : {index}\n"
            "In Use Count            : 0\nIn Use Count Valid      : 0\n"
            "License Precedence      : 0\nLicense Type            : 0 - Permanent\n"
            "License Count           : 65535 - Non-Counted\n"
            "Current State           : 2 - Active, Not in Use\n"
            "License State           : 1 - Active, In Use\n"
            f"Timestamp lower 32bits  : {int(router.booted_at.timestamp())} - "
            f"{router.booted_at:%a %b %d %H:%M:%S %Y}\n"
            "Timestamp upper 32bits  : 0\nTrial Elapsed Period Left : 0\n\n"
        )
    return text
