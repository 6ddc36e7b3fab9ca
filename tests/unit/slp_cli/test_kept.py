"""Plans and assessments are kept in the store; a file that is there is never written over."""

from __future__ import annotations

import json
import shutil
import stat
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "captures" / "data"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the saved outputs of one router, before its migration and after."""
    name = next(p.name for p in DATA.glob("s1_*"))
    for phase in ("pre", "post"):
        shutil.copytree(DATA / name / phase, tmp_path / phase / "r1")
        for extra in ("router.yaml", "target.yaml"):
            shutil.copy(DATA / name / extra, tmp_path / phase / "r1" / extra)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("more", [[], ["--json"], ["-o", "fleet.csv"]])
@pytest.mark.parametrize("word", ["plan", "assess"])
def test_nothing_is_dropped_into_the_folder_one_stands_in(command, desk, word, more):
    (desk / "plan.json").write_text("what was applied")
    (desk / "assessment.json").write_text("what was read")
    assert command(word, "--from-captures", "pre", *more).code == 0
    assert (desk / "plan.json").read_text() == "what was applied"
    assert (desk / "assessment.json").read_text() == "what was read"
    (kept,) = (desk / ".slp" / f"{word.replace('assess', 'assessment')}s").glob("*.json")
    assert (mode(kept), mode(kept.parent)) == (0o600, 0o700)


def test_the_files_of_a_plan_in_the_store_are_private(command, desk):
    command("plan", "--from-captures", "pre")
    assert mode(desk / ".slp") == 0o700
    assert {mode(p) for p in (desk / ".slp" / "plans").iterdir()} == {0o600}


@pytest.mark.parametrize("word", ["plan", "assess"])
def test_a_file_that_is_there_is_overwritten_by_force_only(command, desk, word):
    (desk / "mine.json").write_text("what was applied")
    refused = command(word, "--from-captures", "pre", "-o", "mine.json")
    assert refused.code == 2
    assert "mine.json: is there already" in refused.err
    assert (desk / "mine.json").read_text() == "what was applied"
    assert not (desk / ".slp").exists(), "it is said before a router is read"
    assert command(word, "--from-captures", "pre", "-o", "mine.json", "--force").code == 0
    assert json.loads((desk / "mine.json").read_text())["routers"]


def test_a_plan_in_the_store_is_known_by_its_hash_and_listed(command, desk):
    data = json.loads(command("plan", "--from-captures", "pre", "--json").out)
    command("plan", "--from-captures", "pre", "--topology", "airgap")
    plans = json.loads(command("plans", "--json").out)["plans"]
    assert [p["hash"] == data["sealed"] for p in plans] == [False, True], "the latest first"
    assert {(p["routers"], p["blocked"]) for p in plans} == {(1, 0)}
    assert "airgap" in plans[0]["target"]
    listed = command("plans")
    assert listed.code == 0
    assert data["sealed"][:12] in listed.out


def test_the_same_plan_made_again_is_one_plan(command, desk):
    for _ in range(2):
        assert command("plan", "--from-captures", "pre").code == 0
    assert len(json.loads(command("plans", "--json").out)["plans"]) == 1


@pytest.mark.parametrize("word", ["apply", "verify", "report"])
def test_a_plan_is_named_by_the_beginning_of_its_hash(command, desk, word):
    sealed = json.loads(command("plan", "--from-captures", "pre", "--json").out)["sealed"]
    more = {"verify": ["--from-captures", "post"], "report": ["--json"]}.get(word, [])
    outcome = command(word, sealed[:8], *more)
    if word == "apply":
        assert "nobody to ask" in outcome.err
    else:
        assert outcome.code == 0, outcome.err


def test_apply_latest_takes_the_newest_plan_and_plans_names_the_run(command, desk, monkeypatch):
    command("plan", "--from-captures", "pre", "--topology", "airgap")
    sealed = json.loads(command("plan", "--from-captures", "pre", "--json").out)["sealed"]
    (desk / "inventory").mkdir()
    (desk / "inventory" / "hosts.yaml").write_text("r1: {hostname: 127.0.0.1}\n")
    monkeypatch.setattr("slp_cli.running.begin", lambda *_: 0)
    monkeypatch.setenv("SLP_TOKEN", "not-used-here")
    applied = command("apply", "latest", "--yes", "--store", ".slp")
    assert applied.code == 0, applied.err
    run = json.loads(command("runs", "--store", ".slp", "--json").out)["runs"][0]
    assert run["plan_hash"] == sealed
    plans = json.loads(command("plans", "--store", ".slp", "--json").out)["plans"]
    assert [p["applied_by"] for p in plans] == [[run["id"]], []]
    verified = command("verify", "--from-captures", "post", "--store", ".slp")
    assert f"verified against the plan of run {run['id']}" in verified.err
    assert verified.code == 0, verified.out


def test_a_plan_that_is_not_there_is_said_and_no_file_is_meant(command, desk):
    outcome = command("apply", "latest")
    assert outcome.code == 2
    assert "there is no plan 'latest'" in outcome.err
    assert command("plan", "--from-assessment", "latest").code == 2
