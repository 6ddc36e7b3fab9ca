"""Topology: how the router reports (TOPO rows). Only missing lines are sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from nornir.core.task import Result, Task

from slp_core.errors import InputError, StepFailed
from slp_core.plan import StepKind, Topology
from slp_core.release import Release
from slp_core.render import render_lines
from slp_core.state import RouterState
from slp_tasks.barred import NO_SLP
from slp_tasks.look import STATUS, VERSION, configuration, look
from slp_tasks.step import Acted, Confirm, Probe, StepContext
from slp_tasks.task import carry_out

_VRF_KEYWORD = Release(17, 9, 1)
"""`license smart vrf` is there from about here on (not documented); a router without it says so."""
CSSM_URL = "https://smartreceiver.cisco.com/licservice/license"
_ONE_OF_A_KIND = (
    "license smart transport ",
    "license smart url ",
    "license smart usage interval ",
    "license smart proxy address ",
    "license smart proxy port ",
    "license smart vrf ",
    "ip http client source-interface ",
    "ip http client secure-trustpoint ",
)
"""Beginnings of lines of which a configuration holds one: another value is replaced by it."""
_OF_SLP = re.compile(
    r"license smart (transport (cslu|off)|url (cslu|smart) |usage interval |proxy |vrf )"
)
"""Lines that a router takes only once it runs SLP: before, some would be taken and some not."""
_URL_FORM = re.compile(r"^license smart url (?:(smart|cslu|default|utility)\b ?)?(.*)$")


class SetTopology:
    """Params: ``topology`` (``Topology``)."""

    def probe(self, ctx: StepContext) -> Probe:
        config, missing, state = _look(ctx)
        if not missing:
            return Probe("done", "the topology is configured already")
        if not _runs_slp(state) and any(_OF_SLP.match(line) for line in missing):
            return Probe("blocked", NO_SLP, code=StepFailed.code)
        replaced = replaced_lines(missing, config)
        seen = {"sends": missing, "replaces": replaced}
        text = f"sends {len(missing)} lines" + (
            f", replaces: {'; '.join(replaced)}" if replaced else ""
        )
        return Probe("ready", text, seen=seen)

    def act(self, ctx: StepContext) -> Acted:
        config, missing, _ = _look(ctx)
        replaced = replaced_lines(missing, config)
        if missing:
            ctx.session.configure(missing)
        return Acted(
            bool(missing), f"{len(missing)} lines sent", {"sent": missing, "replaced": replaced}
        )

    def confirm(self, ctx: StepContext) -> Confirm:
        _, missing, state = _look(ctx)
        if missing:
            return Confirm("failed", f"the router does not show `{missing[0]}`")
        kind = (
            state.licensing.transport.kind if state.licensing and state.licensing.transport else "?"
        )
        return Confirm("confirmed", f"transport {kind}, every line in place")


def _topology(ctx: StepContext) -> Topology:
    return Topology.model_validate(ctx.step.params["topology"])


def _look(ctx: StepContext) -> tuple[tuple[str, ...], list[str], RouterState]:
    """Returns the configuration, which lines it lacks, and what the router shows."""
    config, state = configuration(ctx), look(ctx, VERSION, STATUS)
    keyword = state.release is not None and state.release >= _VRF_KEYWORD
    wanted = wanted_lines(_topology(ctx), vrf_keyword=keyword)
    return config, missing_lines(wanted, config, state), state


def wanted_lines(topology: Topology, *, vrf_keyword: bool = False) -> tuple[str, ...]:
    """Returns the configuration of a topology, from its template.

    Raises:
        TemplateError: the topology lacks a value that its template needs.
    """
    values = topology.model_dump(exclude={"token", "kind"})
    values |= {"vrf_keyword": vrf_keyword, "proxy": _proxy(topology.proxy)}
    if topology.url:
        values["required_url"] = topology.url
    return render_lines(f"topology/{topology.kind}.j2", values)


def _proxy(text: str | None) -> dict[str, str] | None:
    """Takes ``address:port``, with or without a scheme."""
    if text is None:
        return None
    address, _, port = text.rpartition("://")[2].rstrip("/").rpartition(":")
    if not address or not port.isdigit():
        raise InputError("the proxy has no port", where="topology", remedy="write it as host:port")
    return {"address": address, "port": port}


def missing_lines(wanted: Iterable[str], config: Iterable[str], state: RouterState) -> list[str]:
    """Returns the lines that the router does not have yet, in order.

    Transport and URL count as there when the router shows them in force: defaults do not stand
    in a configuration, and ``url default`` is stored in another form.
    """
    have = {_plain(line) for line in config}
    return [line for line in wanted if _plain(line) not in have and not _in_force(line, state)]


def _plain(line: str) -> str:
    return " ".join(line.split())


def _runs_slp(state: RouterState) -> bool:
    return bool(state.licensing and state.licensing.slp)


def _in_force(line: str, state: RouterState) -> bool:
    shown = state.licensing.transport if state.licensing else None
    if shown is None or not _runs_slp(state):
        return False
    if line.startswith("license smart transport "):
        return shown.kind == line.split()[-1]
    match = _URL_FORM.match(line)
    if match is None:
        return False
    form, url = match[1] or "smart", match[2]
    if form == "cslu":
        return shown.cslu_address == url
    return shown.kind == "smart" and shown.url == (CSSM_URL if form == "default" else url)


def replaced_lines(missing: Iterable[str], config: Iterable[str]) -> list[str]:
    """Returns configured lines that the missing ones will replace."""
    lines = [_plain(line) for line in config]
    found = []
    for new in missing:
        start = next((s for s in _ONE_OF_A_KIND if new.startswith(s)), None)
        if start == "license smart url ":
            start = "license smart url cslu " if " cslu " in new else start
        found += [x for x in lines if start and x.startswith(start) and x != new]
    return list(dict.fromkeys(found))


def topology(task: Task, topology: dict[str, Any], **options: Any) -> Result:
    """Nornir task: configures the host for ``topology`` (see ``slp_core.plan.Topology``)."""
    return carry_out(
        task, SetTopology(), StepKind.TOPOLOGY, {"topology": topology}, deadline_s=300, **options
    )
