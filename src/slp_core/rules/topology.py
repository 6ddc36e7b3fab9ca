"""Topologies after the upgrade (TOPO): what each needs."""

from __future__ import annotations

from slp_core.rules.model import Model
from slp_core.rules.schema import RuleData, TopologyRow
from slp_core.rules.urls import tenant_of
from slp_core.state import RouterState
from slp_core.targets import Topology
from slp_core.topology_lines import difference, has_vrf_keyword, wanted_lines


def row_of(topology: Topology, rules: RuleData) -> TopologyRow:
    """Returns the TOPO rule of a topology."""
    return rules.topology(topology.kind)


def present_row(state: RouterState, topology: Topology, rules: RuleData) -> TopologyRow | None:
    """Returns how a router that runs SLP reports by now; ``None`` where it cannot.

    Transport and address decide, not the topology that the target names for afterwards; that one
    only says who is behind an address that stays. Without an address nothing but a collector
    fetches reports.

    Source: REP-8; A110 wants the round before the release is changed.
    """
    licensing, row = state.licensing, row_of(topology, rules)
    shown = licensing.transport if licensing else None
    if shown is None:
        return None
    if shown.kind == "off":
        return rules.topology("airgap")
    if shown.kind in ("smart", "callhome"):
        trust = licensing.trust if licensing else None
        silent = trust is not None and trust.installed_on is None
        return None if silent else rules.topology("direct")
    address = shown.cslu_address
    if address is None:
        return row if row.report == "pull" else None
    if address == topology.url:
        return row
    return rules.topology("onprem" if tenant_of(address) else "cslu")


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


def settings_are_there(state: RouterState, topology: Topology, model: Model) -> bool:
    """Tells whether the router has what the topology sets beside the transport.

    A router that runs SLP and whose configuration was not seen is taken at its transport's word;
    one that has yet to migrate is set up anew.
    """
    wanted = _settings(state, topology)
    if not wanted:
        return True
    if model is not Model.SLP:
        return False
    if state.config is None:
        return True
    return not difference(wanted, state.config, state).sends


def _settings(state: RouterState, topology: Topology) -> list[str]:
    """Returns the lines of a topology beside transport and address."""
    named = topology.model_copy(update={"url": topology.url or "default"})
    lines = wanted_lines(named, vrf_keyword=has_vrf_keyword(state))
    return [x for x in lines if not x.startswith(("license smart transport", "license smart url"))]
