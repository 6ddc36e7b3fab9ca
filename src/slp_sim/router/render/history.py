"""What the agent remembers: messages by channel, events, usage reports by number."""

from __future__ import annotations

from slp_sim.router.catalog import short_tag
from slp_sim.router.render.text import stamp
from slp_sim.router.router import Router

CHANNELS = (
    "Trust Establishment",
    "Usage Reporting",
    "Result Polling",
    "Authorization Request",
    "Authorization Return",
    "Trust Sync",
)
IMPORTS = ("POLICY", "AUTH", "TRUST CODE", "RUM ACK", "CONVERSION ACK", "ACCOUNT INFO")


_RULE = "=" * 52


def messages(router: Router) -> str:
    """Returns ``show license history message``."""
    history = router.agent.history
    text = f"\nMessage History (oldest to newest):\n{_RULE}\n"
    for channel in CHANNELS:
        text += f"{channel}:\n"
        rows = [p for p in history if p.channel == channel][-3:]
        text += "".join(
            f"  REQUEST: {stamp(p.at)}\n  RESPONSE: {stamp(p.at)}\n    {p.text}\n" for p in rows
        )
        asked = router.agent.unanswered(channel)
        text += f"  REQUEST: {stamp(asked)}\n" if asked is not None else ""
        text += "" if rows or asked is not None else "  No past history\n"
    text += f"\nImport Message History (oldest to newest):\n{_RULE}\n"
    for kind in IMPORTS:
        text += f"Import {kind}:\n"
        rows = [p for p in history if p.channel == kind][-3:]
        text += "".join(f"  Received on {stamp(p.at)}\n    {p.text}\n" for p in rows)
        text += "" if rows else "  No past Import history\n"
        text += "\n"
    return text


def eventlog(router: Router) -> str:
    """Returns ``show license eventlog``."""
    events = router.agent.events
    if not events:
        return " No EventLog Found.\n"
    return "**** Event Log ****\n\n" + "".join(f"{row}\n" for row in events) + "\n"


def rum_ids(router: Router) -> str:
    """Returns ``show license rum id all``."""
    head = "Smart Licensing Usage Report:\n====================================\n"
    head += "Report Id,          State,    Flag, Feature Name\n"
    names = {x.regid: x.name or x.feature for x in router.agent.licences}
    return head + "".join(
        f"{r.report_id:<19} {r.state:<9} N     {names.get(r.tag) or short_tag(r.tag)}\n"
        for r in router.agent.slp.reports
    )
