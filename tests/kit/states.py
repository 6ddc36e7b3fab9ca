"""Routers made by hand: the least that a rule asks for."""

from __future__ import annotations

from typing import Any

from slp_core.platforms import Platform, platform_of
from slp_core.rules import builtin_rules
from slp_core.state import RouterState
from slp_core.targets import Target, Topology

RULES = builtin_rules()
ISR = "ISR4351/K9"
CSR = "CSR1000V"
PLAIN = {"status": "AUTHORIZED", "export_status": "NOT RESTRICTED", "count": 1}
HSEC = {"status": "AUTHORIZED", "export_status": "RESTRICTED - ALLOWED", "count": 1}


def router(pid: str | None = ISR, release: str | None = "16.12.4", **parts: Any) -> RouterState:
    """Returns a router; ``parts`` are fields of the state, ``licensing`` among them."""
    data: dict[str, Any] = {"name": "edge", **parts}
    if pid is not None:
        data["udi"] = {"pid": pid, "sn": "FDO21512BJB"}
    if release is not None:
        data["release"] = release
    return RouterState.from_json(data)


def licensed(*licenses: dict[str, Any], **licensing: Any) -> dict[str, Any]:
    """Returns licensing with licences, each with the tag ``X_n`` where it names none."""
    rows = [{"tag": f"X_{i}", **x} for i, x in enumerate(licenses)]
    return {"licenses": rows, **licensing}


def registered(
    *licenses: dict[str, Any], transport: str = "callhome", **more: Any
) -> dict[str, Any]:
    """Returns the licensing of a registered router."""
    status = {"status": "REGISTERED"}
    return licensed(*licenses, registration=status, transport={"kind": transport}, **more)


def reserved(*licenses: dict[str, Any], transport: str = "callhome", **more: Any) -> dict[str, Any]:
    """Returns the licensing of a router with a specific reservation."""
    status = {"status": "REGISTERED - SPECIFIC LICENSE RESERVATION"}
    return licensed(*licenses, registration=status, transport={"kind": transport}, **more)


def evaluating(*licenses: dict[str, Any], transport: str = "callhome") -> dict[str, Any]:
    """Returns the licensing of a router in evaluation."""
    return licensed(
        *licenses,
        registration={"status": "UNREGISTERED"},
        authorization_status="EVAL MODE",
        transport={"kind": transport},
    )


def csl(*features: dict[str, Any]) -> dict[str, Any]:
    """Returns classic licensing."""
    return {"csl_features": list(features)}


def slp(*licenses: dict[str, Any], transport: str = "smart", **more: Any) -> dict[str, Any]:
    """Returns licensing under SLP."""
    return licensed(*licenses, slp="ENABLED", transport={"kind": transport}, **more)


PAK = {
    "license_type": "Permanent", "license_state": "Active, In Use",
    "enabled": True, "right_to_use": False,
}  # fmt: skip
RTU = {
    "license_type": "EvalRightToUse", "license_state": "Active, In Use",
    "enabled": True, "right_to_use": True,
}  # fmt: skip
UNUSED_RTU = {
    "license_type": "EvalRightToUse", "license_state": "Active, Not in Use, EULA not accepted",
    "enabled": False, "right_to_use": True,
}  # fmt: skip


def feature(name: str, kind: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Returns one classic licence."""
    return {"feature": name, **(kind or {}), **more}


def platform(pid: str) -> Platform | None:
    """Returns the platform of a PID."""
    return platform_of(pid, RULES)


def target(release: str | None = "17.3.2", kind: str = "direct", **fields: Any) -> Target:
    """Returns a target; ``topology`` fields beside ``kind`` go into ``at``."""
    at = {"token": "env:SLP_TOKEN", **fields.pop("at", {})}
    if kind in ("cslu", "cslu-offline"):
        at.setdefault("url", "http://192.0.2.9:8182/cslu/v1/pi")
    if kind == "onprem":
        at.setdefault("url", "https://ssm.example.net/cslu/v1/pi/tenant-1")
    topology = Topology.model_validate({"kind": kind, **at})
    values = {"topology": topology, **fields}
    if release is not None:
        values["release"] = release
    return Target.model_validate(values)
