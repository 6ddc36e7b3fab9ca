"""The inventory of a lab: Nornir's files and a ``known_hosts``, with references for secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from slp_sim.lab import Lab

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
CONFIG = "config.yaml"


def write_inventory(
    lab: Lab,
    folder: Path,
    *,
    images: Path,
    endpoints: Mapping[str, tuple[str, int]] | None = None,
    known_hosts: str = "",
    scenario: str | Path = "",
    services: str | None = None,
) -> Path:
    """Writes the inventory that drives a lab and returns its folder.

    Args:
        images: folder of the image files that targets name.
        endpoints: address and port of each router; without them the inventory drives the lab in
            process (``transport: fake``).
        known_hosts: the host keys of ``endpoints``.
        scenario: what an in-process lab is looked up by.
        services: address of the lab's CSSM and SSM On-Prem, where they answer over HTTP.
    """
    folder.mkdir(parents=True, exist_ok=True)
    hosts: dict[str, Any] = {}
    clock = lab.clock_block()
    for entry in lab.scenario.routers:
        slp: dict[str, Any] = {}
        where: dict[str, Any] = {"hostname": entry.name}
        if endpoints is None:
            slp["fake"] = {"scenario": str(scenario), "router": entry.name}
            if clock:
                slp["fake"]["clock"] = clock
        else:
            address, port = endpoints[entry.name]
            where = {"hostname": address, "port": port}
        target = lab.target(entry, images.resolve())
        if target:
            slp["target"] = target
        data = {**entry.data, **({"slp": slp} if slp else {})}
        hosts[entry.name] = {**where, "groups": list(entry.groups), "data": data}
    if endpoints is not None:
        (folder / "known_hosts").write_text(known_hosts, encoding="ascii")
    groups = sorted({g for e in lab.scenario.routers for g in e.groups})
    _write(folder / "hosts.yaml", hosts)
    _write(folder / "groups.yaml", {name: {} for name in groups})
    _write(folder / "defaults.yaml", _defaults(lab, endpoints is not None, services))
    _write(folder / CONFIG, _config(folder.resolve()))
    return folder


def _defaults(lab: Lab, over_ssh: bool, services: str | None) -> dict[str, Any]:
    slp: dict[str, Any] = {"driver": "scrapli", "transport": "ssh" if over_ssh else "fake"}
    if over_ssh:
        slp["known_hosts"] = "known_hosts"
    clock = lab.clock_block()
    if clock:
        slp["clock"] = clock
    if services is not None:
        slp |= _services(lab, services)
    login = lab.scenario.login
    return {
        "username": login.username,
        "password": login.password,
        "platform": "ios",
        "data": {"slp": slp},
    }


def _services(lab: Lab, url: str) -> dict[str, Any]:
    """Returns where a program finds the lab's CSSM and its first SSM On-Prem."""
    if not lab.scenario.api_clients:
        return {}
    client = lab.scenario.api_clients[0]
    login = {"client_id": client.client_id, "client_secret": client.client_secret}
    homes = [f"{a.name}/{v.name}" for a, v in lab.network.cssm.accounts.virtual_accounts()]
    found: dict[str, Any] = {"cssm": {"url": url, **login}}
    if len(homes) == 1:
        found["cssm"]["account"] = homes[0]
    for host, onprem in lab.network.onprems.items():
        tenant = next(iter(onprem.tenants), "")
        where = {"url": f"{url}/onprem/{host}", "account": f"{tenant}/Default"}
        found.setdefault("onprem", {**where, **login})
    return found


def _config(folder: Path) -> dict[str, Any]:
    return {
        "inventory": {"plugin": "SlpInventory", "options": {"folder": str(folder)}},
        "runner": {"plugin": "threaded", "options": {"num_workers": 50}},
        "logging": {"enabled": False},
    }


def _write(path: Path, data: Any) -> None:
    path.write_text(
        yaml.dump(data, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=110),
        encoding="utf-8",
    )
