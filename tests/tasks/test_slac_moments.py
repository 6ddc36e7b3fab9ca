"""SLAC-0 on a router: 250 Mbps between the upgrade and the SLAC, then the last value again.

Each rule that brings a SLAC after the upgrade has a whole run to proven, and one in which the
router misbehaves at that very point and is not proven.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kit.labs import Bench, bench
from kit.throttled import AX_10G, CSLU, DIRECT, DNA_HSEC, WAN, csr, isr, stopped, unmet
from slp_core.plan import RouterPlan
from slp_core.planner.jobs.base import Job
from slp_core.planner.jobs.slac import SlacJob
from slp_core.planner.jobs.upgrade import UpgradeJob
from slp_core.planner.one_step import plan_step
from slp_core.targets import load_target
from slp_tasks.inventory import host_target
from tasks.matrix.routers import HSECK9, slp

LEVEL, CERM = "throughput.level", "cerm.functionality"
AIRGAP = {"kind": "airgap"}

WAYS: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "SLAC-4": (csr("slr"), {"topology": AIRGAP, "hseck9": "add-after"}, "slac_import"),
    "SLAC-4-asked": (csr("slr"), {"hseck9": "add-after"}, "slac"),
    "SLAC-5": (csr(), {}, "slac_wait"),
    "SLAC-5-moves": (csr(), {"topology": {"kind": "cslu", "url": CSLU}}, "slac_wait"),
    "SLAC-5-offline": (csr(), {"topology": AIRGAP}, "slac_wait"),
    "SLAC-6": (isr(), {}, "slac_wait"),
    "SLAC-6-moves": (isr(), {"topology": {"kind": "cslu", "url": CSLU}}, "slac_wait"),
    "SLAC-8": (csr(), {"hseck9": "add-after", "topology": {"kind": "cslu", "url": CSLU}}, "slac"),
    "SLAC-8-physical": (isr(), {"hseck9": "add-after"}, "slac"),
}


def cases() -> Iterator[Any]:
    for over in ("fake", "ssh"):
        for name in WAYS:
            fast = over == "fake" and name in ("SLAC-4", "SLAC-5-moves", "SLAC-6")
            marks = [] if fast else [pytest.mark.slow]
            yield pytest.param(name, over, id=f"{name}-{over}", marks=marks)


@pytest.mark.parametrize(("name", "over"), list(cases()))
def test_slac_0_from_250_mbps_to_the_last_value_proven(
    tmp_path: Path, name: str, over: str
) -> None:
    router, aim, kind = WAYS[name]
    with bench(tmp_path, router, over=over) as made:
        plan = made.plan(**aim)
        assert plan.blockers == ()
        assert kind in [s.kind for s in plan.steps]
        assert stopped(made.migrate(plan)) == []
        assert unmet(made, plan) == []
        seen = made.notes[plan.steps[-1].id]["observed"]
        if "ISR" in plan.before["udi.pid"]:
            assert (plan.before[CERM], seen[CERM]) == ("DISABLED", "DISABLED")
        else:
            assert (plan.before[LEVEL], seen[LEVEL]) == (1_000_000, 1_000_000)
        again = made.plan(**aim)
        assert [s.title for s in again.steps] == []


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("name", "path"),
    [("SLAC-4", LEVEL), pytest.param("SLAC-5", LEVEL, marks=pytest.mark.slow), ("SLAC-6", CERM)],
)
def test_slac_0_a_value_that_does_not_return_is_not_proven(
    tmp_path: Path, name: str, path: str, over: str
) -> None:
    router, aim, _ = WAYS[name]
    fault = "F38" if path == LEVEL else "F38-crypto"
    struck = {**router, "router": {**router["router"], "faults": [fault]}}
    with bench(tmp_path, struck, over=over) as made:
        plan = made.plan(**aim)
        ((step, why),) = stopped(made.migrate(plan))
        assert step == plan.steps[-1].id
        assert path in why
        assert path in unmet(made, plan)


@pytest.mark.parametrize("over", ["fake", pytest.param("ssh", marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", ["SLAC-5-moves", pytest.param("SLAC-6", marks=pytest.mark.slow)])
def test_slac_5_6_a_slac_that_never_comes_leaves_the_topology_alone(
    tmp_path: Path, name: str, over: str
) -> None:
    router, aim, _ = WAYS[name]
    with bench(tmp_path, router, over=over) as made:
        plan = made.plan(**aim)
        with made.lab.lock:
            for _, account in made.lab.network.cssm.accounts.virtual_accounts():
                for pool in account.pools.values():
                    pool.total = 0
        ((step, why),) = stopped(made.migrate(plan))
        assert step.endswith("-slac-wait")
        assert "not authorized yet" in why
        assert made.state().licensing.transport.kind == "callhome"  # type: ignore[union-attr]


OVER = ["fake", pytest.param("ssh", marks=pytest.mark.slow)]


@pytest.mark.parametrize("over", OVER)
def test_slac_6_the_missing_line_is_written_and_the_slac_comes(tmp_path: Path, over: str) -> None:
    router = isr(config=WAN)
    with bench(tmp_path, router, over=over) as made:
        assert [n.rule for n in made.plan().blockers] == ["SLAC-6"]
        plan = made.plan(slac_line="write")
        assert plan.blockers == ()
        assert stopped(made.migrate(plan)) == []
        with made.lab.lock:
            saved = made.router().startup
        assert saved is not None
        assert saved.has("license feature hseck9")


@pytest.mark.parametrize("over", OVER)
def test_slac_5_a_level_that_is_only_running_is_saved_and_the_slac_comes(
    tmp_path: Path, over: str
) -> None:
    with bench(tmp_path, csr(), over=over) as made:
        with made.lab.lock:
            startup = made.router().startup
            assert startup is not None
            startup.unset(None, "platform hardware throughput level")
        assert [n.rule for n in made.plan().blockers] == ["SLAC-5"]
        plan = made.plan(slac_line="write")
        assert stopped(made.migrate(plan)) == []
        assert made.notes[plan.steps[-1].id]["observed"][LEVEL] == 1_000_000


def step_plan(made: Bench, job: Job, **aim: Any) -> RouterPlan:
    given = {**(host_target(made.host()) or {}), **aim}
    return plan_step(made.state(), job, target=load_target(given, where="r1", base=made.folder))


@pytest.mark.parametrize(
    ("faults", "proven"), [([], True), pytest.param(["F38"], False, marks=pytest.mark.slow)]
)
def test_slac_0_the_upgrade_alone_then_the_slac_alone(
    tmp_path: Path, faults: list[str], proven: bool
) -> None:
    aim = {"topology": AIRGAP, "hseck9": "add-after"}
    with bench(tmp_path, csr("slr", faults=faults)) as made:
        upgrade = step_plan(made, UpgradeJob(), **aim)
        assert upgrade.blockers == ()
        assert stopped(made.migrate(upgrade)) == []
        made.notes.clear()
        slac = step_plan(made, SlacJob(), **aim)
        assert (slac.before[LEVEL], slac.blockers) == (250_000, ())
        ended = stopped(made.migrate(slac))
        assert (ended == []) is proven
        if proven:
            assert made.notes[slac.steps[-1].id]["observed"][LEVEL] == 1_000_000
        else:
            assert LEVEL in unmet(made, slac)


@pytest.mark.parametrize("over", OVER)
def test_up_7_hardware_shows_the_new_tier_as_configured_until_the_next_reload(
    tmp_path: Path, over: str
) -> None:
    entry = slp("smart", trust=True, pid="C8300-1N1S-6T", release="17.6.5")
    aim = {"topology": DIRECT, "throughput": "T0"}
    with bench(tmp_path, entry, over=over) as made:
        full = made.plan(**aim)
        assert full.blockers == ()
        assert stopped(made.migrate(full)) == []
        seen = made.notes[full.steps[-1].id]["observed"]
        assert seen["throughput.crypto_configured"] == "T0"


def with_slp(**router: Any) -> dict[str, Any]:
    made = slp("smart", trust=True, pid="C8000V", throughput_kbps=300_000, **router)
    made["router"]["licensing"]["licences"] = [AX_10G]
    made["slac"] = {"installed_at": "epoch-10d", "licences": [HSECK9 | DNA_HSEC]}
    return made


@pytest.mark.parametrize("over", OVER)
@pytest.mark.parametrize(
    ("faults", "proven"), [([], True), pytest.param(["F38"], False, marks=pytest.mark.slow)]
)
def test_up_7_a_throughput_on_a_router_that_runs_slp_is_verified_as_the_new_value(
    tmp_path: Path, faults: list[str], proven: bool, over: str
) -> None:
    aim = {"topology": DIRECT, "throughput": "500M"}
    with bench(tmp_path, with_slp(faults=faults), over=over) as made:
        full = made.plan(**aim)
        assert full.blockers == ()
        ended = stopped(made.migrate(full))
        assert (ended == []) is proven
        seen = made.notes[full.steps[-1].id]["observed"][LEVEL]
        assert seen == (500_000 if proven else 250_000)
