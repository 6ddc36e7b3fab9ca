"""Reads the routers of an inventory by Nornir's runner, each within its own deadlines."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nornir_slp.reads import Read, Trouble
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError
from slp_core.folders import folder_name

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.inventory import Host
    from nornir.core.task import Result, Task

    from nornir_slp.reads import Look
    from slp_tasks.session import Session

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
    from nornir.plugins.runners import ThreadedRunner

    from slp_tasks.inventory import load_nornir
    from slp_tasks.limit import parse_limit

    loaded = load_nornir(space.inventory, limit=space.limit if only is None else None)
    if only is not None:
        loaded = loaded.filter(filter_func=lambda host: host.name in only)
        if space.limit is not None:
            meant = parse_limit(space.limit)
            loaded = loaded.filter(filter_func=meant)
            meant.refuse_unmatched("of the plan")
    if space.workers is not None:
        loaded = loaded.with_runner(ThreadedRunner(num_workers=space.workers))
    with space.reading(len(loaded.inventory.hosts)) as each:
        for read in read_hosts(loaded, base=space.base, save=save, look=look):
            each(read.name, f"{read.error.what} [{read.error.code}]" if read.error else "is read")
            yield read


def read_hosts(
    nornir: Nornir, *, base: Path = Path(), save: Path | None = None, look: Look | None = None
) -> Iterator[Read]:
    """Yields every host of ``nornir``, in its order, read by its own runner; no host raises.

    Whoever stops listening ends the reading: open sessions are closed, no further one is opened.

    Args:
        base: folder that relative paths of targets start from.
        save: folder that keeps the outputs as captures, masked of secrets.
        look: at each router once it is read, in the same session.
    """
    names = list(nornir.inventory.hosts)
    reading = _Reading(base.resolve(), save, look)
    ends = reading.begin(nornir)
    early: dict[str, Read] = {}
    try:
        for name in names:
            while name not in early:
                read = ends.get()
                if isinstance(read, BaseException):
                    raise read
                early[read.name] = read
            yield early.pop(name)
    finally:
        reading.stop()


class _Reading:
    """One pass over the hosts; reads come out of a queue in the order in which they end."""

    def __init__(self, base: Path, save: Path | None, look: Look | None) -> None:
        self._base = base
        self._save = save
        self._look = look
        self._ends: queue.SimpleQueue[Read | BaseException] = queue.SimpleQueue()
        self._open: set[Session] = set()
        self._stopped = threading.Event()

    def begin(self, nornir: Nornir) -> queue.SimpleQueue[Read | BaseException]:
        """Starts the runner in a thread of its own, and returns where reads come out."""

        def run() -> None:
            try:
                nornir.run(task=self._task, name="read")
            except BaseException as error:  # noqa: BLE001 - raised again by whoever listens
                self._ends.put(error)

        threading.Thread(target=run, name="read", daemon=True).start()
        return self._ends

    def stop(self) -> None:
        """Opens no further session, and closes those that are open."""
        self._stopped.set()
        for session in list(self._open):
            with contextlib.suppress(Exception):
                session.close()

    def _task(self, task: Task) -> Result:
        from nornir.core.task import Result

        if not self._stopped.is_set():
            try:
                self._ends.put(self._read(task.host))
            except BaseException as error:  # noqa: BLE001 - raised again by whoever listens
                self._ends.put(error)
        return Result(host=task.host)

    def _read(self, host: Host) -> Read:
        from slp_core.parsing import assemble
        from slp_tasks.collect import collect, write_outputs
        from slp_tasks.inventory import host_clock, host_target

        fields: dict[str, Any] = {"where": f"{host.name}: data.slp.target", "base": self._base}
        try:
            fields |= {"group": group_of(host), "target": host_target(host)}
            with self._session(host) as session:
                outputs = collect(session)
                if self._save is not None:
                    write_outputs(self._save / folder_name(host.name), outputs)
                state = assemble(host.name, outputs, read_at=host_clock(host).now())
                read = Read(host.name, state=state, **fields)
                look = self._look
                return read if look is None else replace(read, findings=look(host, session, read))
        except SlpError as error:
            return Read(host.name, error=Trouble.of(error), **fields)
        except Exception as error:  # noqa: BLE001 - one odd router must not keep the rest from view
            return Read(host.name, error=Trouble.unforeseen(error), **fields)

    @contextlib.contextmanager
    def _session(self, host: Host) -> Iterator[Session]:
        from slp_tasks.connection.opening import open_session

        session = open_session(host)
        self._open.add(session)
        try:
            yield session
        finally:
            self._open.discard(session)
            session.close()


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
