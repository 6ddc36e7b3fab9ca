"""What stands against reporting, and what becomes of it afterwards: REP-8, REP-12, ONPREM-10."""

from __future__ import annotations

from collections.abc import Iterator

from slp_core.planner.situation import Situation
from slp_core.planner.usage_steps import reports_first
from slp_core.rules.concern import Concern
from slp_core.rules.dlc import collected, outstanding
from slp_core.rules.model import Model


def check_reporting(s: Situation) -> Iterator[Concern]:
    """Yields what full plans have to say of reporting."""
    yield from _first_round(s)
    yield from _schedules(s)


def check_collected(s: Situation) -> Iterator[Concern]:
    """Yields that a report leaves before conversion data is in it (DLC-5)."""
    if s.model is Model.SLP and outstanding(s.state) and not collected(s.state):
        yield Concern(
            "DLC-5",
            "warning",
            "conversion data is not collected yet: this report goes without it",
            "wait an hour after the upgrade, or report a second time by the same way",
        )


def _first_round(s: Situation) -> Iterator[Concern]:
    """Yields that the round before the upgrade cannot be made by the present topology (REP-8)."""
    if not reports_first(s) or s.leaves_slp or s.reports_now is not None:
        return
    licensing = s.state.licensing
    shown = licensing.transport if licensing else None
    if shown is None:
        why, remedy = "its transport was not seen", "collect show license status again"
    elif shown.kind == "cslu":
        why = "transport cslu has no address"
        remedy = "set the present address first (slp topology), or report by files (slp usage save)"
    else:
        why = f"transport {shown.kind} has no trust code"
        remedy = "install trust first (slp trust), or report by files (slp usage save)"
    yield Concern(
        "REP-8",
        "blocker",
        f"a full round of reporting comes before this upgrade, and the router cannot report: {why}",
        f"{remedy}; --allow REP-8=reason upgrades without the round",
    )


def _schedules(s: Situation) -> Iterator[Concern]:
    """Yields who reports when, once all is done (A5880-5888)."""
    if s.topology.where != "SSM On-Prem" or s.leaves_slp:
        return
    yield Concern(
        "REP-12",
        "note",
        "the router reports to SSM On-Prem as `license smart usage interval` says, next at its "
        "`Next report push`; On-Prem reports to CSSM by a schedule of its own",
        "set it in On-Prem: Reports > Usage Schedules > Synchronization schedule with Cisco",
    )
