"""Every TOPO row through its template: only missing lines are sent, what goes is shown first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import bench
from kit.office import Office, office
from kit.routers import metro, slp_router
from slp_tasks.steps.call_home import call_home
from slp_tasks.steps.topology import topology

URL = "http://192.168.0.1:8182/cslu/v1/pi"
ONPREM = "https://onprem.example.net/cslu/v1/pi/EG-1"
REACH = {
    "source_interface": "GigabitEthernet0/0/2",
    "lookup_interface": "GigabitEthernet0/0/2",
    "name_servers": ["192.0.2.53", "192.0.2.54"],
    "routes": ["192.0.2.0 255.255.255.0 10.0.0.1"],
    "trustpoint": "SLA-TrustPoint",
    "revocation_check": "none",
    "http_timeout": 30,
    "http_retries": 3,
}
SETS_UP = [
    "ip route 192.0.2.0 255.255.255.0 10.0.0.1",
    "ip domain lookup source-interface GigabitEthernet0/0/2",
    "ip http client source-interface GigabitEthernet0/0/2",
    "ip name-server 192.0.2.53",
    "ip name-server 192.0.2.54",
    "ip http client connection timeout 30",
    "ip http client connection retry 3",
    "crypto pki trustpoint SLA-TrustPoint",
    " revocation-check none",
    "exit",
    "ip http client secure-trustpoint SLA-TrustPoint",
]
REPORTS = {"usage_interval": 20, "privacy": ["hostname", "version"]}
REPORTING = [
    "license smart usage interval 20",
    "license smart privacy hostname",
    "license smart privacy version",
]
PROXY = ["license smart proxy address proxy.example.net", "license smart proxy port 8080"]
PULL = ["ip http secure-server", "ip http authentication local", "netconf-yang", "restconf"]
CSLU = ["license smart transport cslu"]
CALL_HOME = {
    "contact": "noc@example.net",
    "mail_servers": ["192.0.2.25", "192.0.2.26"],
    "url": "https://ssm.example.net/Transportgateway/services/DeviceRequestHandler",
    "server_identity_check": False,
}
CALLS_HOME = [
    "service call-home",
    "call-home",
    " contact-email-addr noc@example.net",
    " no http secure server-identity-check",
    ' http-proxy "proxy.example.net" port 8080',
    " mail-server 192.0.2.25 priority 1",
    " mail-server 192.0.2.26 priority 2",
    ' profile "CiscoTAC-1"',  # which each router has, active and by HTTP
    "  destination address http " + str(CALL_HOME["url"]),
    " exit",
    "exit",
]
PROXIED = {"proxy": "http://proxy.example.net:8080"}
ROWS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "direct": (
        {"kind": "direct", **REACH, **PROXIED, **REPORTS, "server_identity_check": True},
        [*SETS_UP, "license smart transport smart", "license smart url default", *PROXY,
         "license smart server-identity-check", *REPORTING],
    ),
    "direct by call-home": (
        {"kind": "direct", "transport": "callhome", **REACH, **PROXIED, **REPORTS,
         "call_home": CALL_HOME},
        [*SETS_UP, *CALLS_HOME, "license smart transport callhome", *REPORTING],
    ),
    "cslu": (
        {"kind": "cslu", "url": URL, **REACH, **PROXIED, **REPORTS},
        [*SETS_UP, f"license smart url cslu {URL}", *PROXY, *REPORTING],
    ),
    "cslu-offline": ({"kind": "cslu-offline", "url": URL}, [f"license smart url cslu {URL}"]),
    "cslu-pull": ({"kind": "cslu-pull", **REACH, **REPORTS}, [*SETS_UP, *PULL, *REPORTING]),
    "onprem": (
        {"kind": "onprem", "url": ONPREM, **REACH},
        [*SETS_UP, f"license smart url cslu {ONPREM}"],
    ),
    "onprem-pull": ({"kind": "onprem-pull"}, PULL),
    "controller": ({"kind": "controller", **REPORTS}, REPORTING),
    "airgap": ({"kind": "airgap", **REPORTS}, ["license smart transport off", *REPORTING]),
}  # fmt: skip


def run(made: Any, task: Any, **params: Any) -> Any:
    result = made.nornir.run(task=task, clock=made.clock, sleep=made.clock.sleep, **params)
    return result["r1"][0]


@pytest.mark.parametrize("over", ["fake", "netmiko-fake"])
@pytest.mark.parametrize("row", sorted(ROWS))
def test_a_topology_sends_what_is_missing_once(tmp_path: Path, row: str, over: str) -> None:
    wanted, lines = ROWS[row]
    with bench(tmp_path, slp_router(), over=over) as made:
        first = run(made, topology, topology=wanted)
        assert not first.failed, first.exception
        assert first.result["notes"]["sent"] == lines
        with made.lab.lock:
            before = made.router().running.lines()
        again = run(made, topology, topology=wanted)
        assert not again.failed, again.exception
        assert not again.changed
        with made.lab.lock:
            assert made.router().running.lines() == before


def test_the_vrf_goes_to_name_servers_routes_and_licensing(tmp_path: Path) -> None:
    wanted = {"kind": "cslu", "url": URL, **REACH, "vrf": "Mgmt-intf"}
    with bench(tmp_path, slp_router(release="17.9.4a")) as made:
        done = run(made, topology, topology=wanted)
        assert not done.failed, done.exception
        sent = done.result["notes"]["sent"]
        assert "ip route vrf Mgmt-intf 192.0.2.0 255.255.255.0 10.0.0.1" in sent
        assert "ip name-server vrf Mgmt-intf 192.0.2.53" in sent
        assert "license smart vrf Mgmt-intf" in sent
        assert not run(made, topology, topology=wanted).changed


HAVE = [
    "license smart transport smart",
    "license smart url cslu http://old.example.net:8182/cslu/v1/pi",
    "license smart usage interval 90",
    "ip http client source-interface GigabitEthernet0",
    "ip name-server 192.0.2.53",
]


def test_only_what_is_missing_is_sent_and_what_it_replaces_is_told(tmp_path: Path) -> None:
    wanted = {"kind": "cslu", "url": URL, **REACH, **REPORTS}
    with bench(tmp_path, slp_router(config=HAVE)) as made:
        done = run(made, topology, topology=wanted)
        assert not done.failed, done.exception
        notes = done.result["notes"]
        assert "ip name-server 192.0.2.53" not in notes["sent"]
        assert "ip name-server 192.0.2.54" in notes["sent"]
        assert (
            notes["replaces"]
            == notes["replaced"]
            == [
                "ip http client source-interface GigabitEthernet0",
                "crypto pki trustpoint SLA-TrustPoint / revocation-check crl",
                "license smart transport smart",
                "license smart url cslu http://old.example.net:8182/cslu/v1/pi",
                "license smart usage interval 90",
            ]
        )


OTHER = "https://tools.cisco.com/its/service/oddce/services/DDCEService"
SATELLITE = ["call-home", " contact-email-addr old@example.net", " profile CiscoTAC-1",
             "  active", "  destination transport-method http",
             f"  destination address http {OTHER}"]  # fmt: skip


def test_another_destination_of_the_profile_is_taken_away_and_told_first(tmp_path: Path) -> None:
    """B: behind an On-Prem the default destination is removed, or both would be reported to."""
    wanted = ROWS["direct by call-home"][0]
    with bench(tmp_path, slp_router(config=SATELLITE)) as made:
        done = run(made, topology, topology=wanted)
        assert not done.failed, done.exception
        sent, replaced = done.result["notes"]["sent"], done.result["notes"]["replaces"]
        assert f"  no destination address http {OTHER}" in sent
        assert f"call-home / profile CiscoTAC-1 / destination address http {OTHER}" in replaced
        assert "call-home / contact-email-addr old@example.net" in replaced
        with made.lab.lock:
            inside = made.router().running.section("call-home")
        assert not [x for x in inside if OTHER in x]


# --- before SLP ----------------------------------------------------------------------------------


MANAGEMENT = {
    "vrf": "Mgmt-intf",
    "source_interface": "GigabitEthernet0",
    "lookup_interface": "GigabitEthernet0",
    "routes": ["0.0.0.0 0.0.0.0 10.78.100.1"],
    "name_servers": ["192.0.2.53"],
    "call_home": CALL_HOME,
}
PORT = {
    "source_interface": "GigabitEthernet0/0/3",
    "interface_address": "10.78.101.228 255.255.255.0",
    "lookup_interface": "GigabitEthernet0/0/3",
    "routes": ["0.0.0.0 0.0.0.0 10.78.101.1"],
    "name_servers": ["192.0.2.53"],
    "call_home": CALL_HOME,
}


@pytest.mark.parametrize("over", ["fake", "netmiko-fake"])
@pytest.mark.parametrize("way", ["management interface", "network port"])
def test_b9_10_call_home_is_set_up_once(tmp_path: Path, way: str, over: str) -> None:
    wanted = MANAGEMENT if way == "management interface" else PORT
    with bench(tmp_path, metro("eval"), over=over) as made:
        first = run(made, call_home, topology=wanted)
        assert not first.failed, first.exception
        sent = first.result["notes"]["sent"]
        vrf = "vrf Mgmt-intf " if "vrf" in wanted else ""
        assert f"ip route {vrf}{wanted['routes'][0]}" in sent
        assert (" vrf Mgmt-intf" in sent) == bool(vrf)
        assert (" ip address 10.78.101.228 255.255.255.0" in sent) == (not vrf)
        assert not [x for x in sent if x.startswith("license smart")]
        with made.lab.lock:
            inside = made.router().running.section("call-home")
        assert "contact-email-addr noc@example.net" in inside
        again = run(made, call_home, topology=wanted)
        assert not again.failed, again.exception
        assert not again.changed


def test_b9_10_an_interface_with_another_address_is_left_alone(tmp_path: Path) -> None:
    config = ["interface GigabitEthernet0/0/3", " ip address 10.0.9.1 255.255.255.0"]
    router = metro("eval")
    router["router"]["config"] = config
    with bench(tmp_path, router) as made:
        done = run(made, call_home, topology=PORT)
        assert done.failed
        assert "GigabitEthernet0/0/3 has another address or VRF" in str(done.exception)
        with made.lab.lock:
            assert "service call-home" not in made.router().running.lines()


def test_b9_10_a_router_under_slp_is_sent_elsewhere(tmp_path: Path) -> None:
    with bench(tmp_path, slp_router()) as made:
        done = run(made, call_home, topology=MANAGEMENT)
        assert "slp topology" in str(done.exception)


# --- through the command line --------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    opened = []

    def begin(*routers: dict[str, Any]) -> Office:
        context = office(tmp_path, capsys, *routers)
        made = context.__enter__()
        opened.append(context)
        return made

    yield begin
    for context in opened:
        context.__exit__(None, None, None)


@pytest.mark.slow
def test_a_dry_run_shows_what_is_replaced_before_it_is_touched(desk: Any) -> None:
    at = desk(slp_router(config=HAVE))
    before = (at.configuration(), at.events())
    words = ["topology", "--topology", "cslu", "--url", URL, "--usage-interval", "20",
             "--privacy", "hostname", "--route", "192.0.2.0 255.255.255.0 10.0.0.1"]  # fmt: skip
    looked = at.slp(*words, "--dry-run")
    assert looked.code == 0, looked.err
    said = looked.out + looked.err
    for line in ("> license smart transport cslu", "> license smart privacy hostname",
                 "> ip route 192.0.2.0 255.255.255.0 10.0.0.1"):  # fmt: skip
        assert line in looked.out, said
    told = " ".join(said.split())
    for old in ("license smart transport smart", "license smart usage interval 90"):
        assert old in told
    assert "replaces:" in told
    assert (at.configuration(), at.events()) == before
    done = at.slp(*words, "--yes")
    assert done.code == 0, done.err + done.out
    assert "license smart privacy hostname" in at.configuration()
    assert "nothing to do" in at.slp(*words, "--yes").out


@pytest.mark.slow
def test_b9_10_call_home_through_the_command_line(desk: Any) -> None:
    at = desk(metro("eval"))
    words = ["classic", "call-home", "--vrf", "Mgmt-intf", "--source-interface",
             "GigabitEthernet0", "--route", "0.0.0.0 0.0.0.0 10.78.100.1", "--name-server",
             "192.0.2.53", "--contact", "noc@example.net", "--mail-server", "192.0.2.25",
             "--url", str(CALL_HOME["url"]), "--no-identity-check"]  # fmt: skip
    looked = at.slp(*words, "--dry-run")
    assert looked.code == 0, looked.err
    assert ">  no http secure server-identity-check" in looked.out
    assert "service call-home" not in at.configuration()
    done = at.slp(*words, "--yes")
    assert done.code == 0, done.err + done.out
    assert "service call-home" in at.configuration()
    assert f"  destination address http {CALL_HOME['url']}" in at.configuration()
