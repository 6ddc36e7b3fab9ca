"""Carries a run out in a process of its own, so that it can be killed.

Arguments: one JSON object with ``root``, ``run``, ``scripts`` and ``kill``.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from kit.fleet import FakePhases, Kill, Script
from kit.fleet_bench import QUICK
from slp_fleet.api import Fleet


def main() -> None:
    asked = json.loads(sys.argv[1])
    root = Path(asked["root"])
    kill = asked.get("kill")
    phases = FakePhases(
        root / "routers",
        {name: Script(**script) for name, script in asked.get("scripts", {}).items()},
        kill=Kill(**{**kill, "marker": Path(kill["marker"])}) if kill else None,
    )
    fleet = Fleet(root / ".slp", root, phases=phases, pace=QUICK)
    state = fleet.carry_out(
        asked["run"],
        on_event=lambda e: print(e.state, e.router or "", e.step or "", flush=True),
        stop=threading.Event(),
    )
    print(f"at rest: {state}", flush=True)


if __name__ == "__main__":
    main()
