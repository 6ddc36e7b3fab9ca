"""Topologies after the upgrade (TOPO): what each needs."""

from __future__ import annotations

from slp_core.plan import Topology
from slp_core.rules.data import RuleData, TopologyRow


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
