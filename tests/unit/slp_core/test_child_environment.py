"""What we start knows none of our secrets: the rule, and every place that starts something."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from slp_core.child_environment import OWN, child_environment
from slp_lab.demo.processes import Processes

ROOT = Path(__file__).parents[3]
SECRETS = {
    "ROUTER_PASSWORD": "pass-1",
    "SLP_TOKEN": "token-1",
    "AWS_SECRET_ACCESS_KEY": "key-1",
    "CSSM_CLIENT_SECRET": "client-1",
    "LD_PRELOAD": "/x.so",
    "SSH_ASKPASS": "/x",
}
NEEDED = {"PATH": "/usr/bin", "HOME": "/home/x", "TERM": "xterm", "LANG": "C.UTF-8",
          "LC_ALL": "C.UTF-8", "SSH_AUTH_SOCK": "/run/agent"}  # fmt: skip


def test_a_child_gets_what_it_needs_and_no_more() -> None:
    assert child_environment(environment=NEEDED | SECRETS) == NEEDED
    assert child_environment(OWN, NEEDED | SECRETS | {"PYTHONPATH": "src"}) == {
        **NEEDED, "PYTHONPATH": "src",
    }  # fmt: skip


def test_the_demos_processes_get_the_demos_secrets_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        if name != "LD_PRELOAD":
            monkeypatch.setenv(name, value)
    file = tmp_path / "environment"
    script = f"import os, pathlib; pathlib.Path({str(file)!r}).write_text(repr(dict(os.environ)))"
    processes = Processes({"DEMO_TOKEN": "made-up"}, lambda who, text: None, cwd=tmp_path)
    try:
        processes.start("x", [sys.executable, "-c", script], told=False).wait(30)
    finally:
        processes.close()
    told = file.read_text()
    assert "made-up" in told
    assert [value for name, value in SECRETS.items() if value in told] == []
    assert os.environ["PATH"] in told


STARTS = (
    *(f"subprocess.{how}" for how in ("run", "Popen", "call", "check_call", "check_output")),
    *("os.system", "os.popen", "os.execv", "os.execvp", "os.spawnv", "pty.spawn"),
)
STARTED_WITH_ALL = {
    "src/slp_lab/serving.py": "`slp lab start`, detached: it resolves any env: reference",
}


def test_whatever_starts_a_program_says_what_it_may_know() -> None:
    starts = []
    for part in ("src", "tasks", "playbooks"):
        for path in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                called = ast.unparse(node.func)
                if called in STARTS and "env" not in {k.arg for k in node.keywords}:
                    starts.append(str(path.relative_to(ROOT)))
    assert sorted(starts) == sorted(STARTED_WITH_ALL)
