"""Reading a fleet goes by Nornir's own runner, in the inventory's order, and ends when told to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from nornir.core import Nornir
from nornir.core.configuration import Config
from nornir.core.inventory import Defaults, Groups, Host, Hosts, Inventory
from nornir.core.state import GlobalState
from nornir.plugins.runners import ThreadedRunner

from nornir_slp import live_read
from slp_core.errors import ConnectFailed
from slp_tasks import collect


class Session:
    """A session that waits for ``gate``; closing it ends the wait as a lost connection does."""

    def __init__(self, name: str, gate: threading.Event) -> None:
        self.name = name
        self.gate = gate
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()
        self.gate.set()


class Desk:
    """Routers of which each answers when its gate is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.gates = {f"r{n}": threading.Event() for n in range(1, 5)}
        self.sessions: list[Session] = []
        self.opened = threading.Semaphore(0)
        monkeypatch.setattr("slp_tasks.connection.opening.open_session", self._open)
        monkeypatch.setattr(collect, "collect", self._collect)

    def _open(self, host: Host) -> Session:
        session = Session(host.name, self.gates[host.name])
        self.sessions.append(session)
        self.opened.release()
        return session

    def _collect(self, session: Session) -> dict[str, str]:
        assert session.gate.wait(30)
        if session.closed.is_set() or session.name == "r3":
            raise ConnectFailed("is gone", where=session.name)
        return {}

    def nornir(self, workers: int) -> Nornir:
        defaults = Defaults()
        hosts = Hosts({n: Host(name=n, hostname=n, defaults=defaults) for n in self.gates})
        inventory = Inventory(hosts=hosts, groups=Groups(), defaults=defaults)
        runner = ThreadedRunner(num_workers=workers)
        return Nornir(inventory=inventory, runner=runner, config=Config(), data=GlobalState())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = Desk(monkeypatch)
    yield made
    for gate in made.gates.values():
        gate.set()


def test_reads_come_in_the_inventorys_order_and_an_unreadable_router_is_one_of_them(
    desk: Desk,
) -> None:
    nornir = desk.nornir(workers=4)
    for name in ("r4", "r3", "r2", "r1"):
        desk.gates[name].set()
    reads = list(live_read.read_hosts(nornir, base=Path()))
    assert [read.name for read in reads] == ["r1", "r2", "r3", "r4"]
    assert [read.error.what if read.error else None for read in reads] == [
        None,
        None,
        "is gone",
        None,
    ]
    assert not nornir.data.failed_hosts, "later runs of the same Nornir must not skip a router"


def test_no_more_routers_are_read_at_a_time_than_the_runner_has_workers(desk: Desk) -> None:
    reads = live_read.read_hosts(desk.nornir(workers=2), base=Path())
    desk.gates["r1"].set()
    assert next(reads).name == "r1"
    for _ in range(3):
        assert desk.opened.acquire(timeout=30)
    assert {s.name for s in desk.sessions} == {"r1", "r2", "r3"}
    reads.close()


def test_whoever_stops_listening_ends_the_reading(desk: Desk) -> None:
    reads = live_read.read_hosts(desk.nornir(workers=2), base=Path())
    desk.gates["r1"].set()
    next(reads)
    for _ in range(3):
        assert desk.opened.acquire(timeout=30)
    reads.close()
    assert all(session.closed.wait(30) for session in desk.sessions)
    assert "r4" not in {session.name for session in desk.sessions}, "nothing new is opened"
