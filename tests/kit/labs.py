"""Labs for the tests of tasks: in process or over SSH, with a person and a whole migration."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import pytest
from nornir.core import Nornir
from nornir.core.inventory import Host

from kit.in_process import lab_in_process
from kit.serving import PASSWORD, SECRETS, scenario
from slp_core.clock import ScaledClock
from slp_core.errors import ConnectFailed, DeadlineExceeded, SessionLost, SlpError
from slp_core.plan import Plan, RouterPlan, StepSpec
from slp_core.planner import make_plan
from slp_core.secrets import SecretStore
from slp_core.state import RouterState
from slp_core.steps.around import PersonParams
from slp_core.targets import load_target
from slp_sim.clock import ManualClock, RunningClock
from slp_sim.entries import Scenario
from slp_sim.inventory import write_inventory
from slp_sim.lab import Lab
from slp_sim.router.router import Router
from slp_sim.server import serve
from slp_tasks.collect import read_router
from slp_tasks.connection.opening import open_session
from slp_tasks.inventory import host_target, load_nornir
from slp_tasks.run import run_phase
from slp_tasks.step import RouterFiles


class BenchClock(Protocol):
    """The injected clock of our side, and a way to let the lab's time pass."""

    def now(self) -> datetime: ...
    def real_seconds(self, seconds: float) -> float: ...
    def patience(self, seconds: float) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class HandClock:
    """The clock of a lab in process: moved by hand, so that nothing takes time."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def real_seconds(self, seconds: float) -> float:
        return seconds

    def patience(self, seconds: float) -> float:
        return max(seconds, 20.0)

    def sleep(self, seconds: float) -> None:
        """Stands in for ``time.sleep``: the lab moves on at once."""
        self._clock.advance(seconds)


class FastClock(ScaledClock):
    """The clock of a lab behind sockets: it runs, many times as fast as the machine's."""

    def sleep(self, seconds: float) -> None:
        time.sleep(self.real_seconds(seconds))


BY_ITSELF = (
    "usage acknowledged",
    "conversion acknowledged",
    "conversion data collected",
    "authorization carried over",
)
"""Events that come when they come: nobody types anything for them."""


@dataclass
class Bench:
    """One lab in process and everything to drive it with."""

    lab: Lab
    clock: BenchClock
    nornir: Nornir
    folder: Path
    secrets: SecretStore
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)
    trail: list[tuple[str, str, str]] = field(default_factory=list)
    host_keys: Callable[[], str] | None = None

    def host(self, name: str = "r1") -> Host:
        return self.nornir.inventory.hosts[name]

    def router(self, name: str = "r1") -> Router:
        return self.lab.routers[name]

    def trust_host_keys(self) -> None:
        """Has a person put the routers' present host keys into ``known_hosts``."""
        if self.host_keys is not None:
            text = self.host_keys()
            (self.folder / "inventory" / "known_hosts").write_text(text, encoding="ascii")

    def files(self, name: str = "r1") -> RouterFiles:
        return RouterFiles(self.folder / "run" / name)

    def state(self, name: str = "r1") -> RouterState:
        with open_session(self.host(name), secrets=self.secrets) as session:
            return read_router(session, name, self.clock)

    def plan(self, name: str = "r1", **target: Any) -> RouterPlan:
        given = {**(host_target(self.host(name)) or {}), **target}
        aim = load_target(given, where=name, base=self.folder)
        return make_plan(self.state(name), aim)

    def phase(self, plan: RouterPlan, step: StepSpec, phase: Any, **more: Any) -> dict[str, Any]:
        """Returns what one phase came to, as a dictionary."""
        notes = self.notes.setdefault(step.id, {})
        ended = run_phase(
            self.host(plan.router),
            plan,
            step,
            phase,
            files=self.files(plan.router),
            clock=self.clock,
            secrets=self.secrets,
            notes=notes,
            earlier={k: v for k, v in self.notes.items() if k != step.id},
            **more,
        )
        found = asdict(ended)
        notes.update(found.get("seen") or found.get("noted") or {})
        self.trail.append((step.id, phase, str(found.get("state", found.get("changed")))))
        return found

    def carry(self, plan: RouterPlan, step: StepSpec) -> str:
        """Carries one step to its end as the fleet would, and returns how it ended."""
        try:
            return self._carry(plan, step)
        finally:
            self.host(plan.router).close_connections()

    def _carry(self, plan: RouterPlan, step: StepSpec) -> str:
        begun = self.clock.now()
        phase = "probe"
        while True:
            late = (self.clock.now() - begun).total_seconds() > step.deadline_s
            try:
                found = self.phase(plan, step, phase, confirmed=step.kind == "person")
            except (ConnectFailed, SessionLost, DeadlineExceeded) as error:
                if late or phase == "probe":
                    return f"late: {error}"
                self.clock.sleep(15)
                continue
            except SlpError as error:
                return f"failed: {error}"
            state = found.get("state")
            if state in ("done", "confirmed"):
                return "done" if phase == "confirm" else "skipped"
            if state in ("blocked", "failed"):
                return f"{state}: {found['detail']}"
            if state == "ready":
                phase = "act"
                continue
            if phase == "act":
                phase = "confirm"
                continue
            if late:
                return f"late: {found['detail']}"
            self.clock.sleep(found["retry_in"])

    def migrate(self, plan: RouterPlan) -> list[tuple[str, str]]:
        """Carries a whole plan out, playing the person in between; stops where a step fails."""
        ended = []
        for step in plan.steps:
            if step.kind == "person":
                person(self, plan, step)
            ended.append((step.id, self.carry(plan, step)))
            if ended[-1][1] not in ("done", "skipped"):
                break
        return ended

    def events(self, name: str = "r1") -> list[str]:
        """What happened to the router by its own log, without times."""
        with self.lab.lock:
            return [line.partition(" ")[2] for line in self.router(name).event_log]

    def caused(self, name: str = "r1") -> list[str]:
        """What happened to the router because somebody asked for it: time alone adds nothing."""
        return [event for event in self.events(name) if not event.startswith(BY_ITSELF)]


