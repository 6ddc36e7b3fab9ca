"""Smart Licensing as it was: register, renew, deregister."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from slp_sim.ports import Reply
from slp_sim.router.agent.state import Registration

if TYPE_CHECKING:
    from slp_sim.router.agent.core import Agent


def request_registration(agent: Agent, token: str) -> None:
    """Registers; the result comes some seconds later, in status and log."""
    agent.router.record("registration requested")
    agent.after(agent.router.random.uniform(5, 15), lambda: _register(agent, token))


def _register(agent: Agent, token: str) -> None:
    router = agent.router
    reply = agent.send("register", {"token": token, "hostname": router.hostname})
    if not reply.ok:
        router.record("registration refused")
        router.log(
            "SMART_LIC-3-AGENT_REG_FAILED",
            "Smart Agent for Licensing Registration with the Cisco Smart Software Manager (CSSM) "
            f"failed: {reply.reason or 'Communications failure'}",
        )
        return
    _registered(agent, reply)


def _registered(agent: Agent, reply: Reply) -> None:
    now, body = agent.now(), reply.body
    agent.registration = Registration(
        str(body.get("smart_account", "")),
        str(body.get("virtual_account", "")),
        now,
        now + timedelta(days=365),
        now,
        now + timedelta(days=90),
        bool(body.get("export_controlled", True)),
    )
    agent.eval_ends = None
    for licence in agent.licences:
        licence.name = licence.name or licence.feature
    router = agent.router
    router.record("registered")
    router.log(
        "SMART_LIC-6-AGENT_REG_SUCCESS",
        "Smart Agent for Licensing Registration with the Cisco Smart Software Manager (CSSM) "
        f"successful for udi {agent.udi}",
    )
    router.log(
        "SMART_LIC-5-IN_COMPLIANCE",
        "All entitlements and licenses in use on this device are authorized",
    )


def deregister(agent: Agent) -> str:
    """Deregisters at once; evaluation begins again."""
    if agent.registration is None:
        return "% Error: Smart Agent not registered\n"
    agent.send("deregister")
    agent.registration = None
    agent.eval_ends = agent.now() + timedelta(days=90)
    agent.router.record("deregistered")
    return "license smart deregister: Success\n"


def renew(agent: Agent, what: str) -> str:
    """Renews the identity or the authorization."""
    registration = agent.registration
    if registration is None:
        return "% Error: Smart Agent not registered\n"
    reply = agent.send("renew", {"what": what})
    if not reply.ok:
        agent.router.log(
            "SMART_LIC-3-AUTH_RENEW_FAILED",
            "Authorization renewal with the Cisco Smart Software Manager (CSSM) failed: "
            f"{reply.reason or 'Communications failure'}",
        )
        return f"% Error: {reply.reason or 'Communications failure'}\n"
    now = agent.now()
    if what == "id":
        registration.last_renewal = now
        registration.expires_at = now + timedelta(days=365)
    else:
        registration.authorized_at = now
        registration.deadline_at = now + timedelta(days=90)
    agent.router.record(f"renewed {what}")
    return f"license smart renew {what}: Success\n"


def renew_after_downgrade(agent: Agent) -> None:
    """Turns trust into a registration again, if CSSM agrees."""
    if agent.model != "smart" or agent.registration is not None:
        return
    reply = agent.send("renew", {"what": "id"})
    if reply.ok:
        _registered(agent, reply)
    else:
        agent.router.record("trust renewal refused")
