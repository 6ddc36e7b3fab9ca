"""The one module that knows DBOS 3.4: a durable queue, delayed follow-ups, recovery, drain.

What DBOS keeps is only "router R of run X, turn N is to be carried on (at time T)". What was done
to a router stands in our own store, written before and after each act; a workflow that DBOS runs
again asks there and looks at the router. So losing ``engine.sqlite`` loses no more than timers.

Source: the installed DBOS 3.4 (its public documentation still shows parts of 2.x).
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

for _name in [name for name in os.environ if name.startswith("DBOS")]:
    del os.environ[_name]  # they change executor id, version and endpoints behind our back

from dbos import (  # noqa: E402
    DBOS,
    DBOSClient,
    DBOSConfig,
    Serializer,
    SetEnqueueOptions,
    SetWorkflowID,
)

from slp_core.errors import LeaseTaken, SlpError, StoreError  # noqa: E402
from slp_fleet.phases import Then  # noqa: E402
from slp_fleet.store import make_private, masked  # noqa: E402

FILE = "engine.sqlite"
VERSION = "slp-fleet-1"
"""Schema of the workflow below; raised by hand when its order of steps changes."""
EXECUTOR = "slp-local"
QUEUE = "routers"
_NAME = "nornir-slp"
_POLL_S = 0.2
_RECORD_S = 3.0
_LISTEN_S = 0.2  # it has nothing to listen to, but its sleep delays the end
_DEAD = frozenset({"SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})

Carry = Callable[[str, str, int], Then]


class EngineError(SlpError):
    """An error that passed through the engine's store, where only its kind is kept."""

    code = "SLP-E302"


class SafeJson(Serializer):
    """JSON only, secrets masked, exceptions reduced to their type: nothing else is stored."""

    def name(self) -> str:
        return "slp_safe_json"

    def serialize(self, data: Any) -> str:
        if isinstance(data, BaseException):
            return json.dumps({"slp_error": type(data).__name__})
        return json.dumps(masked(data), separators=(",", ":"))

    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        if isinstance(data, dict) and "slp_error" in data:
            return EngineError(f"a workflow ended with {data['slp_error']}")
        return data


class Engine:
    """DBOS over ``engine.sqlite``; one at a time in a process, one process at a time a store.

    Args:
        carry: called in a device thread for each turn of a router.
        workers: device threads, that is, routers worked on at the same moment.
        on_fatal: called when nothing can be recorded any more.
    """

    current: Engine | None = None

    def __init__(
        self,
        root: Path,
        carry: Carry,
        *,
        workers: int,
        on_fatal: Callable[[StoreError], None],
    ) -> None:
        self.path = root / FILE
        self._carry = carry
        self._on_fatal = on_fatal
        self._devices = ThreadPoolExecutor(workers, thread_name_prefix="device")
        self._inflight = 0
        self._idle = threading.Condition()
        self._draining = threading.Event()

    def launch(self) -> None:
        """Opens the file in WAL mode, 0600, and lets DBOS recover what was under way.

        Raises:
            StoreError: the file cannot be used.
            LeaseTaken: this process runs another engine already.
        """
        if Engine.current is not None:
            raise LeaseTaken("this process carries out another run", remedy="let it end first")
        make_private(self.path.parent, self.path)
        is_new = self.path.stat().st_size == 0
        _use_wal(self.path)
        url = f"sqlite:///{self.path}"
        config: DBOSConfig = {
            "name": _NAME,
            "system_database_url": url,
            "executor_id": EXECUTOR,
            "application_version": VERSION,
            "serializer": SafeJson(),
            "max_executor_threads": 16,
            "sys_db_pool_size": 5,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": _LISTEN_S,
            "enable_otlp": False,
        }
        Engine.current = self
        _quieten()
        try:
            if is_new:
                _register_queue(url)
            DBOS(config=config)
            DBOS.launch()
            DBOS.register_queue(QUEUE, polling_interval_sec=_POLL_S)
        except Exception as error:
            self.close()
            raise StoreError(
                f"the engine's file cannot be used ({type(error).__name__})",
                where=str(self.path),
                remedy="move it aside: only timers are lost, the run goes on with `slp resume`",
            ) from error

    def start(self, run: str, router: str, turn: int) -> None:
        """Has a turn carried out soon; a turn that is known already is not doubled.

        Through the queue always: ``DBOS.start_workflow`` called from a thread keeps one of DBOS's
        few threads until the workflow ends, and as many workflows as threads then wait for a
        thread to record what they did, for ever.
        """
        with SetWorkflowID(_workflow_id(run, router, turn)):
            DBOS.enqueue_workflow(QUEUE, _advance, run, router, turn)

    def dead(self, turns: Iterable[tuple[str, str, int]]) -> list[tuple[str, str, int]]:
        """Returns the turns behind which no workflow of this version stands any more."""
        wanted = {_workflow_id(*turn): turn for turn in turns}
        alive: set[str] = set()
        ids = list(wanted)
        for at in range(0, len(ids), 500):
            found = DBOS.list_workflows(
                workflow_ids=ids[at : at + 500], load_input=False, load_output=False
            )
            alive |= {
                w.workflow_id for w in found if w.status not in _DEAD and w.app_version == VERSION
            }
        return [turn for key, turn in wanted.items() if key not in alive]

    def drain(self, timeout: float | None = None) -> bool:
        """Begins nothing new and waits for what is in a device thread; tells whether all ended.

        It then gives DBOS a moment to record what ended.
        """
        self._draining.set()
        with self._idle:
            ended = self._idle.wait_for(lambda: self._inflight == 0, timeout)
        give_up = time.monotonic() + _RECORD_S
        while ended and time.monotonic() < give_up and self._pending():
            time.sleep(0.05)
        return ended

    def _pending(self) -> bool:
        try:
            found = DBOS.list_workflows(
                status="PENDING", limit=1, load_input=False, load_output=False
            )
        except Exception:  # noqa: BLE001 - a broken store is told by whoever met it first
            return False
        return bool(found)

    def close(self) -> None:
        """Stops DBOS; ``drain`` first, or a step that ends later cannot be recorded."""
        try:
            DBOS.destroy()
        finally:
            self._devices.shutdown(wait=False, cancel_futures=True)
            Engine.current = None

    async def turn(self, run: str, router: str, turn: int) -> Then:
        """Carries one turn in a device thread, never in DBOS's own threads or the loop."""
        with self._idle:
            self._inflight += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._devices, self._carry, run, router, turn)
        except StoreError as error:
            self._on_fatal(error)
            return Then("end")
        finally:
            with self._idle:
                self._inflight -= 1
                self._idle.notify_all()

    async def nap(self, seconds: float) -> None:
        """Sleeps without a thread, and no longer than until a drain begins."""
        end = asyncio.get_running_loop().time() + seconds
        while not self._draining.is_set():
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, 0.2))


