"""Hand-made values of a small fleet, and a way to run ``slp`` as a user does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.command_line import BEGAN, Outcome
from kit.step_params import least_params
from slp_cli.main import run as slp
from slp_core.plan import (
    Finding,
    Notice,
    PersonTask,
    Plan,
    Prediction,
    RouterPlan,
    StepSpec,
)
from slp_core.state import Evidence, Udi
from slp_core.targets import Target, Topology
from slp_fleet.model import (
    RouterRun,
    RouterRunState,
    Run,
    RunOptions,
    RunState,
    StepRecord,
    StepState,
)

BEFORE = {"model": "MODEL-REGISTERED", "release": "16.12.4", "transport.kind": "callhome"}
AFTER = {"model": "MODEL-SLP", "release": "17.3.2", "transport.kind": "callhome"}
STEPS = (
    ("preflight", "Check that the router is ready"),
    ("install_activate", "Activate 17.3.2 and reload"),
    ("trust", "Request a trust code"),
    ("verify", "Verify the router against the plan"),
)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs ``slp`` with these words, in this process."""

    def call(*words: object) -> Outcome:
        code = slp([str(w) for w in words])
        seen = capsys.readouterr()
        return Outcome(code, seen.out, seen.err)

    return call


@pytest.fixture
def make_plan() -> Callable[..., RouterPlan]:
    """Makes the plan of one router."""
    return router_plan


@pytest.fixture
def make_router_run() -> Callable[..., RouterRun]:
    """Makes one router of a run."""
    return router_run


@pytest.fixture
def make_run() -> Callable[..., Run]:
    """Makes a run of given routers."""
    return a_run


def router_plan(name: str = "r1", **changes: Any) -> RouterPlan:
    steps = tuple(
        StepSpec(
            id=f"{i:02d}-{kind}",
            kind=kind,
            title=title,
            reasons=("UP-3",),
            params=least_params(kind),
        )
        for i, (kind, title) in enumerate(STEPS, 1)
    )
    if changes.pop("person", False):
        person = StepSpec(
            id="05-person",
            kind="person",
            title="Upload the usage report to CSSM",
            waits_for="person",
            person=PersonTask(where="CSSM: Reports", instructions=("Upload it.", "Wait.")),
        )
        steps = (*steps, person)
    if changes.pop("blocked", False):
        steps = ()
        changes["notices"] = (
            Notice(
                rule="UP-5",
                severity="blocker",
                text="17.3.2 is defective",
                remedy="take 17.3.5",
                overridable=True,
            ),
        )
    fields: dict[str, Any] = {
        "router": name,
        "udi": Udi(pid="ISR4461/K9", sn=f"FDO{name.upper()}"),
        "model": "MODEL-REGISTERED",
        "release": "16.12.4",
        "target": Target(release="17.3.2", topology=Topology(kind="direct", transport="callhome")),
        "steps": steps,
        "before": BEFORE,
        "changes": ("transport callhome → callhome (kept, TRANS-3)",),
        "predictions": (
            Prediction(path="model", kind="equals", value="MODEL-SLP", rules=("MODEL-SLP",)),
            Prediction(path="transport.kind", kind="equals", value="callhome", rules=("TRANS-3",)),
            Prediction(path="reporting.last_ack", kind="newly_issued", rules=("REP-9",)),
        ),
        "group": {"site": "berlin"},
    }
    return RouterPlan(**{**fields, **changes})


def finding(path: str = "model", verdict: str = "met", **changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "path": path,
        "verdict": verdict,
        "expected": "MODEL-SLP",
        "found": "MODEL-SLP",
        "rules": ("MODEL-SLP",),
        "evidence": Evidence(command="show license all", lines=(3, 4)),
    }
    return Finding(**{**fields, **changes})


def router_run(name: str = "r1", state: str = "proven", **changes: Any) -> RouterRun:
    at = BEGAN
    records = []
    for i, (kind, title) in enumerate(STEPS, 1):
        ended = at + timedelta(seconds=30 * i)
        records.append(
            StepRecord(
                step=f"{i:02d}-{kind}",
                kind=kind,
                title=title,
                state=StepState.DONE,
                started=at,
                ended=ended,
                attempts=1,
                changed=True,
                evidence=(f"sha256-{i}",),
            )
        )
        at = ended
    fields: dict[str, Any] = {
        "router": name,
        "wave": 0,
        "state": RouterRunState(state),
        "started": BEGAN,
        "ended": at,
        "steps": tuple(records),
        "findings": (finding(), finding("transport.kind", expected="callhome", found="callhome")),
        "before": BEFORE,
        "after": AFTER,
    }
    return RouterRun(**{**fields, **changes})


def a_run(*routers: RouterRun, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "id": "261122-2200-a7f3",
        "state": RunState.FINISHED,
        "plan_hash": "0" * 64,
        "plan_file": "plan.json",
        "inventory": "inventory",
        "options": RunOptions(canary=1),
        "created": BEGAN,
        "ended": BEGAN + timedelta(hours=1),
        "waves": (tuple(r.router for r in routers if r.wave >= 0),),
        "routers": routers,
        "counts": {s: sum(r.state == s for r in routers) for s in RouterRunState},
    }
    return Run(**{**fields, **changes})


@pytest.fixture
def plan_file(tmp_path: Path) -> Callable[..., Path]:
    """Saves a plan of given routers, as ``slp plan`` does."""

    def make(*plans: RouterPlan) -> Path:
        from nornir_slp.documents import save

        path = tmp_path / "plan.json"
        save(Plan(schema_version=1, routers=plans, created="", made_by="test"), path)
        return path

    return make
