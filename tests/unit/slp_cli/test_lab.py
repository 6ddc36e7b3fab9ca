"""Labs as a user handles them: one folder, one process, no secret left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slp_core.errors import UsageError
from slp_lab.folder import LabFolder, secrets_for
from slp_lab.serving import scenario_of, stop_lab, wait_ready


def test_a_second_lab_of_the_same_name_is_refused(tmp_path):
    folder = LabFolder(tmp_path / "lab")
    assert not folder.held()
    with folder.claim():
        assert folder.held()
        assert folder.pid() == os.getpid()
        with pytest.raises(UsageError, match="runs already"), LabFolder(folder.root).claim():
            pass
    assert not folder.held()
    assert folder.pid() is None


def test_a_stale_lab_json_is_no_running_lab(tmp_path):
    folder = LabFolder(tmp_path)
    (tmp_path / "lab.json").write_text('{"pid": 1}')
    assert folder.facts() is None


def test_secrets_come_from_the_environment_or_are_made_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.setenv("SLP_GIVEN", "given-value")
    monkeypatch.delenv("SLP_MADE", raising=False)
    values, made = secrets_for(["env:SLP_GIVEN", "env:SLP_MADE", "file:/x"])
    assert values["SLP_GIVEN"] == "given-value"
    assert set(made) == {"SLP_MADE"}
    assert len(made["SLP_MADE"]) > 20
    folder = LabFolder(tmp_path)
    folder.write_secrets(made)
    assert folder.secrets_file.stat().st_mode & 0o777 == 0o600
    assert folder.secrets_file.read_text() == f"export SLP_MADE={made['SLP_MADE']}\n"
    folder.write_secrets({})
    assert not folder.secrets_file.exists(), "nothing was made up: nothing is kept"


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "x" * 65])
def test_a_name_is_a_plain_file_name(name):
    with pytest.raises(UsageError):
        LabFolder.named(name)


def test_the_scenario_is_what_the_options_say():
    assert len(scenario_of(None, None, []).routers) == 6
    assert len(scenario_of(None, 9, []).routers) == 9
    assert len(scenario_of("demo", None, []).routers) == 24
    assert len(scenario_of("demo", 5, []).routers) == 5
    struck = scenario_of("demo", None, ["F07@hub-oslo"])
    (faults,) = [e.router.faults for e in struck.routers if e.name == "hub-oslo"]
    assert [f.name for f in faults] == ["F07"]


@pytest.mark.parametrize(
    ("source", "routers", "faults"),
    [
        ("no-such", None, []),
        ("demo", 25, []),
        ("demo", None, ["F07@nobody"]),
        (None, 3, ["F07"]),
    ],
)
def test_wrong_lab_options_are_wrong_usage(source, routers, faults):
    with pytest.raises(UsageError):
        scenario_of(source, routers, faults)


@pytest.mark.parametrize(
    ("mix", "counts"),
    [
        ("registered=3,slr=1", {"registered": 6, "slr": 2}),
        ("s4_evaluation, pak=3", {"eval": 2, "csl": 6}),
        ("rtu", {"csl": 8}),
    ],
)
def test_a_mix_names_families_and_their_shares(mix, counts):
    models = [r.router.licensing.model for r in scenario_of(None, 8, [], mix=mix).routers]
    assert {m: models.count(m) for m in models} == counts


@pytest.mark.parametrize(
    ("mix", "why"),
    [
        ("registered=3,foo=1", "no family foo; known: registered, slr, slr_gt250m, evaluation"),
        ("slr=many", "'many' is no share; write registered=3,slr=1; known: registered, slr"),
        ("slr=0", "'0' is no share"),
        ("slr=-1", "'-1' is no share"),
        ("slr=inf", "'inf' is no share"),
        ("slr=nan", "'nan' is no share"),
        ("slr,slr=2", "slr is named twice"),
        ("slr,s2_slr=2", "slr is named twice"),
        (" , ", "nothing is named"),
    ],
)
def test_a_wrong_mix_says_what_is_allowed(mix, why):
    with pytest.raises(UsageError) as caught:
        scenario_of(None, 8, [], mix=mix)
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("F99@r1", "no fault F99; known: F01, F02, F04, F05"),
        ("flash@r1", "no fault flash; known: F01"),
        ("F09-disk@r1", "F09 has no variant disk; known: F09-unsaved, F09-issu"),
        ("F05-x@r1", "F05 has no variant x; known: F05"),
        ("F03@r1", "F03 needs no switch"),
        ("F42@r1", "strikes the client or the run"),
        ("F05", "name its router, as F07@r12"),
        ("F05@r77", "no router r77; there are r01, r02, r03"),
    ],
)
def test_a_wrong_fault_says_which_exist(fault, why):
    with pytest.raises(UsageError) as caught:
        scenario_of(None, 3, [fault])
    assert why in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [
        ("--from-captures", "x", "--scenario", "demo"),
        ("--from-captures", "x", "--mix", "slr"),
        ("--scenario", "demo", "--mix", "slr"),
        ("--target", "x"),
        ("--anonymous",),
        ("--from-captures", "no-such-folder"),
        ("--mix", "foo"),
        ("--routers", "2", "--fault", "F99@r1"),
    ],
)
def test_lab_options_that_cannot_be_are_wrong_usage(command, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    outcome = command("lab", "start", *words)
    assert outcome.code == 2
    assert outcome.err.startswith("error: ")


@pytest.fixture
def lab(tmp_path):
    """A lab of one router in a process of its own, as ``slp lab start`` makes it."""
    folder = LabFolder(tmp_path / "lab")
    words = ["lab", "start", "--routers", "1", "--folder", str(folder.root), "--while-stdin"]
    child = subprocess.Popen(
        [sys.executable, "-m", "slp_cli", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "SLP_LAB_PASSWORD": "Planted-Password-31"},
        text=True,
    )
    wait_ready(folder, child)
    yield folder, child
    child.kill()
    child.communicate()


def test_a_lab_says_how_to_reach_it_and_leaves_no_secret(lab, command):
    folder, child = lab
    facts = folder.facts()
    assert facts["routers"] == 1
    assert folder.secrets_file.exists(), "tokens were made up and have to be known to the user"
    shown = json.loads(command("lab", "status", folder.root.as_posix(), "--json").out)
    assert shown["labs"][0]["state"] == "running"
    doctor = command("doctor", "-i", folder.inventory, "--json")
    assert doctor.code == 2, "the lab's secrets are not in this process"
    assert "nothing is found at" in doctor.out
    assert stop_lab(folder)
    out, err = child.communicate(timeout=20)
    assert child.returncode == 0
    assert out == ""
    for words in ("is ready: 1 routers", "log in     ssh -p", str(folder.inventory), "CSSM"):
        assert words in err
    left = [p for p in folder.root.rglob("*") if p.is_file()]
    assert folder.secrets_file not in left
    assert not any(b"Planted-Password-31" in p.read_bytes() for p in left)
    assert "Planted-Password-31" not in err
    assert folder.facts() is None


def test_a_lab_never_outlives_its_parent(lab):
    folder, child = lab
    child.stdin.close()
    until = time.monotonic() + 20
    while child.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    assert child.returncode == 0
    assert not folder.held()
    assert not folder.secrets_file.exists()
    child.stdin = None


def test_a_lab_of_captures_is_assessed_as_they_say(tmp_path, command, monkeypatch):
    data = Path(__file__).parents[2] / "captures" / "data" / "s4_isr4351_eval"
    shutil.copytree(data / "pre", tmp_path / "mine" / "branch")
    for extra in ("router.yaml", "target.yaml"):
        shutil.copy(data / extra, tmp_path / "mine" / "branch" / extra)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SLP_LAB_PASSWORD", "Planted-Password-32")
    monkeypatch.setenv("SLP_TOKEN", "planted-token-32")
    outcome = command("lab", "start", "--from-captures", "mine", "--detach", "--speed", 60)
    assert outcome.code == 0, outcome.err
    try:
        assert ".slp/lab/mine/scenario.yaml" in outcome.err
        inventory = LabFolder.named("mine").inventory
        assert command("assess", "-i", inventory, "-o", "a.json").code == 0
        assert command("assess", "--from-captures", "mine", "-o", "b.json").code == 0
        shown, told = (
            json.loads(Path(name).read_text())["routers"][0]["observed"]
            for name in ("a.json", "b.json")
        )
        assert {k: shown[k] for k in told if k != "controller_mode"} == {
            k: v for k, v in told.items() if k != "controller_mode"
        }
        assert command("plan", "-i", inventory, "-o", "p.json").code == 0
        again = command("lab", "start", "--from-captures", "mine")
        assert again.code == 2
        assert "runs already" in again.err
    finally:
        assert command("lab", "stop", "mine").code == 0


def test_example_inventories_load_and_are_sound(tmp_path):
    from slp_core.targets import load_target
    from slp_tasks.inventory import host_settings, load_nornir

    root = Path(__file__).parents[3] / "inventory"
    for name in ("fleet", "mock"):
        folder = shutil.copytree(root / name, tmp_path / "inventory" / name)
        (folder / "known_hosts").touch()  # the reader's own, made by ssh-keyscan
        hosts = load_nornir(folder).inventory.hosts
        assert hosts
        for host in hosts.values():
            assert load_target(host_settings(host).target, where=host.name, base=folder)
    assert len(scenario_of(str(root / "lab" / "scenario.yaml"), None, []).routers) == 3


def test_the_in_process_example_can_be_assessed(command, monkeypatch, tmp_path):
    monkeypatch.setenv("SLP_LAB_PASSWORD", "anything-at-all")
    monkeypatch.setenv("SLP_TOKEN", "any-token")
    root = Path(__file__).parents[3] / "inventory" / "mock"
    outcome = command("assess", "-i", root, "-o", tmp_path / "a.json")
    assert outcome.code == 0, outcome.out
    assert "3 routers:" in outcome.out