class _WhereAskedFor(logging.Filter):
    """Passes what the engine logs where this program's own logs of that level are asked for.

    DBOS prints each failure to write by itself, with its traceback, and tries again: a full disk
    is told once, by the store's own error. Tracebacks are for those who debug.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        root = logging.getLogger()
        if not root.isEnabledFor(logging.DEBUG):
            record.exc_info = record.exc_text = record.stack_info = None
            record.msg, record.args = record.getMessage().partition("\n")[0], ()
        return root.isEnabledFor(record.levelno)


def _quieten() -> None:
    """Has DBOS log through this program's handlers alone; it puts up none where there is one."""
    logger = logging.getLogger("dbos")
    if not any(isinstance(f, _WhereAskedFor) for f in logger.filters):
        logger.addFilter(_WhereAskedFor())
    logger.handlers[:] = [logging.NullHandler()]
    logger.propagate = True


def _workflow_id(run: str, router: str, turn: int) -> str:
    return f"{run}/{router}/{turn}"


def _register_queue(url: str) -> None:
    """Has the queue there at launch: one that comes later is polled only after a second."""
    DBOS.migrate(url)
    client = DBOSClient(system_database_url=url)
    try:
        client.register_queue(QUEUE, polling_interval_sec=_POLL_S, application_name=_NAME)
    finally:
        client.destroy()


def _use_wal(path: Path) -> None:
    try:
        connection = sqlite3.connect(path)
        try:
            connection.execute("PRAGMA journal_mode=WAL")  # kept in the file; DBOS leaves it so
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(
            f"the engine's file is damaged or held ({error})",
            where=str(path),
            remedy="move it aside: only timers are lost, the run goes on with `slp resume`",
        ) from error


@DBOS.step(name="carry")
async def _turn(run: str, router: str, turn: int) -> dict[str, Any]:
    engine = Engine.current
    if engine is None:
        return {"then": "end", "delay": 0.0}
    then = await engine.turn(run, router, turn)
    return {"then": then.then, "delay": then.delay}


@DBOS.workflow(name="advance", max_recovery_attempts=None)
async def _advance(run: str, router: str, turn: int) -> None:
    """Carries a router on until it must wait; a follow-up goes on after a longer wait."""
    while True:
        then = await _turn(run, router, turn)
        if then["then"] == "next":
            continue
        if then["then"] == "soon":
            if Engine.current is not None:
                await Engine.current.nap(then["delay"])
            continue
        if then["then"] == "later":
            with (
                SetWorkflowID(_workflow_id(run, router, turn + 1)),
                SetEnqueueOptions(delay_seconds=then["delay"]),
            ):
                await DBOS.enqueue_workflow_async(QUEUE, _advance, run, router, turn + 1)
        return
