"""``show license authorization``: codes, carried-over PAKs, derived entitlements."""

from __future__ import annotations

from slp_sim.router.agent.core import Agent
from slp_sim.router.agent.state import Code
from slp_sim.router.catalog import slp_rank
from slp_sim.router.render.text import stamp
from slp_sim.router.router import Router


def authorization_lines(router: Router) -> str:
    """Returns the output, which is also the last part of ``show license all``."""
    agent = router.agent
    text = _overall(router)
    for code in (agent.reservation, agent.slac):
        if code is not None:
            text += _code(agent, code)
    if agent.slp.legacy:
        return text + _legacy(agent)
    text += "Purchased Licenses:\n  No Purchase Information Available\n\n"
    return text + _derived(agent)


def _overall(router: Router) -> str:
    agent = router.agent
    code = agent.slac or agent.reservation
    members = router.processors.members() or [("Active", agent.udi)]
    text = "Overall status:\n"
    for role, udi in members:
        text += f"  {role}: {udi}\n"
        if code is None:
            text += "      Status: NOT INSTALLED\n"
            text += "      Status:PAK\n" if agent.slp.legacy else ""
        else:
            text += f"      Status: {code.status} on {stamp(code.installed_at)}\n"
            text += f"      Last Confirmation code: {code.confirmation_code}\n"
    return text + "\n"


def _code(agent: Agent, code: Code) -> str:
    smart = code.kind == "SMART"
    text = "Authorizations:\n" if smart else "Specified license reservations:\n"
    for entry in code.entries:
        enforcement = "EXPORT RESTRICTED" if entry.restricted else "NOT ENFORCED"
        label = "Total available count" if smart else "Total reserved count"
        when = "" if smart else f" on {stamp(code.installed_at)}"
        text += (
            f"  {entry.name} ({entry.tag}):\n    Description: {entry.description}\n"
            f"    {label}: {entry.count}\n    Enforcement type: {enforcement}\n"
            f"    Term information:\n      Active: {agent.udi}\n"
            f"        Authorization type: {code.status}{when}\n"
            f"        License type: {entry.license_type}\n          Term Count: {entry.count}\n"
        )
    return text + "\n"


def _legacy(agent: Agent) -> str:
    text = "Legacy License Info:\n"
    for entry in agent.slp.legacy:
        text += (
            f"  {entry.regid}:\n    DisplayName: {entry.name}\n"
            f"    Description: {entry.description}\n    Total available count: {entry.count}\n"
            f"    Term information:\n      Active: {agent.udi}\n"
            f"        License type: {entry.license_type}\n          Term Count: {entry.count}\n\n"
        )
    return text


def _derived(agent: Agent) -> str:
    coded: set[str] = set()
    if agent.slac is not None:
        coded = {e.tag for e in agent.slac.entries}
    licences = sorted(agent.in_use(), key=lambda x: slp_rank(x.feature))
    rows = [x.regid for x in licences if x.tag not in coded]
    return "Derived Licenses:\n" + "".join(f"  Entitlement Tag: {row}\n" for row in rows)
