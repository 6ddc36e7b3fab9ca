"""The demo itself, small and whole: exit code, what it leaves, and that it leaves no secret."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest

from slp_lab.folder import LabFolder

pytestmark = pytest.mark.slow

PLANTED = {
    "SLP_LAB_PASSWORD": "Planted&Password-5823/==",
    "SLP_TOKEN": "Planted+Token-9911-abcdefghijklmnop",
}


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "slp_cli", "demo", "--folder", str(folder), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests themselves run in the background of a script, Ctrl-C is ignored there.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def processes_of(folder: Path) -> list[str]:
    """Returns the command lines of living processes that work in the demo's folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in line:
            found.append(line)
    return found


@pytest.mark.timeout(400)
def test_six_routers_are_proven_and_nothing_is_left_behind(tmp_path):
    folder = tmp_path / "demo"
    done = start(folder, "--routers", "6")
    out, err = done.communicate(timeout=380)
    assert done.returncode == 0, err[-3000:]
    assert "6 routers are proven" in err
    report = json.loads((folder / "report.json").read_text())
    assert {r["state"] for r in report["routers"]} == {"proven"}
    assert (folder / "report.html").stat().st_size > 10_000
    assert "Traceback" not in out + err
    assert processes_of(folder) == []
    assert not LabFolder(folder / "lab").held()
    assert not LabFolder(folder / "lab").secrets_file.exists()
    assert not (folder / "desk").exists()


@pytest.mark.timeout(400)
def test_24_routers_two_of_them_in_trouble(tmp_path):
    folder = tmp_path / "demo"
    done = start(folder)
    _, err = done.communicate(timeout=380)
    assert done.returncode == 0, err[-3000:]
    assert "22 routers are proven; 2 stopped for the true reason" in err


@pytest.mark.timeout(200)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_ends_all_that_it_started(tmp_path, number):
    folder = tmp_path / "demo"
    demo = start(folder, "--routers", "6")
    until = time.monotonic() + 90
    while time.monotonic() < until and not (folder / "lab/inventory/.slp/runs.sqlite").exists():
        time.sleep(0.2)
    time.sleep(3)
    demo.send_signal(number)
    demo.communicate(timeout=60)
    assert demo.returncode == 130
    time.sleep(0.5)
    assert processes_of(folder) == []


@pytest.mark.timeout(120)
def test_a_killed_demo_takes_its_lab_along(tmp_path):
    folder = tmp_path / "demo"
    demo = start(folder, "--routers", "2")
    lab = LabFolder(folder / "lab")
    until = time.monotonic() + 60
    while time.monotonic() < until and lab.facts() is None:
        time.sleep(0.1)
    demo.kill()
    demo.communicate()
    while time.monotonic() < until and lab.held():
        time.sleep(0.1)
    assert not lab.held()


def forms(secret: str) -> set[bytes]:
    """Returns a secret as it may stand in files: plain, JSON, URL, base64 at any offset."""
    found = {secret, json.dumps(secret)[1:-1], quote(secret, safe="")}
    raw = secret.encode()
    for shift in range(3):
        core = base64.b64encode(b"\0" * shift + raw).decode().rstrip("=")
        found.add(core[4 : len(core) - 4])
    return {f.encode() for f in found}


@pytest.mark.timeout(400)
def test_f31_no_secret_of_the_demo_in_anything_that_it_leaves(tmp_path, monkeypatch):
    folder = tmp_path / "demo"
    code = (
        "import secrets, sys\n"
        f"planted = iter({list(PLANTED.values())!r} + ['Planted-Third-77001122'] * 9)\n"
        "secrets.token_urlsafe = lambda n=None: next(planted)\n"
        "from slp_cli.main import run\n"
        f"sys.exit(run(['demo', '--routers', '4', '--folder', {str(folder)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=380,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    wanted = {f: s for s in (*PLANTED.values(), "Planted-Third-77001122") for f in forms(s)}
    places = {"standard output": done.stdout.encode(), "standard error": done.stderr.encode()}
    for path in folder.rglob("*"):
        if path.is_file() and "backups" not in path.parts:
            places[str(path.relative_to(folder))] = path.read_bytes()
    leaks = [(place, wanted[f]) for place, data in places.items() for f in wanted if f in data]
    assert leaks == []
    assert any(name.endswith("runs.sqlite") for name in places)
