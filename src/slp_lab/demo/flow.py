"""The demo's order of events."""

from __future__ import annotations

import json
import math
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from nornir_slp.documents import load_any
from nornir_slp.report.model import Report
from nornir_slp.workspace import Workspace
from slp_core.errors import SlpError, UsageError
from slp_core.private_files import private_folder
from slp_core.secrets import REDACTOR
from slp_lab.demo.cssm import CssmPages
from slp_lab.demo.judge import complaints, troubles
from slp_lab.demo.processes import Processes
from slp_lab.folder import LabFolder
from slp_lab.serving import wait_ready
from slp_sim.entries import Scenario
from slp_sim.scenario import load_scenario

_MARK = ".slp-demo"
_DESK = "desk"  # where the operator keeps downloads
_DEADLINE_S = 900.0
_CANARY = 2


@dataclass(frozen=True)
class Wanted:
    """What was asked for.

    Attributes:
        folder: everything of the demo lies below it.
        keep: let the lab run on.
    """

    folder: Path
    routers: int | None
    speed: float
    keep: bool


def run_demo(space: Workspace, wanted: Wanted) -> int:
    """Runs the demo; returns 0 exactly if it ended as it must."""
    began = time.monotonic()
    scenario = demo_scenario(wanted.routers)
    folder = _fresh(wanted.folder)
    values = {
        reference.partition(":")[2]: secrets.token_urlsafe(24)
        for reference in scenario.secret_names()
    }
    for value in values.values():
        REDACTOR.add(value)
    processes = Processes(values, lambda who, text: space.say(f"{who:>8} | {text}"), cwd=folder)
    with _interruptible(), closing(processes):
        demo = _Demo(space, wanted, scenario, folder, processes)
        told = demo.play()
        if wanted.keep:
            demo.hand_over(values)
    took = time.monotonic() - began
    return _verdict(space, folder, scenario, told, took)


def demo_scenario(routers: int | None) -> Scenario:
    """Returns the demo's scenario; of fewer routers, one of each kind in turn.

    Raises:
        UsageError: it has not so many routers.
    """
    scenario = load_scenario("demo")
    if routers is None or routers == len(scenario.routers):
        return scenario
    if not 1 <= routers <= len(scenario.routers):
        raise UsageError(f"the demo has up to {len(scenario.routers)} routers", where="--routers")
    kinds: dict[str, list[Any]] = {}
    for entry in scenario.routers:
        kinds.setdefault(entry.name.partition("-")[0], []).append(entry)
    turns = max(len(k) for k in kinds.values())
    mixed = [k[i] for i in range(turns) for k in kinds.values() if i < len(k)]
    chosen = {e.name for e in mixed[:routers]}
    some = [e for e in scenario.routers if e.name in chosen]
    return scenario.model_copy(update={"routers": some})


