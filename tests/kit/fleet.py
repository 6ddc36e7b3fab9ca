"""Scripted routers that keep a log of their own, so that a killed process can be checked on.

A router is a file of JSON lines. What stands there happened, whatever our store believes.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit.step_params import least_params
from slp_core.clock import Clock, ScaledClock
from slp_core.errors import ConnectFailed, SessionLost, SlpError, StepFailed
from slp_core.plan import Notice, PersonTask, Plan, RouterPlan, StepSpec
from slp_core.state import Udi
from slp_core.targets import Target, Topology
from slp_tasks.step import Acted, Confirm, Ended, Probe

TARGET = Target(topology=Topology(kind="direct"))
STEPS = ("preflight", "backup", "install_activate", "install_commit", "trust", "verify")


def step(kind: str, number: int = 1, **more: Any) -> StepSpec:
    """Returns a step of a plan with what its kind usually has."""
    lasting = kind not in ("preflight", "backup", "verify", "person")
    params = least_params(kind, {"moment": "end"} if kind == "verify" else {})
    params |= more.pop("params", {})
    return StepSpec(
        id=f"{number:02d}-{kind}",
        kind=kind,
        title=kind.replace("_", " "),
        lasting=more.pop("lasting", lasting),
        params=params,
        waits_for="person" if kind == "person" else more.pop("waits_for", None),
        person=PersonTask(where="CSSM", instructions=("do it",)) if kind == "person" else None,
        **more,
    )


def router_plan(
    name: str,
    kinds: tuple[str | StepSpec, ...] = STEPS,
    *,
    blocked: str | None = None,
    **group: Any,
) -> RouterPlan:
    """Returns the plan of one router with the given kinds of steps."""
    steps = tuple(
        kind if isinstance(kind, StepSpec) else step(kind, number)
        for number, kind in enumerate(kinds, 1)
    )
    notices = (
        (Notice(rule=blocked, severity="blocker", text="cannot be", overridable=True),)
        if blocked
        else ()
    )
    return RouterPlan(
        router=name,
        udi=Udi(pid="ISR4351/K9", sn=f"SN-{name}"),
        model="smart",
        target=TARGET,
        steps=steps,
        notices=notices,
        before={"model": "smart"},
        group=group,
    )


def fleet_plan(count: int, kinds: tuple[str | StepSpec, ...] = STEPS, **group: Any) -> Plan:
    """Returns the plan of ``r01`` … with the same steps."""
    return Plan(
        routers=tuple(router_plan(f"r{n:02d}", kinds, **group) for n in range(1, count + 1))
    )


@dataclass
class Script:
    """How one router behaves.

    Attributes:
        fail: step id to the sentence with which its confirm fails.
        pending: step id to how many looks its confirm needs.
        waiting: step id to the probes that wait before it is ready.
        blocked: step id to the sentence with which its probe blocks.
        lag: seconds until an effect can be seen.
        down: seconds that the router does not answer after the step ids in it.
        lose: step ids whose act does its work and then loses the session, once.
        always_lose: step ids whose act loses the session each time and does nothing.
        error: step id to an error that its act raises.
        findings: what the verify step finds.
        retry_in: what pending and waiting steps ask for.
    """

    fail: dict[str, str] = field(default_factory=dict)
    pending: dict[str, int] = field(default_factory=dict)
    waiting: dict[str, int] = field(default_factory=dict)
    blocked: dict[str, str] = field(default_factory=dict)
    lag: float = 0.0
    down: dict[str, float] = field(default_factory=dict)
    lose: set[str] = field(default_factory=set)
    always_lose: set[str] = field(default_factory=set)
    error: dict[str, SlpError] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    retry_in: float = 0.01
    udi: dict[str, str] | None = None
    act_s: float = 0.0
    seen: dict[str, Any] = field(default_factory=dict)


class Router:
    """One scripted router over its log file."""

    def __init__(self, path: Path, script: Script) -> None:
        self.path = path
        self.script = script

    def log(self, what: str) -> None:
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, "at": time.time()}) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def lines(self) -> list[dict[str, Any]]:
        if not self.path.exists():
            return []
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    def effects(self) -> list[str]:
        """Returns the lasting effects in their order, each as often as it happened."""
        return [line["what"] for line in self.lines() if not line["what"].startswith("look")]

    def shows(self, step_id: str) -> bool:
        now = time.time()
        return any(
            line["what"] == step_id and line["at"] + self.script.lag <= now for line in self.lines()
        )

    def answers(self) -> bool:
        now = time.time()
        return all(
            line["at"] + self.script.down.get(line["what"], 0.0) <= now for line in self.lines()
        )


@dataclass(frozen=True)
class Kill:
    """Where the process is killed, once: marked by a file, so that the next process lives."""

    router: str
    step: str
    when: str  # before_act, after_act, before_confirm
    marker: Path


class FakePhases:
    """Phases over scripted routers."""

    def __init__(
        self,
        folder: Path,
        scripts: Mapping[str, Script] | None = None,
        *,
        clock: Clock | None = None,
        kill: Kill | None = None,
        names: tuple[str, ...] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.scripts = dict(scripts or {})
        self.names = names
        self.kill = kill
        self._clock = clock or lab_clock(folder)
        self._lock = threading.Lock()
        self.acting: set[str] = set()
        self.most_acting = 0
        self.open_now = 0
        self.opened = 0
        self.calls: list[tuple[str, str, str]] = []
        self.contexts: list[dict[str, Any]] = []

    def routers(self) -> Any:
        return _Everyone() if self.names is None else self.names

    def clock(self, router: str) -> Clock:
        return self._clock

    def set_clock(self, *, floor: float) -> None:
        self._clock = lab_clock(self.folder, floor)

    def router(self, name: str) -> Router:
        return Router(self.folder / f"{name}.log", self.scripts.get(name) or Script())

    @contextmanager
    def open(self, router: str) -> Iterator[Any]:
        with self._lock:
            self.open_now += 1
            self.opened += 1
        try:
            yield _Way(self, self.router(router), router)
        finally:
            with self._lock:
                self.open_now -= 1

    def enter(self, router: str, step_id: str, phase: str) -> None:
        with self._lock:
            self.calls.append((router, step_id, phase))
            self.acting.add(router)
            self.most_acting = max(self.most_acting, len(self.acting))

    def leave(self, router: str) -> None:
        with self._lock:
            self.acting.discard(router)

    def die(self, router: str, step_id: str, when: str) -> None:
        kill = self.kill
        if kill and (kill.router, kill.step, kill.when) == (router, step_id, when):
            try:
                kill.marker.touch(exist_ok=False)
            except FileExistsError:
                return
            os.kill(os.getpid(), signal.SIGKILL)


def lab_clock(folder: Path, floor: float = 60, factor: float = 3000) -> Clock:
    """Returns a clock that is the same in every process that works on the folder."""
    began = folder / "began"
    if not began.exists():
        began.write_text(str(time.time()))
    epoch = datetime(2026, 3, 1, 12, tzinfo=UTC)
    return ScaledClock(epoch, factor, float(began.read_text()), floor=floor)


class _Everyone:
    def __contains__(self, name: object) -> bool:
        return True


class _Way:
    def __init__(self, phases: FakePhases, router: Router, name: str) -> None:
        self.phases, self.router, self.name = phases, router, name

    def __call__(self, plan: RouterPlan, step: StepSpec, phase: str, **context: Any) -> Ended:
        self.phases.enter(self.name, step.id, phase)
        self.phases.contexts.append({"step": step.id, "phase": phase, **context})
        try:
            if step.kind != "person" and not self.router.answers():
                raise ConnectFailed("the router does not answer", where=self.name)
            method = {"probe": self._probe, "act": self._act, "confirm": self._confirm}[phase]
            return method(step, context)
        finally:
            self.phases.leave(self.name)

    def _looks(self, what: str) -> int:
        self.router.log(f"look {what}")
        return sum(1 for line in self.router.lines() if line["what"] == f"look {what}")

    def _probe(self, step: StepSpec, context: dict[str, Any]) -> Probe:
        script = self.router.script
        seen = {"udi": script.udi} if script.udi and step.kind == "preflight" else {}
        if step.kind == "person":
            missing = [
                name
                for name in step.params.asks_for()
                if not (context["folder"] / "in" / name).exists()
            ]
            if context["confirmed"] and not missing:
                return Probe(state="done", detail="a person did it", seen={})
            detail = f"{', '.join(missing)} is missing" if missing else "waits for a person"
            return Probe(state="waiting", detail=detail, retry_in=script.retry_in)
        if step.id in script.blocked:
            return Probe(state="blocked", detail=script.blocked[step.id])
        if step.id in script.waiting and self._looks(f"probe {step.id}") <= script.waiting[step.id]:
            return Probe(state="waiting", detail="not yet", retry_in=script.retry_in)
        if step.lasting and self.router.shows(step.id):
            return Probe(state="done", detail="was there", seen=seen)
        return Probe(state="ready", detail="", seen={**seen, **script.seen})

    def _act(self, step: StepSpec, context: dict[str, Any]) -> Acted:
        script = self.router.script
        if step.id in script.always_lose:
            self.router.log(f"sent {step.id}")
            raise SessionLost("the connection ended", where=self.name)
        if step.id in script.error:
            raise script.error[step.id]
        self.phases.die(self.name, step.id, "before_act")
        if script.act_s:
            time.sleep(script.act_s)
        if step.lasting:
            self.router.log(step.id)
        self.phases.die(self.name, step.id, "after_act")
        if step.id in script.lose:
            script.lose.discard(step.id)
            raise SessionLost("the connection ended", where=self.name)
        return Acted(changed=step.lasting, detail="sent", noted={"sent": True})

    def _confirm(self, step: StepSpec, context: dict[str, Any]) -> Confirm:
        script = self.router.script
        self.phases.die(self.name, step.id, "before_confirm")
        if step.id in script.fail:
            return Confirm(state="failed", detail=script.fail[step.id], code=StepFailed.code)
        looks = self._looks(f"confirm {step.id}") if step.id in script.pending else 0
        if looks and looks <= script.pending[step.id]:
            return Confirm(state="pending", detail="not yet", retry_in=script.retry_in)
        if step.lasting and not self.router.shows(step.id):
            return Confirm(state="pending", detail="not to be seen", retry_in=script.retry_in)
        seen: dict[str, Any] = {}
        if step.kind == "verify":
            seen = {"findings": script.findings, "observed": {"model": "slp"}}
        return Confirm(state="confirmed", detail="seen", seen=seen)
