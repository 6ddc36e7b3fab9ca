"""How the router reports: every topology, from every way of being configured before."""

from __future__ import annotations

from typing import Any

from slp_tasks.steps.topology import topology
from tasks.matrix.routers import CSLU, CSSM, before, slp
from tasks.matrix.row import Row, World

ONPREM = "https://ssm.example.net/cslu/v1/pi/Local-1"
STATUS = "show license status"
DIRECT = {"kind": "direct", "url": "default"}
SMART = ("license smart transport smart", "license smart url default")
SMART_KEPT = (
    "license smart transport smart",
    f"license smart url {CSSM}",
    f"license smart url smart {CSSM}",
)
REACH = {
    "proxy": "http://proxy.example.net:3128",
    "vrf": "mgmt",
    "source_interface": "GigabitEthernet0/0/0",
    "name_servers": ["192.0.2.53", "192.0.2.54"],
    "trustpoint": "SLA-TrustPoint",
    "usage_interval": 20,
}
REACH_LINES = (
    "ip http client source-interface GigabitEthernet0/0/0",
    "ip name-server vrf mgmt 192.0.2.53",
    "ip name-server vrf mgmt 192.0.2.54",
    "ip http client secure-trustpoint SLA-TrustPoint",
    *SMART,
    "license smart proxy address proxy.example.net",
    "license smart proxy port 3128",
    "license smart usage interval 20",
)
PULL_LINES = ("ip http secure-server", "ip http authentication local", "netconf-yang", "restconf")


def row(state: str, case: str, router: dict[str, Any], given: dict[str, Any], **more: Any) -> Row:
    """Returns a row; what is added is what is sent, unless a row says otherwise."""
    sends = more.pop("sends", ())
    return Row(
        "topology",
        state,
        topology,
        router,
        {"topology": given},
        case=case,
        sends=tuple(f"(config)#{line}" for line in sends),
        adds=more.pop("adds", sends),
        **more,
    )