def _fresh(folder: Path) -> Path:
    """Returns an empty folder; only an earlier demo's is emptied."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / _MARK).exists():
            raise UsageError(
                "is not empty, and not of an earlier demo", where=str(folder), remedy="--folder"
            )
        if LabFolder(folder / "lab").held():
            raise UsageError(
                "an earlier demo still runs there",
                where=str(folder),
                remedy=f"slp lab stop {folder / 'lab'}, or --folder",
            )
        shutil.rmtree(folder)
    private_folder(folder)
    (folder / _MARK).touch()
    return folder.resolve()


@contextmanager
def _interruptible() -> Iterator[None]:
    """SIGTERM and a lost terminal end the demo as Ctrl-C does, so that it cleans up."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {n: signal.signal(n, interrupt) for n in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Demo:
    """One performance."""

    def __init__(
        self,
        space: Workspace,
        wanted: Wanted,
        scenario: Scenario,
        folder: Path,
        processes: Processes,
    ) -> None:
        self._space = space
        self._wanted = wanted
        self._scenario = scenario
        self._folder = folder
        self._processes = processes
        self._lab = LabFolder(folder / "lab")
        self._inventory = ["--inventory", str(self._lab.inventory)]

    def play(self) -> list[str]:
        """Plays the demo from start to end; returns what is not as it must be."""
        cssm = CssmPages(self._start_lab()["http"])
        self._must("assess", *self._inventory)
        self._must("plan", "--from-assessment", "latest", *self._inventory)
        before = _boots(cssm)
        code = self._apply(cssm)
        after = _boots(cssm)
        if code not in (0, 1):
            return [f"slp apply ended with exit code {code}"]
        self._step("verify", "latest", *self._inventory, "--output", "verification.json")
        told = (self._folder / "verification.json").read_text(encoding="utf-8")
        for suffix in ("html", "json", "csv"):
            words = ["report", "latest", *self._inventory, "--output", f"report.{suffix}"]
            self._must(*words)
        report = load_any(self._folder / "report.json")
        assert isinstance(report, Report)
        reloads = {name: after[name] - before.get(name, 0) for name in after}
        return complaints(self._scenario, report, json.loads(told), reloads)

    def _start_lab(self) -> Mapping[str, Any]:
        wanted = self._wanted
        count = len(self._scenario.routers)
        self._space.say(
            f"a lab of {count} routers, {wanted.speed:g} times as fast as real, in {self._folder}"
        )
        path = self._folder / "scenario.json"
        path.write_text(
            self._scenario.model_dump_json(indent=1, exclude_unset=True), encoding="utf-8"
        )
        words = [sys.executable, "-m", "slp_cli", "lab", "start", "--quiet"]
        words += [f"--scenario={path}", f"--speed={wanted.speed}", f"--folder={self._lab.root}"]
        words += [] if wanted.keep else ["--while-stdin"]
        child = self._processes.start("lab", words, told=False)
        facts = wait_ready(self._lab, child)
        self._space.say(f"the lab is ready; CSSM is at {facts['http']}; times below are the lab's")
        for name, trouble in troubles(self._scenario).items():
            self._space.say(f"on purpose, to see how a failure is told: {name} ({trouble.name})")
        return facts

    def _apply(self, cssm: CssmPages) -> int:
        size = max(math.ceil((len(self._scenario.routers) - _CANARY) / 2), 1)
        words = ["apply", "latest", "--yes", "--canary", str(_CANARY), "--wave-size", str(size)]
        words += ["--max-failures", str(max(len(troubles(self._scenario)), 1)), *self._inventory]
        operator = [sys.executable, "-m", "slp_cli.demo_operator"]
        operator += ["--inventory", str(self._lab.inventory), "--cssm", cssm.url]
        self._processes.start("operator", [*operator, "--desk", _DESK], told=True)
        self._announce(words)
        try:
            return self._processes.follow("apply", words, timeout=_DEADLINE_S)
        finally:
            shutil.rmtree(self._folder / _DESK, ignore_errors=True)

    def _step(self, *words: str) -> int:
        self._announce(words)
        return self._processes.run(words)

    def _must(self, *words: str) -> None:
        code = self._step(*words)
        if code != 0:
            raise SlpError(f"slp {words[0]} ended with exit code {code}", where="the demo")

    def _announce(self, words: Sequence[str]) -> None:
        shown = [w.replace(f"{self._folder}/", "") for w in words]
        self._space.say("")
        self._space.headline(f"$ slp {' '.join(shown)}")

    def hand_over(self, values: Mapping[str, str]) -> None:
        """Leaves the lab running, its secrets in the one file that ``slp lab stop`` removes."""
        self._processes.let_go("lab")
        self._lab.write_secrets(values)
        self._space.say(f"the lab runs on: . {self._lab.secrets_file}")
        self._space.say(f"  slp show latest -i {self._lab.inventory}")
        self._space.say(f"  slp lab stop {self._lab.root}")


def _boots(cssm: CssmPages) -> dict[str, int]:
    return {name: int(router["boots"]) for name, router in cssm.lab()["routers"].items()}


def _verdict(
    space: Workspace, folder: Path, scenario: Scenario, told: Sequence[str], took: float
) -> int:
    space.say("")
    say: Callable[[str], None] = space.warn if told else space.say
    space.headline(f"report   {folder / 'report.html'}")
    space.say(f"took     {took:.0f} seconds")
    for line in told:
        space.warn(f"wrong: {line}")
    troubled = troubles(scenario)
    sound = len(scenario.routers) - len(troubled)
    if told:
        say("the demo did not end as it must")
        return 1
    reasons = ", ".join(f"{name} ({t.name})" for name, t in troubled.items())
    stopped = f"; {len(troubled)} stopped for the true reason: {reasons}" if troubled else ""
    say(f"{sound} routers are proven{stopped}")
    return 0
