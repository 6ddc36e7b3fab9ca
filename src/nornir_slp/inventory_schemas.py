"""JSON schemas of what people write: ``hosts.yaml``, ``groups.yaml``, ``defaults.yaml``, targets.

For editors. They come from the models by which commands read the same files; each file may hold a
part of what a router needs, so that a schema asks for nothing.
"""

from __future__ import annotations

import json
from typing import Any, Final

from slp_core.targets import Target
from slp_tasks.settings import HostSettings

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
"""The newest that editors know by ``# yaml-language-server: $schema=…``."""
_TITLES: Final = {
    "hosts": "hosts.yaml or groups.yaml of an inventory: names, each with its host or group",
    "defaults": "defaults.yaml of an inventory",
    "target": "Target of routers: target.yaml, or slp plan --target FILE",
}
FILES: Final = tuple(_TITLES)

_TEXT: Final = {"type": ["string", "null"]}
_ELEMENT: Final[dict[str, Any]] = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "properties": {
        "name": _TEXT,
        "hostname": _TEXT,
        "port": {"type": ["integer", "null"], "minimum": 1, "maximum": 65535},
        "username": _TEXT,
        "password": {**_TEXT, "description": "env:NAME, file:PATH, keyring:… or prompt:LABEL"},
        "platform": _TEXT,
        "groups": {"type": ["array", "null"], "items": {"type": "string"}},
        "connection_options": {"type": ["object", "null"]},
        "data": {
            "type": ["object", "null"],
            "description": "Keys of your own, and slp",
            "properties": {"slp": {"anyOf": [{"$ref": "#/$defs/HostSettings"}, {"type": "null"}]}},
        },
    },
}


def schema_text(file: str) -> str:
    """Returns the JSON schema of one of ``FILES``."""
    head = {"$schema": _DRAFT, "title": _TITLES[file]}
    schema = _target() if file == "target" else _elements(file)
    return json.dumps(head | schema, indent=1, ensure_ascii=False) + "\n"


def _target() -> dict[str, Any]:
    schema = Target.model_json_schema()
    return {k: v for k, v in _in_part(schema).items() if k != "title"}


def _elements(file: str) -> dict[str, Any]:
    settings = _in_part(HostSettings.model_json_schema())
    defs = settings.pop("$defs") | {"HostSettings": settings}
    if file == "defaults":
        return {**_ELEMENT, "$defs": defs}
    element = {"$ref": "#/$defs/Element"}
    return {
        "type": "object",
        "additionalProperties": element,
        "$defs": defs | {"Element": _ELEMENT},
    }


def _in_part(schema: Any) -> Any:
    """Returns a schema that asks for no key: another file, or an option, may give it."""
    if isinstance(schema, list):
        return [_in_part(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    asks = isinstance(schema.get("required"), list)
    return {k: _in_part(v) for k, v in schema.items() if not (asks and k == "required")}