def kept(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Returns lines as the router keeps them: the default URL is stored twice, in full."""
    rest = tuple(x for x in lines if x != "license smart url default")
    return rest if rest == lines else (*rest, *SMART_KEPT[1:])


def conflicting(world: World) -> None:
    """Somebody configured another way of reporting by hand."""
    world.by_hand(
        "license smart url cslu http://10.0.0.9:8182/cslu/v1/pi",
        "license smart usage interval 7",
        "license smart proxy address old.example.net",
        "license smart proxy port 8080",
    )


CLEAN = [
    row("clean", "direct", slp(), DIRECT, sends=SMART, adds=SMART_KEPT,
        shows={STATUS: (r"Transport:\s+Type: Smart", r"URL: https://smartreceiver")}),
    row("clean", "direct-callhome", slp(), {"kind": "direct", "transport": "callhome"},
        sends=("license smart transport callhome",), shows={STATUS: r"Type: Callhome"}),
    row("clean", "direct-in-full", slp(), {**DIRECT, **REACH}, sends=REACH_LINES,
        adds=kept(REACH_LINES), shows={STATUS: r"Proxy:\s+Address: proxy.example.net"}),
    row("clean", "direct-vrf-keyword", slp(release="17.9.4"),
        {**DIRECT, "vrf": "mgmt"}, sends=(*SMART, "license smart vrf mgmt"),
        adds=kept((*SMART, "license smart vrf mgmt"))),
    row("clean", "cslu", slp(), {"kind": "cslu", "url": CSLU},
        sends=(f"license smart url cslu {CSLU}",),
        shows={STATUS: (r"Type: cslu", "Cslu address: " + CSLU)}),
    row("clean", "cslu-offline", slp(), {"kind": "cslu-offline", "url": CSLU},
        sends=(f"license smart url cslu {CSLU}",), shows={STATUS: "Cslu address: " + CSLU}),
    row("clean", "cslu-pull", slp(), {"kind": "cslu-pull"}, sends=PULL_LINES),
    row("clean", "onprem", slp(), {"kind": "onprem", "url": ONPREM},
        sends=(f"license smart url cslu {ONPREM}",), shows={STATUS: "Cslu address: " + ONPREM}),
    row("clean", "onprem-pull", slp(), {"kind": "onprem-pull"}, sends=PULL_LINES),
    row("clean", "controller", slp(), {"kind": "controller"}, shows={STATUS: r"Type: cslu"}),
    row("clean", "controller-interval", slp(), {"kind": "controller", "usage_interval": 60},
        sends=("license smart usage interval 60",)),
    row("clean", "airgap", slp(), {"kind": "airgap"},
        sends=("license smart transport off",), shows={STATUS: r"Type: Transport Off"}),
]  # fmt: skip

OTHER = [
    row("another topology", "cslu-to-direct", slp("cslu"), DIRECT, sends=SMART, adds=SMART_KEPT,
        shows={STATUS: r"Type: Smart"}),
    row("another topology", "direct-to-airgap", slp("smart"), {"kind": "airgap"},
        sends=("license smart transport off",), drops=("license smart transport smart",),
        shows={STATUS: r"Type: Transport Off"}),
    row("another topology", "airgap-to-cslu", slp("off"), {"kind": "cslu", "url": CSLU},
        sends=("license smart transport cslu", f"license smart url cslu {CSLU}"),
        drops=("license smart transport off",), shows={STATUS: r"Type: cslu"}),
    row("another topology", "direct-to-onprem", slp("smart"), {"kind": "onprem", "url": ONPREM},
        sends=("license smart transport cslu", f"license smart url cslu {ONPREM}"),
        drops=("license smart transport smart",), shows={STATUS: "Cslu address: " + ONPREM}),
    row("another topology", "cslu-to-onprem", slp("cslu"), {"kind": "onprem", "url": ONPREM},
        sends=(f"license smart url cslu {ONPREM}",), drops=(f"license smart url cslu {CSLU}",),
        shows={STATUS: "Cslu address: " + ONPREM}),
    row("another topology", "direct-to-cslu-pull", slp("smart"), {"kind": "cslu-pull"},
        sends=(*PULL_LINES, "license smart transport cslu"),
        drops=("license smart transport smart",)),
]  # fmt: skip

REST = [
    row("partly configured", "transport-only", slp(config=["license smart transport smart"]),
        {**DIRECT, **REACH}, sends=tuple(x for x in REACH_LINES if x not in SMART),
        shows={STATUS: r"Type: Smart"}),
    row("partly configured", "some-lines", slp(config=["ip http client secure-trustpoint X"]),
        {**DIRECT, "trustpoint": "SLA-TrustPoint"},
        sends=("ip http client secure-trustpoint SLA-TrustPoint", *SMART),
        adds=kept(("ip http client secure-trustpoint SLA-TrustPoint", *SMART)),
        drops=("ip http client secure-trustpoint X",)),
    row("conflicting lines", "", slp(), {"kind": "cslu", "url": CSLU, "usage_interval": 30,
        "proxy": "new.example.net:3128"}, prepare=conflicting,
        sends=(f"license smart url cslu {CSLU}", "license smart proxy address new.example.net",
               "license smart proxy port 3128", "license smart usage interval 30"),
        drops=("license smart url cslu http://10.0.0.9:8182/cslu/v1/pi",
               "license smart usage interval 7", "license smart proxy address old.example.net",
               "license smart proxy port 8080"),
        shows={STATUS: (r"Address: new.example.net", "Cslu address: " + CSLU)}),
    row("configured already", "direct", slp("smart"), DIRECT),
    row("configured already", "cslu", slp("cslu"), {"kind": "cslu", "url": CSLU}),
    row("configured already", "airgap", slp("off"), {"kind": "airgap"}),
    row("configured already", "callhome", slp("callhome"),
        {"kind": "direct", "transport": "callhome"}),
    row("before SLP", "callhome", before(), {"kind": "direct", "transport": "callhome"},
        sends=("license smart transport callhome",)),
    row("before SLP", "cslu", before(), {"kind": "cslu", "url": CSLU},
        refused="does not run Smart"),
    row("before SLP", "csl", before("csl", "16.9.6"), {"kind": "airgap"},
        refused="does not run Smart"),
    row("value missing", "onprem-without-url", slp(), {"kind": "onprem"}, refused="url"),
    row("value missing", "proxy-without-port", slp(), {**DIRECT, "proxy": "proxy.example.net"},
        refused="host:port"),
]  # fmt: skip

ROWS = [*CLEAN, *OTHER, *REST]
