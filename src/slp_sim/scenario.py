"""Scenarios: what a lab consists of, read from YAML and checked key by key.

A scenario names accounts, images, routers and faults. Routers are made from *families* (one kind
of router with its licensing and its way to SLP), so that a fleet is a list of short lines.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from slp_sim.entries import Scenario
from slp_sim.router.spec import FaultSpec
from slp_sim.services.faults import why_not

__all__ = [
    "Scenario",
    "ScenarioError",
    "build",
    "builtin_scenarios",
    "generate",
    "load_scenario",
    "serial_number",
    "with_faults",
]

_BUILTIN = resources.files("slp_sim") / "scenarios"
_RELATIVE = re.compile(r"^epoch(?P<sign>[+-])(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ScenarioError(ValueError):
    """A scenario cannot be used; the text names file and key."""


def builtin_scenarios() -> dict[str, Path]:
    """Returns the scenarios that come with the simulator, by name."""
    folder = Path(str(_BUILTIN))
    found = {p.stem: p for p in sorted(folder.glob("*.yaml"))}
    return {name: path for name, path in found.items() if name != "families"}


def load_scenario(source: Path | str) -> Scenario:
    """Returns the scenario of a file, or a built-in one by its name.

    Raises:
        ScenarioError: no such file or name, unreadable YAML, or a key that is wrong.
    """
    path = builtin_scenarios().get(str(source)) or Path(source)
    return build(_read(path), where=str(path), base=path.parent)


def build(data: Mapping[str, Any], *, where: str, base: Path | None = None) -> Scenario:
    """Returns the scenario that a mapping describes, families applied and dates resolved.

    Args:
        where: file or origin, for messages.
        base: folder that ``include`` entries start from.
    """
    merged, families = _with_includes(dict(data), where, base)
    epoch = _epoch(merged, where)
    entries = merged.get("routers")
    if not isinstance(entries, list) or not entries:
        raise ScenarioError(f"{where}: routers: at least one router is needed")
    merged["routers"] = [
        _router(e, families, f"{where}: routers[{i}]") for i, e in enumerate(entries)
    ]
    resolved = _resolve_dates(merged, epoch)
    try:
        scenario = Scenario.model_validate(resolved)
    except ValidationError as error:
        raise ScenarioError(_explain(where, merged, error)) from error
    _check(scenario, where)
    return scenario


def generate(
    routers: int,
    *,
    mix: Mapping[str, float] | None = None,
    faults: Iterable[str] = (),
    seed: int = 0,
    name: str = "generated",
) -> Scenario:
    """Returns a fleet of any size made from the built-in families.

    Args:
        mix: weight of each family; all alike by default.
        faults: as ``F07@r12``: a fault and the router that it strikes.
        seed: another seed gives other serial numbers.

    Raises:
        ScenarioError: an unknown family, or a fault on a router that is not there.
    """
    base = _read(Path(str(_BUILTIN)) / "families.yaml")
    shares = dict(mix or dict.fromkeys(base["families"], 1.0))
    for family in shares:
        if family not in base["families"]:
            known = ", ".join(base["families"])
            raise ScenarioError(f"--mix: there is no family {family}; known: {known}")
    width = max(len(str(routers)), 2)
    entries = [
        {"name": f"r{i + 1:0{width}}", "family": family, "data": {"site": f"site-{i // 10 + 1:02}"}}
        for i, family in enumerate(_spread(routers, shares))
    ]
    _strike(entries, faults)
    data = {**base, "name": name, "routers": entries}
    for entry in entries:
        entry["serial"] = serial_number(f"{seed}/{entry['name']}")
    for account in data["accounts"]:
        for virtual in account["virtual_accounts"]:
            for pool in virtual["licences"]:
                pool["count"] = max(pool["count"], 2 * routers)
    return build(data, where=name)


def with_faults(scenario: Scenario, faults: Iterable[str]) -> Scenario:
    """Returns the scenario with more faults, each as ``F07@router``.

    Raises:
        ScenarioError: no such router, or a fault without one.
    """
    routers = {e.name: e for e in scenario.routers}
    for fault, name in _parse_faults(faults):
        entry = routers.get(name)
        if entry is None:
            raise ScenarioError(f"--fault {fault}@{name}: there is no router {name}")
        more = [*entry.router.faults, FaultSpec(name=fault)]
        spec = entry.router.model_copy(update={"faults": more})
        routers[name] = entry.model_copy(update={"router": spec})
    return scenario.model_copy(update={"routers": list(routers.values())})


def serial_number(mark: str) -> str:
    """Returns a serial number that belongs to ``mark`` alone."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    digest = hashlib.sha256(mark.encode()).digest()
    week = f"{20 + digest[0] % 6}{1 + digest[1] % 52:02}"
    return f"FDO{week}" + "".join(letters[b % len(letters)] for b in digest[2:6])


# --- reading ------------------------------------------------------------------------------------


def _read(path: Path) -> dict[str, Any]:
    try:
        return copy.deepcopy(_parsed(path, path.stat().st_mtime_ns))
    except OSError as error:
        known = ", ".join(builtin_scenarios())
        raise ScenarioError(f"{path}: {error.strerror}; built-in scenarios: {known}") from error


