"""The way to the licence server is looked at from the router, before it reloads (READY-3)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from slp_core.plan import RouterPlan
from slp_core.way import way_before_reload
from slp_tasks.connection.opening import open_session

CSSM = "smartreceiver.cisco.com"
CSLU = "http://cslu.example.net:8182/cslu/v1/pi"
ONPREM_HOST = "ssm.example.net"
ONPREM = f"https://{ONPREM_HOST}/cslu/v1/pi/Local-1"
PROXY = "proxy.example.net:3128"
WORLD: dict[str, Any] = {
    "cslu": [{"url": CSLU, "home": "Eg-SA-01/Eg-VA-01"}],
    "onprem": [{"host": ONPREM_HOST, "tenants": {"Local-1": "Eg-SA-01/Eg-VA-01"}}],
    "listens": [PROXY],
}
DIRECT: dict[str, Any] = {"kind": "direct", "token": "env:SLP_TOKEN"}


def evaluation(**path: Any) -> dict[str, Any]:
    return {"name": "r1", "family": "s4_evaluation", "path": path}


def preflight(made: Bench, plan: RouterPlan) -> str:
    return made.carry(plan, plan.steps[0])


def looked(made: Bench, plan: RouterPlan) -> str:
    return str(made.notes[plan.steps[0].id].get("way"))


def dialled(made: Bench) -> list[str]:
    return [x for x in made.router().typed if "telnet" in x or "disconnect" in x]


@pytest.mark.parametrize(
    ("path", "topology", "says"),
    [
        ({"dns": False}, DIRECT, f"{CSSM} port 443: its name does not resolve"),
        ({"cssm": False}, DIRECT, f"{CSSM} port 443: the connection times out"),
        ({"unrouted": [CSSM]}, DIRECT, f"{CSSM} port 443: there is no route to it"),
        ({"refuses": [CSSM]}, DIRECT, f"{CSSM} port 443: the connection is refused"),
        ({"cslu": False}, {"kind": "cslu", "url": CSLU}, "port 8182: the connection times out"),
        (
            {"refuses": [ONPREM_HOST]},
            {"kind": "onprem", "url": ONPREM, "server_version": "8-202105"},
            f"{ONPREM_HOST} port 443: the connection is refused",
        ),
        (
            {"drops": [PROXY]},
            {**DIRECT, "proxy": f"http://{PROXY}"},
            "the proxy proxy.example.net port 3128: the connection times out",
        ),
    ],
)
def test_ready_3_a_barred_way_stops_before_the_reload(
    tmp_path: Path, path: dict[str, Any], topology: dict[str, Any], says: str
) -> None:
    with bench(tmp_path, evaluation(**path), **WORLD) as made:
        plan = made.plan(topology=topology)
        ended = preflight(made, plan)
        assert ended.startswith("blocked: r1 does not reach ")
        assert says in ended
        assert "(sent `telnet " in ended
        assert "shown `% " in ended
        assert made.router().boot_count == 0


@pytest.mark.parametrize(
    "topology",
    [
        DIRECT,
        {**DIRECT, "transport": "callhome"},
        {**DIRECT, "proxy": PROXY},
        {"kind": "cslu", "url": CSLU},
        {"kind": "onprem", "url": ONPREM, "server_version": "8-202105"},
    ],
)
def test_ready_3_an_open_way_takes_two_lines_and_leaves_nothing_open(
    tmp_path: Path, topology: dict[str, Any]
) -> None:
    with bench(tmp_path, evaluation(), **WORLD) as made:
        plan = made.plan(topology=topology)
        assert preflight(made, plan) == "skipped"
        assert looked(made, plan).startswith("r1 reaches ")
        assert [x.split()[0] for x in dialled(made)] == ["#telnet", "#disconnect"]
        assert [x.connections for x in made.router().lines] in ([], [[]])


@pytest.mark.parametrize("kind", ["airgap", "controller", "cslu-pull"])
def test_ready_3_nothing_is_dialled_where_the_router_reaches_nobody(
    tmp_path: Path, kind: str
) -> None:
    with bench(tmp_path, evaluation(dns=False)) as made:
        plan = made.plan(topology={"kind": kind})
        assert preflight(made, plan) == "skipped"
        assert dialled(made) == []


def test_ready_3_nothing_is_dialled_by_a_plan_that_does_not_reload(tmp_path: Path) -> None:
    with bench(tmp_path, evaluation(dns=False)) as made:
        plan = made.plan(topology=DIRECT, reload="later")
        assert preflight(made, plan) == "skipped"
        assert dialled(made) == []


def test_ready_3_is_overridden_by_a_reason(tmp_path: Path) -> None:
    with bench(tmp_path, evaluation(cssm=False)) as made:
        plan = made.plan(topology=DIRECT, allow={"READY-3": "the firewall opens tonight"})
        assert preflight(made, plan) == "skipped"
        warned = made.notes[plan.steps[0].id]["warnings"]
        assert any("does not reach" in text for text in warned)


def test_ready_3_what_the_plan_sets_later_is_a_warning(tmp_path: Path) -> None:
    with bench(tmp_path, evaluation(dns=False)) as made:
        plan = made.plan(topology={**DIRECT, "name_servers": ["192.0.2.53"]})
        assert preflight(made, plan) == "skipped"
        (warned,) = (t for t in made.notes[plan.steps[0].id]["warnings"] if CSSM in t)
        assert "could not be seen" in warned
        assert "`ip name-server 192.0.2.53`" in warned


def test_ready_3_a_name_server_that_is_set_later_does_not_explain_a_port_that_times_out(
    tmp_path: Path,
) -> None:
    with bench(tmp_path, evaluation(cssm=False)) as made:
        plan = made.plan(topology={**DIRECT, "name_servers": ["192.0.2.53"]})
        assert preflight(made, plan).startswith("blocked: r1 does not reach")


def test_ready_3_a_route_that_is_set_later_is_a_warning(tmp_path: Path) -> None:
    with bench(tmp_path, evaluation(unrouted=[CSSM])) as made:
        route = "203.0.113.0 255.255.255.0 192.0.2.1"
        plan = made.plan(topology={**DIRECT, "routes": [route]})
        assert preflight(made, plan) == "skipped"
        assert f"`ip route {route}`" in looked(made, plan)


def test_ready_3_a_server_that_is_cut_over_meanwhile_may_be_down(tmp_path: Path) -> None:
    old = {"kind": "onprem", "url": ONPREM, "server_version": "8-202012"}
    router = {"name": "r1", "family": "s1_registered", "path": {"refuses": [ONPREM_HOST]}}
    with bench(tmp_path, router, **WORLD) as made:
        way = way_before_reload(made.plan(topology=old), made.state())
        assert way is not None
        assert way.cut_over


def test_ready_3_a_router_that_cannot_dial_is_warned_of(tmp_path: Path) -> None:
    router = evaluation() | {
        "router": {"faults": [{"name": "F19", "params": {"command": "telnet"}}]}
    }
    with bench(tmp_path, router) as made:
        plan = made.plan(topology=DIRECT)
        assert preflight(made, plan) == "skipped"
        assert "could not be seen" in looked(made, plan)


def test_ready_3_the_way_is_looked_at_in_the_vrf_and_from_the_interface(tmp_path: Path) -> None:
    config = [
        "vrf definition Mgmt-intf",
        "interface GigabitEthernet0",
        " vrf forwarding Mgmt-intf",
        " ip address 192.0.2.9 255.255.255.0",
        "ip http client source-interface GigabitEthernet0",
    ]
    router = evaluation() | {"router": {"vrf": "Mgmt-intf", "config": config}}
    with bench(tmp_path, router) as made:
        plan = made.plan(topology=DIRECT)
        assert preflight(made, plan) == "skipped"
        assert dialled(made)[0] == (
            f"#telnet {CSSM} 443 /vrf Mgmt-intf /source-interface GigabitEthernet0"
        )
        assert looked(made, plan) == (
            f"r1 reaches {CSSM} port 443 (in VRF Mgmt-intf, from GigabitEthernet0)"
        )


@pytest.mark.parametrize(
    "over",
    ["fake", "netmiko-fake", *(pytest.param(x, marks=pytest.mark.slow)
                               for x in ("ssh", "netmiko", "system"))],
)  # fmt: skip
def test_a_session_that_opened_is_left_by_every_driver(tmp_path: Path, over: str) -> None:
    with (
        bench(tmp_path, evaluation(), over=over) as made,
        open_session(made.host(), secrets=made.secrets) as session,
    ):
        for _ in range(2):
            said = session.dial(f"telnet {CSSM} 443")
            assert said.rstrip().endswith("Open")
            assert "No connections open" in session.run("show sessions")
        lines = [x for x in made.router().typed if "terminal width" in x]
        assert len(lines) == 1, "one login was enough"


@pytest.mark.slow
def test_a_session_that_the_other_host_ends_at_once_costs_a_login_at_most(tmp_path: Path) -> None:
    with (
        bench(tmp_path, evaluation()) as made,
        open_session(made.host(), secrets=made.secrets) as session,
    ):
        session.run("show clock")
        (line,) = made.router().lines
        typed = line._far_key

        def closed_first(char: str, host: str) -> None:
            del typed.__self__._far_key  # once
            line._screen.print(f"\n[Connection to {host} closed by foreign host]\n")
            line._remote = None
            line._advance("")
            line._key(char)

        line._far_key = closed_first  # type: ignore[method-assign]
        assert "Open" in session.dial(f"telnet {CSSM} 443")
        assert "UTC" in session.run("show clock")
        assert made.router().lines != [line]
