"""Processes that carry out a run and can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kit.fleet_bench import Bench

REPOSITORY = Path(__file__).parents[2]
PATH = os.pathsep.join(str(REPOSITORY / part) for part in ("src", "tasks", "playbooks", "tests"))


def process(bench: Bench, run: str, **asked: Any) -> subprocess.Popen[str]:
    """Starts a process that carries the run out."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "kit.fleet_process",
            json.dumps({"root": str(bench.root), "run": run, **asked}),
        ],
        env={**os.environ, "PYTHONPATH": PATH},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(child: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = child.communicate(timeout=60)
    return child.returncode, out + err
