"""Topology: how the router reports (TOPO rows). Only missing lines are sent."""

from __future__ import annotations

import re
from typing import Any, Unpack

from nornir.core.task import Result, Task

from slp_core.errors import StepFailed
from slp_core.state import RouterState
from slp_core.steps.way import TopologyParams
from slp_core.topology_lines import (
    Difference,
    difference,
    has_vrf_keyword,
    readdressed,
    still_missing,
)
from slp_tasks.look import STATUS, VERSION, configuration, look
from slp_tasks.preconditions import NO_SLP
from slp_tasks.sending import incoming, incoming_file
from slp_tasks.step import Acted, Confirm, Probe, Step, StepContext
from slp_tasks.task import TaskOptions, carry_out

_OF_SLP = re.compile(
    r"license smart (transport (cslu|off)|url (cslu|smart) |usage interval |proxy |vrf )"
)
"""Lines that a router takes only once it runs SLP: before, some would be taken and some not."""
_INTERFACES = "B9-10"
"""Rule by which an operator allows that an interface gets another address."""


class SetTopology(Step[TopologyParams]):
    """Sends the lines that are missing, and takes away what they replace."""

    params = TopologyParams

    def probe(self, ctx: StepContext[TopologyParams]) -> Probe:
        config, state = _seen(ctx)
        wanted = self._wanted(ctx, state)
        found = difference(wanted, config, state)
        if not found.sends:
            return Probe("done", "the topology is configured already")
        why_not = _why_not(ctx, state, found, readdressed(wanted, config))
        if why_not is not None:
            return Probe("blocked", why_not, code=StepFailed.code)
        seen = {"sends": list(found.sends), "replaces": list(found.replaces)}
        text = f"sends {len(found.sends)} lines" + (
            f", replaces: {'; '.join(found.replaces)}" if found.replaces else ""
        )
        return Probe("ready", text, seen=seen)

    def act(self, ctx: StepContext[TopologyParams]) -> Acted:
        config, state = _seen(ctx)
        found = difference(self._wanted(ctx, state), config, state)
        if found.sends:
            ctx.session.configure(found.sends)
        return Acted(
            bool(found.sends),
            f"{len(found.sends)} lines sent",
            {"sent": list(found.sends), "replaced": list(found.replaces)},
        )

    def confirm(self, ctx: StepContext[TopologyParams]) -> Confirm:
        config, state = _seen(ctx)
        missing = still_missing(self._wanted(ctx, state), config, state)
        if missing:
            return Confirm("failed", f"the router does not show `{missing[0]}`")
        kind = (
            state.licensing.transport.kind if state.licensing and state.licensing.transport else "?"
        )
        return Confirm("confirmed", f"transport {kind}, every line in place")

    def _wanted(self, ctx: StepContext[TopologyParams], state: RouterState) -> tuple[str, ...]:
        url = _handed_in(ctx, ctx.params.url_file) if ctx.params.url_file else None
        return ctx.params.wanted(vrf_keyword=has_vrf_keyword(state), url=url)


def _handed_in(ctx: StepContext[TopologyParams], name: str) -> str:
    """Returns the URL that a person handed in.

    Raises:
        InputError: there is none, or the file holds something else.
    """
    incoming_file(ctx, name, None)
    return incoming(ctx, name).read_text(encoding="utf-8").strip()


def _seen(ctx: StepContext[TopologyParams]) -> tuple[tuple[str, ...], RouterState]:
    return configuration(ctx), look(ctx, VERSION, STATUS)


def _why_not(
    ctx: StepContext[TopologyParams], state: RouterState, found: Difference, interface: str | None
) -> str | None:
    runs_slp = bool(state.licensing and state.licensing.slp)
    if not runs_slp and any(_OF_SLP.match(line) for line in found.sends):
        return NO_SLP
    if interface is not None and not ctx.plan.allows(_INTERFACES):
        return (
            f"{interface} has another address or VRF: changing it may cut the router off "
            f"(--allow {_INTERFACES}='the second way in')"
        )
    return None


def topology(task: Task, topology: dict[str, Any], **options: Unpack[TaskOptions]) -> Result:
    """Nornir task: configures the host for ``topology`` (see ``slp_core.targets.Topology``)."""
    return carry_out(task, SetTopology(), {"topology": topology}, **options)
