"""What ``data.slp`` says of a host, its groups and the defaults, merged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from nornir.core.inventory import Host

from slp_core.clock import Clock, clock_from_inventory
from slp_core.errors import InventoryError
from slp_core.secrets import SecretStore


def slp_data(host: Host) -> dict[str, Any]:
    """Returns ``data.slp`` of a host: defaults, then groups, then the host itself, merged."""
    layers = [host.defaults.data, *(g.data for g in reversed(host.extended_groups())), host.data]
    merged: dict[str, Any] = {}
    for layer in layers:
        _merge(merged, as_mapping((layer or {}).get("slp"), host.name))
    return merged


def host_clock(host: Host) -> Clock:
    """Returns the clock by which the host's deadlines and tokens are judged."""
    return clock_from_inventory(slp_data(host).get("clock"))


def host_target(host: Host) -> dict[str, Any] | None:
    """Returns ``data.slp.target`` of a host, ``None`` where none is given."""
    return slp_data(host).get("target")


def secret_store(host: Host) -> SecretStore:
    """Returns the store whose ``file:`` references start at the inventory's folder.

    One for each inventory of the process, so that ``prompt:`` asks once.
    """
    return _store(str(slp_data(host).get("base") or ""))


@cache
def _store(base: str) -> SecretStore:
    return SecretStore(Path(base) if base else None)


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = _copied(value)


def _copied(value: Any) -> Any:
    return {k: _copied(v) for k, v in value.items()} if isinstance(value, Mapping) else value


def as_mapping(value: Any, where: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InventoryError("a mapping is expected here", where=where)
    return value
