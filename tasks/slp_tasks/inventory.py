"""The inventory: Nornir's own files, read fast, with what is ours under ``data.slp``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import (
    ConnectionOptions,
    Defaults,
    Group,
    Groups,
    Host,
    Hosts,
    Inventory,
    ParentGroups,
)
from nornir.core.plugins.connections import ConnectionPluginRegister
from nornir.core.state import GlobalState
from nornir.plugins.runners import SerialRunner, ThreadedRunner

from slp_core.errors import InventoryError
from slp_core.secrets import guard_loggers, is_reference
from slp_tasks.connection import by_netmiko, by_scrapli
from slp_tasks.connection.address import refuse_address, refuse_name
from slp_tasks.host_data import (
    KeepsSettings,
    host_clock,
    host_settings,
    host_target,
    secret_store,
)
from slp_tasks.inventory_files import as_mapping, read_inventory_file
from slp_tasks.known_keys import no_file_missing
from slp_tasks.limit import parse_limit
from slp_tasks.settings import HostSettings

__all__ = [
    "SlpHost",
    "SlpInventory",
    "host_clock",
    "host_settings",
    "host_target",
    "load_nornir",
]

_PATHS = (("known_hosts",), ("fake", "scenario"))
_ADDRESS = ("hostname", "port", "username")
_FIELDS = ("hostname", "port", "username", "password", "platform", "data")


class SlpHost(KeepsSettings, Host):
    """A host whose connections are opened as ``data.slp`` says, also by other people's tasks.

    nornir-scrapli's and nornir-netmiko's own tasks get our transport, the host keys and the
    password itself, not its reference; it is resolved here, when a connection opens.
    """

    def get_connection_parameters(self, connection: str | None = None) -> ConnectionOptions:
        """Returns what a connection plugin is opened with."""
        found = super().get_connection_parameters(connection)
        refuse_address(self.name, hostname=found.hostname, port=found.port, username=found.username)
        settings = host_settings(self)
        if connection == by_scrapli.CONNECTION:
            found.extras = {**by_scrapli.extras_for(settings), **(found.extras or {})}
        elif connection == by_netmiko.CONNECTION:
            prepared = {**by_netmiko.extras_for(settings), **_netmiko_as_it_is(settings)}
            found.extras = {**prepared, **(found.extras or {})}
        if found.password and is_reference(found.password):
            guard_loggers()
            found.password = secret_store(self).resolve(found.password)
        return found


def _netmiko_as_it_is(settings: HostSettings) -> dict[str, Any]:
    """Returns what netmiko's own drivers need beside ours: to connect, and by which host keys."""
    if settings.is_fake:
        return {"auto_connect": True}
    ours = bool(settings.known_hosts)
    return {"auto_connect": True, "system_host_keys": not ours, "alt_host_keys": ours}


