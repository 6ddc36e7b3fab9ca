"""What the engine costs: many routers that answer at once, all steps durable.

Prints steps a second, CPU, memory and threads; judges nothing. ``bench_fleet.py [ROUTERS]``.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / part) for part in ("src", "tasks", "playbooks")]

from slp_core.clock import Clock, SystemClock  # noqa: E402
from slp_core.plan import Plan, RouterPlan, StepSpec  # noqa: E402
from slp_core.state import Udi  # noqa: E402
from slp_core.targets import Target, Topology  # noqa: E402
from slp_fleet.api import Fleet  # noqa: E402
from slp_fleet.model import RunOptions  # noqa: E402
from slp_tasks.step import Acted, Confirm, Ended, Probe  # noqa: E402

KINDS = (
    "preflight",
    "backup",
    "stage_image",
    "save_config",
    "install_add",
    "install_activate",
    "install_commit",
    "topology",
    "trust",
    "usage_sync",
    "save_config",
    "verify",
)
PARAMS = {
    "stage_image": {"image": {"name": "new.bin"}},
    "install_add": {"file": "bootflash:new.bin", "release": "17.6.5"},
    "install_activate": {"release": "17.6.5"},
    "install_commit": {"release": "17.6.5"},
    "topology": {"topology": {"kind": "direct"}},
    "trust": {"token": "env:SLP_TOKEN"},
}


class Quick:
    """Routers that do at once what they are told; every third one reloads with one wait."""

    def __init__(self) -> None:
        self.calls = 0
        self.threads = 0
        self._asked: set[str] = set()

    def routers(self) -> Any:
        return self

    def __contains__(self, name: object) -> bool:
        return True

    def clock(self, router: str) -> Clock:
        return SystemClock()

    @contextmanager
    def open(self, router: str) -> Iterator[Any]:
        def phase(plan: RouterPlan, step: StepSpec, name: str, **_: Any) -> Ended:
            self.calls += 1
            self.threads = max(self.threads, threading.active_count())
            if name == "probe":
                return Probe(state="ready", detail="", seen={"boot": router})
            if name == "act":
                return Acted(changed=True, detail="sent", noted={})
            waits = step.kind == "install_activate" and int(router[1:]) % 3 == 0
            if waits and router not in self._asked:
                self._asked.add(router)
                return Confirm(state="pending", detail="reloading", retry_in=3.0)
            return Confirm(state="confirmed", detail="seen", seen={})

        yield phase


def plan_of(count: int) -> Plan:
    steps = tuple(
        StepSpec(
            id=f"{n:02d}-{kind}", kind=kind, title=kind, lasting=n > 2, params=PARAMS.get(kind, {})
        )
        for n, kind in enumerate(KINDS, 1)
    )
    target = Target(topology=Topology(kind="direct"))
    return Plan(
        routers=tuple(
            RouterPlan(
                router=f"r{n}",
                model="smart",
                udi=Udi(pid="ISR4331/K9", sn=f"FDO2200{n:04d}"),
                target=target,
                steps=steps,
            )
            for n in range(count)
        )
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        phases = Quick()
        fleet = Fleet(root / ".slp", root, phases=phases)
        began = time.perf_counter()
        run = fleet.create_run(plan_of(count), root / "plan.json", RunOptions(max_failures="50%"))
        made = time.perf_counter() - began
        cpu = time.process_time()
        began = time.perf_counter()
        state = fleet.carry_out(run)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        began = time.perf_counter()
        read = fleet.run(run)
        reading = time.perf_counter() - began
        steps = sum(s.state in ("done", "skipped") for r in read.routers for s in r.steps)
        rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        kept = {p.name: p.stat().st_size / 1e6 for p in sorted((root / ".slp").iterdir())}
    print(f"{count} routers x {len(KINDS)} steps: {state}, {read.counts}")
    print(f"  run made in    {made:8.2f} s")
    print(f"  carried out in {wall:8.2f} s   {steps / wall:8.0f} steps/s")
    print(f"  CPU            {cpu:8.2f} s   {1000 * cpu / steps:8.2f} ms a step")
    print(f"  peak memory    {rss:8.0f} MB   at most {phases.threads} threads")
    print(f"  read back in   {reading:8.2f} s")
    print("  store          " + ", ".join(f"{n} {s:.1f} MB" for n, s in kept.items() if s > 0.05))


if __name__ == "__main__":
    main()
