"""A value that would become a command is told by file, router and key, with exit code 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "captures" / "data"
WISHES = ["--release", "17.9.4a", "--image", "isr4400v2-universalk9.17.09.04a.SPA.bin"]


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with the saved outputs of one router."""
    name = next(p.name for p in DATA.glob("s1_*"))
    shutil.copytree(DATA / name / "pre", tmp_path / "saved" / "edge-1")
    shutil.copy(DATA / name / "router.yaml", tmp_path / "saved" / "edge-1" / "router.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(outcome, *told):
    assert outcome.code == 2, outcome.err
    assert "Traceback" not in outcome.err
    assert "reload" not in outcome.err.replace("slp", "")
    for text in told:
        assert text in outcome.err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--url", "http://c/x\nreload"),
        ("--url", "http://c/x?y"),
        ("--vrf", "A\rreload"),
        ("--vrf", "A B"),
        ("--source-interface", "Gi0\x0breload"),
        ("--name-server", "192.0.2.1\u2028reload"),
        ("--proxy", "p:80\x85reload"),
    ],
)
def test_an_option_is_named_by_itself(command, desk, option, value):
    words = ["--topology", "cslu", *WISHES, option, value]
    refused(command("plan", "--from-captures", "saved", *words), f"error: {option}: ", "holds")


def test_a_target_file_is_named_with_its_key(command, desk):
    target = {"topology": {"kind": "cslu", "routes": ["0.0.0.0 0.0.0.0 192.0.2.1\nreload"]}}
    (desk / "t.yaml").write_text(json.dumps(target))
    outcome = command("plan", "--from-captures", "saved", "--target", "t.yaml")
    refused(outcome, "t.yaml", "topology.routes.0", "line break")


def test_a_target_of_the_inventory_is_named_with_its_router(command, desk):
    target = {"topology": {"kind": "cslu", "url": "http://c/x\nreload"}}
    (desk / "saved" / "edge-1" / "target.yaml").write_text(json.dumps(target))
    planned = command("plan", "--from-captures", "saved")
    assert planned.code == 3, "the blocker of its router, never the fleet's end"
    assert all(word in planned.out for word in ("edge-1", "topology.url", "line break"))


@pytest.mark.parametrize("odd", ["\nreload", "\u2028reload", " reload", "?"])
def test_a_plan_that_was_edited_by_hand_is_refused_with_router_and_key(command, desk, odd):
    words = ["--topology", "airgap", *WISHES, "-o", "plan.json"]
    assert command("plan", "--from-captures", "saved", *words).code in (0, 1)
    plan = json.loads((desk / "plan.json").read_text())
    step = next(s for s in plan["routers"][0]["steps"] if "file" in s["params"])
    step["params"]["file"] += odd
    (desk / "plan.json").write_text(json.dumps({**plan, "sealed": ""}))
    refused(command("apply", "plan.json", "--yes"), "plan.json: edge-1", "params.file")


def test_an_option_of_a_job_is_refused_before_any_router_is_reached(command, desk):
    (desk / "inventory").mkdir()
    (desk / "inventory" / "hosts.yaml").write_text("edge-1: {hostname: 192.0.2.1}\n")
    words = ["--inventory", "inventory", "--boot", "bootflash:x.bin\nreload", "--yes"]
    refused(command("rollback", "edge-1", *words), "--boot", "line break")
