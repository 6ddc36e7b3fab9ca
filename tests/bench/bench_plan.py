"""How long ``slp plan`` takes for 10,000 routers, and how much memory.

    python tests/bench/bench_plan.py [--routers 10000] [--json]

States of the six migrations of the guide, each with a serial number and names of its own, are
written to disk as ``slp assess`` writes them, and planned from there by the command itself
(``slp plan --from-assessment``) into a ``plan.json``. A tenth of the fleet is planned first, each
in a process of its own: the peak memory of the two must not differ by more than a tenth. Exit code
1 where it does.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1] / "src"), str(HERE.parent)]


def write_fleet(path: Path, count: int) -> None:
    """Writes an assessment of ``count`` routers, the six migrations in turn."""
    from kit.scenarios import MIGRATIONS, state_of, target_of

    made = [(state_of(s, "pre").to_json(), target_of(s).to_json()) for s in MIGRATIONS]
    with path.open("w", encoding="utf-8") as file:
        head = {"schema_version": 1, "kind": "assessment", "created": "", "made_by": "the bench"}
        file.write(json.dumps(head)[:-1] + ', "routers": [')
        for number in range(count):
            state, target = made[number % len(made)]
            name = f"router-{number:05}"
            own = {**state, "name": name, "udi": {**state["udi"], "sn": f"FDO{number:08}"}}
            row = {"router": name, "state": own, "target": target}
            file.write(("," if number else "") + "\n" + json.dumps(row))
        file.write("\n]}\n")


def measured(count: int, folder: Path) -> dict[str, object]:
    """Has the command plan ``count`` routers; returns its seconds, its peak memory and more."""
    assessment, plan = folder / f"assessment-{count}.json", folder / f"plan-{count}.json"
    write_fleet(assessment, count)
    words = ["plan", "--from-assessment", str(assessment), "--output", str(plan)]
    started = time.perf_counter()
    with (folder / "shown").open("w+", encoding="utf-8") as shown:
        child = subprocess.Popen([sys.executable, "-m", "slp_cli", *words], stdout=shown)
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        shown.seek(0)
        last = shown.read().strip().splitlines()[-1:]
    if child.returncode != 0 or not last:
        raise SystemExit(f"slp plan ended with {child.returncode}")
    return {
        "routers": count,
        "seconds": seconds,
        "peak_mb": used.ru_maxrss / 1024,
        "in_mb": assessment.stat().st_size / 1e6,
        "out_mb": plan.stat().st_size / 1e6,
        "totals": last[0],
    }


def main() -> int:
    """Measures, prints, judges the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--routers", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few = measured(max(options.routers // 10, 1), Path(folder))
        many = measured(options.routers, Path(folder))
    flat = float(str(many["peak_mb"])) <= float(str(few["peak_mb"])) * 1.1
    if options.json:
        print(json.dumps({"few": few, "many": many, "flat": flat}))
        return 0 if flat else 1
    for found in (few, many):
        each = float(str(found["seconds"])) / int(str(found["routers"])) * 1000
        print(
            f"{found['routers']:>6} routers: {found['seconds']:6.2f} s ({each:.2f} ms each), "
            f"peak {found['peak_mb']:.0f} MB, {found['in_mb']:.0f} MB in, "
            f"{found['out_mb']:.0f} MB out. {found['totals']}"
        )
    print("memory does not grow with the fleet" if flat else "MEMORY GROWS WITH THE FLEET")
    return 0 if flat else 1


if __name__ == "__main__":
    sys.exit(main())
