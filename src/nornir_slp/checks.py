"""What ``slp doctor`` looks at; each check says what it found and what to do about it."""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.check_model import Check
from nornir_slp.check_routers import Reaching, files_and_addresses, routers
from nornir_slp.inventory_data import complaint
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Host

_PACKAGES = ("nornir", "nornir-scrapli", "scrapli", "ssh2-python", "dbos", "pydantic", "typer")
_MODULES = (
    "scrapli_slpssh2.transport",
    "scrapli_slpsystem.transport",
    "scrapli_slpfake.transport",
    "slp_tasks.registry",
)
_TEMPLATES = ("report/report.html.j2",)
_LOW_MB = 500
_NAMED = 5


def checks(space: Workspace, *, reaching: Reaching) -> Iterator[Check]:
    """Yields every check, as it is made."""
    yield from _installation()
    nornir = yield from _inventory(space)
    if nornir is not None:
        hosts = list(nornir.inventory.hosts.values())
        yield _data(hosts)
        yield _secrets(hosts)
        yield from files_and_addresses(hosts)
        yield from routers(hosts, reaching)
    yield _store(space)


def _installation() -> Iterator[Check]:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            yield Check("package", "failed", f"{package} is missing", "install nornir-slp again")
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check("installation", "ok", f"Python {python}, {', '.join(found)}")
    for name in _MODULES:
        try:
            importlib.import_module(name)
        except ImportError as error:
            yield Check("module", "failed", f"{name}: {error}", "install nornir-slp again")
    plugins = {p.name for p in entry_points(group="nornir.plugins.inventory")}
    if "SlpInventory" not in plugins:
        remedy = "install the package, not only its sources"
        yield Check("Nornir", "warning", "the plugin SlpInventory is not registered", remedy)
    yield _templates()


def _templates() -> Check:
    from slp_core.render import template_folders

    folders = template_folders()
    missing = [t for t in _TEMPLATES if not any((f / t).is_file() for f in folders)]
    if missing:
        return Check("templates", "failed", f"{missing[0]} is missing", "install nornir-slp again")
    return Check("templates", "ok", ", ".join(map(str, folders)))


def _inventory(space: Workspace) -> Generator[Check, None, Nornir | None]:
    from slp_tasks.inventory import load_nornir

    try:
        nornir = load_nornir(space.inventory, limit=space.limit)
    except SlpError as error:
        yield Check("inventory", "failed", f"{error.where or ''} {error.what}", error.remedy or "")
        return None
    hosts = nornir.inventory.hosts
    yield Check(
        "inventory", "ok" if hosts else "failed", f"{len(hosts)} routers, {space.inventory}"
    )
    return nornir


def _data(hosts: list[Host]) -> Check:
    from slp_tasks.inventory import slp_data

    wrong: dict[str, list[str]] = {}
    aimless = []
    for host in hosts:
        data = slp_data(host)
        told = complaint(data, Path(data.get("base") or "."))
        if told is not None:
            wrong.setdefault(told, []).append(host.name)
        elif data.get("target") is None:
            aimless.append(host.name)
    if wrong:
        told, names = next(iter(wrong.items()))
        return Check("data.slp", "failed", f"{_names(names)}: {told}", "slp doctor --schema")
    if aimless:
        text = f"{_names(aimless)}: no target"
        return Check("data.slp", "warning", text, "give data.slp.target, or options of slp plan")
    return Check("data.slp", "ok", "every router has a target that can be read")


def _secrets(hosts: list[Host]) -> Check:
    """Resolves each reference that needs no person; values are neither kept nor shown."""
    from slp_core.secrets import is_reference
    from slp_tasks.host_data import secret_store
    from slp_tasks.inventory import slp_data

    asked: dict[str, Host] = {}
    plain = []
    for host in hosts:
        slp = slp_data(host)
        topology = (slp.get("target") or {}).get("topology")
        token = topology.get("token") if isinstance(topology, dict) else None
        password = host.password
        if password and not is_reference(password):
            plain.append(host.name)
        for reference in (password, slp.get("enable"), token, *_service_secrets(slp)):
            if reference and is_reference(str(reference)):
                asked.setdefault(str(reference), host)
    if plain:
        text = f"{_names(plain)}: a password stands in the inventory"
        return Check("secrets", "failed", text, "write env:NAME, file:PATH or keyring:SERVICE/USER")
    missing = []
    for reference, host in asked.items():
        if reference.startswith("prompt:"):
            continue
        try:
            secret_store(host).resolve(reference)
        except SlpError:
            missing.append(reference)
    if missing:
        return Check("secrets", "failed", f"nothing is found at {_names(missing)}", "set them")
    return Check("secrets", "ok", f"{len(asked)} references, all found")


def _service_secrets(slp: dict[str, Any]) -> Iterator[Any]:
    """Yields the references by which licensing services let us in."""
    for service in ("cssm", "onprem"):
        block = slp.get(service)
        if isinstance(block, dict):
            yield from (block.get(k) for k in ("client_id", "client_secret", "password"))


def _store(space: Workspace) -> Check:
    from slp_fleet.store import Store

    path = space.store_path
    refused = _unwritable(path)
    if refused:
        return Check("store", "failed", f"{path}: {refused}", "correct its rights, or give --store")
    if not path.exists():
        return Check("store", "ok", f"{path} can be made by the first run")
    try:
        store = Store(path)
        store.check()
        runs = store.rows("SELECT state, count(*) AS n FROM runs GROUP BY state")
        store.close()
    except SlpError as error:
        return Check("store", "failed", f"{error.where}: {error.what}", error.remedy or "")
    told = ", ".join(f"{row['n']} {row['state']}" for row in runs) or "no runs"
    free = shutil.disk_usage(path).free // 1_000_000
    if free < _LOW_MB:
        return Check("store", "warning", f"{path}: {told}; {free} MB free", "free space there")
    return Check("store", "ok", f"{path}: {told}")


def _unwritable(path: Path) -> str:
    """Makes a file in the folder, or in the one that it will be made in, and takes it away."""
    folder = next((f for f in (path, *path.absolute().parents) if f.exists()), Path("/"))
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".slp-doctor-") as file:
            file.write(b"x")
            file.flush()
    except OSError as error:
        return f"nothing can be written in {folder}: {error.strerror}"
    return ""


def _names(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
