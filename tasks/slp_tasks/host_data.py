"""What ``data.slp`` says of a host, its groups and the defaults, merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from nornir.core.inventory import Host

from slp_core.clock import Clock
from slp_core.errors import InputError, InventoryError
from slp_core.refusals import Refused
from slp_core.secrets import SecretStore
from slp_tasks.inventory_files import as_mapping, find_line
from slp_tasks.settings import HostSettings


def slp_data(host: Host) -> dict[str, Any]:
    """Returns ``data.slp`` of a host: defaults, then groups, then the host itself, merged."""
    merged: dict[str, Any] = {}
    for layer in _layers(host):
        _merge(merged, as_mapping(layer, host.name))
    return merged


def _layers(host: Host) -> list[Any]:
    groups = reversed(host.extended_groups())
    data = [host.defaults.data, *(group.data for group in groups), host.data]
    return [(layer or {}).get("slp") for layer in data]


class KeepsSettings:
    """A host that keeps what its ``data.slp`` means, with a copy of what it was read from."""

    settings: tuple[list[Any], HostSettings] | None = None


def host_settings(host: Host) -> HostSettings:
    """Returns what ``data.slp`` of a host says; it is parsed again only where it was changed.

    Raises:
        InventoryError: a key is unknown, or its value is none; file and line are named.
    """
    layers = _layers(host)
    keeper = host if isinstance(host, KeepsSettings) else KeepsSettings()
    if keeper.settings is None or keeper.settings[0] != layers:
        keeper.settings = deepcopy(layers), _parsed(host, slp_data(host))
    return keeper.settings[1]


def _parsed(host: Host, data: Mapping[str, Any]) -> HostSettings:
    try:
        return HostSettings.of(data)
    except InputError as wrong:
        path = wrong.path if isinstance(wrong, Refused) else ()
        joint = "." if path and wrong.what.startswith(f"{path[-1]}: ") else ": "
        keys = str(wrong.where).replace(": ", ".")
        what = f"{_place(host, path)}{keys}{joint}{wrong.what}"
        raise InventoryError(what, where=host.name, remedy=wrong.remedy) from wrong


def _place(host: Host, path: Sequence[str]) -> str:
    """Returns file and line of the layer that says what stands at ``path``, as far as known."""
    base = slp_data(host).get("base")
    layers = [("hosts", [host.name]), *(("groups", [g.name]) for g in host.extended_groups())]
    for stem, head in (*layers, ("defaults", [])) if base and path else ():
        line = find_line(Path(str(base)), stem, [*head, "data", "slp", *path])
        if line is not None:
            return f"{line}: "
    return ""


def host_clock(host: Host) -> Clock:
    """Returns the clock by which the host's deadlines and tokens are judged."""
    return host_settings(host).the_clock()


def host_target(host: Host) -> dict[str, Any] | None:
    """Returns ``data.slp.target`` of a host, ``None`` where none is given."""
    target: dict[str, Any] | None = host_settings(host).target
    return target


def secret_store(host: Host) -> SecretStore:
    """Returns the store whose ``file:`` references start at the inventory's folder.

    One for each inventory of the process, so that ``prompt:`` asks once.
    """
    return _store(host_settings(host).base or "")


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
