"""Reads the routers of an inventory, many at a time, each within its own deadlines."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.routers import Read, Trouble
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError
from slp_core.folders import folder_name

if TYPE_CHECKING:
    from nornir.core.inventory import Host

    from nornir_slp.probing import Look

_PLAIN = (str, int, float, bool)


def read_inventory(
    space: Workspace,
    *,
    only: Collection[str] | None = None,
    save: Path | None = None,
    look: Look | None = None,
) -> Iterator[Read]:
    """Yields every router of the inventory, in its order, as soon as it and those before are read.

    Args:
        only: names to read; unset: all that ``--limit`` leaves.
        save: folder that keeps the outputs as captures, masked of secrets.
        look: at each router once it is read, in the same session.

    Raises:
        InventoryError: the inventory cannot be used.
    """
    from slp_tasks.inventory import load_nornir
    from slp_tasks.limit import parse_limit

    loaded = load_nornir(space.inventory, limit=space.limit if only is None else None)
    hosts = [h for n, h in loaded.inventory.hosts.items() if only is None or n in only]
    if only is not None and space.limit is not None:
        meant = parse_limit(space.limit)
        hosts = [h for h in hosts if meant(h)]
        meant.refuse_unmatched("of the plan")
    base = space.base.resolve()
    with space.reading(len(hosts)) as each:
        for read in _each(hosts, space.workers, lambda host: _read(host, base, save, look)):
            each(read.name, f"{read.error.what} [{read.error.code}]" if read.error else "is read")
            yield read


def _each(hosts: list[Host], workers: int, read: Callable[[Host], Read]) -> Iterator[Read]:
    """Reads in threads that never keep the program from ending."""
    todo: queue.SimpleQueue[tuple[int, Host] | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Read | BaseException]] = queue.SimpleQueue()

    def work() -> None:
        while (item := todo.get()) is not None:
            number, host = item
            try:
                done.put((number, read(host)))
            except BaseException as error:  # noqa: BLE001 - raised again by whoever asked
                done.put((number, error))

    for item in enumerate(hosts):
        todo.put(item)
    for _ in range(min(workers, len(hosts))):
        todo.put(None)
        threading.Thread(target=work, name="read", daemon=True).start()
    waiting: dict[int, Read] = {}
    turn = 0
    for _ in hosts:
        number, found = done.get()
        if isinstance(found, BaseException):
            raise found
        waiting[number] = found
        while turn in waiting:
            yield waiting.pop(turn)
            turn += 1


def _read(host: Host, base: Path, save: Path | None, look: Look | None) -> Read:
    from slp_core.parsing import assemble
    from slp_tasks.collect import collect, write_outputs
    from slp_tasks.inventory import host_clock, host_target
    from slp_tasks.reach.opening import open_session

    fields: dict[str, Any] = {"where": f"{host.name}: data.slp.target", "base": base}
    try:
        fields |= {"group": group_of(host), "target": host_target(host)}
        session = open_session(host)
        try:
            outputs = collect(session)
            if save is not None:
                write_outputs(save / folder_name(host.name), outputs)
            state = assemble(host.name, outputs, read_at=host_clock(host).now())
            read = Read(host.name, state=state, **fields)
            return read if look is None else replace(read, findings=look(host, session, read))
        finally:
            session.close()
    except SlpError as error:
        return Read(host.name, error=Trouble.of(error), **fields)
    except Exception as error:  # noqa: BLE001 - one odd router must not keep the rest from view
        return Read(host.name, error=Trouble.unforeseen(error), **fields)


def group_of(host: Host) -> Mapping[str, Any]:
    """Returns the inventory data of a host that runs can be ordered by, such as ``site``."""
    from slp_tasks.inventory import host_settings

    found = {k: v for k, v in host.items() if k != "slp" and isinstance(v, _PLAIN)}
    site = host_settings(host).site
    if site is not None:
        found.setdefault("site", site)
    if host.groups:
        found.setdefault("group", host.groups[0].name)
    return found
