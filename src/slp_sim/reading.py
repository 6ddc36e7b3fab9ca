"""Scenario files: read, with what they include, dates resolved and families applied."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

BUILTIN = Path(str(resources.files("slp_sim") / "scenarios"))
RELATIVE = re.compile(r"^epoch(?P<sign>[+-])(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")
_DEEPEST = 60
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScenarioError(ValueError):
    """A scenario cannot be used; the text names file and key."""


def builtin_scenarios() -> dict[str, Path]:
    """Returns the scenarios that come with the simulator, by name."""
    found = {p.stem: p for p in sorted(BUILTIN.glob("*.yaml"))}
    return {name: path for name, path in found.items() if name != "families"}


def read_yaml(path: Path) -> dict[str, Any]:
    """Returns a file's mapping, a copy of its own.

    Raises:
        ScenarioError: there is no such file, or it is no mapping in YAML.
    """
    try:
        return copy.deepcopy(_parsed(path, path.stat().st_mtime_ns))
    except OSError as error:
        known = ", ".join(builtin_scenarios())
        raise ScenarioError(f"{path}: {error.strerror}; built-in scenarios: {known}") from error


def _judge(path: Path) -> None:
    """Refuses YAML so deep that libyaml, which reads it by recursion, would end the program."""
    depth = 0
    for event in yaml.parse(path.read_text(encoding="utf-8"), Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise ScenarioError(f"{path}: is nested too deeply")


@cache
def _parsed(path: Path, _version: int) -> dict[str, Any]:
    if not path.is_file():
        raise ScenarioError(f"{path}: is no ordinary file")
    try:
        _judge(path)
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: no readable YAML: {error}") from error
    if not isinstance(data, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping")
    return data


def with_includes(
    data: dict[str, Any], where: str, base: Path | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns a scenario with what it includes, and all families that it may name."""
    merged: dict[str, Any] = {}
    families: dict[str, Any] = {}
    for name in data.pop("include", None) or []:
        beside = (base or Path()) / str(name)
        more = read_yaml(beside if beside.exists() else BUILTIN / str(name))
        families |= more.pop("families", None) or {}
        merged |= more
    families |= data.pop("families", None) or {}
    if not isinstance(families, dict):
        raise ScenarioError(f"{where}: families: a mapping is needed")
    return merged | data, families


def router_entry(entry: Any, families: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Returns an entry of ``routers`` with its family's values under its own."""
    if not isinstance(entry, dict):
        raise ScenarioError(f"{where}: a mapping is needed")
    entry = copy.deepcopy(entry)
    family = entry.pop("family", None)
    if family is not None and family not in families:
        raise ScenarioError(f"{where}.family: there is no family {family!r}")
    made: dict[str, Any] = copy.deepcopy(families[family]) if family is not None else {}
    router = made.setdefault("router", {})
    name = entry.pop("name", None)
    for key in ("serial", "hostname", "faults"):
        if key in entry:
            router[key] = entry.pop(key)
    if name is not None:
        router["name"] = name
        router.setdefault("hostname", name)
    made = _merge(made, entry)
    reservation = (made["router"].get("licensing") or {}).get("reservation")
    if isinstance(reservation, dict):
        mark = hashlib.sha256(str(made["router"].get("serial")).encode()).hexdigest()
        reservation.setdefault("confirmation_code", mark[:8])
    return made


def _merge(base: dict[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in over.items():
        if isinstance(value, Mapping) and isinstance(base.get(key), dict):
            _merge(base[key], value)
        else:
            base[key] = value
    return base


def epoch_of(data: Mapping[str, Any], where: str) -> datetime:
    """Returns the lab's first moment."""
    value = data.get("epoch")
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ScenarioError(f"{where}: epoch: a date and time is needed, not {value!r}") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def resolve_dates(value: Any, epoch: datetime) -> Any:
    """Returns a value with dates such as ``epoch-17d3h`` resolved, however deep they stand."""
    if isinstance(value, dict):
        return {k: resolve_dates(v, epoch) for k, v in value.items()}
    if isinstance(value, list):
        return [resolve_dates(v, epoch) for v in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, str) and (match := RELATIVE.match(value)):
        days, hours, minutes, seconds = (int(n or 0) for n in match.groups()[1:])
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return epoch + span if match["sign"] == "+" else epoch - span
    return value
