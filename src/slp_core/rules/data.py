"""The rule data: its files, and a user's own file on top of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from slp_core.errors import InputError
from slp_core.rules.schema import RuleData
from slp_core.yaml_files import load_yaml, read_yaml

_FILES = ("platforms", "licensing", "releases", "access", "firmware", "messages", "catalog")


@cache
def builtin_rules() -> RuleData:
    """Returns the rule data that comes with the package."""
    folder = resources.files("slp_core.rules") / "data"
    merged: dict[str, Any] = {}
    for name in _FILES:
        merged |= load_yaml((folder / f"{name}.yaml").read_text(encoding="utf-8"), name)
    return RuleData.model_validate(merged)


def load_rules(own: Path | None = None) -> RuleData:
    """Returns the rule data, with a user's own file laid over it.

    Lists of entries are merged by ``id`` (``rule`` or ``kind`` where they have none): an entry
    with a known name changes only the keys that it gives; new entries come first, so that their
    patterns win. Everything a user gave has the basis ``user``.

    Args:
        own: YAML with any of the keys of the built-in files.

    Raises:
        InputError: the file cannot be read or does not fit the schema.
    """
    base = builtin_rules()
    if own is None:
        return base
    loaded = read_yaml(own)
    if loaded is None:
        return base
    if not isinstance(loaded, Mapping):
        raise InputError(
            "the rule data must be a mapping", where=str(own), remedy="start with `platforms:`"
        )
    try:
        return RuleData.model_validate(_laid_over(base.model_dump(mode="python"), loaded))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{place}: {first['msg']}", where=str(own), remedy="see the built-in rule data"
        ) from error


def _laid_over(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in own.items():
        old = base.get(key)
        if isinstance(old, list | tuple) and isinstance(value, list):
            merged[key] = _rows_laid_over(list(old), value)
        elif isinstance(old, dict) and isinstance(value, Mapping):
            merged[key] = _laid_over(old, value)
        else:
            merged[key] = value
    return merged


def _rows_laid_over(old: list[Any], own: list[Any]) -> list[Any]:
    rows = list(old)
    fresh: list[Any] = []
    for row in own:
        if not isinstance(row, Mapping):
            return own
        name = next((k for k in ("id", "rule", "kind") if k in row), None)
        marked = {**row, "basis": "user"} if "basis" in _keys(rows) else dict(row)
        at = next(
            (i for i, r in enumerate(rows) if name and r.get(name) == row[name]),
            None,
        )
        if at is None:
            fresh.append(marked)
        else:
            rows[at] = {**rows[at], **marked}
    return [*fresh, *rows]


def _keys(rows: list[Any]) -> set[str]:
    return {key for row in rows if isinstance(row, dict) for key in row}
