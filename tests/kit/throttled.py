"""Routers above 250 Mbps by the export flag, and their whole way in the lab."""

from __future__ import annotations

from typing import Any

from kit.labs import Bench
from slp_core.plan import RouterPlan

HOME = "Eg-SA-01/Eg-VA-01"
TOKEN = "env:SLP_TOKEN"
CSLU = "http://192.168.0.1:8182/cslu/v1/pi"
AX_10G = {
    "feature": "ax_10G",
    "tag": "ax_10G",
    "regid": "regid.2014-05.com.cisco.ax_10G,1.0_251f937f-655c-427d-b181-222784aae79a",
    "name": "CSR 1KV AX 10G",
    "description": "CSR 1KV AX 10G",
    "license_type": "Subscription",
}
SECURITY = {
    "feature": "securityk9",
    "tag": "ISR_4351_Security",
    "regid": "regid.2014-12.com.cisco.ISR_4351_Security,1.0_df7d8d7f-b71a-4d3d-a9ab-aec7828a37a7",
}
DNA_HSEC = {
    "tag": "DNA_HSEC",
    "regid": "regid.2019-03.com.cisco.DNA_HSEC,1.0_509c41ab-05a8-431f-95fe-ec28086e8844",
}
REGISTRATION = {
    "smart_account": "Eg-SA-01",
    "virtual_account": "Eg-VA-01",
    "registered_at": "epoch-100d",
    "authorized_at": "epoch-3d",
}
WAN = [
    "interface GigabitEthernet0/0/2",
    " ip address dhcp",
    "ip name-server 209.165.201.1",
    "ip route 0.0.0.0 0.0.0.0 GigabitEthernet0/0/2 dhcp",
]
DIRECT = {"kind": "direct", "transport": "smart", "url": "default", "token": TOKEN}


def licensing(model: str, licence: dict[str, Any], *, flag: bool) -> dict[str, Any]:
    """Returns the licensing of a router before SLP."""
    made: dict[str, Any] = {
        "model": model,
        "transport": "callhome",
        "licences": [licence],
        "export_flag_throughput": flag,
    }
    if model == "registered":
        made["registration"] = REGISTRATION
    if model == "slr":
        held = {k: v for k, v in licence.items() if k not in ("feature", "license_type")}
        made["reservation"] = {"installed_at": "epoch-20d", "licences": [held]}
    return made


def csr(
    model: str = "registered", *, flag: bool = True, level: int = 1_000_000, **router: Any
) -> dict[str, Any]:
    """A CSR 1000V, by the flag above 250 Mbps, on its way to a Catalyst 8000V image."""
    spec = {
        "pid": "CSR1000V",
        "release": "16.12.2",
        "throughput_kbps": level,
        "licensing": licensing(model, AX_10G, flag=flag)
        | {"hseck9_tag": "DNA_HSEC", "hseck9_regid": DNA_HSEC["regid"]},
        "flash": {"total": 6286540800, "free": 5123321856},
        "config": WAN,
    }
    target = {
        "release": "17.6.1",
        "image": "c8000v-universalk9.17.06.01.SPA.bin",
        "topology": DIRECT,
        "hseck9_balance": 4,
    }
    return {"name": "r1", "home": HOME, "router": spec | router, "target": target}


def isr(model: str = "registered", *, flag: bool = True, **router: Any) -> dict[str, Any]:
    """An ISR 4351 without HSECK9, by the flag without the limits of CERM."""
    config = [*WAN, "license feature hseck9"] if flag else WAN
    spec = {
        "pid": "ISR4351/K9",
        "release": "16.12.4",
        "throughput_kbps": 400_000,
        "licensing": licensing(model, SECURITY, flag=flag),
        "flash": {"total": 7451738112, "free": 3905421312},
        "config": config,
    }
    target = {
        "release": "17.4.1a",
        "image": "isr4300-universalk9.17.04.01a.SPA.bin",
        "topology": DIRECT,
        "hseck9_balance": 4,
    }
    return {"name": "r1", "home": HOME, "router": spec | router, "target": target}


def stopped(ended: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Returns the steps that did not end well."""
    return [e for e in ended if e[1] not in ("done", "skipped")]


def seen_at(made: Bench, plan: RouterPlan, path: str) -> list[Any]:
    """Returns what each look of the plan found of a path."""
    looks = [made.notes[s.id] for s in plan.steps if s.kind == "verify" and s.id in made.notes]
    return [n["observed"].get(path) for n in looks if "observed" in n]


def unmet(made: Bench, plan: RouterPlan) -> list[str]:
    """Returns the failures of the last look."""
    looks = [made.notes[s.id] for s in plan.steps if s.kind == "verify" and s.id in made.notes]
    return [
        f["path"]
        for f in looks[-1]["findings"]
        if f["verdict"] == "unmet" and f["severity"] == "failure"
    ]
