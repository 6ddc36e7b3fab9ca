"""The JSON schema of a scenario file: what may be written, families and relative dates included."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from slp_sim.entries import Scenario
from slp_sim.reading import RELATIVE

Json = dict[str, Any]

_AT_THE_ENTRY = ("name", "serial", "hostname", "faults")
"""Keys of a router that may stand beside ``family`` instead of under ``router``."""

_PART = "Part"
_MADE_UP = {"ReservationSpec": ("confirmation_code",)}
"""What is required of a scenario and made up where its file does not say it."""


def scenario_schema() -> Json:
    """Returns the schema by which an editor or a program can check a scenario file."""
    schema: Json = _dates_may_be_relative(Scenario.model_json_schema())
    defs: Json = schema["$defs"]
    for name, keys in _MADE_UP.items():
        defs[name]["required"] = [k for k in defs[name]["required"] if k not in keys]
    spec: Json = defs["RouterSpec"]["properties"]
    spec["faults"]["items"] = {"anyOf": [{"$ref": "#/$defs/FaultSpec"}, {"type": "string"}]}
    entry = defs["RouterEntry"]
    at_the_entry = {k: copy.deepcopy(spec[k]) for k in _AT_THE_ENTRY}
    family = {"type": "string", "description": "A kind of router whose values count underneath."}
    entry["properties"] |= at_the_entry | {"family": family}
    spec_required = defs["RouterSpec"]["required"]
    defs["RouterSpec"]["required"] = [k for k in spec_required if k not in _AT_THE_ENTRY]
    _add_parts(defs)
    part = {**entry, "required": ["family"]}
    defs["FamilyRouter"] = {**_to_parts(part, defs), "title": "FamilyRouter"}
    full = copy.deepcopy(entry)
    full["properties"].pop("family")
    defs["RouterEntry"] = full
    schema["properties"] |= {
        "include": {"type": "array", "items": {"type": "string"}},
        "families": {
            "type": "object",
            "additionalProperties": _to_parts({**full, "required": ["home", "router"]}, defs),
        },
    }
    routers = schema["properties"]["routers"]
    routers["items"] = {
        "if": {"required": ["family"]},
        "then": {"$ref": "#/$defs/FamilyRouter"},
        "else": {"$ref": "#/$defs/RouterEntry"},
    }
    routers["minItems"] = 1
    schema["required"] = ["name", "routers"]
    schema["anyOf"] = [{"required": ["include"]}, {"required": ["accounts", "epoch"]}]
    return schema


def _add_parts(defs: Json) -> None:
    """Adds a twin without required keys of each object that a family or its router may complete."""
    whole = ("RouterSpec", "LicensingSpec", "FlashSpec", "ReservationSpec", "RegistrationSpec")
    twins = {
        name + _PART: {k: v for k, v in defs[name].items() if k != "required"} for name in whole
    }
    defs |= twins
    for name in twins:
        defs[name] = _to_parts(defs[name], defs)


def _to_parts(value: Any, defs: Mapping[str, Any]) -> Any:
    """Returns a schema that refers to the twins, where there are any."""
    if isinstance(value, dict):
        ref = value.get("$ref")
        if isinstance(ref, str) and ref.rpartition("/")[2] + _PART in defs:
            return {**value, "$ref": ref + _PART}
        return {k: _to_parts(v, defs) for k, v in value.items()}
    if isinstance(value, list):
        return [_to_parts(v, defs) for v in value]
    return value


def _dates_may_be_relative(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("format") == "date-time":
            relative = {"type": "string", "pattern": RELATIVE.pattern.replace("?P<sign>", "")}
            others = {k: v for k, v in value.items() if k not in ("type", "format")}
            return {**others, "anyOf": [{"type": "string", "format": "date-time"}, relative]}
        return {k: _dates_may_be_relative(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_dates_may_be_relative(v) for v in value]
    return value
