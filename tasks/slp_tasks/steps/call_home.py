"""Call-home before SLP: how a classic router reaches its licence server (B9-10).

Over the management interface or over a network port: address, routes, VRF, name servers, source
interface, contact, mail servers, profile. Only the lines that are missing are sent.
"""

from __future__ import annotations

from typing import Any, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.steps.way import CallHomeParams, TopologyParams
from slp_tasks.look import STATUS, VERSION, look
from slp_tasks.step import Confirm, Probe, StepContext
from slp_tasks.steps.topology import SetTopology
from slp_tasks.task import TaskOptions, carry_out


class SetCallHome(SetTopology):
    """Sets up call-home on a router that does not run SLP."""

    params = CallHomeParams

    def probe(self, ctx: StepContext[TopologyParams]) -> Probe:
        licensing = look(ctx, VERSION, STATUS).licensing
        if licensing is not None and licensing.slp:
            said = "the router runs SLP: its transport is set by `slp topology`"
            return Probe("blocked", said, code=StepFailed.code)
        return super().probe(ctx)

    def confirm(self, ctx: StepContext[TopologyParams]) -> Confirm:
        found = super().confirm(ctx)
        if found.state != "confirmed":
            return found
        return Confirm("confirmed", "call-home is set up, every line in place")


def call_home(task: Task, topology: dict[str, Any], **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: sets up call-home on a host before SLP (see ``slp_core.targets.Topology``).

    Args:
        topology: ``call_home`` with ``contact``, ``mail_servers``, ``url`` and ``profile``; beside
            it ``vrf``, ``source_interface``, ``routes``, ``name_servers`` and the like.
    """
    given = {"kind": "direct", "transport": "callhome", "call_home": {}} | topology
    return carry_out(task, SetCallHome(), {"topology": given}, **options)