class SlpInventory:
    """Nornir's inventory plugin of that name: ``hosts``, ``groups`` and ``defaults`` of a folder.

    Each may be ``.yaml``, ``.yml`` or ``.json``. Relative paths in ``data.slp`` start at the
    folder; passwords stay references until a connection opens.

    Args:
        folder: where the files lie.
    """

    def __init__(self, folder: str = "inventory") -> None:
        self.folder = Path(folder).expanduser().resolve()

    def load(self) -> Inventory:
        """Returns the inventory.

        Raises:
            InventoryError: no hosts file, unreadable text, a key that stands twice, an unknown
                group or field, a ``known_hosts`` that is named and missing, an address or user
                that could be taken for an option.
        """
        data = read_inventory_file(self.folder, "defaults") or {}
        slp = as_mapping(as_mapping(data.get("data"), "defaults").get("slp"), "defaults")
        common = dict(data.get("data") or {}, slp={"base": str(self.folder), **slp})
        _resolve_paths(common, self.folder)
        defaults = Defaults(**{**_fields(data, "defaults"), "data": common})
        groups = Groups()
        for name, entry in (read_inventory_file(self.folder, "groups") or {}).items():
            groups[name] = self._element(Group, name, entry, defaults)
        hosts = Hosts()
        read = read_inventory_file(self.folder, "hosts")
        if read is None:
            raise InventoryError(
                "there is no hosts.yaml", where=str(self.folder), remedy="give --inventory FOLDER"
            )
        for name, entry in read.items():
            hosts[str(name)] = self._element(SlpHost, str(name), entry, defaults)
        for element in (*groups.values(), *hosts.values()):
            element.groups = self._parents(element, groups)
        no_file_missing(hosts.values(), groups.values(), defaults)
        return Inventory(hosts=hosts, groups=groups, defaults=defaults)

    def _element(self, kind: Any, name: str, entry: Any, defaults: Defaults) -> Any:
        refuse_name(name)
        entry = as_mapping(entry, name)
        fields = _fields(entry, name)
        _resolve_paths(as_mapping(fields.get("data"), f"{name}: data"), self.folder)
        element = kind(
            name=name,
            groups=ParentGroups(),
            defaults=defaults,
            connection_options=_options(entry.get("connection_options"), name),
            **fields,
        )
        element.groups = _names(entry.get("groups"), name)  # for now; see _parents
        return element

    def _parents(self, element: Any, groups: Groups) -> ParentGroups:
        missing = [g for g in element.groups if g not in groups]
        if missing:
            raise InventoryError(
                f"group {missing[0]!r} is not defined",
                where=element.name,
                remedy="add it to groups.yaml",
            )
        return ParentGroups([groups[g] for g in element.groups])


def load_nornir(path: Path, *, limit: str | None = None, workers: int = 50) -> Nornir:
    """Returns Nornir with the inventory at ``path``: a folder, or a Nornir configuration file.

    Args:
        limit: an expression of ``slp_tasks.limit``.
        workers: threads of a run in the foreground.

    Raises:
        InventoryError: it cannot be read.
        UsageError: a term of the limit fits no host; the nearest names are named.
    """
    ConnectionPluginRegister.auto_register()
    path = path.expanduser()
    if path.is_file():
        nornir = _from_config(path)
    else:
        runner = ThreadedRunner(num_workers=workers) if workers > 1 else SerialRunner()
        nornir = Nornir(
            inventory=SlpInventory(str(path)).load(),
            runner=runner,
            config=Config(),
            data=GlobalState(),
        )
    if limit is None:
        return nornir
    meant = parse_limit(limit)
    chosen = nornir.filter(filter_func=meant)
    meant.refuse_unmatched()
    return chosen


def _from_config(path: Path) -> Nornir:
    from nornir import InitNornir

    try:
        return InitNornir(config_file=str(path), logging={"enabled": False})
    except InventoryError:
        raise
    except Exception as error:
        raise InventoryError(
            f"Nornir cannot use this configuration: {error}", where=str(path)
        ) from error


def _names(groups: Any, where: str) -> list[str]:
    if groups is not None and not isinstance(groups, list):
        raise InventoryError(
            "groups is no list",
            where=where,
            remedy=f"write `groups: [{groups}]`",
        )
    return list(groups or ())


def _fields(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    unknown = set(entry) - {*_FIELDS, "groups", "connection_options", "name"}
    if unknown:
        raise InventoryError(
            f"{sorted(unknown)[0]!r} is no field of an inventory",
            where=where,
            remedy="put data of your own under data:",
        )
    found = {key: entry[key] for key in _FIELDS if entry.get(key) is not None}
    refuse_address(where, **{key: found.get(key) for key in _ADDRESS})
    return found


def _options(data: Any, where: str) -> dict[str, ConnectionOptions]:
    found = {
        name: ConnectionOptions(**as_mapping(options, where))
        for name, options in as_mapping(data, where).items()
    }
    for options in found.values():
        refuse_address(where, **{key: getattr(options, key) for key in _ADDRESS})
    return found


def _resolve_paths(data: dict[str, Any], folder: Path) -> None:
    """Makes the paths within ``data.slp`` absolute, in place."""
    slp = data.get("slp")
    for *parents, last in _PATHS:
        at = slp
        for key in parents:
            at = at.get(key) if isinstance(at, dict) else None
        if isinstance(at, dict) and at.get(last):
            at[last] = str(folder / Path(str(at[last])).expanduser())