def person(bench: Bench, plan: RouterPlan, step: StepSpec) -> None:
    """Does what the step asks of a person, with what a person has: CSSM and the folders."""
    assert plan.udi is not None
    pid, sn, portal = plan.udi.pid, plan.udi.sn, bench.lab.portal
    files = bench.files(plan.router)
    wanted = step.params.asks_for()
    if "slr_code.txt" in wanted:
        tag = next(t for t in _later_tags(plan, step) if "hsec" in t.lower())
        files.write("in", "slr_code.txt", portal.update_reservation(pid, sn, {tag: 1}))
    elif "slac.txt" in wanted:
        tag = bench.router(plan.router).agent.hsec[0]
        files.write("in", "slac.txt", portal.generate_slac(pid, sn, tag))
    elif isinstance(step.params, PersonParams) and step.params.needs:
        report = files.folder("out") / step.params.needs[0]
        upload = portal.upload_usage(report.read_bytes(), report.name, "Eg-SA-01/Eg-VA-01")
        for _ in range(60):
            bench.clock.sleep(30)
            if portal.state(upload) == "No Errors":
                break
        files.write("in", wanted[0], portal.ack(upload.id)[1])
    elif "confirmation" in step.title:
        code = (files.folder("out") / "confirmation_code.txt").read_text().strip()
        portal.enter_confirmation(pid, sn, code)


def _later_tags(plan: RouterPlan, step: StepSpec) -> list[str]:
    return [t for s in plan.steps for t in getattr(s.params, "tags", ())]


@contextmanager
def bench(
    tmp: Path, *routers: Mapping[str, Any], over: str = "fake", speed: float = 600.0, **more: Any
) -> Iterator[Bench]:
    """Starts a lab of these routers and an inventory that reaches it.

    Args:
        over: ``fake`` (in process, clock moved by hand), ``ssh`` (sockets, a running clock),
            ``system`` (the same through OpenSSH), or ``netmiko`` and ``netmiko-fake`` (the first
            two by the second driver).
    """
    made = scenario(*(dict(r) for r in routers), **more)
    ways = {
        "fake": _in_process,
        "ssh": _over_ssh,
        "system": _over_ssh,
        "netmiko": _over_ssh,
        "netmiko-fake": _in_process,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        patch.setenv(made.login.password.partition(":")[2], PASSWORD)
        with ways[over](made, tmp, speed) as found:
            if over == "system":
                found.nornir.inventory.defaults.data["slp"]["transport"] = "system"
            if over.startswith("netmiko"):
                found.nornir.inventory.defaults.data["slp"]["driver"] = "netmiko"
            yield found


@contextmanager
def _in_process(made: Scenario, tmp: Path, speed: float) -> Iterator[Bench]:
    del speed
    with lab_in_process(made, tmp) as lab:
        clock = HandClock(lab.clock)  # type: ignore[arg-type]
        yield Bench(lab, clock, load_nornir(tmp / "inventory"), tmp, SecretStore(tmp))


@contextmanager
def _over_ssh(made: Scenario, tmp: Path, speed: float) -> Iterator[Bench]:
    running = RunningClock(made.epoch, speed)
    lab = Lab.from_scenario(made, clock=running, password=PASSWORD, secrets=SECRETS)
    lab.write_images(tmp / "images")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        server = asyncio.run_coroutine_threadsafe(serve(lab), loop).result(20)
        folder = write_inventory(
            lab,
            tmp / "inventory",
            images=tmp / "images",
            endpoints=server.endpoints(),
            known_hosts=server.known_hosts(),
        )
        clock = FastClock(running.epoch, running.factor, running.started)
        made_of = load_nornir(folder)
        keys = server.known_hosts
        yield Bench(lab, clock, made_of, tmp, SecretStore(tmp), host_keys=keys)
        asyncio.run_coroutine_threadsafe(server.close(), loop).result(20)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()


__all__ = ["PASSWORD", "SECRETS", "Bench", "Plan", "bench", "person", "scenario"]
