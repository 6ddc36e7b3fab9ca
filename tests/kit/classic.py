"""Classic Smart Licensing: states of an ASR 920 and their plans."""

from __future__ import annotations

from functools import cache
from typing import Any

from kit.scenarios import DATA
from slp_core.captures import read_router
from slp_core.parsing import assemble
from slp_core.plan import RouterPlan
from slp_core.planner import make_plan
from slp_core.state import RouterState
from slp_core.targets import Target, Topology

DIRECT = Topology(kind="direct", transport="callhome", token="env:SLP_TOKEN")
ASR = {"pid": "ASR-920-12CZ-A", "serial": "CAT2024V0YY"}


@cache
def state_of(scenario: str, phase: str, variant: str | None = None) -> RouterState:
    captured = read_router(DATA / scenario / phase, variant=variant)
    outputs = dict(captured.outputs)
    if variant == "no_license_mode":  # the summary beside it was taken in the other mode
        del outputs["show license summary"]
    return assemble("asr", outputs, facts=dict(ASR))


def planned(scenario: str, **target: object) -> RouterPlan:
    fields = {"topology": DIRECT, **target}
    return make_plan(state_of(scenario, "pre"), Target.model_validate(fields))


CSL_METRO: dict[str, Any] = {
    "license_type": "Permanent",
    "license_level": "metroipaccess",
    "csl_features": [
        {
            "feature": "metroipaccess",
            "license_type": "Permanent",
            "license_state": "Active, In Use",
        }
    ],
}
"""Traditional licensing by PAK."""


def metro_state(release: str, licensing: dict[str, Any], **parts: Any) -> RouterState:
    """Returns a state that shows no more than this of an ASR 903."""
    config = ["license boot level metroipaccess"]
    return RouterState.from_json({
        "name": "asr", "udi": {"pid": "ASR-903", "sn": "CAT2024V0YY"}, "release": release,
        "licensing": licensing, "config": config, **parts,
    })  # fmt: skip
