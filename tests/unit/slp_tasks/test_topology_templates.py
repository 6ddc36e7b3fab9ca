"""One template a topology: a golden rendering each, and what happens where a value is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from slp_core import render
from slp_core.errors import InputError, TemplateError
from slp_core.render import render_lines
from slp_core.state import Licensing, RouterState, Transport
from slp_core.targets import Topology, TopologyKind
from slp_core.topology_lines import difference, wanted_lines

URL = "http://192.168.0.1:8182/cslu/v1/pi"
ONPREM = "https://onprem.example.com/cslu/v1/pi/EG-1"
GOLDEN: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "direct": (
        {
            "source_interface": "GigabitEthernet0/0/2",
            "name_servers": ("209.165.201.1", "209.165.200.225"),
            "proxy": "http://proxy.example.com:8080",
            "trustpoint": "SLA-TrustPoint",
            "usage_interval": 30,
        },
        (
            "ip http client source-interface GigabitEthernet0/0/2",
            "ip name-server 209.165.201.1",
            "ip name-server 209.165.200.225",
            "ip http client secure-trustpoint SLA-TrustPoint",
            "license smart transport smart",
            "license smart url default",
            "license smart proxy address proxy.example.com",
            "license smart proxy port 8080",
            "license smart usage interval 30",
        ),
    ),
    "cslu": (
        {"url": URL, "vrf": "MGMT", "name_servers": ("10.0.0.1",)},
        (
            "ip name-server vrf MGMT 10.0.0.1",
            "license smart transport cslu",
            f"license smart url cslu {URL}",
        ),
    ),
    "cslu-offline": (
        {"url": URL},
        ("license smart transport cslu", f"license smart url cslu {URL}"),
    ),
    "onprem": (
        {"url": ONPREM},
        ("license smart transport cslu", f"license smart url cslu {ONPREM}"),
    ),
    "cslu-pull": (
        {},
        (
            "ip http secure-server",
            "ip http authentication local",
            "netconf-yang",
            "restconf",
            "license smart transport cslu",
        ),
    ),
    "onprem-pull": (
        {},
        (
            "ip http secure-server",
            "ip http authentication local",
            "netconf-yang",
            "restconf",
            "license smart transport cslu",
        ),
    ),
    "controller": ({}, ()),
    "airgap": ({}, ("license smart transport off",)),
}


def test_every_topology_has_a_golden_rendering() -> None:
    assert set(GOLDEN) == set(get_args(TopologyKind))


@pytest.mark.parametrize("kind", sorted(GOLDEN))
def test_topology_renders(kind: Any) -> None:
    values, lines = GOLDEN[kind]
    assert wanted_lines(Topology(kind=kind, **values)) == lines


def test_direct_by_callhome_keeps_callhome() -> None:
    lines = wanted_lines(Topology(kind="direct", transport="callhome"))
    assert lines == ("license smart transport callhome",)


def test_direct_with_a_url_of_its_own() -> None:
    lines = wanted_lines(Topology(kind="direct", url="https://relay.example.com/lic"))
    assert "license smart url smart https://relay.example.com/lic" in lines


def test_the_vrf_keyword_is_sent_only_where_the_release_has_it() -> None:
    topology = Topology(kind="cslu", url=URL, vrf="MGMT")
    assert "license smart vrf MGMT" not in wanted_lines(topology)
    assert "license smart vrf MGMT" in wanted_lines(topology, vrf_keyword=True)


def test_onprem_without_its_url_is_an_error_never_a_made_up_url() -> None:
    with pytest.raises(TemplateError, match="required_url"):
        wanted_lines(Topology(kind="onprem"))


def test_a_proxy_without_a_port_is_refused() -> None:
    with pytest.raises(InputError, match="port"):
        wanted_lines(Topology(kind="direct", proxy="proxy.example.com"))


def test_a_missing_value_is_an_error_never_a_blank() -> None:
    with pytest.raises(TemplateError, match="interface_address"):
        render_lines("topology/cslu.j2", {"url": URL})


def test_a_checkout_wins_over_packaged_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited, packaged = tmp_path / "checkout", tmp_path / "wheel"
    for folder, text in ((edited, "edited line"), (packaged, "stale line")):
        (folder / "topology").mkdir(parents=True)
        (folder / "topology" / "airgap.j2").write_text(text)
    monkeypatch.setattr(render, "template_folders", lambda: (edited, packaged))
    assert render_lines("topology/airgap.j2", {}) == ("edited line",)


def state(kind: Any = "callhome", **transport: Any) -> RouterState:
    shown = Transport(kind=kind, **transport)
    return RouterState(name="r1", licensing=Licensing(slp="ENABLED", transport=shown))


def test_only_missing_lines_are_sent() -> None:
    wanted = ("license smart transport cslu", f"license smart url cslu {URL}")
    assert difference(wanted, ["license smart transport cslu"], state("cslu")).sends == (wanted[1],)


def test_a_default_that_is_in_force_is_not_sent_again() -> None:
    smart = state("smart", url="https://smartreceiver.cisco.com/licservice/license")
    wanted = ("license smart transport smart", "license smart url default")
    assert difference(wanted, [], smart).sends == ()


def test_before_slp_nothing_counts_as_in_force() -> None:
    before = RouterState(
        name="r1", licensing=Licensing(transport=Transport(kind="smart", url="https://x"))
    )
    assert difference(("license smart transport smart",), [], before).sends


def test_a_line_that_will_be_replaced_is_shown() -> None:
    config = [
        "license smart transport callhome",
        "license smart url cslu http://old:8182/cslu/v1/pi",
        "license smart url smart https://kept.example.com",
        "ip name-server 10.0.0.1",
    ]
    new = ["license smart transport cslu", f"license smart url cslu {URL}"]
    assert difference(new, config, state()).replaces == tuple(config[:2])
