"""Writes the JSON schemas of the files that users keep: ``python -m slp_lab.schemas FOLDER``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from nornir_slp import inventory_schemas
from nornir_slp.documents import Assessment
from nornir_slp.report.model import Report
from slp_core.balances import Balances
from slp_core.plan import Plan
from slp_core.state import Frozen
from slp_sim.schema import scenario_schema

DOCUMENTS: dict[str, type[Frozen]] = {
    "plan": Plan,
    "assessment": Assessment,
    "report": Report,
    "balances": Balances,
}
SCENARIO = "scenario"
PUBLISHED = (*DOCUMENTS, SCENARIO, *inventory_schemas.FILES)
_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def schema_text(name: str) -> str:
    """Returns the JSON schema of one document or file, as it is published."""
    if name in inventory_schemas.FILES:
        return inventory_schemas.schema_text(name)
    if name == SCENARIO:
        return _text({"$schema": _DRAFT, **scenario_schema(), "title": "Scenario of a lab (YAML)"})
    schema = DOCUMENTS[name].model_json_schema(mode="serialization")
    schema = {
        "$schema": _DRAFT,
        **schema,
        "title": f"{name}.json, version 1",
    }
    required = {*schema.get("required", []), "schema_version"}
    return _text({**schema, "required": sorted(required)})


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    """Writes each schema into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PUBLISHED:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schemas"))
