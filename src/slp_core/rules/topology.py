"""Topologies after the upgrade (TOPO): what each needs."""

from __future__ import annotations

from slp_core.plan import Topology
from slp_core.rules.model import Model
from slp_core.rules.schema import RuleData, TopologyRow
from slp_core.state import RouterState


def row_of(topology: Topology, rules: RuleData) -> TopologyRow:
    """Returns the TOPO rule of a topology."""
    return rules.topology(topology.kind)


def wanted_transport(topology: Topology, row: TopologyRow) -> str | None:
    """Returns the transport that the router shall show at the end; ``None``: left as it is."""
    if row.kind == "direct" and topology.transport is not None:
        return topology.transport
    return row.transport


def wanted_url(topology: Topology, row: TopologyRow, rules: RuleData) -> str | None:
    """Returns the address that the router shall show; ``None``: none, or as the router has it."""
    kind = wanted_transport(topology, row)
    if kind == "smart":
        given = topology.url
        return rules.urls.smart if given in (None, "default") else given
    if kind == "cslu":
        return topology.url
    return None


def settings_are_there(
    state: RouterState, topology: Topology, row: TopologyRow, model: Model
) -> bool:
    """Tells whether the router has what the topology sets beside the transport.

    A router that runs SLP and whose configuration was not seen is taken at its transport's word;
    one that has yet to migrate is set up anew.
    """
    wanted = _settings(topology, row)
    if not wanted:
        return True
    if model is not Model.SLP:
        return False
    if state.config is None:
        return True
    lines = [line.strip() for line in state.config]
    return all(any(_says(line, setting) for line in lines) for setting in wanted)


def _settings(topology: Topology, row: TopologyRow) -> list[tuple[str, str]]:
    """Returns pairs of how a configuration line begins and what it must name."""
    found = [("ip name-server", server) for server in topology.name_servers]
    for start, value in (
        ("ip http client source-interface", topology.source_interface),
        ("ip http client secure-trustpoint", topology.trustpoint),
        ("license smart proxy", topology.proxy and topology.proxy.rpartition(":")[0]),
        ("license smart usage interval", topology.usage_interval),
    ):
        if value:
            found.append((start, str(value)))
    if row.report == "pull" and row.transport is not None:
        found.append(("restconf", ""))
    return found


def _says(line: str, setting: tuple[str, str]) -> bool:
    start, value = setting
    return line.startswith(start) and value in line
