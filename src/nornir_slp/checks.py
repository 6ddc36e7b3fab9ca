"""What ``slp doctor`` looks at; each check says what it found and what to do about it."""

from __future__ import annotations

import importlib
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from importlib.metadata import PackageNotFoundError, entry_points, version
from pathlib import Path
from typing import TYPE_CHECKING

from nornir_slp.check_model import Check
from nornir_slp.check_routers import Reaching, files_and_addresses, routers
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Host

    from slp_tasks.settings import HostSettings

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
        sound = yield from _data(hosts)
        yield _secrets(sound)
        yield from files_and_addresses(sound)
        yield from routers(sound, reaching)
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


def _data(hosts: list[Host]) -> Generator[Check, None, list[Host]]:
    """Yields whether ``data.slp`` can be used; returns the hosts whose settings can be read."""
    from slp_core.targets import load_target
    from slp_tasks.inventory import host_settings

    wrong: dict[tuple[str, str], list[str]] = {}
    aimless, sound = [], []
    for host in hosts:
        try:
            settings = host_settings(host)
            sound.append(host)
            if settings.target is None:
                aimless.append(host.name)
            else:
                load_target(settings.target, where="data.slp.target", base=settings.folder)
        except SlpError as error:
            what = error.what if error.where == host.name else f"{error.where}: {error.what}"
            wrong.setdefault((what, error.remedy or ""), []).append(host.name)
    for (what, remedy), names in wrong.items():
        yield Check("data.slp", "failed", f"{_names(names)}: {what}", remedy)
    if aimless:
        text = f"{_names(aimless)}: no target"
        remedy = "give data.slp.target, or options of slp plan"
        yield Check("data.slp", "warning", text, remedy)
    if not wrong and not aimless:
        yield Check("data.slp", "ok", "every router has a target that can be read")
    return sound


def _secrets(hosts: list[Host]) -> Check:
    """Resolves each reference that needs no person; values are neither kept nor shown."""
    from slp_core.secrets import is_reference
    from slp_tasks.host_data import secret_store
    from slp_tasks.inventory import host_settings

    asked: dict[str, Host] = {}
    plain = []
    for host in hosts:
        settings = host_settings(host)
        topology = (settings.target or {}).get("topology")
        token = topology.get("token") if isinstance(topology, dict) else None
        password = host.password
        if password and not is_reference(password):
            plain.append(host.name)
        for reference in (password, settings.enable, token, *_service_secrets(settings)):
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


def _service_secrets(settings: HostSettings) -> Iterator[str | None]:
    """Yields the references by which services, and the router's own, let us in."""
    for service in (settings.cssm, settings.onprem, settings.rest):
        for key in ("client_id", "client_secret", "password"):
            if service is not None and key in service.model_fields_set:
                yield getattr(service, key)


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
