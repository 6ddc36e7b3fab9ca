"""A user at the command line with a lab in which faults strike, on staged time."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest

from kit.in_process import lab_in_process
from kit.labs import person
from kit.serving import PASSWORD, SECRETS, scenario
from kit.stage import Stage, set_stage
from slp_cli.main import run as slp
from slp_core.plan import RouterPlan, StepSpec
from slp_fleet.api import Fleet
from slp_sim.clock import RunningClock
from slp_sim.lab import Lab
from slp_sim.mending import mend
from slp_sim.router.router import Router
from slp_tasks.step import RouterFiles


@dataclass(frozen=True)
class Outcome:
    """What a user sees of one command."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A lab, its inventory, and a user in front of it."""

    lab: Lab
    folder: Path
    stage: Stage
    capsys: pytest.CaptureFixture[str]
    said: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """The steps for which a person was asked, with their routers."""

    def slp(self, *words: str) -> Outcome:
        """Runs ``slp`` with these words on the inventory of the lab."""
        code = slp([*words, "--inventory", str(self.folder / "inventory")])
        seen = self.capsys.readouterr()
        self.said.append(Outcome(code, seen.out, seen.err))
        return self.said[-1]

    def plan(self) -> Outcome:
        return self.slp("plan")

    def apply(self, *options: str) -> Outcome:
        """Plans and applies, as a user would; what is asked of a person is done."""
        planned = self.slp("plan")
        assert planned.code == 0, planned.err + planned.out
        return self.slp("apply", "latest", "--yes", *options)

    def again(self, name: str = "r1") -> Outcome:
        """Has the failed step begun anew."""
        return self.slp("retry", self.run()["id"], name)

    def mend(self, fault: str, name: str = "r1") -> None:
        """Puts right what a fault did, and lets a router boot that was switched on again."""
        mend(self.lab, name, fault)
        if not self.router(name).up:
            self.pass_time(600)

    def pass_time(self, seconds: float) -> None:
        """Lets the lab's time pass while no run is under way."""
        self.stage.now += seconds
        self.lab.clock.settle()

    # -- looking -------------------------------------------------------------------------------

    def run(self) -> dict[str, Any]:
        """Returns the latest run as JSON."""
        found: dict[str, Any] = json.loads(self.slp("show", "--json").out)
        return found

    def record(self, name: str = "r1") -> dict[str, Any]:
        """Returns what the latest run says of one router."""
        return next(r for r in self.run()["routers"] if r["router"] == name)

    def shown(self, name: str = "r1") -> str:
        """Returns what ``slp show RUN ROUTER`` prints, its lines joined where they were wrapped."""
        return " ".join(self.slp("show", self.run()["id"], name).out.split())

    def planned(self, name: str = "r1") -> dict[str, Any]:
        """Returns the saved plan of one router."""
        whole = json.loads(_latest_plan(self.folder).read_text())
        return next(r for r in whole["routers"] if r["router"] == name)

    def router(self, name: str = "r1") -> Router:
        return self.lab.routers[name]

    def events(self, name: str = "r1") -> list[str]:
        """What happened to the router by its own log, without times."""
        with self.lab.lock:
            return [x.partition(" ")[2] for x in self.router(name).event_log]

    def now(self) -> datetime:
        return self.lab.clock.now()

    def secrets_left(self) -> list[str]:
        """Returns where a password or token stands that should stand nowhere."""
        return self.left_with([f for value in (PASSWORD, *SECRETS.values()) for f in forms(value)])

    def left_with(self, searched: list[bytes]) -> list[str]:
        """Returns which outputs and files, the routers' backups excepted, hold one of these."""
        left = [
            (f"output of command {i}", f"{o.out}{o.err}".encode()) for i, o in enumerate(self.said)
        ]
        for file in self.folder.rglob("*"):
            if file.is_file() and "backup" not in file.relative_to(self.folder).parts:
                left.append((str(file), file.read_bytes()))
        return [where for where, data in left if any(f in data for f in searched)]

    # -- the person ----------------------------------------------------------------------------

    def act_as_person(self) -> bool:
        """Does what a run asks of a person just now; tells whether anything was asked."""
        fleet = self._fleet()
        try:
            run = fleet.run(fleet.latest())
            asked = [
                (r.router, s.step) for r in run.routers for s in r.steps if s.state == "person"
            ]
            for router, step in asked:
                plan = fleet.plan_of(run.id, router)
                spec = next(s for s in plan.steps if s.id == step)
                self.asked.append(f"{router} {step}")
                files = RouterFiles(fleet.router_folder(run.id, router))
                self.answer(plan, spec, files)
                fleet.confirm(run.id, router, step, by="test")
                if "F25" in str(self.lab.entry(router).router.faults):  # takes the file once more
                    self.stage.later(1800, partial(self.fetch_again, plan, spec, files))
            return bool(asked)
        finally:
            fleet.close()

    def answer(self, plan: RouterPlan, step: StepSpec, files: RouterFiles) -> None:
        """Does what one step asks for, with CSSM and the router's folders."""
        bench = SimpleNamespace(
            lab=self.lab,
            router=self.router,
            files=lambda _: files,
            clock=SimpleNamespace(sleep=self.pass_time),
        )
        person(bench, plan, step)  # type: ignore[arg-type]

    def fetch_again(self, plan: RouterPlan, step: StepSpec, files: RouterFiles) -> None:
        """Takes the file that a step asked for from CSSM once more."""
        assert plan.udi is not None
        pid, sn, portal = plan.udi.pid, plan.udi.sn, self.lab.portal
        for name in step.params.provides or ():
            if name == "slr_code.txt":
                data = portal.update_reservation(
                    pid, sn, {self.router(plan.router).agent.hsec[0]: 1}
                )
            else:
                data = portal.ack(max(portal.uploads))[1]
            files.write("in", name, data)

    def _fleet(self) -> Fleet:
        inventory = self.folder / "inventory"
        return Fleet(inventory / ".slp", inventory)


def forms(secret: str) -> list[bytes]:
    """Returns a secret in every form in which it could leak."""
    plain = secret.encode()
    return [plain, base64.b64encode(plain), quote(secret, safe="").encode(), plain.hex().encode()]


@contextmanager
def desk(
    tmp: Path,
    capsys: pytest.CaptureFixture[str],
    *routers: Mapping[str, Any],
    seed: int = 0,
    **world: Any,
) -> Iterator[Desk]:
    """Starts a lab of these routers on staged time."""
    made = scenario(*(dict(r) for r in routers), **world)
    with pytest.MonkeyPatch.context() as patch:
        stage = set_stage(patch)
        clock = RunningClock(made.epoch, 1.0, stage.now, machine=stage.time)
        with lab_in_process(made, tmp, clock=clock, seed=seed) as lab:
            patch.chdir(tmp)
            found = Desk(lab, tmp, stage, capsys)
            stage.idle = found.act_as_person
            yield found


def _latest_plan(folder: Path) -> Path:
    plans = (folder / "inventory" / ".slp" / "plans").glob("*.json")
    return max(plans, key=lambda path: path.stat().st_mtime_ns)
