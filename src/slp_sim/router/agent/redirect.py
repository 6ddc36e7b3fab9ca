"""A server that has moved: the router takes the transport that it is told (ONPREM-4)."""

from __future__ import annotations

from slp_sim.ports import Reply
from slp_sim.router.agent import reporting
from slp_sim.router.agent.core import Agent

_SETTLE_S = 2.0


def follow(agent: Agent, reply: Reply) -> None:
    """Takes over the URL that the answer names, if it names one, by transport cslu."""
    url = reply.body.get("transport_url")
    if agent.model == "slp" and isinstance(url, str):
        agent.after(_SETTLE_S, lambda: _take(agent, url))


def _take(agent: Agent, url: str) -> None:
    running = agent.device.running
    lines = ("license smart transport cslu", f"license smart url cslu {url}")
    if all(running.has(line) for line in lines):
        return
    for line in lines:
        running.set(None, line)
    agent.device.record("transport rewritten by its server")
    reporting.transport_changed(agent)