@cache
def _parsed(path: Path, _version: int) -> dict[str, Any]:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: no readable YAML: {error}") from error
    if not isinstance(data, dict):
        raise ScenarioError(f"{path}: a scenario is a mapping")
    return data


def _with_includes(
    data: dict[str, Any], where: str, base: Path | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    merged: dict[str, Any] = {}
    families: dict[str, Any] = {}
    for name in data.pop("include", None) or []:
        beside = (base or Path()) / str(name)
        more = _read(beside if beside.exists() else Path(str(_BUILTIN)) / str(name))
        families |= more.pop("families", None) or {}
        merged |= more
    families |= data.pop("families", None) or {}
    if not isinstance(families, dict):
        raise ScenarioError(f"{where}: families: a mapping is needed")
    return merged | data, families


def _router(entry: Any, families: Mapping[str, Any], where: str) -> dict[str, Any]:
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


def _epoch(data: Mapping[str, Any], where: str) -> datetime:
    value = data.get("epoch")
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ScenarioError(f"{where}: epoch: a date and time is needed, not {value!r}") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _resolve_dates(value: Any, epoch: datetime) -> Any:
    if isinstance(value, dict):
        return {k: _resolve_dates(v, epoch) for k, v in value.items()}
    if isinstance(value, list):
        return [_resolve_dates(v, epoch) for v in value]
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    if isinstance(value, str) and (match := _RELATIVE.match(value)):
        days, hours, minutes, seconds = (int(n or 0) for n in match.groups()[1:])
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return epoch + span if match["sign"] == "+" else epoch - span
    return value


def _explain(where: str, data: Mapping[str, Any], error: ValidationError) -> str:
    lines = []
    for problem in error.errors():
        place = ""
        for part in problem["loc"]:
            place += f"[{part}]" if isinstance(part, int) else f".{part}"
        loc = problem["loc"]
        if len(loc) > 1 and loc[0] == "routers" and isinstance(loc[1], int):
            router = data["routers"][loc[1]].get("router", {}).get("name")
            place += f" ({router})" if router else ""
        lines.append(f"{where}: {place.lstrip('.')}: {problem['msg']}")
    return "\n".join(lines)


def _check(scenario: Scenario, where: str) -> None:
    homes = {f"{a.name}/{v.name}" for a in scenario.accounts for v in a.virtual_accounts}
    for cslu in scenario.cslu:
        if cslu.home not in homes:
            raise ScenarioError(f"{where}: cslu: there is no account {cslu.home}")
    for onprem in scenario.onprem:
        for home in onprem.tenants.values():
            if home not in homes:
                raise ScenarioError(f"{where}: onprem: there is no account {home}")
    images = {i.name for i in scenario.images}
    names: set[str] = set()
    udis: set[tuple[str, str]] = set()
    for index, entry in enumerate(scenario.routers):
        place = f"{where}: routers[{index}] ({entry.name})"
        udi = (entry.router.pid, entry.router.serial)
        if entry.name in names:
            raise ScenarioError(f"{place}.name: there are two routers of this name")
        if udi in udis:
            raise ScenarioError(f"{place}.serial: there are two routers {udi[0]} {udi[1]}")
        if entry.home not in homes:
            raise ScenarioError(f"{place}.home: there is no account {entry.home}")
        image = (entry.target or {}).get("image")
        if isinstance(image, str) and image not in images:
            raise ScenarioError(f"{place}.target.image: there is no image {image}")
        for fault in entry.router.faults:
            if reason := why_not(fault.name):
                raise ScenarioError(f"{place}.faults: {reason}")
        names.add(entry.name)
        udis.add(udi)


# --- generating ---------------------------------------------------------------------------------


def _spread(count: int, shares: Mapping[str, float]) -> list[str]:
    """Returns ``count`` families in the given shares, evenly mixed (largest debt first)."""
    total = sum(shares.values()) or 1.0
    given = dict.fromkeys(shares, 0)
    row = []
    for i in range(1, count + 1):
        family = max(shares, key=lambda f: shares[f] / total * i - given[f])
        given[family] += 1
        row.append(family)
    return row


def _parse_faults(faults: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in faults:
        fault, _, router = text.partition("@")
        if not re.match(r"F\d\d", fault) or not router:
            raise ScenarioError(f"--fault {text}: write it as F07@r12")
        reason = why_not(fault)
        if reason:
            raise ScenarioError(f"--fault {text}: {reason}")
        yield fault, router


def _strike(entries: list[dict[str, Any]], faults: Iterable[str]) -> None:
    by_name = {e["name"]: e for e in entries}
    by_number = {f"r{i + 1}": e for i, e in enumerate(entries)}
    for fault, router in _parse_faults(faults):
        entry = by_name.get(router) or by_number.get(router)
        if entry is None:
            raise ScenarioError(f"--fault {fault}@{router}: there is no router {router}")
        entry.setdefault("faults", []).append(fault)
