"""Scenarios: what a lab consists of, read from YAML and checked key by key.

A scenario names accounts, images, routers and faults. Routers are made from *families* (one kind
of router with its licensing and its way to SLP), so that a fleet is a list of short lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from slp_sim.entries import Scenario
from slp_sim.fault_list import why_it_cannot_strike, why_not
from slp_sim.reading import (
    BUILTIN,
    ScenarioError,
    builtin_scenarios,
    epoch_of,
    read_yaml,
    resolve_dates,
    router_entry,
    with_includes,
)
from slp_sim.router.catalog import platform_of
from slp_sim.router.spec import FaultSpec

__all__ = [
    "Scenario",
    "ScenarioError",
    "build",
    "builtin_scenarios",
    "generate",
    "load_scenario",
    "read_mix",
    "serial_number",
    "with_faults",
]

_NAMED = 12  # so many routers are named one by one in a message


def load_scenario(source: Path | str) -> Scenario:
    """Returns the scenario of a file, or a built-in one by its name.

    Raises:
        ScenarioError: no such file or name, unreadable YAML, or a key that is wrong.
    """
    path = builtin_scenarios().get(str(source)) or Path(source)
    return build(read_yaml(path), where=str(path), base=path.parent)


def build(data: Mapping[str, Any], *, where: str, base: Path | None = None) -> Scenario:
    """Returns the scenario that a mapping describes, families applied and dates resolved.

    Args:
        where: file or origin, for messages.
        base: folder that ``include`` entries start from.
    """
    merged, families = with_includes(dict(data), where, base)
    epoch = epoch_of(merged, where)
    entries = merged.get("routers")
    if not isinstance(entries, list) or not entries:
        raise ScenarioError(f"{where}: routers: at least one router is needed")
    merged["routers"] = [
        router_entry(e, families, f"{where}: routers[{i}]") for i, e in enumerate(entries)
    ]
    resolved = resolve_dates(merged, epoch)
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
        mix: weight of each family, by its name with or without the number before it; all alike
            by default.
        faults: as ``F07@r12``: a fault and the router that it strikes.
        seed: another seed gives other serial numbers.

    Raises:
        ScenarioError: an unknown family, or a fault on a router that is not there.
    """
    base = read_yaml(BUILTIN / "families.yaml")
    families = tuple(base["families"])
    shares: dict[str, float] = {}
    for name_given, weight in (mix or dict.fromkeys(families, 1.0)).items():
        family = _family(name_given, families)
        if family in shares:
            raise ScenarioError(f"--mix: {_bare(family)} is named twice")
        shares[family] = weight
    width = max(len(str(routers)), 2)
    entries = [
        {"name": f"r{i + 1:0{width}}", "family": family, "data": {"site": f"site-{i // 10 + 1:02}"}}
        for i, family in enumerate(_spread(routers, shares))
    ]
    _strike(entries, faults)
    data = {**base, "name": name, "routers": entries}
    for entry in entries:
        pid = str(base["families"][entry["family"]]["router"]["pid"])
        mark = f"{seed}/{entry['name']}"
        entry["serial"] = serial_number(mark, virtual=platform_of(pid).virtual)
    for account in data["accounts"]:
        for virtual in account["virtual_accounts"]:
            for pool in virtual["licences"]:
                pool["count"] = max(pool["count"], 2 * routers)
    return build(data, where=name)


def read_mix(text: str) -> dict[str, float]:
    """Returns the weights that a text such as ``registered=3,slr`` gives.

    Raises:
        ScenarioError: it is no list of families with weights above nothing.
    """
    known = ", ".join(_bare(f) for f in read_yaml(BUILTIN / "families.yaml")["families"])
    shares: dict[str, float] = {}
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, sign, number = (x.strip() for x in item.partition("="))
        try:
            weight = float(number) if sign else 1.0
        except ValueError:
            weight = -1.0
        if not 0 < weight < float("inf"):
            raise ScenarioError(
                f"--mix {item}: {number!r} is no share; write registered=3,slr=1; known: {known}"
            )
        if name in shares:
            raise ScenarioError(f"--mix: {name} is named twice")
        shares[name] = weight
    if not shares:
        raise ScenarioError(f"--mix: nothing is named; write registered=3,slr=1; known: {known}")
    return shares


def with_faults(scenario: Scenario, faults: Iterable[str]) -> Scenario:
    """Returns the scenario with more faults, each as ``F07@router``.

    Raises:
        ScenarioError: no such router, a fault without one, or one that cannot strike it.
    """
    routers = {e.name: e for e in scenario.routers}
    for fault, name in _parse_faults(faults):
        entry = routers.get(name)
        if entry is None:
            raise ScenarioError(f"--fault {fault}@{name}: {_no_router(name, routers)}")
        struck = FaultSpec(name=fault)
        spec = entry.router.model_copy(update={"faults": [*entry.router.faults, struck]})
        routers[name] = entry.model_copy(update={"router": spec})
        if reason := why_it_cannot_strike(routers[name], struck, scenario.routers):
            raise ScenarioError(f"--fault {fault}@{name}: {reason}")
    return scenario.model_copy(update={"routers": list(routers.values())})


def serial_number(mark: str, *, virtual: bool = False) -> str:
    """Returns a serial number that belongs to ``mark`` alone, in the form of hardware or not."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
    digest = hashlib.sha256(mark.encode()).digest()
    if virtual:
        return "9" + "".join(letters[b % len(letters)] for b in digest[2:12])
    week = f"{20 + digest[0] % 6}{1 + digest[1] % 52:02}"
    return f"FDO{week}" + "".join(letters[b % len(letters)] for b in digest[2:6])


# --- checking ----------------------------------------------------------------------------------


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
            if reason := why_it_cannot_strike(entry, fault, scenario.routers):
                raise ScenarioError(f"{place}.faults: {reason}")
        names.add(entry.name)
        udis.add(udi)


# --- generating ---------------------------------------------------------------------------------


def _bare(family: str) -> str:
    """Returns a family's name without its number: ``slr`` of ``s2_slr``."""
    return re.sub(r"^s\d+_", "", family)


def _family(name: str, families: Iterable[str]) -> str:
    known = list(families)
    for family in known:
        if name in (family, _bare(family)):
            return family
    names = ", ".join(map(_bare, known))
    raise ScenarioError(f"--mix: there is no family {name}; known: {names}")


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


def _no_router(name: str, known: Iterable[str]) -> str:
    names = list(known)
    shown = ", ".join(names) if len(names) <= _NAMED else f"{names[0]} to {names[-1]}"
    return f"there is no router {name}; there are {shown}"


def _parse_faults(faults: Iterable[str]) -> Iterable[tuple[str, str]]:
    for text in faults:
        fault, _, router = text.partition("@")
        if not router:
            raise ScenarioError(f"--fault {text}: name its router, as F07@r12")
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
            raise ScenarioError(f"--fault {fault}@{router}: {_no_router(router, by_name)}")
        entry.setdefault("faults", []).append(fault)
