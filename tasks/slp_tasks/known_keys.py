"""The file of host keys that an inventory names: that one, or none at all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nornir.core.inventory import Defaults, Group, Host

from slp_core.errors import InventoryError
from slp_tasks.host_data import host_settings
from slp_tasks.settings import HostSettings


def host_keys_of(settings: HostSettings) -> str:
    """Returns the file that ``data.slp.known_hosts`` names; empty where it names none.

    Client libraries take another file, or none, where this one is missing: it is refused here.

    Raises:
        InventoryError: there is no such file.
    """
    named = settings.known_hosts or ""
    if named and not settings.is_fake and not Path(named).is_file():
        raise InventoryError(
            "data.slp.known_hosts names this file, and it is not there",
            where=named,
            remedy="make it with ssh-keyscan and compare the fingerprints; "
            "no other file is used in its place",
        )
    return named


def no_file_missing(hosts: Collection[Host], groups: Collection[Group], defaults: Defaults) -> None:
    """Holds every ``known_hosts`` that the inventory names against the disk, each path once.

    Raises:
        InventoryError: a router would be reached by host keys that are not there.
    """
    data = [defaults.data, *(g.data for g in groups), *(h.data for h in hosts)]
    paths = {_named(layer) for layer in data} - {""}
    if all(Path(path).is_file() for path in paths):
        return
    for host in hosts:  # only who is in fact reached by it: another layer may say otherwise
        host_keys_of(host_settings(host))


def _named(data: Mapping[str, Any] | None) -> str:
    slp = (data or {}).get("slp")
    return str(slp.get("known_hosts") or "") if isinstance(slp, Mapping) else ""
