"""Routers as a scenario names them, and how tasks are run on them in a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

import slp_sim
from kit.labs import Bench

URL = "http://192.168.0.1:8182/cslu/v1/pi"


def options(made: Bench) -> dict[str, Any]:
    return {
        "clock": made.clock,
        "sleep": lambda s: made.clock.sleep(s / made.clock.real_seconds(1)),
    }


def slp_router(**more: Any) -> dict[str, Any]:
    licences = [{"feature": "securityk9"}]
    router = {
        "pid": "ISR4351/K9",
        "release": "17.6.5",
        "hostname": "edge",
        "licensing": {"model": "slp", "licences": licences},
    }
    return {"name": "r1", "home": "Eg-SA-01/Eg-VA-01", "router": router | more}


REGISTRATION = {
    "smart_account": "Eg-SA-01",
    "virtual_account": "Eg-VA-01",
    "registered_at": "epoch-100d",
    "authorized_at": "epoch-3d",
}


def metro(
    model: str, release: str = "17.6.1", level: bool = True, **licensing: Any
) -> dict[str, Any]:
    """An ASR 920 in one of its licensing models."""
    licences = [{"feature": "metroaggrservices", "name": "metroaggrservices"}]
    if model == "csl":
        licences = [{"feature": "advancedmetroipaccess", "kind": "pak"}]
    if model == "registered":
        licensing["registration"] = REGISTRATION
    if model != "csl":
        licensing["transport"] = "callhome"
    router = {
        "pid": "ASR-920-12CZ-A",
        "release": release,
        "boot_mode": "bundle",
        "config": [f"license boot level {licences[0]['feature']}"] if level else [],
        "licensing": {"model": model, "licences": licences, **licensing},
    }
    return {"name": "r1", "home": "Eg-SA-01/Eg-VA-01", "router": router}


FILE = Path(slp_sim.__file__).parent / "scenarios" / "issu.yaml"
SCENARIO = yaml.safe_load(FILE.read_text())


def chassis(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Returns one router of the shipped scenario, as ``r1``, changed as asked."""
    row = SCENARIO["routers"][number]
    return {**row, "name": "r1", "router": row["router"] | changes}


FAMILIES = ("s1_registered", "s2_slr", "s3_slr_gt250m", "s4_evaluation", "s5_pak", "s6_rtu")
