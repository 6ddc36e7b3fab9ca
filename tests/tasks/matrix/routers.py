"""Routers that rows begin with: what a scenario says of each."""

from __future__ import annotations

from typing import Any

HOME = "Eg-SA-01/Eg-VA-01"
TOKEN = "env:SLP_TOKEN"
SENT = "good-token-0001"
CSSM = "https://smartreceiver.cisco.com/licservice/license"
CSLU = "http://192.168.0.1:8182/cslu/v1/pi"
TRUSTED = {"installed_at": "epoch-20d", "smart_account": "Eg-SA-01", "virtual_account": "Eg-VA-01"}
HSECK9 = {
    "tag": "ISR_4351_Hsec",
    "name": "ISR_4351_Hsec",
    "description": "U.S. Export Restriction Compliance license for 4350 series",
    "restricted": True,
}


def slp(
    transport: str | None = None,
    *,
    url: str | None = None,
    trust: bool = False,
    slac: bool = False,
    acknowledged: bool = False,
    path: dict[str, bool] | None = None,
    **router: Any,
) -> dict[str, Any]:
    """An ISR 4351 that runs SLP; without more it was never connected to anything."""
    licensing: dict[str, Any] = {
        "model": "slp",
        "licences": [{"feature": "securityk9"}],
        "transport": transport,
        "url": url or (CSSM if transport == "smart" else CSLU if transport == "cslu" else None),
        "trust": TRUSTED if trust else None,
    }
    spec: dict[str, Any] = {
        "pid": "ISR4351/K9",
        "release": "17.6.5",
        "hostname": "edge",
        "licensing": licensing,
    }
    entry: dict[str, Any] = {"name": "r1", "home": HOME, "router": spec | router}
    if slac:
        entry["slac"] = {"installed_at": "epoch-10d", "licences": [HSECK9]}
    if acknowledged:
        entry["reporting"] = {"last_ack": "epoch-30m", "policy_at": "epoch-20d"}
        entry["router"]["up_s"] = 30 * 86400.0
    if path is not None:
        entry["path"] = path
    return entry


def before(model: str = "eval", release: str = "16.12.4", **router: Any) -> dict[str, Any]:
    """An ISR 4351 on a release before SLP."""
    licensing: dict[str, Any] = {
        "model": model,
        "licences": [{"feature": "securityk9"}],
        "transport": "callhome",
    }
    if model == "registered":
        licensing["registration"] = {
            "smart_account": "Eg-SA-01",
            "virtual_account": "Eg-VA-01",
            "registered_at": "epoch-100d",
            "authorized_at": "epoch-3d",
        }
    if model == "csl":
        licensing = {"model": "csl", "licences": [{"feature": "securityk9", "kind": "pak"}]}
    spec: dict[str, Any] = {
        "pid": "ISR4351/K9",
        "release": release,
        "hostname": "edge",
        "licensing": licensing,
    }
    return {"name": "r1", "home": HOME, "router": spec | router}


def old(**router: Any) -> dict[str, Any]:
    """An ISR 4351 in evaluation that an image awaits."""
    return {"name": "r1", "family": "s4_evaluation", "router": router}


def bundle(**router: Any) -> dict[str, Any]:
    """The same in bundle mode."""
    return old(boot_mode="bundle", **router)
