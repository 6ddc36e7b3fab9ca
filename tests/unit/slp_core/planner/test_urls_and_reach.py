"""TOPO-URL (C08) and READY-3 in the right VRF (C09): what the licence server is reached by."""

from __future__ import annotations

from typing import Any

import pytest

from kit.cases import DATA, case_state
from kit.states import PLAIN, evaluating, router, slp, target
from slp_core.parsing import assemble
from slp_core.plan import Notice
from slp_core.planner import make_plan, plan_step
from slp_core.planner.jobs.topology import TopologyJob
from slp_core.rules.urls import misfit

ONPREM = "https://ssm.example.net"


@pytest.mark.parametrize(
    ("kind", "url", "severity"),
    [
        ("cslu", "http://cslu.example.net:8182/cslu/v1/pi", None),
        ("cslu", "http://192.0.2.9:8182/cslu/v1/pi/", None),
        ("cslu", "https://cslu.example.net:8182/cslu/v1/pi", "warning"),
        ("cslu", "https://cslu.example.net/cslu/v1/pi", None),
        ("cslu", "http://cslu.example.net/cslu/v1/pi", "warning"),
        ("cslu", "http://cslu.example.net:8182", "warning"),
        ("cslu", "http://cslu.example.net:8182/cslu/v1/pi/tenant-1", "warning"),
        ("cslu", "https://smartreceiver.cisco.com/licservice/license", "blocker"),
        ("cslu", "http://cslu.example.net/SmartTransport", "blocker"),
        (
            "cslu-offline",
            "https://tools.cisco.com/its/service/oddce/services/DDCEService",
            "blocker",
        ),
        ("onprem", f"{ONPREM}/cslu/v1/pi/tenant-1", None),
        ("onprem", f"{ONPREM}/cslu/v1/pi/My%20Tenant", None),
        ("onprem", "http://192.0.2.7/cslu/v1/pi/T1", None),
        ("onprem", f"{ONPREM}/cslu/v1/pi", "blocker"),
        ("onprem", f"{ONPREM}/cslu/v1/pi/%20", "blocker"),
        ("onprem", f"{ONPREM}/SmartTransport", "blocker"),
        ("onprem", f"{ONPREM}/Transportgateway/services/DeviceRequestHandler", "blocker"),
        ("onprem", "https://tools.cisco.com/cslu/v1/pi/tenant-1", "blocker"),
        ("onprem", ONPREM, "blocker"),
        ("direct", "https://smartreceiver.cisco.com/licservice/license", None),
        ("direct", "https://proxy.example.net/licservice/license", None),
        ("direct", "http://cslu.example.net:8182/cslu/v1/pi", "blocker"),
        ("direct", f"{ONPREM}/cslu/v1/pi/tenant-1", "blocker"),
        ("direct", f"{ONPREM}/Transportgateway/services/DeviceRequestHandler", "blocker"),
        ("direct", "https://smartreceiver.cisco.com/", "warning"),
        ("airgap", "https://whatever.example.net/", None),
        ("controller", "https://whatever.example.net/", None),
    ],
)
def test_topo_url_each_topology_has_its_form(kind: str, url: str, severity: str | None) -> None:
    found = misfit(kind, None, url)
    assert (found.severity if found else None) == severity


def test_topo_url_call_home_sends_where_its_profile_says() -> None:
    assert misfit("direct", "callhome", "https://tools.cisco.com/its/service/x") is None


def about(plan: Any, rule: str) -> list[Notice]:
    return [n for n in plan.notices if n.rule == rule]


def test_topo_url_is_a_blocker_that_may_be_overridden_in_full_plans_and_alone() -> None:
    at = {"url": f"{ONPREM}/SmartTransport", "server_version": "8-202206"}
    wishes = target("17.3.2", "onprem", at=at)
    (blocker,) = about(make_plan(router(licensing=evaluating(PLAIN)), wishes), "TOPO-URL")
    assert (blocker.severity, blocker.overridable) == ("blocker", True)
    assert "Inventory > General" in blocker.remedy
    allowed = target("17.3.2", "onprem", at=at, allow={"TOPO-URL": "our proxy rewrites it"})
    again = make_plan(router(licensing=evaluating(PLAIN)), allowed)
    assert "TOPO-URL" not in {n.rule for n in again.blockers}
    alone = plan_step(router(release="17.6.5", licensing=slp(PLAIN)), TopologyJob(), target=wishes)
    assert [n.text for n in about(alone, "TOPO-URL")] == [blocker.text]


