"""How long planning 10,000 routers takes, and how much memory.

    python tests/bench/bench_plan.py [--routers 10000] [--json]

States of the six migrations of the guide, each with a serial number and names of its own, are
written to disk as assessments (JSON lines) and planned from there to disk again, one at a time.
A tenth of the fleet is planned first, each in a process of its own: the peak memory of the two
must not differ by more than a tenth. Exit code 1 where it does.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE.parent)]


def write_fleet(path: Path, count: int) -> None:
    """Writes ``count`` states, the six migrations in turn."""
    from unit.slp_core.planner.scenarios import MIGRATIONS, state_of

    states = [state_of(s, "pre").to_json() for s in MIGRATIONS]
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            state = dict(states[number % len(states)])
            state["name"] = f"router-{number:05}"
            state["udi"] = {**state["udi"], "sn": f"FDO{number:08}"}
            file.write(json.dumps(state) + "\n")


def plan_fleet(states: Path, plans: Path) -> dict[str, float]:
    """Plans what ``states`` holds into ``plans``; returns seconds, peak memory and totals."""
    from slp_core.planner.stream import plan_lines, write_lines
    from unit.slp_core.planner.scenarios import MIGRATIONS, target_of

    targets = [target_of(s) for s in MIGRATIONS]
    started = time.perf_counter()
    with states.open(encoding="utf-8") as source, plans.open("w", encoding="utf-8") as drain:
        made = plan_lines(source, lambda s: targets[int(s.name[-5:]) % len(targets)])
        totals = write_lines(made, drain)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mb": peak, **totals}


def measured(count: int, folder: Path) -> dict[str, float]:
    """Plans ``count`` routers in a fresh process."""
    states, plans = folder / f"states-{count}.jsonl", folder / f"plans-{count}.jsonl"
    write_fleet(states, count)
    child = subprocess.run(
        [sys.executable, __file__, "--child", str(states), str(plans)],
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(child.stdout)
    found["states_mb"] = states.stat().st_size / 1e6
    found["plans_mb"] = plans.stat().st_size / 1e6
    return found


def main() -> int:
    """Measures, prints, judges the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routers", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs=2, type=Path)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(plan_fleet(*options.child)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        few = measured(max(options.routers // 10, 1), Path(folder))
        many = measured(options.routers, Path(folder))
    flat = many["peak_mb"] <= few["peak_mb"] * 1.1
    if options.json:
        print(json.dumps({"few": few, "many": many, "flat": flat}))
        return 0 if flat else 1
    for found in (few, many):
        each = found["seconds"] / found["routers"] * 1000
        print(
            f"{found['routers']:>6.0f} routers: {found['seconds']:6.2f} s ({each:.2f} ms each), "
            f"peak {found['peak_mb']:.0f} MB, {found['states_mb']:.0f} MB in, "
            f"{found['plans_mb']:.0f} MB out, {found['blocked']:.0f} blocked"
        )
    print("memory does not grow with the fleet" if flat else "MEMORY GROWS WITH THE FLEET")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
