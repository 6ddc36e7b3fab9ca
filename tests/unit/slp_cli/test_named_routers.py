"""Routers that are named to a run: what it does not know is refused, with the nearest names."""

from __future__ import annotations

import pytest

from slp_fleet.api import Fleet
from slp_fleet.model import RunOptions

HOSTS = "edge-bern-1: {hostname: 127.0.0.1}\nedge-bern-2: {hostname: 127.0.0.1}\n"


@pytest.fixture
def run(plan_file, make_plan, tmp_path, monkeypatch):
    """A run of two routers, made and not carried out."""
    from nornir_slp.documents import load_plan

    monkeypatch.chdir(tmp_path)
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yaml").write_text(HOSTS)
    path = plan_file(make_plan("edge-bern-1"), make_plan("edge-bern-2", person=True))
    fleet = Fleet(tmp_path / "inventory" / ".slp", tmp_path / "inventory")
    try:
        return fleet.create_run(load_plan(path), path, RunOptions())
    finally:
        fleet.close()


@pytest.mark.parametrize(
    "words",
    [
        ["retry", "latest", "edge-bern-3"],
        ["confirm", "latest", "edge-bern-3"],
        ["confirm", "latest", "edge-bern-3", "05-person"],
        ["show", "latest", "edge-bern-3"],
    ],
)
def test_a_router_that_the_run_does_not_have_is_refused_with_the_nearest(command, run, words):
    outcome = command(*words)
    assert outcome.code == 2
    assert f"run {run} has no router 'edge-bern-3'" in outcome.err
    assert "nearest: edge-bern-" in outcome.err


@pytest.mark.parametrize("word", ["pause", "resume", "cancel", "retry", "report", "show", "watch"])
def test_a_limit_that_would_be_ignored_is_refused(command, run, word):
    outcome = command(word, "latest", "--limit", "edge-bern-1")
    assert outcome.code == 2
    assert "takes no --limit" in outcome.err