# --- C09: in the right VRF ----------------------------------------------------------------------

CSLU = {"url": "http://cslu.example.net:8182/cslu/v1/pi"}
BEGIN = "Building configuration...\nversion 17.3\nhostname edge\n"
MGMT = (
    "ip name-server vrf Mgmt 10.10.10.10\nip route vrf Mgmt 0.0.0.0 0.0.0.0 10.10.10.1\n"
    "interface GigabitEthernet0\n vrf forwarding Mgmt\n ip address 10.10.10.2 255.255.255.0\n"
)


def said(config: str, **at: Any) -> list[str]:
    outputs = {
        "show version": "Cisco IOS XE Software, Version 16.12.05\nProcessor board ID FDO1\n"
        "cisco ISR4331/K9 (1RU) processor with 1K/2K bytes of memory.\n"
        "Smart Licensing Status: UNREGISTERED/EVAL MODE\nConfiguration register is 0x2102\n",
        "show running-config": f"{BEGIN}{config}end\n",
    }
    goal = at.pop("release", "17.9.4")
    plan = make_plan(assemble("edge", outputs), target(goal, "cslu", at={**CSLU, **at}))
    return [n.text for n in plan.notices if n.rule == "READY-3"]


def test_ready_3_what_stands_in_another_vrf_only_is_told_with_where_it_stands() -> None:
    told = said(MGMT)
    assert "a name server stands in VRF Mgmt only, licence traffic goes by the global routing " \
        "table" in told  # fmt: skip
    assert any(text.startswith("a route stands in VRF Mgmt only") for text in told)


@pytest.mark.parametrize(
    "at",
    [{"vrf": "Mgmt"}, {"source_interface": "GigabitEthernet0"}],
)
def test_ready_3_the_named_vrf_or_that_of_the_named_interface_counts(at: dict[str, Any]) -> None:
    assert said(MGMT, **at) == []


def test_ready_3_the_configured_source_interface_counts() -> None:
    assert said(f"{MGMT}ip http client source-interface GigabitEthernet0\n") == []


def test_ready_3_what_is_global_does_not_serve_a_vrf() -> None:
    config = "ip name-server 10.0.0.1\nip route 0.0.0.0 0.0.0.0 10.0.0.254\n"
    assert said(config) == []
    told = said(config, vrf="Mgmt")
    assert any("the global routing table only, licence traffic goes by VRF Mgmt" in x for x in told)


@pytest.mark.parametrize(
    ("config", "silent"),
    [
        ("ip name-server 10.0.0.1\nrouter bgp 65000\n", True),
        ("ip name-server 10.0.0.1\nrouter ospf 1 vrf Mgmt\n", False),
        ("ip name-server 10.0.0.1\ninterface Gi0/0/0\n ip address dhcp\n", True),
        (
            "ip name-server 10.0.0.1\ninterface Gi0/0/0\n vrf forwarding Mgmt\n ip address dhcp\n",
            False,
        ),
        ("ip name-server 10.0.0.1\nip default-gateway 10.0.0.254\n", True),
        ("ip host cslu.example.net 10.0.0.9\nip route 0.0.0.0 0.0.0.0 10.0.0.254\n", False),
    ],
)
def test_ready_3_routes_count_in_their_own_vrf(config: str, silent: bool) -> None:
    assert (said(config) == []) is silent


def test_ready_3_the_lookup_of_names_may_be_off() -> None:
    told = said("ip name-server 10.0.0.1\nno ip domain lookup\nip default-gateway 10.0.0.254\n")
    assert any("lookup of names is off" in text for text in told)


def test_ready_3_a_vrf_of_the_agent_only_where_the_release_has_it() -> None:
    assert any("license smart vrf" in x for x in said(MGMT, vrf="Mgmt", release="17.6.5"))
    assert not any("license smart vrf" in x for x in said(MGMT, vrf="Mgmt", release="17.9.4"))


def test_c08_and_c09_the_case() -> None:
    assert (DATA / "08-topology-url-form/br1").is_dir()
    state = case_state("08-topology-url-form/br1")
    assert state.interface_vrfs == {"GigabitEthernet0": "Mgmt-vrf"}
    plan = make_plan(state, target("17.9.4", "cslu", at={"url": "http://cslu.example.net/x"}))
    assert about(plan, "TOPO-URL")
    assert any("VRF Mgmt-vrf only" in n.text for n in about(plan, "READY-3"))
