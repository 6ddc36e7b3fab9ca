"""``show license udi|tech support|data conversion`` and the PAK snapshot of the classic family."""

from __future__ import annotations

import json

from slp_sim.router.agent.state import Traffic
from slp_sim.router.catalog import agent_version, software_tag
from slp_sim.router.render import slp as slp_text
from slp_sim.router.render import smart as smart_text
from slp_sim.router.render.text import section, span, stamp
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
    head = "Smart Licensing Tech Support info\n\n"
    product = section("Product Information") + smart_text.udi_lines(router)
    version = agent_version(router.release)
    product += f"{section('Agent Version')}Smart Agent for Licensing: {version}\n\n"
    usage = section("License Usage").rstrip() + "\n" + _handles(router)
    if router.agent.model != "slp":
        status = section("Smart Licensing Status") + smart_text.status(router)
        return head + status + _evaluation(router) + usage + product + _other(router)
    return (
        f"{head}{slp_text.status_in_full(router, support=True)}{usage}{product}"
        f"{_statistics(router)}{section('Reservation Info')}{_reservation(router)}"
        f"{slp_text.report_counts(router)}{slp_text.trust_lines(router)}\n{_other(router)}"
    )


def _evaluation(router: Router) -> str:
    agent = router.agent
    unused = router.spec.licensing.evaluation_left_s
    left = (agent.eval_ends - router.now()).total_seconds() if agent.eval_ends else unused
    mode = "In Use" if agent.eval_ends else "Not In Use"
    return (
        f"Evaluation Period:\n  Evaluation Mode: {mode}\n"
        f"  Evaluation Period Remaining: {span(left)}\n\n"
    )


def _handles(router: Router) -> str:
    agent = router.agent
    text = ""
    for number, licence in enumerate(agent.in_use(), 1):
        text += (
            f"Handle: {number}\n  License: {licence.name or licence.feature}\n"
            f"  Entitlement Tag: {licence.regid}\n  Description: {licence.description}\n"
            f"  Count: {licence.count}\n  Version: 1.0\n"
        )
        if agent.model != "slp":
            status = smart_text.licence_status(agent, licence)
            text += f"  Status: {status}\n  Feature Name: {licence.feature}\n\n"
            continue
        reports = [r.report_id for r in agent.slp.reports if r.tag == licence.regid][-2:]
        current = reports[-1] if reports else 0
        previous = reports[0] if len(reports) > 1 else 0
        export = slp_text.export_status(agent, licence)
        enforcement = "EXPORT RESTRICTED" if licence.restricted else "NOT ENFORCED"
        text += (
            f"  Status: {slp_text.licence_status(agent, licence)}(15)\n"
            f"  Status time: {stamp(agent.slp.started_at)}\n  Export status: {export}\n"
            f"  Feature Name: {licence.feature}\n  Feature Description: {licence.feature}\n"
            f"  Enforcement type: {enforcement}\n  License type: {licence.license_type}\n"
            "  Measurements:\n    ENTITLEMENT:\n      Interval: 00:15:00\n"
            f"      Current Value: {licence.count}\n"
            f"      Current Report: {current}       Previous: {previous}\n"
            f"  Soft Enforced: {not licence.restricted}\n\n"
        )
    return text


_CHANNELS = (
    "Trust Establishment",
    "Trust Acknowledgement",
    "Usage Reporting",
    "Result Polling",
    "Authorization Request",
    "Authorization Confirmation",
    "Authorization Return",
    "Trust Sync",
    "Hello Message",
)


def _statistics(router: Router) -> str:
    agent = router.agent
    level = "INDIRECT" if agent.transport() == "cslu" else "DIRECT"
    text = "Communication Statistics:\n=======================\n"
    text += f"Communication Level Allowed: {level}\nOverall State: <empty>\n"
    for channel in _CHANNELS:
        t = agent.traffic.get(channel) or Traffic()
        total = t.success + t.failed
        ongoing = t.failed if t.reason != "<none>" else 0
        when = f" on {stamp(t.success_at)}" if t.response.startswith("OK") else ""
        text += (
            f"{channel}:\n  Attempts: Total={total}, Success={t.success}, Fail={t.failed}"
            f"  Ongoing Failure: Overall={ongoing} Communication={ongoing}\n"
            f"  Last Response: {t.response}{when}\n    Failure Reason: {t.reason}\n"
            f"  Last Success Time: {stamp(t.success_at)}\n"
            f"  Last Failure Time: {stamp(t.failure_at)}\n"
        )
    return text + "\n"


def _reservation(router: Router) -> str:
    agent = router.agent
    code = agent.reservation
    state = code.status if code is not None else "NOT INSTALLED"
    confirmation = code.confirmation_code if code is not None else "<none>"
    return (
        f"License reservation: {'ENABLED' if agent.reservation_on else 'DISABLED'}\n\n"
        f"Overall status:\n  Active: {agent.udi}\n    Reservation status: {state}\n"
        "    Request code: <none>\n    Last return code: <none>\n"
        f"    Last Confirmation code: {confirmation}\n"
        "    Reservation authorization code: <none>\n\nSpecified license reservations:\n\n"
        "Purchased Licenses:\n  No Purchase Information Available\n\n"
    )


def _other(router: Router) -> str:
    agent = router.agent
    udi = f"P:{router.pid},S:{router.serial}"
    text = f"{section('Other Info').rstrip()}\nSoftware ID: {software_tag(router.pid)}\n"
    if agent.model == "slp":
        trust = agent.slp.trust_id[:3] or "0"
        state = "INSTALLED (2)" if agent.slp.trust_at else "No ID"
        text += "Agent State: authorized\nSmartAgentReportOnUpgrade: False\n"
        if agent.slp.trust_at:
            text += f"{udi}: {udi}, state[2], Trust Data INSTALLED  TrustId:{trust}\n"
        text += f"Overall Trust: {state}\n"
    text += f"Clock sync-ed with NTP: {router.synchronised()}\n\n"
    return text + (
        "Platform Provided Mapping Table\n===============================\n"
        f"  {router.pid}: Total licenses found: {len(agent.licences) + 1}\n"
        f"Enforced Licenses:\n  {udi}:\n    hseck9: {agent.hsec[1]} (3)\n\n"
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
    snapshot = router.agent.csl_before if router.agent.pak_snapshot else None
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
